-- A search shows people of one name by their number: any number of them may have it.
DROP INDEX users_display_key;
CREATE INDEX users_display_key ON users (display_key, number);
