ALTER TABLE users DROP KEY users_display_key, ADD KEY users_display_key (display_key);
