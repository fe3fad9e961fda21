-- The id is a digest of principal, route and key; replies are sealed.
CREATE TABLE idempotency_keys (
    id BLOB NOT NULL PRIMARY KEY,
    holder BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    principal BLOB REFERENCES users (id) ON DELETE CASCADE,
    changed INTEGER NOT NULL,
    reply TEXT,
    held_until TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX idempotency_keys_holder ON idempotency_keys (holder);
CREATE INDEX idempotency_keys_principal ON idempotency_keys (principal);
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);
