-- IF EXISTS: see up.sql.
DROP TABLE IF EXISTS audit_events;
