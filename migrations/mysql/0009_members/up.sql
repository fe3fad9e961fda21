-- IF NOT EXISTS: see 0001_users.
CREATE TABLE IF NOT EXISTS members (
    chatroom_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    joined_at DATETIME(6) NOT NULL,
    PRIMARY KEY (chatroom_id, user_id),
    KEY members_user_id (user_id),
    CONSTRAINT members_chatroom FOREIGN KEY (chatroom_id) REFERENCES chatrooms (id) ON DELETE CASCADE,
    CONSTRAINT members_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
