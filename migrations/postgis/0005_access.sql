-- Credentials.

CREATE TABLE access_keys (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    name text NOT NULL,
    role actor_role NOT NULL,
    area text,
    worker uuid,
    organisation uuid,
    tracks uuid,
    created_at timestamptz NOT NULL
);
COMMENT ON COLUMN access_keys.digest IS 'SHA-256 of the key; the key itself is not kept';
