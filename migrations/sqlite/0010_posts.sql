-- Duty rosters: who is on duty in a slot of an area, by date and shift.

CREATE TABLE duties (
    area          TEXT    NOT NULL,
    date          TEXT    NOT NULL,
    slot          TEXT    NOT NULL,
    shift         TEXT    NOT NULL,
    worker        BLOB    NOT NULL REFERENCES workers (id),
    stands_in_for BLOB REFERENCES workers (id),
    -- The hours of the shift, as they were when the roster was written.
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    PRIMARY KEY (area, date, slot, shift, worker)
) STRICT, WITHOUT ROWID;

CREATE INDEX duties_by_worker ON duties (worker, ends_at);
CREATE INDEX duties_by_start ON duties (starts_at);
CREATE INDEX duties_by_end ON duties (ends_at);

-- Up to when workers were put on and off duty by the roster; one row.
CREATE TABLE roster_mark (
    only           INTEGER PRIMARY KEY CHECK (only = 1),
    followed_until INTEGER NOT NULL
) STRICT;

INSERT INTO roster_mark (only, followed_until) VALUES (1, 0);

-- What workers had to do over a time.
CREATE INDEX tasks_of_workers ON tasks (offered_at) WHERE assignee_kind = 'worker';
