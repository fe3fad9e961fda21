-- IF NOT EXISTS: see 0001_users.
-- A code of nobody has no user_id: it costs what another costs, and opens nothing.
CREATE TABLE IF NOT EXISTS codes (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16),
    purpose VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    handle_hash BINARY(32) NOT NULL,
    code_hash BINARY(32) NOT NULL,
    tries_left BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    UNIQUE KEY codes_handle_hash (handle_hash),
    KEY codes_user_id (user_id),
    KEY codes_expires_at (expires_at),
    CONSTRAINT codes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
