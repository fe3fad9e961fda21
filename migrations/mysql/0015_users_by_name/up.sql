-- A search shows people of one name by their number: any number of them may have it. One statement,
-- which may be run again after a migrator was killed before it noted this migration.
ALTER TABLE users DROP KEY users_display_key, ADD KEY users_display_key (display_key, number);
