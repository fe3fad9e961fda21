-- Promised letters. The text of each is sealed: whoever reads the table reads no code.
CREATE TABLE dispatches (
    id BYTEA NOT NULL PRIMARY KEY,
    sealed TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL
);
CREATE INDEX dispatches_due_at ON dispatches (due_at, id);
