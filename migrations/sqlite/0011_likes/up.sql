CREATE TABLE likes (
    message_id BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX likes_user_id ON likes (user_id);
