-- The directory shows people of a status by time of creation: hardly anybody is locked.
CREATE INDEX users_status ON users (status, created_at, number);
