-- Credentials: what a key may do, found by its digest. The key itself is not here.

CREATE TABLE access_keys (
    digest       BLOB PRIMARY KEY NOT NULL, -- SHA-256
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    area         TEXT,
    worker       BLOB,
    organisation BLOB,
    created_at   INTEGER NOT NULL
) STRICT;
