-- What incidents are found and counted by, beside what they are.

-- Kept with every step, from the tasks and the deadlines.
ALTER TABLE incidents ADD COLUMN lead BLOB; -- worker or organisation
ALTER TABLE incidents ADD COLUMN responded_at INTEGER;
ALTER TABLE incidents ADD COLUMN signed_at INTEGER;
ALTER TABLE incidents ADD COLUMN sign_by INTEGER;
ALTER TABLE incidents ADD COLUMN fed_back_at INTEGER;
ALTER TABLE incidents ADD COLUMN resolve_by INTEGER; -- none while it is put off
-- Personal data: the digits of the reporter's phone.
ALTER TABLE incidents ADD COLUMN phone TEXT;
-- The level of the centre that held it first; never changed.
ALTER TABLE incidents ADD COLUMN first_level TEXT;

-- How often it went astray, and the reporter's judgement, out of their JSON.
ALTER TABLE incidents ADD COLUMN returns INTEGER AS (coalesce(counts ->> 'returns', 0));
ALTER TABLE incidents ADD COLUMN reworks INTEGER AS (coalesce(counts ->> 'reworks', 0));
ALTER TABLE incidents ADD COLUMN escalations INTEGER AS (coalesce(counts ->> 'escalations', 0));
ALTER TABLE incidents ADD COLUMN reopens INTEGER AS (coalesce(counts ->> 'reopens', 0));
ALTER TABLE incidents ADD COLUMN reassignments INTEGER
    AS (coalesce(counts ->> 'reassignments', 0));
ALTER TABLE incidents ADD COLUMN supervisions INTEGER
    AS (coalesce(counts ->> 'supervisions', 0));
ALTER TABLE incidents ADD COLUMN warnings INTEGER AS (coalesce(counts ->> 'warnings', 0));
ALTER TABLE incidents ADD COLUMN satisfied INTEGER AS (evaluation ->> 'satisfied');
ALTER TABLE incidents ADD COLUMN judged_responded INTEGER AS (evaluation ->> 'responded');
ALTER TABLE incidents ADD COLUMN judged_resolved INTEGER AS (evaluation ->> 'resolved');

UPDATE incidents SET
    (lead, signed_at, fed_back_at) = (
        SELECT assignee, signed_at, fed_back_at FROM tasks
        WHERE incident = incidents.id AND role = 'lead'
            AND status IN ('offered', 'signed', 'fed_back')
        ORDER BY place DESC LIMIT 1),
    responded_at = (SELECT min(signed_at) FROM tasks
        WHERE incident = incidents.id AND role = 'lead'),
    sign_by = CAST(round(unixepoch(deadlines ->> 'sign_by', 'subsec') * 1000) AS INTEGER),
    resolve_by = iif(deferral IS NULL,
        CAST(round(unixepoch(deadlines ->> 'resolve_by', 'subsec') * 1000) AS INTEGER), NULL),
    phone = replace(replace(replace(replace(replace(
        reporter ->> 'phone', '+', ''), '-', ''), ' ', ''), '(', ''), ')', ''),
    first_level = (SELECT level FROM organisations
        JOIN incident_events ON incident = incidents.id AND version = 1
            AND organisations.id = unhex(replace(detail ->> 'holder', '-', '')));
UPDATE incidents SET phone = substr(phone, 3) WHERE phone GLOB '86???????????';

-- Service and status stand behind the time, so that what is not asked for is passed over in
-- the index and never read.
DROP INDEX incidents_by_city;
CREATE INDEX incidents_by_city ON incidents (city_code, reported_at, id, service, status)
    WHERE city_code IS NOT NULL;
DROP INDEX incidents_by_county;
CREATE INDEX incidents_by_county ON incidents (county_code, reported_at, id, service, status)
    WHERE county_code IS NOT NULL;
DROP INDEX incidents_by_township;
CREATE INDEX incidents_by_township ON incidents (township_code, reported_at, id, service, status)
    WHERE township_code IS NOT NULL;
DROP INDEX incidents_by_community;
CREATE INDEX incidents_by_community ON incidents (community_code, reported_at, id, service, status)
    WHERE community_code IS NOT NULL;

-- Lists by the last change, by service, by who leads and by who reported.
CREATE INDEX incidents_by_update ON incidents (updated_at, id);
CREATE INDEX incidents_by_service ON incidents (service, reported_at, id);
CREATE INDEX incidents_by_lead ON incidents (lead, reported_at, id) WHERE lead IS NOT NULL;
CREATE INDEX incidents_by_phone ON incidents (phone, reported_at, id) WHERE phone IS NOT NULL;

-- Figures of what was closed in a window; what was reported in one has an index already.
CREATE INDEX incidents_by_close ON incidents (closed_at) WHERE closed_at IS NOT NULL;

-- Words in their texts: the pairs of characters of description and address and the single
-- ones, and the threes of digits of the number. Written once, with the incident.
CREATE TABLE incident_texts (
    place    INTEGER PRIMARY KEY,
    incident BLOB NOT NULL UNIQUE REFERENCES incidents (id)
) STRICT;
CREATE VIRTUAL TABLE incident_grams USING fts5(grams, content='', columnsize=0, detail=none);

INSERT INTO incident_texts (incident) SELECT id FROM incidents ORDER BY reported_at, id;
INSERT INTO incident_grams (rowid, grams)
WITH RECURSIVE
    texts (place, text) AS (
        SELECT place, lower(description) FROM incident_texts JOIN incidents ON id = incident
        UNION ALL
        SELECT place, lower(address) FROM incident_texts JOIN incidents ON id = incident
        WHERE address IS NOT NULL),
    letters (place, code, next, rest) AS (
        SELECT place, unicode(text), unicode(substr(text, 2)), substr(text, 2)
        FROM texts WHERE text <> ''
        UNION ALL
        SELECT place, unicode(rest), unicode(substr(rest, 2)), substr(rest, 2)
        FROM letters WHERE rest <> ''),
    digits (place, number, at) AS (
        SELECT place, number, 1 FROM incident_texts JOIN incidents ON id = incident
        UNION ALL
        SELECT place, number, at + 1 FROM digits WHERE at + 3 <= length(number)),
    words (place, word) AS (
        SELECT place, code * 65537 & 2147483647 FROM letters
        UNION
        SELECT place, code * 65537 + next & 2147483647 FROM letters WHERE next IS NOT NULL
        UNION
        SELECT place, 'n' || (1 + CAST(substr(number, at, 3) AS INTEGER)) FROM digits)
SELECT place, group_concat(word, ' ') FROM words GROUP BY place;
