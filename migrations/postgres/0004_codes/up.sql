-- A code of nobody has no user_id: it costs what another costs, and opens nothing.
CREATE TABLE codes (
    id BYTEA NOT NULL PRIMARY KEY,
    user_id BYTEA REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT COLLATE "C" NOT NULL,
    handle_hash BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    tries_left BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX codes_handle_hash ON codes (handle_hash);
CREATE INDEX codes_user_id ON codes (user_id);
CREATE INDEX codes_expires_at ON codes (expires_at);
