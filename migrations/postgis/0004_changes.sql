-- The change log: what every node's memory and every listener is told.

CREATE DOMAIN change_topic AS text CHECK (VALUE IN
    ('incidents', 'workers', 'positions', 'organisations', 'editions'));

-- Sequence numbers are handed out before a transaction commits, so a reader that
-- remembered the highest one would skip what commits late. Readers therefore go by
-- transaction, and only up to the oldest that is still under way.
CREATE TABLE changes (
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    topic change_topic NOT NULL,
    key text NOT NULL,
    area text,
    payload jsonb NOT NULL,
    PRIMARY KEY (transaction, sequence)
);

-- One row: the last change that was forgotten.
CREATE TABLE change_horizon (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    transaction xid8 NOT NULL,
    sequence bigint NOT NULL
);
INSERT INTO change_horizon (transaction, sequence) VALUES ('0', 0);
