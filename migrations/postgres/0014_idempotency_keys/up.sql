-- The id is a digest of principal, route and key; replies are sealed.
CREATE TABLE idempotency_keys (
    id BYTEA NOT NULL PRIMARY KEY,
    holder BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    principal BYTEA REFERENCES users (id) ON DELETE CASCADE,
    changed BOOLEAN NOT NULL,
    reply TEXT COLLATE "C",
    held_until TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX idempotency_keys_holder ON idempotency_keys (holder);
CREATE INDEX idempotency_keys_principal ON idempotency_keys (principal);
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);
