-- Fills an empty, migrated database with :rows incidents of 36 months, spread over 122,500
-- grids of 70 townships in 7 counties. Rows are lean (no chain, no tasks, no histories), so
-- that ten millions of them fit on the disk of a small machine.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET maintenance_work_mem = '1GB';
SET work_mem = '64MB';

-- The indexes are made when the rows are there.
CREATE TEMP TABLE later AS
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename IN ('incidents', 'incident_texts')
    AND indexname NOT IN ('incidents_pkey', 'incidents_number_key', 'incident_texts_pkey');
SELECT format('DROP INDEX %I', indexname) FROM later \gexec
ALTER TABLE incidents DROP CONSTRAINT incidents_number_key;

-- 5,000 descriptions out of a few words, each by a number from 0 on.
CREATE TABLE spoken AS
SELECT n, place || thing || fault || '，' || lpad(n::text, 4, '0') AS words
FROM generate_series(0, 4999) AS n,
    LATERAL (SELECT
        (ARRAY['小区', '路口', '学校门口', '河边', '菜市场', '公园', '桥下', '楼道', '车站', '工地'])[1 + n % 10] AS place,
        (ARRAY['路灯', '井盖', '垃圾桶', '广告牌', '电动车', '下水道', '树枝', '围挡', '噪音', '护栏'])[1 + n / 10 % 10] AS thing,
        (ARRAY['坏了', '丢失', '没人清理', '挡路', '漏水', '倒了', '扰民', '松动', '冒烟', '积水'])[1 + n / 100 % 10] AS fault
    ) AS said;

INSERT INTO incidents (id, number, version, service, priority, description, geom, matched, chain,
    source, form, status, outcome, status_since, fired, deadlines, counts, evaluation, tracking_key,
    reported_at, updated_at, closed_at, province_code, city_code, county_code, township_code,
    community_code, grid_code, lead, phone, responded_at, signed_at, sign_by, fed_back_at,
    resolve_by, first_level)
SELECT
    -- UUIDs of version 7, in the order of time
    (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
        || lpad(to_hex(i % 4096), 3, '0') || '8' || substr(md5(i::text), 1, 15))::uuid,
    incident_number(at, i), 8,
    'service-' || i * 7 % 97, (ARRAY['urgent', 'high', 'normal', 'normal', 'low'])[1 + i % 5],
    words, ST_SetSRID(ST_MakePoint(118.5 + grid % 350 * 0.003, 32.9 + grid / 350 * 0.003), 4326),
    'grid', '[]', (ARRAY['resident', 'worker', 'hotline', 'sensor'])[1 + i % 4], '{}',
    CASE WHEN is_open THEN (ARRAY['filed', 'dispatched', 'handling', 'verifying'])[1 + i % 4]
        WHEN i % 3 = 0 THEN 'evaluated' ELSE 'closed' END,
    CASE WHEN NOT is_open THEN
        (ARRAY['resolved', 'resolved', 'resolved', 'self_handled', 'duplicate'])[1 + i % 5] END,
    at, '[]', '{}',
    CASE i % 20 WHEN 0 THEN '{"returns":1}' WHEN 1 THEN '{"reworks":1}'
        WHEN 2 THEN '{"escalations":1}' ELSE '{}' END::jsonb,
    CASE WHEN NOT is_open AND i % 3 = 0
        THEN '{"responded":true,"resolved":true,"satisfied":5}'::jsonb END,
    '', at, at + took, CASE WHEN NOT is_open THEN at + took END,
    '32', '3208', county, township, community, community || lpad((1 + grid % 70)::text, 3, '0'),
    lpad(to_hex(grid), 32, '0')::uuid, (13800000000 + i * 7919 % 100000000)::text,
    at + took / 20, at + took / 20, at + interval '30 minutes', at + took * 0.9,
    at + interval '3 days', 'township'
FROM generate_series(1::bigint, :rows) AS i,
    LATERAL (SELECT
        timestamptz '2023-12-01 00:00Z' + i * (interval '1080 days' / :rows) AS at,
        i > :rows - 20000 AS is_open,
        interval '10 minutes' * (1 + i * 2654435761 % 1000) AS took,
        (i * 2654435761 % 122500)::integer AS grid
    ) AS dice,
    LATERAL (SELECT '3208' || lpad((1 + grid / 17500)::text, 2, '0') AS county) AS counties,
    LATERAL (SELECT county || lpad((1 + grid / 1750 % 10)::text, 3, '0') AS township) AS townships,
    LATERAL (SELECT township || lpad((1 + grid / 70 % 25)::text, 3, '0') AS community) AS communities,
    spoken
WHERE spoken.n = i * 40503 % 5000;

INSERT INTO incident_texts
WITH heard AS MATERIALIZED (
    SELECT n, array_agg(DISTINCT gram) AS grams
    FROM spoken,
        LATERAL (
            SELECT ascii(letter)::bigint AS code,
                lead(ascii(letter)) OVER (ORDER BY place) AS next
            FROM string_to_table(lower(words COLLATE "C"), NULL)
                WITH ORDINALITY AS letters (letter, place)
        ) AS spelled,
        LATERAL (VALUES
            ((code * 65537 & 2147483647)::integer),
            ((code * 65537 + next & 2147483647)::integer)
        ) AS grams (gram)
    WHERE gram IS NOT NULL
    GROUP BY n
)
SELECT id, heard.grams || number_grams(number)
FROM incidents
JOIN heard ON heard.n = substr(number, 9)::bigint * 40503 % 5000;

ALTER TABLE incidents ADD CONSTRAINT incidents_number_key UNIQUE (number);
SELECT indexdef FROM later \gexec
DROP TABLE spoken;
VACUUM (ANALYZE) incidents;
VACUUM (ANALYZE) incident_texts;
