-- What happened. Nothing here refers to people: what they did outlives them, and the columns that
-- point to them (address, user_agent, salt) are emptied with them.
CREATE TABLE audit_events (
    id BLOB NOT NULL PRIMARY KEY,
    occurred_at TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor_id BLOB,
    subject_id BLOB,
    session_id BLOB,
    door TEXT,
    request_id TEXT,
    detail TEXT,
    address TEXT,
    user_agent TEXT,
    salt BLOB,
    traits_hash BLOB NOT NULL,
    sequence INTEGER,
    link_hash BLOB
) STRICT;
CREATE UNIQUE INDEX audit_events_sequence ON audit_events (sequence);
CREATE INDEX audit_events_occurred_at ON audit_events (occurred_at, id);
CREATE INDEX audit_events_actor_id ON audit_events (actor_id);
CREATE INDEX audit_events_subject_id ON audit_events (subject_id);
CREATE INDEX audit_events_request_id ON audit_events (request_id);
