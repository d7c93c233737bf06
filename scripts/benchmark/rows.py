"""The rows: each measures ours beside its peers, in turn, round by round."""

import json
import os
import random
import re
import shutil
import sqlite3
import statistics
import time

from . import machine, servers
from .ground import worker_id
from .machine import HOME, WORK, Failed, Missing, python, run, run_measured, say
from .servers import Bare, Martin, Postgis, Redis, Sample, Wangge, get, post, send, write_requests


HISTORY = HOME / "benches/history"


class Bench:
    """What every row may use."""

    def __init__(self, tools, ground, rounds, seconds, points, history):
        self.tools = tools
        self.ground = ground
        self.rounds = rounds
        self.seconds = seconds
        self.points = points
        self.history = history

    def row(self, name, what, unit, better, goal, data, contenders, facts=None):
        """Measures a row. `contenders` are ours and then the peers: a name, and what takes
        one sample. `goal` is the least ratio to a peer, or None."""
        samples = {who: [] for who, _ in contenders}
        missing = {}
        before = servers.load_average()
        for turn in range(self.rounds):
            for who, take in contenders:
                if who in missing:
                    continue
                try:
                    sample = take()
                except Missing as reason:
                    missing[who] = str(reason)
                    continue
                samples[who].append(sample)
                say(f"  {name}, round {turn + 1}, {who}: {sample.value:,.4g} {unit}")
        ours = contenders[0][0]
        if ours in missing:
            raise Missing(missing[ours])
        peers = []
        for who, _ in contenders[1:]:
            if who in missing:
                peers.append({"name": who, "missing": missing[who]})
                continue
            ratios = [
                mine.value / theirs.value if better == "more" else theirs.value / mine.value
                for mine, theirs in zip(samples[ours], samples[who])
            ]
            peers.append(
                {"name": who, "ratio": statistics.median(ratios), **summary(samples[who])}
            )
        return {
            "name": name,
            "what": what,
            "unit": unit,
            "better": better,
            "goal": goal,
            "data": data,
            "rounds": self.rounds,
            "load_average": before,
            "ours": summary(samples[ours]),
            "peers": peers,
            "facts": (facts() if callable(facts) else facts) or [],
        }


def summary(samples):
    values = [sample.value for sample in samples]
    told = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    for name in ("p50_us", "p99_us", "memory_mib"):
        known = [getattr(sample, name) for sample in samples if getattr(sample, name) is not None]
        if known:
            told[name] = statistics.median(known)
    notes = [sample.note for sample in samples if sample.note]
    if notes:
        told["note"] = notes[-1]
    return told


# In process


def criterion(bench, sizes):
    """Runs `benches/lookup` once: what criterion measured, in ns, and what was printed."""
    home = WORK / "criterion"
    shutil.rmtree(home, ignore_errors=True)
    said = run(
        [bench.tools["lookup"], "--bench", "--noplot", "--warm-up-time", "1",
         "--measurement-time", "2", "--sample-size", "20", "look-up in"],
        env={**os.environ, "CRITERION_HOME": str(home), "WANGGE_BENCH_GRIDS": sizes},
    )
    found = {}
    for path in home.glob("**/new/benchmark.json"):
        named = json.loads(path.read_text())
        size = int(re.search(r"\d+", named["group_id"]).group(0))
        estimates = json.loads(path.with_name("estimates.json").read_text())
        found[size, named["function_id"]] = estimates["median"]["point_estimate"]
    built = {}
    pattern = r"(\d+) grids, (\d+) vertices: atlas built in ([\d.]+) s, index of (\d+) KiB, ([\d.]+) bytes"
    for size, vertices, seconds, kib, bytes_each in re.findall(pattern, said):
        built[int(size)] = {
            "vertices": int(vertices),
            "build_s": float(seconds),
            "index_mib": int(kib) / 1024,
            "bytes_per_vertex": float(bytes_each),
        }
    return found, built


OURS, PEER = "atlas, random", "rstar + geo, random"


