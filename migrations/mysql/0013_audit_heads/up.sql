-- IF NOT EXISTS: see 0001_users.
-- The end of the chain of audit_events, in one row: moved on by who chains, and only from where it was.
CREATE TABLE IF NOT EXISTS audit_heads (
    id BIGINT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    link_hash BINARY(32) NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
