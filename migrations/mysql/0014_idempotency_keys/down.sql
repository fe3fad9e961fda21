-- IF EXISTS: see up.sql.
DROP TABLE IF EXISTS idempotency_keys;
