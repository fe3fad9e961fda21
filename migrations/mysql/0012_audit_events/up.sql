-- IF NOT EXISTS: see 0001_users.
-- What happened. Nothing here refers to people: what they did outlives them, and the columns that
-- point to them (address, user_agent, salt) are emptied with them.
CREATE TABLE IF NOT EXISTS audit_events (
    id BINARY(16) NOT NULL PRIMARY KEY,
    occurred_at DATETIME(6) NOT NULL,
    action VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    outcome VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_id BINARY(16),
    subject_id BINARY(16),
    session_id BINARY(16),
    door VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin,
    request_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin,
    detail VARCHAR(255),
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin,
    user_agent VARCHAR(255),
    salt BINARY(32),
    traits_hash BINARY(32) NOT NULL,
    sequence BIGINT,
    link_hash BINARY(32),
    UNIQUE KEY audit_events_sequence (sequence),
    KEY audit_events_occurred_at (occurred_at, id),
    KEY audit_events_request_id (request_id),
    KEY audit_events_actor_id (actor_id),
    KEY audit_events_subject_id (subject_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