def lookup_process(bench):
    size = bench.ground.grids
    turns = {}

    def own():
        turns["found"], turns["built"] = criterion(bench, str(size))
        return Sample(turns["found"][size, OURS])

    def geos():
        command = python("geos_lookup.py", bench.ground.grids_file(), 1)
        said = dict(line.split() for line in run(command).splitlines())
        return Sample(float(said["ns"]), note="an STRtree with prepared borders, many at once")

    def facts():
        built = next(iter(turns["built"].values()))
        return [
            f"the atlas is built in {built['build_s']:.2f} s; goal ≤ 3 s",
            f"its index takes {built['index_mib']:.0f} MiB, {built['bytes_per_vertex']:.1f} bytes"
            f" a vertex, {built['bytes_per_vertex'] / 8:.2f} × the raw vertices; goal ≤ 3 ×",
            f"points on and beside borders: {turns['found'][size, 'atlas, awkward']:.0f} ns,"
            f" rstar + geo {turns['found'][size, 'rstar + geo, awkward']:.0f} ns",
        ]

    return [
        bench.row(
            "lookup_process", "point → grid, in process, random, one thread", "ns", "less",
            {"peer": "rstar + geo", "ratio": 10},
            "grids alone, 1,048,576 random points",
            [
                ("wangge", own),
                ("rstar + geo", lambda: Sample(turns["found"][size, PEER])),
                ("GEOS", geos),
            ],
            facts,
        )
    ]


def growth(bench):
    sizes = [1_000, 10_000, 100_000, 1_000_000]
    found, built = criterion(bench, ",".join(map(str, sizes)))
    points = []
    for size, facts in zip(sizes, (built[key] for key in sorted(built))):
        points.append(
            {"grids": size, "ours_ns": found[size, OURS], "peer_ns": found[size, PEER], **facts}
        )
    first, last = points[0], points[-1]
    told = [
        f"{point['grids']:,} grids: {point['ours_ns']:.0f} ns; rstar + geo"
        f" {point['peer_ns']:.0f} ns; built in {point['build_s']:.2f} s; index"
        f" {point['index_mib']:,.0f} MiB"
        for point in points
    ]
    told.append(
        f"from 1,000 to 1,000,000 grids a look-up takes {last['ours_ns'] / first['ours_ns']:.1f}"
        f" × as long, with rstar + geo {last['peer_ns'] / first['peer_ns']:.1f} ×"
    )
    return [
        {
            "name": "growth",
            "what": "growth: point → grid among 1,000,000 grids",
            "unit": "ns",
            "better": "less",
            "goal": None,
            "data": "grids alone, 1,048,576 random points",
            "rounds": 1,
            "load_average": servers.load_average(),
            "ours": {"median": last["ours_ns"], "min": last["ours_ns"], "max": last["ours_ns"]},
            "peers": [
                {
                    "name": "rstar + geo", "ratio": last["peer_ns"] / last["ours_ns"],
                    "median": last["peer_ns"], "min": last["peer_ns"], "max": last["peer_ns"],
                }
            ],
            "facts": told,
            "growth": points,
        }
    ]


# Over HTTP


LOOKUP_SQL = """\\set x random({west}, {east})
\\set y random({south}, {north})
SELECT code FROM grids
WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint(:x / 1e7, :y / 1e7), 4326));
"""


def on_ground(bench, text):
    west, south, east, north = (round(side * 1e7) for side in bench.ground.bounds)
    return text.format(west=west, south=south, east=east, north=north)


def load_grids(bench, postgis):
    """The grids in the peers' database."""
    postgis.make("peer")
    run(["ogr2ogr", "-f", "PostgreSQL", postgis.ogr("peer"), bench.ground.grids_file(),
         "-nln", "grids", "-lco", "GEOMETRY_NAME=geom", "--config", "PG_USE_COPY", "YES"])
    postgis.sql("peer", "VACUUM ANALYZE grids")


