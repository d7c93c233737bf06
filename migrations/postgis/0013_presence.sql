-- Presence from positions: who was in which grid, who arrived, and who may be in danger.

CREATE DOMAIN alarm_kind AS text CHECK (VALUE IN ('panic', 'still', 'silent'));

ALTER TABLE tasks ADD COLUMN arrived_at timestamptz;
COMMENT ON COLUMN tasks.arrived_at IS
    'When the worker came to the place, as far as their positions tell';

-- No reference to workers, as for positions.
CREATE TABLE visits (
    day date NOT NULL,
    worker uuid NOT NULL,
    from_at timestamptz NOT NULL,
    area text NOT NULL,
    seen_at timestamptz NOT NULL,
    until_at timestamptz,
    PRIMARY KEY (day, worker, from_at)
);
CREATE INDEX visits_area ON visits (day, area);
CREATE INDEX visits_lasting ON visits (area) WHERE until_at IS NULL;
COMMENT ON TABLE visits IS
    'Personal data: who was in which grid (到岗), forgotten after some days';
COMMENT ON COLUMN visits.day IS 'Of from_at, in UTC';
COMMENT ON COLUMN visits.seen_at IS 'When the last fix was measured that belongs to it';

CREATE TABLE watches (
    worker uuid PRIMARY KEY REFERENCES workers,
    since timestamptz NOT NULL,
    minutes integer NOT NULL CHECK (minutes > 0),
    set_by text NOT NULL
);
COMMENT ON TABLE watches IS '单人作业看护: workers who are watched over';

CREATE TABLE alarms (
    id uuid PRIMARY KEY,
    worker uuid NOT NULL REFERENCES workers,
    kind alarm_kind NOT NULL,
    at timestamptz NOT NULL,
    geom geometry(Point, 4326),
    area text,
    note text,
    settled_at timestamptz,
    settled_by text,
    settled_note text
);
-- One open call for help and one open alarm of the watch for each worker.
CREATE UNIQUE INDEX alarms_open ON alarms (worker, (kind = 'panic')) WHERE settled_at IS NULL;
CREATE INDEX alarms_time ON alarms (at, id);
COMMENT ON TABLE alarms IS '一键求助、静止、失联: workers who may be in danger, until it is settled';

ALTER DOMAIN change_topic DROP CONSTRAINT change_topic_check;
ALTER DOMAIN change_topic ADD CONSTRAINT change_topic_check CHECK (VALUE IN
    ('incidents', 'workers', 'positions', 'organisations', 'editions', 'drafts', 'rules',
     'alarms'));
