CREATE TABLE members (
    chatroom_id BYTEA NOT NULL REFERENCES chatrooms (id) ON DELETE CASCADE,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    joined_at TIMESTAMP NOT NULL,
    PRIMARY KEY (chatroom_id, user_id)
);
CREATE INDEX members_user_id ON members (user_id);
