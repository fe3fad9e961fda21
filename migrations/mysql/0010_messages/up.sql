-- IF NOT EXISTS: see 0001_users.
-- text_key is cut to fit: both texts together stay within a row's 65,535 bytes.
CREATE TABLE IF NOT EXISTS messages (
    number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id BINARY(16) NOT NULL,
    chatroom_id BINARY(16) NOT NULL,
    sequence BIGINT NOT NULL,
    author BINARY(16) NOT NULL,
    text VARCHAR(5000) NOT NULL,
    text_key VARBINARY(20000) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE KEY messages_id (id),
    UNIQUE KEY messages_sequence (chatroom_id, sequence),
    KEY messages_number (chatroom_id, number),
    KEY messages_author (author, number),
    CONSTRAINT messages_chatroom FOREIGN KEY (chatroom_id) REFERENCES chatrooms (id) ON DELETE CASCADE,
    CONSTRAINT messages_user FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
