-- Editions, and the areas in them. An area is kept in versions: a new one only when an
-- edition changes it, so an edition of a hundred changes costs a hundred rows.

CREATE TABLE editions (
    id             INTEGER PRIMARY KEY,
    title          TEXT    NOT NULL,
    notice         TEXT,
    effective_from INTEGER NOT NULL, -- milliseconds since 1970, as are all times
    published_at   INTEGER NOT NULL,
    area_count     INTEGER NOT NULL
) STRICT;

CREATE TABLE area_versions (
    area_id       BLOB    NOT NULL, -- 16 bytes, as are all identities
    from_edition  INTEGER NOT NULL REFERENCES editions (id),
    until_edition INTEGER REFERENCES editions (id), -- the first it is no longer in
    code          TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    level         TEXT    NOT NULL,
    parent_code   TEXT,
    kind          TEXT,
    label_lon_e7  INTEGER, -- ten millionths of a degree
    label_lat_e7  INTEGER,
    area_m2       REAL,
    generated     INTEGER NOT NULL,
    geometry      BLOB, -- well-known binary, a multipolygon in WGS 84
    CHECK (until_edition > from_edition),
    CHECK ((label_lon_e7 IS NULL) = (label_lat_e7 IS NULL))
) STRICT;

-- In an edition an identity and a code stand for one area. The past is never written
-- again, so it is enough to watch over the present.
CREATE UNIQUE INDEX current_areas_by_id ON area_versions (area_id) WHERE until_edition IS NULL;
CREATE UNIQUE INDEX current_areas_by_code ON area_versions (code) WHERE until_edition IS NULL;
