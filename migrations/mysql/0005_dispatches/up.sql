-- IF NOT EXISTS: see 0001_users.
-- Promised letters. The text of each is sealed: whoever reads the table reads no code.
CREATE TABLE IF NOT EXISTS dispatches (
    id BINARY(16) NOT NULL PRIMARY KEY,
    sealed VARCHAR(12000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attempts BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    due_at DATETIME(6) NOT NULL,
    KEY dispatches_due_at (due_at, id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
