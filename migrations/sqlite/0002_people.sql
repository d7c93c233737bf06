-- Who works in the territory, and where they were last seen.

CREATE TABLE organisations (
    id         BLOB PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    level      TEXT NOT NULL,
    area       TEXT NOT NULL,
    department TEXT
) STRICT;

CREATE TABLE workers (
    id           BLOB PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL,
    phone        TEXT,
    role         TEXT NOT NULL,
    organisation BLOB REFERENCES organisations (id),
    skills       TEXT NOT NULL, -- JSON, a list
    capacity     INTEGER NOT NULL,
    on_duty      INTEGER NOT NULL
) STRICT;

CREATE TABLE posts (
    id         BLOB PRIMARY KEY NOT NULL,
    worker     BLOB NOT NULL REFERENCES workers (id),
    area       TEXT NOT NULL,
    slot       TEXT NOT NULL,
    from_time  INTEGER NOT NULL,
    until_time INTEGER
) STRICT;

CREATE INDEX posts_by_worker ON posts (worker);

-- No reference to workers: one fix of somebody unknown must not cost a batch of others.
CREATE TABLE positions (
    worker      BLOB PRIMARY KEY NOT NULL,
    lon_e7      INTEGER NOT NULL,
    lat_e7      INTEGER NOT NULL,
    at          INTEGER NOT NULL, -- measured
    accuracy_m  REAL,
    speed_mps   REAL,
    heading_deg REAL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE INDEX positions_by_recording ON positions (recorded_at);
