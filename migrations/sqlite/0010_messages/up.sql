-- AUTOINCREMENT: see 0001_users.
CREATE TABLE messages (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    chatroom_id BLOB NOT NULL REFERENCES chatrooms (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    author BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    text_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_id ON messages (id);
CREATE UNIQUE INDEX messages_sequence ON messages (chatroom_id, sequence);
CREATE INDEX messages_number ON messages (chatroom_id, number);
CREATE INDEX messages_author ON messages (author, number);
