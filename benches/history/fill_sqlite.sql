-- Fills an empty, migrated database with :rows incidents of 36 months, as
-- fill_postgis.sql does.

PRAGMA journal_mode = off;
PRAGMA synchronous = off;
PRAGMA cache_size = -1000000;

-- The indexes are made when the rows are there.
CREATE TEMP TABLE spoken AS
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 4999)
SELECT n,
    ('["小区","路口","学校门口","河边","菜市场","公园","桥下","楼道","车站","工地"]' ->> (n % 10))
    || ('["路灯","井盖","垃圾桶","广告牌","电动车","下水道","树枝","围挡","噪音","护栏"]' ->> (n / 10 % 10))
    || ('["坏了","丢失","没人清理","挡路","漏水","倒了","扰民","松动","冒烟","积水"]' ->> (n / 100 % 10))
    || '，' || printf('%04d', n) AS words
FROM numbers;
CREATE UNIQUE INDEX temp.spoken_n ON spoken (n);

CREATE TEMP TABLE heard AS
WITH RECURSIVE
    letters (n, code, next, rest) AS (
        SELECT n, unicode(words), unicode(substr(words, 2)), substr(words, 2) FROM spoken
        UNION ALL
        SELECT n, unicode(rest), unicode(substr(rest, 2)), substr(rest, 2)
        FROM letters WHERE rest <> ''),
    grams (n, gram) AS (
        SELECT n, code * 65537 & 2147483647 FROM letters
        UNION
        SELECT n, code * 65537 + next & 2147483647 FROM letters WHERE next IS NOT NULL)
SELECT n, group_concat(gram, ' ') AS grams FROM grams GROUP BY n;
CREATE UNIQUE INDEX temp.heard_n ON heard (n);

CREATE TEMP TABLE dice AS
WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < :rows)
SELECT i,
    1701388800000 + i * (1080 * 86400000 / :rows) AS at,
    i > :rows - 20000 AS is_open,
    600000 * (1 + i * 2654435761 % 1000) AS took,
    i * 2654435761 % 122500 AS grid
FROM numbers;

INSERT INTO incidents (id, number, version, service, priority, description, lon_e7, lat_e7,
    matched, chain, source, form, status, outcome, status_since, fired, deadlines, counts,
    evaluation, tracking_key, reported_at, updated_at, closed_at, province_code, city_code,
    county_code, township_code, community_code, grid_code, lead, phone, responded_at, signed_at,
    sign_by, fed_back_at, resolve_by, first_level)
SELECT
    -- UUIDs of version 7, in the order of time
    unhex(printf('%012x', at) || printf('7%03x8', i % 4096) || printf('%015x', i)),
    strftime('%Y%m%d', at / 1000 + 28800, 'unixepoch') || printf('%06d', i), 8,
    'service-' || (i * 7 % 97), '["urgent","high","normal","normal","low"]' ->> (i % 5),
    words, 1185000000 + grid % 350 * 30000, 329000000 + grid / 350 * 30000,
    'grid', '[]', '["resident","worker","hotline","sensor"]' ->> (i % 4), '{}',
    CASE WHEN is_open THEN '["filed","dispatched","handling","verifying"]' ->> (i % 4)
        WHEN i % 3 = 0 THEN 'evaluated' ELSE 'closed' END,
    CASE WHEN NOT is_open THEN
        '["resolved","resolved","resolved","self_handled","duplicate"]' ->> (i % 5) END,
    at, '[]', '{}',
    CASE i % 20 WHEN 0 THEN '{"returns":1}' WHEN 1 THEN '{"reworks":1}'
        WHEN 2 THEN '{"escalations":1}' ELSE '{}' END,
    CASE WHEN NOT is_open AND i % 3 = 0
        THEN '{"responded":true,"resolved":true,"satisfied":5}' END,
    '', at, at + took, CASE WHEN NOT is_open THEN at + took END,
    '32', '3208', county, township, community, community || printf('%03d', 1 + grid % 70),
    unhex(printf('%032x', grid)), CAST(13800000000 + i * 7919 % 100000000 AS TEXT),
    at + took / 20, at + took / 20, at + 1800000, at + took * 9 / 10, at + 259200000, 'township'
FROM (
    SELECT *, township || printf('%03d', 1 + grid / 70 % 25) AS community FROM (
        SELECT *, county || printf('%03d', 1 + grid / 1750 % 10) AS township FROM (
            SELECT *, '3208' || printf('%02d', 1 + grid / 17500) AS county FROM dice)))
JOIN spoken ON spoken.n = i * 40503 % 5000;

INSERT INTO incident_texts (place, incident)
SELECT i, id FROM dice JOIN incidents
    ON number = strftime('%Y%m%d', at / 1000 + 28800, 'unixepoch') || printf('%06d', i);
INSERT INTO incident_grams (rowid, grams)
SELECT place, grams || ' ' || (
    WITH RECURSIVE digits (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM digits WHERE at + 3 <= length(number))
    SELECT group_concat('n' || (1 + CAST(substr(number, at, 3) AS INTEGER)), ' ') FROM digits)
FROM incident_texts
JOIN incidents ON id = incident
JOIN heard ON heard.n = place * 40503 % 5000
ORDER BY place;
ANALYZE;
