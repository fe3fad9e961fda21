CREATE TABLE throttles (
    id BLOB NOT NULL PRIMARY KEY,
    taken INTEGER NOT NULL,
    ends_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_ends_at ON throttles (ends_at);
