-- Photos and documents of incidents. Their bytes lie elsewhere, under their identities.

-- Rows are added and never changed. One is only ever written while its incident is locked,
-- so the reference is not checked again.
CREATE TABLE media (
    id          BLOB    PRIMARY KEY NOT NULL,
    incident    BLOB    NOT NULL,
    kind        TEXT    NOT NULL,
    stage       TEXT    NOT NULL,
    caption     TEXT,
    evidence    INTEGER NOT NULL,
    stripped    INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    sha256      TEXT    NOT NULL,
    sent_sha256 TEXT    NOT NULL,
    width       INTEGER,
    height      INTEGER,
    at          INTEGER NOT NULL,
    by          TEXT    NOT NULL,
    role        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX media_incident ON media (incident, at, id);
