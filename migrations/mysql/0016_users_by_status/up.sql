-- The directory shows people of a status by time of creation: hardly anybody is locked.
-- MySQL knows no CREATE INDEX IF NOT EXISTS: see 0006_avatars.
SET @change = IF(
    EXISTS (
        SELECT 1 FROM information_schema.statistics
        WHERE table_schema = DATABASE() AND table_name = 'users' AND index_name = 'users_status'
    ),
    'DO 0',
    'ALTER TABLE users ADD KEY users_status (status, created_at, number)'
);
PREPARE change_users FROM @change;
EXECUTE change_users;
DEALLOCATE PREPARE change_users;
