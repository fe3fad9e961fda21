DROP INDEX users_display_key;
CREATE INDEX users_display_key ON users (display_key);
