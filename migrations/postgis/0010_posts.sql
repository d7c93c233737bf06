-- Duty rosters: who is on duty in a slot of an area, by date and shift.

CREATE TABLE duties (
    area text NOT NULL,
    date date NOT NULL,
    slot post_slot NOT NULL,
    shift text NOT NULL,
    worker uuid NOT NULL REFERENCES workers,
    stands_in_for uuid REFERENCES workers,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (area, date, slot, shift, worker)
);
CREATE INDEX duties_worker ON duties (worker, ends_at);
CREATE INDEX duties_start ON duties (starts_at);
CREATE INDEX duties_end ON duties (ends_at);
COMMENT ON TABLE duties IS '排班: who is on duty in a slot of an area, by date and shift';
COMMENT ON COLUMN duties.stands_in_for IS '替班: who holds the post and is not there';
COMMENT ON COLUMN duties.starts_at IS
    'The hours of the shift, as they were when the roster was written';

CREATE TABLE roster_mark (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    followed_until timestamptz NOT NULL
);
COMMENT ON TABLE roster_mark IS
    'Up to when workers were put on and off duty by the roster. Who writes rosters locks it.';
INSERT INTO roster_mark (followed_until) VALUES ('epoch');

-- What workers had to do over a time.
CREATE INDEX tasks_of_workers ON tasks (offered_at) WHERE assignee_kind = 'worker';
