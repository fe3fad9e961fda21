-- IF NOT EXISTS: see 0001_users.
CREATE TABLE IF NOT EXISTS sessions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    epoch BIGINT NOT NULL,
    door VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    transport VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    secret_hash BINARY(32) NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at DATETIME(6) NOT NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin,
    user_agent VARCHAR(255),
    created_at DATETIME(6) NOT NULL,
    last_seen_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY sessions_user_id (user_id, created_at, id),
    KEY sessions_last_seen_at (last_seen_at),
    KEY sessions_expires_at (expires_at),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
