-- Photos and documents of incidents. Their bytes lie elsewhere, under their identities.

CREATE DOMAIN media_kind AS text CHECK (VALUE IN ('jpeg', 'png', 'webp', 'pdf'));
CREATE DOMAIN media_stage AS text CHECK (VALUE IN ('before', 'after', 'other'));

-- A row is only ever written while its incident is locked, so the reference is not checked
-- again.
CREATE TABLE media (
    id uuid PRIMARY KEY,
    incident uuid NOT NULL,
    kind media_kind NOT NULL,
    stage media_stage NOT NULL,
    caption text,
    evidence boolean NOT NULL,
    stripped boolean NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    sent_sha256 text NOT NULL,
    width bigint,
    height bigint,
    at timestamptz NOT NULL,
    by text NOT NULL,
    role actor_role NOT NULL
);
CREATE INDEX media_incident ON media (incident, at, id);
COMMENT ON TABLE media IS
    '影像资料: photos and documents of incidents. Rows are added and never changed.';
COMMENT ON COLUMN media.evidence IS
    '证据: kept as it was sent, with the place that the camera wrote into it';
COMMENT ON COLUMN media.stripped IS 'True when what the camera wrote into the file was taken out';
COMMENT ON COLUMN media.sha256 IS 'Of what is kept, hexadecimal';
COMMENT ON COLUMN media.sent_sha256 IS 'Of what was sent, hexadecimal';
