-- Incidents, their tasks and their histories.

CREATE SEQUENCE incident_sequence;

-- The day of the report in China Standard Time, then the running number, of at least
-- six digits.
CREATE FUNCTION incident_number(reported_at timestamptz, sequence bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(reported_at AT TIME ZONE 'UTC' + interval '8 hours', 'YYYYMMDD')
        || lpad(sequence::text, greatest(6, length(sequence::text)), '0')
$$;

CREATE FUNCTION chain_code(chain jsonb, level text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_path_query_first(chain, '$[*] ? (@.level == $level).code',
        jsonb_build_object('level', level)) #>> '{}'
$$;

CREATE TABLE incidents (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    version bigint NOT NULL,
    service text NOT NULL,
    priority text NOT NULL CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    description text NOT NULL,
    address text,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    matched text NOT NULL CHECK (matched IN ('grid', 'gap', 'outside')),
    chain jsonb NOT NULL,
    source text NOT NULL CHECK (source IN
        ('resident', 'worker', 'hotline', 'sensor', 'department', 'dispatcher')),
    reporter jsonb,
    form jsonb NOT NULL,
    status text NOT NULL CHECK (status IN
        ('reported', 'filed', 'dispatched', 'handling', 'verifying', 'closed', 'evaluated')),
    outcome text CHECK (outcome IN ('resolved', 'self_handled', 'duplicate', 'rejected')),
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
    province_code text GENERATED ALWAYS AS (chain_code(chain, 'province')) STORED,
    city_code text GENERATED ALWAYS AS (chain_code(chain, 'city')) STORED,
    county_code text GENERATED ALWAYS AS (chain_code(chain, 'county')) STORED,
    township_code text GENERATED ALWAYS AS (chain_code(chain, 'township')) STORED,
    community_code text GENERATED ALWAYS AS (chain_code(chain, 'community')) STORED,
    grid_code text GENERATED ALWAYS AS (chain_code(chain, 'grid')) STORED,
    microgrid_code text GENERATED ALWAYS AS (chain_code(chain, 'microgrid')) STORED,
    geom geometry(Point, 4326) NOT NULL
        GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED
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
    role text NOT NULL CHECK (role IN ('lead', 'assist')),
    assignee_kind text NOT NULL CHECK (assignee_kind IN ('worker', 'organisation')),
    assignee_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN
        ('offered', 'signed', 'fed_back', 'returned', 'recalled', 'ended')),
    offered_at timestamptz NOT NULL,
    signed_at timestamptz,
    fed_back_at timestamptz,
    note text,
    UNIQUE (incident, ordinal)
);

CREATE TABLE incident_events (
    incident uuid NOT NULL REFERENCES incidents,
    version bigint NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    role text NOT NULL CHECK (role IN
        ('resident', 'worker', 'dispatcher', 'gis', 'department', 'leader', 'auditor',
            'administrator', 'system')),
    action text NOT NULL,
    from_status text,
    to_status text NOT NULL,
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
