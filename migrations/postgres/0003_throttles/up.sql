CREATE TABLE throttles (
    id BYTEA NOT NULL PRIMARY KEY,
    taken BIGINT NOT NULL,
    ends_at TIMESTAMP NOT NULL
);
CREATE INDEX throttles_ends_at ON throttles (ends_at);