def lookup_http(bench):
    chance = random.Random(1)
    requests = WORK / "lookups"
    places = [bench.ground.somewhere(chance) for _ in range(100_000)]
    paths = [f"/api/v1/lookup?lon={lon:.7f}&lat={lat:.7f}" for lon, lat in places]
    write_requests(requests, [(get(path), 1) for path in paths])
    with Wangge(bench.tools["wangge"], bench.ground.data()) as ours, Postgis() as postgis:
        load_grids(bench, postgis)
        answer = ours.ask("GET", paths[0])
        load = bench.tools["load"]
        with Bare(load, answer) as bare:

            def own():
                sample = send(load, ours.address, requests, seconds=bench.seconds)
                sample.memory_mib = ours.memory_mib()[0]
                return sample

            return [
                bench.row(
                    "lookup_http", "point → grid over HTTP", "/s", "more",
                    {"peer": "bare axum", "ratio": 0.85},
                    f"the territory with {bench.ground.workers:,} workers posted; answers of"
                    f" {len(answer)} bytes with the chain and the worker; 16 connections",
                    [
                        ("wangge", own),
                        ("bare axum",
                         lambda: send(load, bare.address, requests, seconds=bench.seconds)),
                        ("PostGIS",
                         lambda: postgis.pgbench(
                             "peer", on_ground(bench, LOOKUP_SQL), 16, bench.seconds)),
                    ],
                )
            ]


