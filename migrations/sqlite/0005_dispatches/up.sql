-- Promised letters. The text of each is sealed: whoever reads the table reads no code.
CREATE TABLE dispatches (
    id BLOB NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    due_at TEXT NOT NULL
) STRICT;
CREATE INDEX dispatches_due_at ON dispatches (due_at, id);
