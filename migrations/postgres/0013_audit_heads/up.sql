-- The end of the chain of audit_events, in one row: moved on by who chains, and only from where it was.
CREATE TABLE audit_heads (
    id BIGINT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    link_hash BYTEA NOT NULL
);
