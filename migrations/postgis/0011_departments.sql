-- Departments join by machine: who is told of what, and their own case numbers.

CREATE DOMAIN webhook_state AS text CHECK (VALUE IN ('active', 'paused'));
CREATE DOMAIN webhook_hearing AS text CHECK (VALUE IN ('tasks', 'area'));
CREATE DOMAIN delivery_state AS text CHECK (VALUE IN ('waiting', 'delivered', 'dead'));

CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    url text NOT NULL,
    hears webhook_hearing NOT NULL,
    actions jsonb NOT NULL,
    mapping jsonb,
    state webhook_state NOT NULL,
    secret text NOT NULL,
    old_secret text,
    old_secret_until timestamptz,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    read_transaction bigint NOT NULL,
    read_sequence bigint NOT NULL,
    read_at timestamptz NOT NULL,
    held_until timestamptz,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_failure text
);
COMMENT ON TABLE webhooks IS 'Addresses at which organisations are told of incidents';
COMMENT ON COLUMN webhooks.secret IS 'Secret: signs what is sent';
COMMENT ON COLUMN webhooks.read_at IS
    'Of when the last change is that was read for it out of the change log';

CREATE TABLE deliveries (
    webhook uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    incident uuid NOT NULL,
    version bigint NOT NULL,
    action text NOT NULL,
    at timestamptz NOT NULL,
    state delivery_state NOT NULL,
    replayed boolean NOT NULL,
    attempts integer NOT NULL,
    queued_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    first_failed_at timestamptz,
    settled_at timestamptz,
    status integer,
    error text,
    took_ms integer,
    PRIMARY KEY (webhook, incident, version)
);
CREATE INDEX deliveries_due ON deliveries (webhook, next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_newest ON deliveries (webhook, queued_at, incident, version);
CREATE INDEX deliveries_settled ON deliveries (state, settled_at) WHERE state <> 'waiting';
COMMENT ON TABLE deliveries IS 'Steps of incidents on their way to endpoints';

CREATE TABLE cases (
    organisation uuid NOT NULL,
    number text NOT NULL,
    incident uuid NOT NULL,
    filed boolean NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation, number)
);
CREATE INDEX cases_incident ON cases (incident);
COMMENT ON TABLE cases IS 'A department''s own numbers of incidents';
COMMENT ON COLUMN cases.filed IS 'True when the department reported it';

CREATE TABLE case_mappings (
    organisation uuid PRIMARY KEY,
    body jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL
);
COMMENT ON TABLE case_mappings IS 'What a department''s own fields mean';
