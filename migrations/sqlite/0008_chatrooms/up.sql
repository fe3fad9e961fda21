-- AUTOINCREMENT: see 0001_users.
-- last_sequence counts all that was ever said: raising it is what puts messages in order.
-- A room stays when whoever made it goes.
CREATE TABLE chatrooms (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    passkey TEXT,
    creator BLOB REFERENCES users (id) ON DELETE SET NULL,
    last_sequence INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX chatrooms_id ON chatrooms (id);
CREATE INDEX chatrooms_creator ON chatrooms (creator);
