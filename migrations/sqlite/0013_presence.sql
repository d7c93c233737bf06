-- Presence from positions: who was in which grid, who arrived, and who may be in danger.

-- When the worker came to the place, as far as their positions tell.
ALTER TABLE tasks ADD COLUMN arrived_at INTEGER;

-- Who was in a grid, by the day on which they came, so that a day is forgotten at once.
-- Personal data. No reference to workers, as for positions.
CREATE TABLE visits (
    day      INTEGER NOT NULL, -- of from_at, since 1970, UTC
    worker   BLOB    NOT NULL,
    from_at  INTEGER NOT NULL,
    area     TEXT    NOT NULL,
    seen_at  INTEGER NOT NULL, -- the last fix that belongs to it
    until_at INTEGER,
    PRIMARY KEY (day, worker, from_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX visits_by_area ON visits (day, area);
CREATE INDEX visits_that_last ON visits (area) WHERE until_at IS NULL;

-- Workers who are watched over.
CREATE TABLE watches (
    worker  BLOB PRIMARY KEY NOT NULL REFERENCES workers (id),
    since   INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    set_by  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alarms (
    id           BLOB PRIMARY KEY NOT NULL,
    worker       BLOB    NOT NULL REFERENCES workers (id),
    kind         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    lon_e7       INTEGER,
    lat_e7       INTEGER,
    area         TEXT,
    note         TEXT,
    settled_at   INTEGER,
    settled_by   TEXT,
    settled_note TEXT
) STRICT;

-- One open call for help and one open alarm of the watch for each worker.
CREATE UNIQUE INDEX open_alarms ON alarms (worker, (kind = 'panic')) WHERE settled_at IS NULL;
CREATE INDEX alarms_by_time ON alarms (at, id);
