-- The ways that workers went, day by day, so that a day is written in one place and
-- forgotten at once. No reference to workers, as for positions.

CREATE TABLE tracks (
    day date NOT NULL,
    worker uuid NOT NULL,
    at timestamptz NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    accuracy_m real,
    speed_mps real,
    heading_deg real,
    PRIMARY KEY (day, worker, at)
);
COMMENT ON TABLE tracks IS 'Personal data: where each worker was, forgotten after some days';
COMMENT ON COLUMN tracks.day IS 'Of at, in UTC';
COMMENT ON COLUMN tracks.at IS 'When the device measured it';
