-- Areas and the editions they are published in.

DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS postgis;
EXCEPTION WHEN OTHERS THEN
    RAISE EXCEPTION 'PostGIS cannot be enabled in the database "%": %', current_database(), SQLERRM
        USING HINT = 'Install PostGIS on the database server, then let a superuser run '
            'CREATE EXTENSION postgis in this database.';
END
$$;

-- Words are domains: unlike the constraints of a table they are not read anew by every
-- statement, and where a word is used twice its list is written once.
CREATE DOMAIN area_level AS text CHECK (VALUE IN
    ('province', 'city', 'county', 'township', 'community', 'grid', 'microgrid'));
CREATE DOMAIN grid_kind AS text CHECK (VALUE IN ('general', 'special'));

CREATE TABLE editions (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    notice text,
    effective_from timestamptz NOT NULL,
    published_at timestamptz NOT NULL,
    area_count bigint NOT NULL
);
COMMENT ON TABLE editions IS
    'Published sets of all areas, numbered from 1 in the order of publishing. Never changed.';

-- Only what an edition changes is written: a version of an area belongs to every edition
-- from from_edition on, up to but without until_edition.
CREATE TABLE area_versions (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    level area_level NOT NULL,
    parent_code text,
    kind grid_kind,
    geom geometry(MultiPolygon, 4326),
    label geometry(Point, 4326),
    area_m2 double precision,
    generated boolean NOT NULL,
    from_edition bigint NOT NULL,
    until_edition bigint,
    UNIQUE (area_id, from_edition),
    CHECK (until_edition > from_edition)
);
-- Compressing coordinates costs much time and wins little room.
ALTER TABLE area_versions ALTER COLUMN geom SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX area_versions_latest ON area_versions (area_id) WHERE until_edition IS NULL;
CREATE UNIQUE INDEX area_versions_latest_code ON area_versions (code) WHERE until_edition IS NULL;
CREATE INDEX area_versions_geom ON area_versions USING gist (geom);
COMMENT ON TABLE area_versions IS
    'Areas as they are from one edition up to another; areas_in_force is the view to read.';

-- An edition is made on the one before it, so of those whose date has come the one that
-- was published last is in force.
CREATE VIEW areas_in_force AS
WITH in_force AS (
    SELECT max(id) AS edition FROM editions WHERE effective_from <= now()
)
SELECT
    version.version_id AS fid,
    version.area_id,
    version.code,
    version.name,
    version.level,
    version.parent_code,
    version.kind,
    version.area_m2,
    version.generated,
    in_force.edition,
    version.geom
FROM area_versions AS version, in_force
WHERE version.from_edition <= in_force.edition
    AND (version.until_edition IS NULL OR version.until_edition > in_force.edition);

CREATE VIEW provinces_in_force AS SELECT * FROM areas_in_force WHERE level = 'province';
CREATE VIEW cities_in_force AS SELECT * FROM areas_in_force WHERE level = 'city';
CREATE VIEW counties_in_force AS SELECT * FROM areas_in_force WHERE level = 'county';
CREATE VIEW townships_in_force AS SELECT * FROM areas_in_force WHERE level = 'township';
CREATE VIEW communities_in_force AS SELECT * FROM areas_in_force WHERE level = 'community';
CREATE VIEW grids_in_force AS SELECT * FROM areas_in_force WHERE level = 'grid';
CREATE VIEW microgrids_in_force AS SELECT * FROM areas_in_force WHERE level = 'microgrid';

COMMENT ON VIEW areas_in_force IS '区划与网格（现行版次）: the areas of the edition in force now, all levels';
COMMENT ON VIEW provinces_in_force IS '省（现行版次）: the provinces of the edition in force now';
COMMENT ON VIEW cities_in_force IS '市（现行版次）: the cities of the edition in force now';
COMMENT ON VIEW counties_in_force IS '县区（现行版次）: the counties of the edition in force now';
COMMENT ON VIEW townships_in_force IS '乡镇街道（现行版次）: the townships of the edition in force now';
COMMENT ON VIEW communities_in_force IS '村社区（现行版次）: the communities of the edition in force now';
COMMENT ON VIEW grids_in_force IS '网格（现行版次）: the grids of the edition in force now';
COMMENT ON VIEW microgrids_in_force IS '微网格（现行版次）: the microgrids of the edition in force now';

-- The views share their columns, so the words about them are written once.
DO $$
DECLARE
    layer text;
BEGIN
    FOREACH layer IN ARRAY ARRAY['areas', 'provinces', 'cities', 'counties', 'townships',
        'communities', 'grids', 'microgrids']
    LOOP
        EXECUTE format('COMMENT ON COLUMN %I.fid IS %L', layer || '_in_force',
            'Unique key of the row; another one when the area changes');
        EXECUTE format('COMMENT ON COLUMN %I.area_id IS %L', layer || '_in_force',
            'The area over all its editions');
        EXECUTE format('COMMENT ON COLUMN %I.code IS %L', layer || '_in_force',
            '编码: unique within an edition');
        EXECUTE format('COMMENT ON COLUMN %I.name IS %L', layer || '_in_force', '名称');
        EXECUTE format('COMMENT ON COLUMN %I.level IS %L', layer || '_in_force',
            '层级: province, city, county, township, community, grid or microgrid');
        EXECUTE format('COMMENT ON COLUMN %I.parent_code IS %L', layer || '_in_force',
            '上级编码: the code of the area one level up');
        EXECUTE format('COMMENT ON COLUMN %I.kind IS %L', layer || '_in_force',
            'general 综合网格 or special 专属网格; grids and microgrids only');
        EXECUTE format('COMMENT ON COLUMN %I.area_m2 IS %L', layer || '_in_force',
            '面积: geodesic, in square metres');
        EXECUTE format('COMMENT ON COLUMN %I.generated IS %L', layer || '_in_force',
            'True when the border was made up for a demonstration');
        EXECUTE format('COMMENT ON COLUMN %I.edition IS %L', layer || '_in_force',
            '版次: the edition in force');
        EXECUTE format('COMMENT ON COLUMN %I.geom IS %L', layer || '_in_force',
            'WGS 84 (CGCS2000 counts as the same), on a lattice of 1e-7 degrees');
    END LOOP;
END
$$;
