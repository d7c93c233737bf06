-- The change log: what listeners and other nodes are told. AUTOINCREMENT never uses a
-- number twice, and writers take turns, so the order of numbers is that of commits.

CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    topic    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    area     TEXT,
    payload  TEXT    NOT NULL
) STRICT;

-- The last change that was forgotten; one row.
CREATE TABLE change_horizon (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    sequence INTEGER NOT NULL
) STRICT;

INSERT INTO change_horizon (only, sequence) VALUES (1, 0);
