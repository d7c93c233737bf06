-- Joint tasks with clocks of their own, supervision, and rules with what they have done.

-- When the incident came to its present status, holder or lead.
ALTER TABLE incidents ADD COLUMN status_since INTEGER NOT NULL DEFAULT 0;
UPDATE incidents SET status_since = updated_at;
ALTER TABLE incidents ADD COLUMN supervision TEXT; -- JSON
ALTER TABLE incidents ADD COLUMN fired TEXT NOT NULL DEFAULT '[]'; -- JSON

ALTER TABLE tasks ADD COLUMN deadlines TEXT NOT NULL DEFAULT '{}'; -- JSON
ALTER TABLE tasks ADD COLUMN offer_until INTEGER;
ALTER TABLE tasks ADD COLUMN summoned INTEGER NOT NULL DEFAULT 0;

-- The rules of the territory, whole in each version. Rows are added and never changed.
CREATE TABLE rulebooks (
    version  INTEGER PRIMARY KEY CHECK (version > 0),
    at       INTEGER NOT NULL,
    saved_by TEXT    NOT NULL,
    note     TEXT,
    body     TEXT    NOT NULL -- JSON
) STRICT;

-- What one node does for all, until when.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY NOT NULL,
    holder BLOB    NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
