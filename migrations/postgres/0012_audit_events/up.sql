-- What happened. Nothing here refers to people: what they did outlives them, and the columns that
-- point to them (address, user_agent, salt) are emptied with them.
CREATE TABLE audit_events (
    id BYTEA NOT NULL PRIMARY KEY,
    occurred_at TIMESTAMP NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    actor_id BYTEA,
    subject_id BYTEA,
    session_id BYTEA,
    door TEXT COLLATE "C",
    request_id TEXT COLLATE "C",
    detail TEXT,
    address TEXT COLLATE "C",
    user_agent TEXT,
    salt BYTEA,
    traits_hash BYTEA NOT NULL,
    sequence BIGINT,
    link_hash BYTEA
);
CREATE UNIQUE INDEX audit_events_sequence ON audit_events (sequence);
CREATE INDEX audit_events_occurred_at ON audit_events (occurred_at, id);
CREATE INDEX audit_events_actor_id ON audit_events (actor_id);
CREATE INDEX audit_events_subject_id ON audit_events (subject_id);
CREATE INDEX audit_events_request_id ON audit_events (request_id);
