-- AUTOINCREMENT: see 0001_users. A book stays when whoever added it goes.
CREATE TABLE books (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    author TEXT NOT NULL,
    author_key TEXT NOT NULL,
    isbn TEXT,
    isbn_key TEXT,
    published_year INTEGER,
    copies INTEGER NOT NULL,
    added_by BLOB REFERENCES users (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX books_id ON books (id);
CREATE UNIQUE INDEX books_isbn_key ON books (isbn_key);
CREATE INDEX books_added_by ON books (added_by);
