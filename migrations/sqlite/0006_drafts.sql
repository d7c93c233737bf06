-- Drafts, and what became of areas over the editions.

ALTER TABLE editions ADD COLUMN published_by TEXT;
ALTER TABLE editions ADD COLUMN reason TEXT; -- for publishing in spite of warnings
ALTER TABLE editions ADD COLUMN restores INTEGER REFERENCES editions (id);

-- Whose ground an area was when it was new: it was split or merged from others.
CREATE TABLE area_lineage (
    area_id   BLOB    NOT NULL,
    edition   INTEGER NOT NULL REFERENCES editions (id), -- the first that it is in
    place     INTEGER NOT NULL, -- in the list, from 0
    made_from BLOB    NOT NULL,
    PRIMARY KEY (area_id, edition, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX area_lineage_by_origin ON area_lineage (made_from);

-- The past is asked for by code and by identity.
CREATE INDEX area_versions_by_code ON area_versions (code);
CREATE UNIQUE INDEX area_versions_by_id ON area_versions (area_id, from_edition);

CREATE TABLE drafts (
    id         BLOB PRIMARY KEY NOT NULL,
    title      TEXT    NOT NULL,
    base       INTEGER REFERENCES editions (id),
    state      TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    scheme     TEXT    NOT NULL,
    within     TEXT,
    source     TEXT, -- JSON
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    edition    INTEGER REFERENCES editions (id), -- what it became
    CHECK ((state = 'published') = (edition IS NOT NULL))
) STRICT;

-- What a draft makes of areas, as it stands.
CREATE TABLE draft_entries (
    draft      BLOB NOT NULL REFERENCES drafts (id),
    area_id    BLOB NOT NULL,
    attributes TEXT, -- JSON; null when the draft removes the area
    outline    BLOB, -- compact, see codec/outline.rs; null when the ground is not known
    PRIMARY KEY (draft, area_id),
    CHECK (attributes IS NOT NULL OR outline IS NULL)
) STRICT;

CREATE TABLE draft_steps (
    draft     BLOB    NOT NULL REFERENCES drafts (id),
    version   INTEGER NOT NULL, -- of the draft, after the step
    at        INTEGER NOT NULL,
    by        TEXT    NOT NULL,
    operation TEXT    NOT NULL,
    record    TEXT    NOT NULL, -- JSON
    undoes    INTEGER,
    before    BLOB    NOT NULL, -- the entries before the step, see codec/draft.rs
    PRIMARY KEY (draft, version)
) STRICT;
