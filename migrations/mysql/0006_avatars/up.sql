-- The name of the picture that a person uploaded, in the store of blobs.
-- MySQL knows no ADD COLUMN IF NOT EXISTS, and a migrator killed before it noted this migration leaves
-- the column behind (see 0001_users): so the statement is made only where it is needed.
SET @change = IF(
    EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'avatar'
    ),
    'DO 0',
    'ALTER TABLE users ADD COLUMN avatar VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin'
);
PREPARE change_users FROM @change;
EXECUTE change_users;
DEALLOCATE PREPARE change_users;
