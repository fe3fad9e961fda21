-- IF NOT EXISTS: see 0001_users.
-- The id is a digest of principal, route and key; replies are sealed.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    id BINARY(32) NOT NULL PRIMARY KEY,
    holder BINARY(16) NOT NULL,
    fingerprint BINARY(32) NOT NULL,
    principal BINARY(16),
    changed BOOLEAN NOT NULL,
    reply MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin,
    held_until DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    UNIQUE KEY idempotency_keys_holder (holder),
    KEY idempotency_keys_principal (principal),
    KEY idempotency_keys_expires_at (expires_at),
    CONSTRAINT idempotency_keys_user FOREIGN KEY (principal) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
