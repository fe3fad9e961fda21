-- The end of the chain of audit_events, in one row: moved on by who chains, and only from where it was.
CREATE TABLE audit_heads (
    id INTEGER NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL,
    link_hash BLOB NOT NULL
) STRICT;
