-- What was settled, by endpoint: its health, what it took, what was given up.
CREATE INDEX deliveries_of_state ON deliveries (webhook, state, settled_at) WHERE state <> 'waiting';

-- Alarms that somebody must look at, the newest first.
CREATE INDEX alarms_open_newest ON alarms (at, id) WHERE settled_at IS NULL;
