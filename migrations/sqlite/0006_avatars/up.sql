-- The name of the picture that a person uploaded, in the store of blobs.
ALTER TABLE users ADD COLUMN avatar TEXT;
