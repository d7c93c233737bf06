-- Incidents, their tasks and their history.

-- The next running number; one row.
CREATE TABLE incident_numbers (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    next INTEGER NOT NULL
) STRICT;

INSERT INTO incident_numbers (only, next) VALUES (1, 1);

CREATE TABLE incidents (
    id             BLOB PRIMARY KEY NOT NULL,
    number         TEXT    NOT NULL UNIQUE,
    version        INTEGER NOT NULL,
    service        TEXT    NOT NULL,
    priority       TEXT    NOT NULL,
    description    TEXT    NOT NULL,
    address        TEXT,
    lon_e7         INTEGER NOT NULL,
    lat_e7         INTEGER NOT NULL,
    matched        TEXT    NOT NULL,
    chain          TEXT    NOT NULL, -- JSON: code, name and level from the top down
    -- The codes of the chain, one for each level, to search by.
    province_code  TEXT,
    city_code      TEXT,
    county_code    TEXT,
    township_code  TEXT,
    community_code TEXT,
    grid_code      TEXT,
    microgrid_code TEXT,
    source         TEXT    NOT NULL,
    reporter       TEXT, -- JSON
    form           TEXT    NOT NULL, -- JSON
    status         TEXT    NOT NULL,
    outcome        TEXT,
    duplicate_of   BLOB,
    holder         BLOB,
    pending        TEXT, -- JSON
    deferral       TEXT, -- JSON
    deadlines      TEXT    NOT NULL, -- JSON
    counts         TEXT    NOT NULL, -- JSON
    evaluation     TEXT, -- JSON
    tracking_key   TEXT    NOT NULL,
    reported_at    INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    closed_at      INTEGER
) STRICT;

-- Lists run from the newest on, everywhere or within one area. (A province is everywhere.)
CREATE INDEX incidents_by_time ON incidents (reported_at, id);
CREATE INDEX incidents_by_city ON incidents (city_code, reported_at, id)
    WHERE city_code IS NOT NULL;
CREATE INDEX incidents_by_county ON incidents (county_code, reported_at, id)
    WHERE county_code IS NOT NULL;
CREATE INDEX incidents_by_township ON incidents (township_code, reported_at, id)
    WHERE township_code IS NOT NULL;
CREATE INDEX incidents_by_community ON incidents (community_code, reported_at, id)
    WHERE community_code IS NOT NULL;
CREATE INDEX incidents_by_grid ON incidents (grid_code, reported_at, id)
    WHERE grid_code IS NOT NULL;
CREATE INDEX incidents_by_microgrid ON incidents (microgrid_code, reported_at, id)
    WHERE microgrid_code IS NOT NULL;

-- Few are open at a time, however many there have been.
CREATE INDEX open_incidents ON incidents (reported_at, id)
    WHERE status NOT IN ('closed', 'evaluated');

CREATE TABLE tasks (
    id            BLOB PRIMARY KEY NOT NULL,
    incident      BLOB    NOT NULL REFERENCES incidents (id),
    place         INTEGER NOT NULL, -- in the incident's list of tasks, from 0
    role          TEXT    NOT NULL,
    assignee_kind TEXT    NOT NULL,
    assignee      BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    offered_at    INTEGER NOT NULL,
    signed_at     INTEGER,
    fed_back_at   INTEGER,
    note          TEXT
) STRICT;

CREATE INDEX tasks_by_incident ON tasks (incident, place);

-- The history: rows are added, never changed.
CREATE TABLE incident_events (
    incident    BLOB    NOT NULL REFERENCES incidents (id),
    version     INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    from_status TEXT,
    to_status   TEXT    NOT NULL,
    note        TEXT,
    detail      TEXT    NOT NULL, -- JSON
    PRIMARY KEY (incident, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    scope       TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    incident    BLOB NOT NULL REFERENCES incidents (id),
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
