-- Incidents, their tasks and their histories.

CREATE SEQUENCE incident_sequence;

-- The day of the report in China Standard Time, then the running number, of at least
-- six digits.
CREATE FUNCTION incident_number(reported_at timestamptz, sequence bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(reported_at AT TIME ZONE 'UTC' + interval '8 hours', 'YYYYMMDD')
        || lpad(sequence::text, greatest(6, length(sequence::text)), '0')
$$;

CREATE DOMAIN incident_priority AS text CHECK (VALUE IN ('urgent', 'high', 'normal', 'low'));
CREATE DOMAIN incident_match AS text CHECK (VALUE IN ('grid', 'gap', 'outside'));
CREATE DOMAIN incident_source AS text CHECK (VALUE IN
    ('resident', 'worker', 'hotline', 'sensor', 'department', 'dispatcher'));
CREATE DOMAIN incident_status AS text CHECK (VALUE IN
    ('reported', 'filed', 'dispatched', 'handling', 'verifying', 'closed', 'evaluated'));
CREATE DOMAIN incident_outcome AS text CHECK (VALUE IN
    ('resolved', 'self_handled', 'duplicate', 'rejected'));
CREATE DOMAIN task_role AS text CHECK (VALUE IN ('lead', 'assist'));
CREATE DOMAIN task_status AS text CHECK (VALUE IN
    ('offered', 'signed', 'fed_back', 'returned', 'recalled', 'ended'));
CREATE DOMAIN assignee_kind AS text CHECK (VALUE IN ('worker', 'organisation'));
CREATE DOMAIN actor_role AS text CHECK (VALUE IN
    ('resident', 'worker', 'dispatcher', 'gis', 'department', 'leader', 'auditor',
        'administrator', 'system'));

CREATE TABLE incidents (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    version bigint NOT NULL,
    service text NOT NULL,
    priority incident_priority NOT NULL,
    description text NOT NULL,
    address text,
    geom geometry(Point, 4326) NOT NULL,
    matched incident_match NOT NULL,
    chain jsonb NOT NULL,
    source incident_source NOT NULL,
    reporter jsonb,
    form jsonb NOT NULL,
    status incident_status NOT NULL,
    outcome incident_outcome,
    duplicate_of uuid,
    holder uuid,
    pending jsonb,
    deferral jsonb,
    deadlines jsonb NOT NULL,
    counts jsonb NOT NULL,
    evaluation jsonb,
    tracking_key text NOT NULL,
    reported_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    closed_at timestamptz,
    province_code text,
    city_code text,
    county_code text,
    township_code text,
    community_code text,
    grid_code text,
    microgrid_code text
);
-- Lists run from the newest on, everywhere or within one area; a province is everywhere.
CREATE INDEX incidents_newest ON incidents (reported_at DESC, id DESC);
-- Few are open at a time, however many there have been.
CREATE INDEX incidents_open ON incidents (reported_at DESC, id DESC)
    WHERE status NOT IN ('closed', 'evaluated');
CREATE INDEX incidents_city ON incidents (city_code, reported_at DESC, id DESC)
    WHERE city_code IS NOT NULL;
CREATE INDEX incidents_county ON incidents (county_code, reported_at DESC, id DESC)
    WHERE county_code IS NOT NULL;
CREATE INDEX incidents_township ON incidents (township_code, reported_at DESC, id DESC)
    WHERE township_code IS NOT NULL;
CREATE INDEX incidents_community ON incidents (community_code, reported_at DESC, id DESC)
    WHERE community_code IS NOT NULL;
CREATE INDEX incidents_grid ON incidents (grid_code, reported_at DESC, id DESC)
    WHERE grid_code IS NOT NULL;
CREATE INDEX incidents_microgrid ON incidents (microgrid_code, reported_at DESC, id DESC)
    WHERE microgrid_code IS NOT NULL;
CREATE INDEX incidents_geom ON incidents USING gist (geom);
COMMENT ON COLUMN incidents.reporter IS 'Personal data: name and phone';
COMMENT ON COLUMN incidents.tracking_key IS 'Secret: lets the reporter follow the incident';
COMMENT ON COLUMN incidents.chain IS
    'The areas that hold the place, from the top down, as they were when it was matched';

CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    incident uuid NOT NULL REFERENCES incidents,
    ordinal integer NOT NULL,
    role task_role NOT NULL,
    assignee_kind assignee_kind NOT NULL,
    assignee_id uuid NOT NULL,
    status task_status NOT NULL,
    offered_at timestamptz NOT NULL,
    signed_at timestamptz,
    fed_back_at timestamptz,
    note text
);
CREATE INDEX tasks_incident ON tasks (incident, ordinal);

-- An entry is only ever written together with its incident, so the reference is not
-- checked again: it would be a tenth of the work of filing.
CREATE TABLE incident_events (
    incident uuid NOT NULL,
    version bigint NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    role actor_role NOT NULL,
    action text NOT NULL,
    from_status incident_status,
    to_status incident_status NOT NULL,
    note text,
    detail jsonb,
    PRIMARY KEY (incident, version)
);
COMMENT ON TABLE incident_events IS
    'The histories: who, when, from, to, why. Rows are added and never changed.';

CREATE TABLE idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    incident uuid NOT NULL,
    PRIMARY KEY (scope, key)
);
COMMENT ON TABLE idempotency_keys IS
    'Which request a caller''s key stands for, so that a repetition files nothing twice.';

CREATE VIEW open_incidents AS
SELECT
    id,
    number,
    service,
    priority,
    status,
    description,
    address,
    coalesce(microgrid_code, grid_code, community_code, township_code, county_code, city_code,
        province_code) AS area_code,
    holder,
    (deadlines ->> 'sign_by')::timestamptz AS sign_by,
    (deadlines ->> 'resolve_by')::timestamptz AS resolve_by,
    reported_at,
    updated_at,
    geom
FROM incidents
WHERE status NOT IN ('closed', 'evaluated');

COMMENT ON VIEW open_incidents IS '未结事件: incidents that still have to be handled';
COMMENT ON COLUMN open_incidents.id IS 'Unique key';
COMMENT ON COLUMN open_incidents.number IS '编号';
COMMENT ON COLUMN open_incidents.service IS '事项: a code of the service catalogue';
COMMENT ON COLUMN open_incidents.priority IS 'urgent, high, normal or low';
COMMENT ON COLUMN open_incidents.status IS
    'reported 信息收集, filed 案卷建立, dispatched 任务派遣, handling 任务处理, verifying 处理反馈';
COMMENT ON COLUMN open_incidents.description IS '描述';
COMMENT ON COLUMN open_incidents.address IS '地址';
COMMENT ON COLUMN open_incidents.area_code IS '网格: the deepest area that holds the place';
COMMENT ON COLUMN open_incidents.holder IS '机构: organisations.id of the centre that has to act';
COMMENT ON COLUMN open_incidents.sign_by IS 'When the lead must have signed';
COMMENT ON COLUMN open_incidents.resolve_by IS 'When the lead must have fed back';
COMMENT ON COLUMN open_incidents.reported_at IS '上报时间';
COMMENT ON COLUMN open_incidents.updated_at IS 'When the last step was taken';
COMMENT ON COLUMN open_incidents.geom IS 'WGS 84';
