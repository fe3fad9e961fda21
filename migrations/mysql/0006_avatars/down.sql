-- Only where the column is still there: see up.sql.
SET @change = IF(
    EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'avatar'
    ),
    'ALTER TABLE users DROP COLUMN avatar',
    'DO 0'
);
PREPARE change_users FROM @change;
EXECUTE change_users;
DEALLOCATE PREPARE change_users;
