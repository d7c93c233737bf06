-- What incidents are found and counted by, beside what they are.

ALTER TABLE incidents
    ADD COLUMN lead uuid,
    ADD COLUMN phone text,
    ADD COLUMN responded_at timestamptz,
    ADD COLUMN signed_at timestamptz,
    ADD COLUMN sign_by timestamptz,
    ADD COLUMN fed_back_at timestamptz,
    ADD COLUMN resolve_by timestamptz,
    ADD COLUMN first_level area_level,
    ADD COLUMN returns integer GENERATED ALWAYS AS
        (least(coalesce((counts ->> 'returns')::bigint, 0), 2147483647)) STORED,
    ADD COLUMN reworks integer GENERATED ALWAYS AS
        (least(coalesce((counts ->> 'reworks')::bigint, 0), 2147483647)) STORED,
    ADD COLUMN escalations integer GENERATED ALWAYS AS
        (least(coalesce((counts ->> 'escalations')::bigint, 0), 2147483647)) STORED,
    ADD COLUMN reopens integer GENERATED ALWAYS AS
        (least(coalesce((counts ->> 'reopens')::bigint, 0), 2147483647)) STORED,
    ADD COLUMN reassignments integer GENERATED ALWAYS AS
        (least(coalesce((counts ->> 'reassignments')::bigint, 0), 2147483647)) STORED,
    ADD COLUMN supervisions integer GENERATED ALWAYS AS
        (least(coalesce((counts ->> 'supervisions')::bigint, 0), 2147483647)) STORED,
    ADD COLUMN warnings integer GENERATED ALWAYS AS
        (least(coalesce((counts ->> 'warnings')::bigint, 0), 2147483647)) STORED,
    ADD COLUMN satisfied smallint GENERATED ALWAYS AS
        ((evaluation ->> 'satisfied')::smallint) STORED,
    ADD COLUMN judged_responded boolean GENERATED ALWAYS AS
        ((evaluation ->> 'responded')::boolean) STORED,
    ADD COLUMN judged_resolved boolean GENERATED ALWAYS AS
        ((evaluation ->> 'resolved')::boolean) STORED;
COMMENT ON COLUMN incidents.lead IS
    'The worker or organisation that has the lead, or had it last';
COMMENT ON COLUMN incidents.phone IS 'Personal data: the digits of the reporter''s phone';
COMMENT ON COLUMN incidents.responded_at IS 'When a lead signed first';
COMMENT ON COLUMN incidents.resolve_by IS
    'Until when the lead must have fed back; none while the incident is put off';
COMMENT ON COLUMN incidents.first_level IS
    'The level of the centre that held it first; never changed';

UPDATE incidents SET
    (lead, signed_at, fed_back_at) = (
        SELECT task.assignee_id, task.signed_at, task.fed_back_at FROM tasks AS task
        WHERE task.incident = incidents.id AND task.role = 'lead'
            AND task.status IN ('offered', 'signed', 'fed_back')
        ORDER BY task.ordinal DESC LIMIT 1),
    responded_at = (SELECT min(task.signed_at) FROM tasks AS task
        WHERE task.incident = incidents.id AND task.role = 'lead'),
    sign_by = (deadlines ->> 'sign_by')::timestamptz,
    resolve_by = CASE WHEN deferral IS NULL THEN (deadlines ->> 'resolve_by')::timestamptz END,
    phone = regexp_replace(
        regexp_replace(reporter ->> 'phone', '[^0-9]', '', 'g'), '^86([0-9]{11})$', '\1'),
    first_level = (SELECT organisations.level
        FROM incident_events AS event
        JOIN organisations ON organisations.id = (event.detail ->> 'holder')::uuid
        WHERE event.incident = incidents.id AND event.version = 1);

-- Service and status stand behind the time, so that what is not asked for is passed over in
-- the index and never read.
DROP INDEX incidents_city;
CREATE INDEX incidents_city ON incidents (city_code, reported_at DESC, id DESC, service, status)
    WHERE city_code IS NOT NULL;
DROP INDEX incidents_county;
CREATE INDEX incidents_county ON incidents (county_code, reported_at DESC, id DESC, service, status)
    WHERE county_code IS NOT NULL;
DROP INDEX incidents_township;
CREATE INDEX incidents_township ON incidents (township_code, reported_at DESC, id DESC, service, status)
    WHERE township_code IS NOT NULL;
DROP INDEX incidents_community;
CREATE INDEX incidents_community ON incidents (community_code, reported_at DESC, id DESC, service, status)
    WHERE community_code IS NOT NULL;

-- Lists by the last change, by service, by who leads and by who reported.
CREATE INDEX incidents_updated ON incidents (updated_at DESC, id DESC);
CREATE INDEX incidents_service ON incidents (service, reported_at DESC, id DESC);
CREATE INDEX incidents_lead ON incidents (lead, reported_at DESC, id DESC)
    WHERE lead IS NOT NULL;
CREATE INDEX incidents_phone ON incidents (phone, reported_at DESC, id DESC)
    WHERE phone IS NOT NULL;

-- All that figures are counted from, so that the incidents themselves are not read.
CREATE INDEX incidents_by_report ON incidents (reported_at) INCLUDE (
    closed_at, status, outcome, service, source, priority, city_code, county_code,
    township_code, first_level, responded_at, signed_at, sign_by, fed_back_at, resolve_by,
    returns, reworks, escalations, reopens, reassignments, supervisions, warnings, satisfied,
    judged_responded, judged_resolved);
CREATE INDEX incidents_by_close ON incidents (closed_at) INCLUDE (
    reported_at, status, outcome, service, source, priority, city_code, county_code,
    township_code, first_level, responded_at, signed_at, sign_by, fed_back_at, resolve_by,
    returns, reworks, escalations, reopens, reassignments, supervisions, warnings, satisfied,
    judged_responded, judged_resolved) WHERE closed_at IS NOT NULL;

-- Words in their texts: the pairs of characters of description and address and the single
-- ones, and the threes of digits of the number. A table of its own, for texts are written
-- once and incidents at every step.
CREATE TABLE incident_texts (
    incident uuid PRIMARY KEY,
    grams integer[] NOT NULL
);
COMMENT ON TABLE incident_texts IS 'By what parts of incidents'' texts are found';

-- All threes of digits, below zero.
CREATE FUNCTION number_grams(number text) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT -1 - substr(number, place, 3)::integer)
    FROM generate_series(1, length(number) - 2) AS place
$$;

INSERT INTO incident_texts
SELECT id,
    coalesce(array_agg(DISTINCT gram) FILTER (WHERE gram IS NOT NULL), '{}')
        || number_grams(number)
FROM incidents
LEFT JOIN LATERAL (
    SELECT grams.gram
    FROM (VALUES (description), (address)) AS told (body),
        LATERAL (
            SELECT ascii(letter)::bigint AS code,
                lead(ascii(letter)) OVER (ORDER BY place) AS next
            FROM string_to_table(lower(body COLLATE "C"), NULL)
                WITH ORDINALITY AS letters (letter, place)
        ) AS spelled,
        LATERAL (VALUES
            ((code * 65537 & 2147483647)::integer),
            ((code * 65537 + next & 2147483647)::integer)
        ) AS grams (gram)
    WHERE grams.gram IS NOT NULL
) AS found ON true
GROUP BY id, number;
CREATE INDEX incident_texts_grams ON incident_texts USING gin (grams);
