-- IF NOT EXISTS: see 0001_users.
-- last_sequence counts all that was ever said: raising it is what puts messages in order.
-- A room stays when whoever made it goes.
CREATE TABLE IF NOT EXISTS chatrooms (
    number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id BINARY(16) NOT NULL,
    name VARCHAR(255) NOT NULL,
    passkey VARCHAR(600) CHARACTER SET ascii COLLATE ascii_bin,
    creator BINARY(16),
    last_sequence BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE KEY chatrooms_id (id),
    KEY chatrooms_creator (creator),
    CONSTRAINT chatrooms_user FOREIGN KEY (creator) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
