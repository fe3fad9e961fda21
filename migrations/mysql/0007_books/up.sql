-- IF NOT EXISTS: see 0001_users. A book stays when whoever added it goes.
-- The keys of title and author hold all of them: 255 characters become 33 bytes each at most.
CREATE TABLE IF NOT EXISTS books (
    number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id BINARY(16) NOT NULL,
    title VARCHAR(255) NOT NULL,
    title_key VARBINARY(8415) NOT NULL,
    author VARCHAR(255) NOT NULL,
    author_key VARBINARY(8415) NOT NULL,
    isbn VARCHAR(13) CHARACTER SET ascii COLLATE ascii_bin,
    isbn_key VARBINARY(13),
    published_year BIGINT,
    copies BIGINT NOT NULL,
    added_by BINARY(16),
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE KEY books_id (id),
    UNIQUE KEY books_isbn_key (isbn_key),
    KEY books_added_by (added_by),
    CONSTRAINT books_user FOREIGN KEY (added_by) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
