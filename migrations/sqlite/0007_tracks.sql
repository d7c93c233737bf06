-- The ways that workers went, day by day, so that a day is written in one place and
-- forgotten at once. Personal data. No reference to workers, as for positions.

CREATE TABLE tracks (
    day         INTEGER NOT NULL, -- since 1970, UTC
    worker      BLOB    NOT NULL,
    at          INTEGER NOT NULL, -- measured
    lon_e7      INTEGER NOT NULL,
    lat_e7      INTEGER NOT NULL,
    accuracy_m  REAL,
    speed_mps   REAL,
    heading_deg REAL,
    PRIMARY KEY (day, worker, at)
) STRICT, WITHOUT ROWID;