def bulk(bench):
    points = bench.ground.points(bench.points)
    fewer = bench.ground.points(bench.points // 10)
    territory, grids = bench.ground.territory(), bench.ground.grids_file()
    out = WORK / "joined.csv"

    def take(command, share=1, note=None):
        seconds, memory_mib, code, said = run_measured(command)
        if code != 0:
            raise Missing(said.strip().splitlines()[-1] if said.strip() else f"ended with {code}")
        out.unlink(missing_ok=True)
        return Sample(bench.points / share / seconds, memory_mib=memory_mib, note=note)

    sedona = (
        "SedonaDB",
        lambda: take(python("sedona_join.py", points, grids, out), note="its rows lose their order"),
    )
    pandas = (
        "GeoPandas",
        lambda: take(python("geopandas_join.py", fewer, grids, out), 10,
                     f"on {bench.points // 10:,} points"),
    )
    match = [bench.tools["wangge"], "match", points, "--areas", territory, "--output", out]
    goal = {"peer": "SedonaDB", "ratio": 5}
    rows = [
        bench.row(
            "bulk_match", f"`wangge match`, CSV to CSV, {bench.points:,} points", " points/s",
            "more", goal,
            "from the start of the process to its end: ours reads and judges all levels, the"
            " peers read the grids",
            [("wangge", lambda: take(match)), sedona, pandas],
        )
    ]
    with Wangge(bench.tools["wangge"], bench.ground.data()) as ours:
        curl = [
            "curl", "-sS", "--fail", "-T", points, "-X", "POST", "-H", "Content-Type: text/csv",
            "-H", "Expect:", "-o", out, f"http://{ours.address}/api/v1/lookup",
        ]

        def own():
            sample = take(curl)
            sample.memory_mib = ours.memory_mib()[1]
            return sample

        # What the peers did a moment ago.
        known = {peer["name"]: peer for peer in rows[0]["peers"]}
        again = [
            (name, lambda name=name: Sample(known[name]["median"], note="as in the row before"))
            for name in known
            if "missing" not in known[name]
        ]
        rows.append(
            bench.row(
                "bulk_http", f"`POST /api/v1/lookup`, CSV to CSV, {bench.points:,} points",
                " points/s", "more", goal,
                "the territory is in the server's memory already; curl sends and receives",
                [("wangge", own), *again],
            )
        )
    return rows


# What moves

BATCH = 1_000
PER_SECOND = 20_000


def batches(places):
    """All workers' places, so many to a batch, with their numbers."""
    numbered = list(enumerate(places))
    return [numbered[start:start + BATCH] for start in range(0, len(numbered), BATCH)]


def position_body(batch):
    return json.dumps(
        [
            {"worker": worker_id(number), "lon": round(lon, 7), "lat": round(lat, 7)}
            for number, (lon, lat) in batch
        ]
    ).encode()


def our_positions(walks):
    for places in walks:
        for batch in batches(places):
            yield post("/api/v1/positions", position_body(batch)), 1


def redis_positions(walks):
    for places in walks:
        for batch in batches(places):
            parts = []
            for number, (lon, lat) in batch:
                words = ["GEOADD", "workers", f"{lon:.7f}", f"{lat:.7f}", str(number)]
                parts.append(resp(words))
            yield b"".join(parts), len(batch)


def resp(words):
    text = f"*{len(words)}\r\n"
    for word in words:
        text += f"${len(word)}\r\n{word}\r\n"
    return text.encode()


NEAREST_SQL = """\\set x random({west}, {east})
\\set y random({south}, {north})
WITH here AS (SELECT ST_SetSRID(ST_MakePoint(:x / 1e7, :y / 1e7), 4326) AS geom)
SELECT worker, ST_DistanceSphere(positions.geom, here.geom) FROM positions, here
ORDER BY positions.geom <-> here.geom LIMIT 5;
"""

MOVE_SQL = """\\set batch random(0, {last})
UPDATE positions SET geom = moves.geom FROM moves
WHERE moves.batch = :batch AND moves.worker = positions.worker;
"""


def fill_positions(bench, postgis, walks):
    """The workers' positions, and in another table where they move to."""
    if not postgis.has("peer"):
        postgis.make("peer")
    postgis.sql("peer", "DROP TABLE IF EXISTS positions, moves")
    for table, chosen in (("positions", walks[:1]), ("moves", walks)):
        rows = WORK / "rows.csv"
        with open(rows, "w") as out:
            for step, places in enumerate(chosen):
                for number, (lon, lat) in enumerate(places):
                    batch = (step * len(places) + number) // BATCH
                    out.write(f"{batch},{number},SRID=4326;POINT({lon:.7f} {lat:.7f})\n")
        postgis.sql(
            "peer",
            f"CREATE TABLE {table} (batch int, worker int, geom geometry(Point, 4326))",
        )
        command = f"\\copy {table} FROM '{rows}' WITH (FORMAT csv)"
        postgis.sql("peer", command)
        rows.unlink()
    postgis.sql(
        "peer",
        "ALTER TABLE positions ADD PRIMARY KEY (worker);"
        "CREATE INDEX ON positions USING gist (geom); CREATE INDEX ON moves (batch)",
    )
    for table in ("positions", "moves"):
        postgis.sql("peer", f"VACUUM ANALYZE {table}")
    return len(walks) * bench.ground.workers // BATCH


def nearest(bench):
    load = bench.tools["load"]
    walks = bench.ground.walks(3)
    chance = random.Random(2)
    places = [bench.ground.somewhere(chance) for _ in range(100_000)]
    asked, moved, asked_redis, moved_redis = (
        WORK / name for name in ("asked", "moved", "asked-redis", "moved-redis")
    )
    write_requests(
        asked,
        [(get(f"/api/v1/workers/nearest?lon={lon:.7f}&lat={lat:.7f}&k=5"), 1)
         for lon, lat in places],
    )
    write_requests(moved, our_positions(walks))
    search = ["BYRADIUS", "5", "km", "ASC", "COUNT", "5", "WITHDIST"]
    write_requests(
        asked_redis,
        [(resp(["GEOSEARCH", "workers", "FROMLONLAT", f"{lon:.7f}", f"{lat:.7f}", *search]), 1)
         for lon, lat in places],
    )
    write_requests(moved_redis, redis_positions(walks))
    rate = PER_SECOND / BATCH

    def while_moving(address, moves, questions, protocol):
        feed = servers.start_load(
            load, address, moves, seconds=bench.seconds + 1, connections=2, protocol=protocol,
            rate=rate,
        )
        time.sleep(0.5)
        sample = send(load, address, questions, seconds=bench.seconds, protocol=protocol)
        told = feed()
        if told["errors"]:
            raise Failed(f"{told['errors']} batches of positions were not taken")
        came = told["count"] * BATCH / told["seconds"]
        sample.note = f"{came:,.0f} positions/s came in"
        return sample

    data = bench.ground.copy_of_data()
    with Wangge(bench.tools["wangge"], data) as ours, Redis() as redis, Postgis() as postgis:
        send(load, redis.address, moved_redis, protocol="resp", once=True, seconds=60)
        last = fill_positions(bench, postgis, walks) - 1
        place_workers(ours, walks[0])

        def own():
            sample = while_moving(ours.address, moved, asked, "http")
            sample.memory_mib = ours.memory_mib()[0]
            return sample

        def sql():
            feed = postgis.pgbench(
                "peer", MOVE_SQL.format(last=last), 2, int(bench.seconds + 2), rate, wait=False
            )
            sample = postgis.pgbench("peer", on_ground(bench, NEAREST_SQL), 16, bench.seconds)
            sample.note = f"in degrees; {feed().value * BATCH:,.0f} positions/s came in"
            return sample

        return [
            bench.row(
                "nearest",
                f"nearest 5 of {bench.ground.workers:,} on duty over HTTP while they move", "/s",
                "more", {"peer": "faster", "ratio": 3},
                f"{PER_SECOND:,} positions/s in batches of {BATCH:,} come in meanwhile; answers"
                " with names, posts and true distances; 16 connections",
                [
                    ("wangge", own),
                    ("PostGIS", sql),
                    ("Redis", lambda: while_moving(
                        redis.address, moved_redis, asked_redis, "resp")),
                ],
            )
        ]


def place_workers(ours, places):
    """Says where everybody is, and that it is taken."""
    head = {"Content-Type": "application/json"}
    for batch in batches(places):
        body = [{"worker": worker_id(number), "lon": lon, "lat": lat}
                for number, (lon, lat) in batch]
        told = json.loads(ours.ask("POST", "/api/v1/positions", json.dumps(body), head))
        if told["accepted"] != len(body):
            raise Failed(f"positions were set aside: {told['set_aside'][:3]}")


def positions(bench):
    load = bench.tools["load"]
    walks = bench.ground.walks(3)
    moved, moved_redis = WORK / "moved", WORK / "moved-redis"
    write_requests(moved, our_positions(walks))
    write_requests(moved_redis, redis_positions(walks))
    data = bench.ground.copy_of_data()
    with Wangge(bench.tools["wangge"], data) as ours, Redis() as redis:
        place_workers(ours, walks[0])

        def own():
            sample = send(load, ours.address, moved, BATCH, seconds=bench.seconds,
                          connections=4, expect='"set_aside":[]')
            sample.memory_mib = ours.memory_mib()[0]
            return sample

        return [
            bench.row(
                "positions", "positions in, over HTTP in batches", " positions/s", "more",
                {"peer": "Redis", "ratio": 0.5},
                f"{bench.ground.workers:,} workers, JSON in batches of {BATCH:,}; Redis: GEOADD,"
                f" {BATCH:,} in a pipeline; 4 connections; p50 and p99 of a batch",
                [
                    ("wangge", own),
                    ("Redis", lambda: send(
                        load, redis.address, moved_redis, BATCH, seconds=bench.seconds,
                        connections=4, protocol="resp")),
                ],
            )
        ]


# Tiles

TILE_SQL = """\\set x random({first}, {last})
\\set y random({top}, {bottom})
SELECT ST_AsMVT(tile, 'grids') FROM (
  SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({zoom}, :x, :y), 4096, 64, true)
    AS geom, code, name
  FROM grids
  WHERE geom && ST_Transform(ST_TileEnvelope({zoom}, :x, :y, margin => 0.015625), 4326)
) AS tile;
"""


def tiles(bench):
    load = bench.tools["load"]
    with Postgis() as postgis:
        load_grids(bench, postgis)
        rows = []
        for zoom in (9, 11, 12, 14):
            first, last, top, bottom = bench.ground.tiles(zoom)
            paths = [
                f"/tiles/grids/{zoom}/{x}/{y}.mvt"
                for x in range(first, last + 1)
                for y in range(top, bottom + 1)
            ]
            random.Random(3).shuffle(paths)
            requests = WORK / f"tiles-{zoom}"
            write_requests(requests, [(get(path, "Accept-Encoding: gzip\r\n"), 1)
                                      for path in paths[1:]])
            sql = TILE_SQL.format(zoom=zoom, first=first, last=last, top=top, bottom=bottom)

            def own(requests=requests, warm=paths[0]):
                # A new server has no tile yet. Borders are simplified with the first one of
                # an edition and rounded with the first one of a zoom: said apart.
                with Wangge(bench.tools["wangge"], bench.ground.data()) as ours:
                    begun = time.monotonic()
                    ours.ask("GET", warm)
                    first_s = time.monotonic() - begun
                    sample = send(load, ours.address, requests, seconds=60, connections=4,
                                  once=True)
                    sample.memory_mib = ours.memory_mib()[0]
                    sample.note = (
                        f"the first tile of all, for which the borders of the edition are"
                        f" prepared, took {first_s:.1f} s and is not counted"
                    )
                    return sample

            def martin(requests=WORK / f"martin-tiles-{zoom}", paths=paths, zoom=zoom):
                write_requests(
                    requests,
                    [(get(path.removeprefix("/tiles").removesuffix(".mvt"),
                          "Accept-Encoding: gzip\r\n"), 1) for path in paths[1:]],
                )
                with Martin(postgis.database_url("peer")) as peer:
                    # Its first answer waits for connections.
                    send(load, peer.address, requests, seconds=1, connections=4)
                    return send(load, peer.address, requests, seconds=bench.seconds,
                                connections=4)

            rows.append(
                bench.row(
                    f"tiles_z{zoom}", f"vector tile, not cached, z{zoom}", "/s", "more",
                    {"peer": "Martin" if machine.martin() else "PostGIS", "ratio": 10},
                    f"each of the other {len(paths) - 1:,} tiles of grids once, packed, over HTTP;"
                    " Martin the same, without a cache; PostGIS answers SQL, unpacked;"
                    " 4 connections",
                    [
                        ("wangge", own),
                        ("Martin", martin),
                        ("PostGIS", lambda sql=sql: postgis.pgbench("peer", sql, 4, bench.seconds)),
                    ],
                )
            )
        return rows


# What is written down

INSERT_SQL = """\\set x random({west}, {east})
\\set y random({south}, {north})
INSERT INTO reports (service, description, place)
VALUES ('city-bulky-waste', 'An old sofa', ST_SetSRID(ST_MakePoint(:x / 1e7, :y / 1e7), 4326));
"""


def write_reports(bench):
    """Twenty thousand reports for the load generator."""
    chance = random.Random(4)
    requests = WORK / "reports"
    bodies = []
    for _ in range(20_000):
        lon, lat = bench.ground.somewhere(chance)
        body = {"service": "city-bulky-waste", "lon": round(lon, 7), "lat": round(lat, 7),
                "description": "An old sofa"}
        bodies.append(json.dumps(body).encode())
    write_requests(requests, [(post("/api/v1/incidents", body), 1) for body in bodies])
    return requests


def filing(bench):
    load = bench.tools["load"]
    requests = write_reports(bench)
    with Postgis() as postgis:
        data = WORK / "postgis-data"
        data.mkdir(exist_ok=True)
        database = bench.ground.database(postgis, data, "filing")
        postgis.make("peer")
        postgis.sql(
            "peer",
            "CREATE TABLE reports (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
            " service text NOT NULL, description text NOT NULL,"
            " place geometry(Point, 4326) NOT NULL, at timestamptz NOT NULL DEFAULT now())",
        )
        with Wangge(bench.tools["wangge"], data, database) as ours:

            def own():
                sample = send(load, ours.address, requests, seconds=bench.seconds,
                              connections=32)
                sample.memory_mib = ours.memory_mib()[0]
                return sample

            return [
                bench.row(
                    "filing", "incident filed, durable, on PostGIS", "/s", "more",
                    {"peer": "bare INSERT", "ratio": 0.3},
                    "filing matches, numbers, keeps the event and the change; the peer inserts"
                    " one row; the same PostgreSQL with fsync; 32 connections each",
                    [
                        ("wangge", own),
                        ("bare INSERT", lambda: postgis.pgbench(
                            "peer", on_ground(bench, INSERT_SQL), 32, bench.seconds)),
                    ],
                )
            ]


PUSHED_PER_SECOND = 500


def pushing(bench):
    requests = write_reports(bench)
    with Postgis() as postgis:
        data = WORK / "postgis-data"
        data.mkdir(exist_ok=True)
        database = bench.ground.database(postgis, data, "pushing")
        with Wangge(bench.tools["wangge"], data, database) as ours:

            def own():
                told = json.loads(run(
                    [bench.tools["load"], "push", "--address", ours.address, "--requests",
                     requests, "--rate", PUSHED_PER_SECOND, "--seconds", bench.seconds * 4]
                ))
                if told["errors"]:
                    raise Failed(f"{told['errors']} of {told['count']} were not heard of")
                return Sample(told["p99_us"] / 1e3, told["p50_us"], told["p99_us"],
                              ours.memory_mib()[0],
                              f"at most {told['max_us'] / 1e3:,.0f} ms")

            row = bench.row(
                "pushing", "from a report to its event at another client, p99, on PostGIS",
                " ms", "less", None,
                f"{PUSHED_PER_SECOND} reports a second for {bench.seconds * 4} s, each counted"
                " from when it was due until a listener of the stream has it; fsync;"
                " goal ≤ 100 ms",
                [("wangge", own)],
            )
            row["limit"] = 100
            return [row]


def importing(bench):
    territory, grids = bench.ground.territory(), bench.ground.grids_file()
    wangge = bench.tools["wangge"]

    def own():
        data = WORK / "import"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        seconds, memory_mib, code, said = run_measured(
            [wangge, "--data-dir", data, "--database-url", f"sqlite://{data}/wangge.db",
             "import", territory, "--title", "Ground"]
        )
        shutil.rmtree(data, ignore_errors=True)
        if code != 0:
            raise Failed(said[-1000:])
        return Sample(seconds, memory_mib=memory_mib)

    def check():
        seconds, memory_mib, code, said = run_measured([wangge, "check", territory])
        if code not in (0, 2):
            raise Failed(said[-1000:])
        return Sample(seconds, memory_mib=memory_mib, note="ours, without writing it down")

    def shapely():
        seconds, memory_mib, code, said = run_measured(python("shapely_valid.py", grids))
        if code != 0:
            raise Missing(said.strip().splitlines()[-1])
        return Sample(seconds, memory_mib=memory_mib,
                      note="grids alone; says yes or no, knows no levels")

    with Postgis() as postgis:
        postgis.make("peer")

        def ogr():
            postgis.sql("peer", "DROP TABLE IF EXISTS territory")
            seconds, memory_mib, code, said = run_measured(
                ["ogr2ogr", "-f", "PostgreSQL", postgis.ogr("peer"), territory, "-nln",
                 "territory", "-lco", "GEOMETRY_NAME=geom", "--config", "PG_USE_COPY", "YES"]
            )
            if code != 0:
                raise Failed(said[-1000:])
            return Sample(seconds, memory_mib=memory_mib, note="checks nothing")

        row = bench.row(
            "import", "import with full verdict and coverage proof", " s", "less", None,
            "all levels, from FlatGeobuf into a new SQLite database; goal ≤ 15 s and ≤ 2 GiB",
            [("wangge", own), ("`wangge check`", check), ("ogr2ogr into PostGIS", ogr),
             ("shapely coverage_is_valid", shapely)],
        )
        row["limit"] = 15
        row["limit_mib"] = 2048
        return [row]


def start(bench):
    data = bench.ground.data()
    facts = []

    def own():
        with Wangge(bench.tools["wangge"], data) as ours:
            now, most = ours.memory_mib()
            facts[:] = [f"memory when ready {now:,.0f} MiB, at most {most:,.0f} MiB until then"]
            return Sample(ours.ready_s, memory_mib=now)

    def peer():
        command = python("geopandas_ready.py", bench.ground.grids_file())
        seconds, memory_mib, code, said = run_measured(command)
        if code != 0:
            raise Missing(said.strip().splitlines()[-1])
        return Sample(seconds, memory_mib=memory_mib, note="grids alone, from FlatGeobuf")

    row = bench.row(
        "start", "start to ready", " s", "less", None,
        f"all levels and {bench.ground.workers:,} workers from SQLite, until /readyz says 200;"
        " goal ≤ 3 s",
        [("wangge", own), ("GeoPandas reading the grids", peer)],
        lambda: facts,
    )
    row["limit"] = 3
    return [row]


def plan(bench):
    home, case = WORK / "criterion", WORK / "plan-case"
    name = "everybody within reach"
    said = {}

    def measured(function):
        estimates = home.glob(f"**/{function}/new/estimates.json")
        return json.loads(next(estimates).read_text())["median"]["point_estimate"] / 1e9

    def own():
        shutil.rmtree(home, ignore_errors=True)
        said["text"] = run(
            [bench.tools["plan"], "--bench", "--noplot", "--warm-up-time", "1",
             "--measurement-time", "2", "--sample-size", "10"],
            env={**os.environ, "CRITERION_HOME": str(home), "WANGGE_PLAN_CASE": str(case)},
        )
        said["others"] = {other: measured(other) for other in ("within 5 km", "all in one corner")}
        return Sample(measured(name), note="geodesics included")

    def ortools():
        seconds, memory_mib, code, told = run_measured(python("ortools_plan.py", case))
        if code != 0:
            raise Missing(told.strip().splitlines()[-1])
        seconds, cost = told.split()
        if f"{name}: 1000 go at {cost} s;" not in said["text"]:
            raise Failed(f"OR-Tools finds {cost} s, but {said['text'].strip()}")
        return Sample(float(seconds), memory_mib=memory_mib,
                      note="min-cost flow; geodesics not counted; the same cost to the second")

    def facts():
        pattern = r"^(.+): (\d+) go at (\d+) s; greedily (\d+) at (\d+) s$"
        costs = re.findall(pattern, said["text"], re.MULTILINE)
        return [
            *(f"{where}: {seconds * 1000:.0f} ms" for where, seconds in said["others"].items()),
            *(f"{where}: {gone} go at {int(cost):,} s, greedily {greedy} at {int(dearer):,} s"
              for where, gone, cost, greedy, dearer in costs),
        ]

    row = bench.row(
        "plan", "the best plan of 1,000 incidents and 5,000 workers", " s", "less", None,
        "everybody within reach of everything, from positions to assignments; goal ≤ 2 s",
        [("wangge", own), ("OR-Tools", ortools)],
        facts,
    )
    row["limit"] = 2
    return [row]


# A long history


DEEP = "deep page"


def ask_history(bench, url):
    """Asks a filled database; p50 and p99 in ms and the whole line, by question."""
    said = run([bench.tools["history"], "--bench"],
               env={**os.environ, "WANGGE_BENCH_HISTORY": url})
    pattern = r"^(.+): p50 ([\d.]+) ms, p99 ([\d.]+) ms, .*$"
    return {
        found.group(1): (float(found.group(2)), float(found.group(3)), found.group(0))
        for found in re.finditer(pattern, said, re.MULTILINE)
    }


def fill_postgis_history(bench, postgis, rows):
    """Ten million incidents need 20 GB of disk; --history makes them fewer."""
    if shutil.disk_usage(WORK).free < rows * 2_000:
        raise Missing(f"{rows:,} incidents need {rows * 2_000 / 1e9:.0f} GB of disk")
    postgis.make("history")
    run([bench.tools["wangge"], "--database-url", postgis.database_url("history"), "migrate"])
    run(["psql", "-h", postgis.socket, "-U", postgis.user, "-d", "history", "-X", "-q",
         "-v", f"rows={rows}", "-f", HISTORY / "fill_postgis.sql"])


def fill_sqlite_history(bench, path, rows):
    path.unlink(missing_ok=True)
    run([bench.tools["wangge"], "--database-url", f"sqlite://{path}", "migrate"])
    with sqlite3.connect(path) as database:
        database.create_function("unhex", 1, bytes.fromhex)
        script = (HISTORY / "fill_sqlite.sql").read_text()
        database.executescript(script.replace(":rows", str(rows)))


def history(bench):
    """Nothing is beside it: what counts is that no page takes longer than 50 ms."""
    rows = []
    for where, size in (("PostGIS", bench.history), ("SQLite", bench.history // 10)):
        told = {}

        def own():
            told.update(ask_history(bench, url))
            p50_ms, p99_ms, _ = told[DEEP]
            return Sample(p50_ms, p50_ms * 1_000, p99_ms * 1_000)

        def measured():
            row = bench.row(
                f"history_{where.lower()}", f"deep page of {size:,} incidents, {where}", " ms",
                "less", None, "51 incidents from anywhere in 36 months; goal ≤ 50 ms",
                [("wangge", own)],
                lambda: [line for _, _, line in told.values()],
            )
            row["limit"] = 50
            return row

        if where == "PostGIS":
            with Postgis() as postgis:
                url = postgis.database_url("history")
                fill_postgis_history(bench, postgis, size)
                rows.append(measured())
                postgis.sql("postgres", "DROP DATABASE history")
        else:
            path = WORK / "history.db"
            url = f"sqlite://{path}"
            fill_sqlite_history(bench, path, size)
            rows.append(measured())
            path.unlink()
    return rows


ROWS = {
    "lookup_process": lookup_process,
    "lookup_http": lookup_http,
    "bulk": bulk,
    "nearest": nearest,
    "positions": positions,
    "tiles": tiles,
    "filing": filing,
    "pushing": pushing,
    "history": history,
    "import": importing,
    "plan": plan,
    "start": start,
    "growth": growth,
}
