-- AUTOINCREMENT: a number is never used again, not even the highest after its person is gone.
CREATE TABLE users (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    username TEXT,
    username_key TEXT,
    email TEXT,
    email_key TEXT,
    email_verified_at TEXT,
    pending_email TEXT,
    pending_email_key TEXT,
    mobile TEXT,
    mobile_key TEXT,
    mobile_verified_at TEXT,
    pending_mobile TEXT,
    pending_mobile_key TEXT,
    first_name TEXT,
    last_name TEXT,
    display_name TEXT,
    display_key TEXT,
    gender TEXT,
    facility_id TEXT,
    profile_picture TEXT,
    consent INTEGER NOT NULL,
    status TEXT NOT NULL,
    roles TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_id ON users (id);
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE UNIQUE INDEX users_mobile_key ON users (mobile_key);
CREATE INDEX users_display_key ON users (display_key);
CREATE INDEX users_created_at ON users (created_at, number);
CREATE INDEX users_roles ON users (roles);
