-- Departments join by machine: who is told of what, and their own case numbers.

CREATE TABLE webhooks (
    id               BLOB PRIMARY KEY NOT NULL,
    organisation     BLOB    NOT NULL,
    url              TEXT    NOT NULL,
    hears            TEXT    NOT NULL,
    actions          TEXT    NOT NULL, -- JSON
    mapping          TEXT, -- JSON
    state            TEXT    NOT NULL,
    secret           TEXT    NOT NULL, -- signs what is sent
    old_secret       TEXT,
    old_secret_until INTEGER,
    created_at       INTEGER NOT NULL,
    created_by       TEXT    NOT NULL,
    -- How far the change log has been read for it, and of when that was.
    read_transaction INTEGER NOT NULL,
    read_sequence    INTEGER NOT NULL,
    read_at          INTEGER NOT NULL,
    held_until       INTEGER,
    last_success_at  INTEGER,
    last_failure_at  INTEGER,
    last_failure     TEXT
) STRICT;

-- Steps of incidents on their way to endpoints.
CREATE TABLE deliveries (
    webhook         BLOB    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    incident        BLOB    NOT NULL,
    version         INTEGER NOT NULL,
    action          TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    replayed        INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    queued_at       INTEGER NOT NULL,
    next_at         INTEGER NOT NULL,
    first_failed_at INTEGER,
    settled_at      INTEGER,
    status          INTEGER,
    error           TEXT,
    took_ms         INTEGER,
    PRIMARY KEY (webhook, incident, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (webhook, next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_newest ON deliveries (webhook, queued_at, incident, version);
CREATE INDEX deliveries_settled ON deliveries (state, settled_at) WHERE state <> 'waiting';

-- A department's own numbers of incidents.
CREATE TABLE cases (
    organisation BLOB    NOT NULL,
    number       TEXT    NOT NULL,
    incident     BLOB    NOT NULL,
    filed        INTEGER NOT NULL, -- 1: the department reported it
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (organisation, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX cases_by_incident ON cases (incident);

-- What a department's own fields mean.
CREATE TABLE case_mappings (
    organisation BLOB PRIMARY KEY NOT NULL,
    body         TEXT    NOT NULL, -- JSON
    saved_at     INTEGER NOT NULL,
    saved_by     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
