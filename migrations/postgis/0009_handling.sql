-- Joint tasks with clocks of their own, supervision, and rules with what they have done.

ALTER TABLE incidents
    ADD COLUMN status_since timestamptz,
    ADD COLUMN supervision jsonb,
    ADD COLUMN fired jsonb NOT NULL DEFAULT '[]';
UPDATE incidents SET status_since = updated_at;
ALTER TABLE incidents ALTER COLUMN status_since SET NOT NULL;
COMMENT ON COLUMN incidents.status_since IS
    'When the incident came to its present status, holder or lead';

ALTER TABLE tasks
    ADD COLUMN deadlines jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN offer_until timestamptz,
    ADD COLUMN summoned boolean NOT NULL DEFAULT false;
ALTER DOMAIN task_status DROP CONSTRAINT task_status_check;
ALTER DOMAIN task_status ADD CONSTRAINT task_status_check CHECK (VALUE IN
    ('offered', 'signed', 'fed_back', 'returned', 'recalled', 'ended', 'expired'));

CREATE TABLE rulebooks (
    version bigint PRIMARY KEY CHECK (version > 0),
    at timestamptz NOT NULL,
    saved_by text NOT NULL,
    note text,
    body jsonb NOT NULL
);
COMMENT ON TABLE rulebooks IS
    'The rules of the territory, whole in each version. Rows are added and never changed.';

ALTER DOMAIN change_topic DROP CONSTRAINT change_topic_check;
ALTER DOMAIN change_topic ADD CONSTRAINT change_topic_check CHECK (VALUE IN
    ('incidents', 'workers', 'positions', 'organisations', 'editions', 'drafts', 'rules'));

CREATE TABLE leases (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    until timestamptz NOT NULL
);
COMMENT ON TABLE leases IS 'What one node does for all, until when';
