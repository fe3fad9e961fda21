-- A code of nobody has no user_id: it costs what another costs, and opens nothing.
CREATE TABLE codes (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    handle_hash BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    tries_left INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX codes_handle_hash ON codes (handle_hash);
CREATE INDEX codes_user_id ON codes (user_id);
CREATE INDEX codes_expires_at ON codes (expires_at);
