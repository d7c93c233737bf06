-- Organisations, workers, their posts and where they were last seen.

CREATE DOMAIN organisation_kind AS text CHECK (VALUE IN
    ('centre', 'department', 'social', 'mediation'));
CREATE DOMAIN worker_role AS text CHECK (VALUE IN
    ('full_time', 'part_time', 'micro', 'cadre', 'volunteer', 'officer', 'mediator'));
CREATE DOMAIN post_slot AS text CHECK (VALUE IN ('cadre', 'grid_worker', 'volunteer'));

CREATE TABLE organisations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    kind organisation_kind NOT NULL,
    level area_level NOT NULL,
    area text NOT NULL,
    department text
);

CREATE TABLE workers (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    phone text,
    role worker_role NOT NULL,
    organisation uuid REFERENCES organisations,
    skills text[] NOT NULL,
    capacity integer NOT NULL CHECK (capacity >= 0),
    on_duty boolean NOT NULL
);
COMMENT ON COLUMN workers.phone IS 'Personal data';

CREATE TABLE posts (
    id uuid PRIMARY KEY,
    worker uuid NOT NULL REFERENCES workers,
    area text NOT NULL,
    slot post_slot NOT NULL,
    held_from timestamptz NOT NULL,
    held_until timestamptz
);
CREATE INDEX posts_worker ON posts (worker);

-- Every row is rewritten every few seconds. It has no index but its key, and its pages
-- have room to spare, so that a new fix replaces the old one on the same page; even a
-- city's workers are few enough to be read whole. Nor has it a reference to workers: one
-- fix of somebody unknown must not cost a batch of others.
CREATE TABLE positions (
    worker uuid PRIMARY KEY,
    geom geometry(Point, 4326) NOT NULL,
    at timestamptz NOT NULL,
    accuracy_m real,
    speed_mps real,
    heading_deg real,
    recorded_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON COLUMN positions.at IS 'When the device measured it';
COMMENT ON COLUMN positions.recorded_at IS 'When it was taken in';

CREATE VIEW worker_positions AS
SELECT
    worker.id,
    worker.name,
    worker.role,
    worker.organisation,
    worker.on_duty,
    fix.at,
    fix.accuracy_m,
    fix.speed_mps,
    fix.heading_deg,
    fix.geom
FROM positions AS fix
JOIN workers AS worker ON worker.id = fix.worker;

COMMENT ON VIEW worker_positions IS '人员位置: where each worker was last seen';
COMMENT ON COLUMN worker_positions.id IS 'Unique key: the worker';
COMMENT ON COLUMN worker_positions.name IS '姓名';
COMMENT ON COLUMN worker_positions.role IS
    'full_time 专职, part_time 兼职, micro 微网格员, cadre 社区干部, volunteer 志愿者, officer 部门人员, mediator 调解员';
COMMENT ON COLUMN worker_positions.organisation IS '机构: organisations.id';
COMMENT ON COLUMN worker_positions.on_duty IS '在岗';
COMMENT ON COLUMN worker_positions.at IS 'When the device measured the position';
COMMENT ON COLUMN worker_positions.accuracy_m IS 'In metres; null when the device did not say';
COMMENT ON COLUMN worker_positions.speed_mps IS 'In metres per second';
COMMENT ON COLUMN worker_positions.heading_deg IS 'In degrees, clockwise from north';
COMMENT ON COLUMN worker_positions.geom IS 'WGS 84';
