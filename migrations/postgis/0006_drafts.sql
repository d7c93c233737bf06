-- Drafts, and what became of areas over the editions.

ALTER TABLE editions
    ADD COLUMN published_by text,
    ADD COLUMN reason text,
    ADD COLUMN restores bigint REFERENCES editions;
COMMENT ON COLUMN editions.reason IS 'Why it was published in spite of warnings';
COMMENT ON COLUMN editions.restores IS 'The earlier edition whose state it brought back';

CREATE TABLE area_lineage (
    area_id uuid NOT NULL,
    edition bigint NOT NULL REFERENCES editions,
    place integer NOT NULL,
    made_from uuid NOT NULL,
    PRIMARY KEY (area_id, edition, place)
);
CREATE INDEX area_lineage_origin ON area_lineage (made_from);
COMMENT ON TABLE area_lineage IS
    'Whose ground an area was when it was new in an edition: it was split or merged from others';

-- The past is asked for by code; by identity it has an index.
CREATE INDEX area_versions_code ON area_versions (code);

ALTER DOMAIN change_topic DROP CONSTRAINT change_topic_check;
ALTER DOMAIN change_topic ADD CONSTRAINT change_topic_check CHECK (VALUE IN
    ('incidents', 'workers', 'positions', 'organisations', 'editions', 'drafts'));

CREATE DOMAIN draft_state AS text CHECK (VALUE IN ('open', 'published', 'discarded'));

-- Nothing in a draft has been checked, so its JSON is kept as text: jsonb refuses some.
CREATE TABLE drafts (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    base bigint REFERENCES editions,
    state draft_state NOT NULL,
    version bigint NOT NULL,
    scheme text NOT NULL,
    within text,
    source json,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    edition bigint REFERENCES editions,
    CHECK ((state = 'published') = (edition IS NOT NULL))
);
COMMENT ON TABLE drafts IS 'Boundary changes on their way to an edition';
COMMENT ON COLUMN drafts.edition IS 'What it became';

CREATE TABLE draft_entries (
    draft uuid NOT NULL REFERENCES drafts,
    area_id uuid NOT NULL,
    attributes json,
    outline bytea,
    PRIMARY KEY (draft, area_id),
    CHECK (attributes IS NOT NULL OR outline IS NULL)
);
-- Outlines are compact already.
ALTER TABLE draft_entries ALTER COLUMN outline SET STORAGE EXTERNAL;
COMMENT ON TABLE draft_entries IS 'What a draft makes of areas, as it stands';
COMMENT ON COLUMN draft_entries.attributes IS 'Null when the draft removes the area';
COMMENT ON COLUMN draft_entries.outline IS
    'Compact, see codec/outline.rs; null when the ground is not known';

CREATE TABLE draft_steps (
    draft uuid NOT NULL REFERENCES drafts,
    version bigint NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    operation text NOT NULL,
    record json NOT NULL,
    undoes bigint,
    before bytea NOT NULL,
    PRIMARY KEY (draft, version)
);
ALTER TABLE draft_steps ALTER COLUMN before SET STORAGE EXTERNAL;
COMMENT ON COLUMN draft_steps.version IS 'Of the draft, after the step';
COMMENT ON COLUMN draft_steps.before IS 'The entries before the step, see codec/draft.rs';
