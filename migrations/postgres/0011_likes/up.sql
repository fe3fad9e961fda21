CREATE TABLE likes (
    message_id BYTEA NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (message_id, user_id)
);
CREATE INDEX likes_user_id ON likes (user_id);
