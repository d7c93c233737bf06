"""The soak: everything at once against one server for a while, and what to make of it."""

import itertools
import json
import os
import random
import re
import threading
import time
from collections import deque
from pathlib import Path

from . import servers
from .clients import Client, Listener, Pace, Tally
from .machine import WORK, Failed, say
from .redistricting import Redistricting
from .rows import batches, place_workers, position_body
from .servers import get, write_requests

# An incident is handled to its end so long after its report: what is open stays about as much.
OPEN_S = 30
# One in so many is dispatched and verified; the others are handled on the spot.
DISPATCHED = 5
# Over less than that, caches that fill up cannot be told from what leaks.
LEAST_MINUTES = 5
# Layers of tiles with their shares, and the zooms that are asked for.
TILES = {
    "grids": (5, range(9, 15)),
    "incidents": (2, range(8, 15)),
    "workers": (2, range(11, 15)),
    "heat": (1, range(7, 13)),
}
# The server keeps so much of packed tiles; some more, as it need not keep the last ones.
KEPT_MIB = 160
# Connections of what is asked most: as many requests are due while the server pauses.
LOOKUP_CONNECTIONS, NEAREST_CONNECTIONS = 256, 64
CONNECTING_S = 1
# How long listeners may take to hear of the last change.
DRAIN_S = 20


class Soak:
    """One run. `rates` are how many of each kind are due in a second, and every how many
    seconds an edition is published."""

    def __init__(self, tools, ground, minutes, rates, growth):
        self.tools = tools
        self.ground = ground
        self.seconds = minutes * 60
        self.rates = rates
        self.growth = growth
        self.positions, self.filing, self.candidates, self.actions = (
            Tally(what) for what in ("positions, a batch", "filing", "candidates", "action")
        )
        self.tiles = {layer: Tally(f"tile of {layer}") for layer in TILES}
        self.taken = 0
        # The latest version of each incident that an answer told of.
        self.versions = {}
        self.is_closed = set()
        self.filed = deque()
        self.complaints = []

    def run(self, server, disk_mib):
        """Everything at once; what came of it, for people and for a file. `disk_mib` tells
        how much the database has."""
        walks = self.ground.walks(3)
        place_workers(server, walks[0])
        bodies = [position_body(batch) for places in walks for batch in batches(places)]
        self.write_loads()
        desk = Redistricting(Client(server.port))
        listeners = [
            Listener(server.port, "incidents,editions,positions,drafts,workers"),
            Listener(server.port, "incidents,editions"),
            Listener(server.port, "incidents,editions", breaks_every_s=15),
        ]
        for listener in listeners:
            listener.start()
            if not listener.listens.wait(30):
                raise Failed(f"a listener hears nothing: {listener.complaints}")
        filled_mib = self.fill_tiles(server.address)
        disk_before_mib = disk_mib()
        watch = Watch(server, self.seconds)
        watch.start()
        say(f"{self.seconds / 60:g} minutes begin")
        loads = self.start_loads(server.address)
        # Hundreds of connections at once are not what is measured.
        time.sleep(CONNECTING_S)
        until = time.monotonic() + self.seconds - CONNECTING_S
        threads = self.start_clients(server.port, desk, bodies, until)
        for thread in threads:
            thread.join()
        measured = {what: self.end_load(what, ended) for what, ended in loads.items()}
        watch.join()
        self.drain(listeners, desk)
        for tally in self.own_tallies():
            measured[tally.what] = tally.told()
        boundaries = {tally.what: tally.told() for tally in desk.tallies()}
        if not desk.probed:
            self.complaints.append("no look-up was made beside a moved border")
        memory = watch.judge(self.growth, len(self.versions))
        self.collect(listeners, desk, watch)
        return {
            "seconds": self.seconds,
            "rates": self.rates,
            "requests": measured,
            "boundaries": boundaries,
            "editions": len(desk.editions),
            "changed_areas": desk.changed,
            "probes": desk.probed,
            "positions": self.taken,
            "incidents": {"filed": len(self.versions), "closed": len(self.is_closed)},
            "stream": {
                "listeners": len(listeners),
                "events": sum(listener.events for listener in listeners),
                "returns": sum(listener.returns for listener in listeners),
                "versions": sum(listeners[0].versions.values()),
            },
            "memory": {"filled_mib": filled_mib, **memory},
            "disk_mib": [disk_before_mib, disk_mib()],
            "complaints": self.complaints,
        }

    def fill_tiles(self, address):
        """Asks for tiles until as much has come as the server keeps, so that what fills up
        does not look like what leaks. How much that was, in MiB."""
        say("filling the cache of tiles")
        paths = []
        for zoom in TILES["grids"][1]:
            first, last, top, bottom = self.ground.tiles(zoom)
            paths += [
                f"/tiles/grids/{zoom}/{x}/{y}.mvt"
                for x in range(first, last + 1) for y in range(top, bottom + 1)
            ]
        random.Random(6).shuffle(paths)
        filled_mib = 0
        for start in range(0, len(paths), 500):
            requests = [(get(path, "Accept-Encoding: gzip\r\n"), 1)
                        for path in paths[start:start + 500]]
            write_requests(WORK / "soak-tiles", requests)
            told = servers.start_load(
                self.tools["load"], address, WORK / "soak-tiles", seconds=120, connections=4,
                once=True,
            )()
            filled_mib += told["bytes"] / 2**20
            if filled_mib > KEPT_MIB:
                break
        return filled_mib

    # What is asked most comes from the load generator

    def write_loads(self):
        chance = random.Random(5)
        places = [self.ground.somewhere(chance) for _ in range(100_000)]
        exact = itertools.cycle(["", "&accuracy_m=50"])
        filters = itertools.cycle(["", "&max_age_s=600", "&has_capacity=true&max_m=5000"])
        here = [f"lon={lon:.7f}&lat={lat:.7f}" for lon, lat in places]
        write_requests(
            WORK / "soak-look-up",
            [(get(f"/api/v1/lookup?{place}{next(exact)}"), 1) for place in here],
        )
        write_requests(
            WORK / "soak-nearest",
            [(get(f"/api/v1/workers/nearest?k=5&{place}{next(filters)}"), 1) for place in here],
        )

    def start_loads(self, address):
        return {
            what: servers.start_load(
                self.tools["load"], address, WORK / f"soak-{what}", seconds=self.seconds,
                connections=connections, rate=self.rates[what],
            )
            for what, connections in (
                ("look-up", LOOKUP_CONNECTIONS), ("nearest", NEAREST_CONNECTIONS)
            )
        }

    def end_load(self, what, ended):
        try:
            told = ended()
        except Failed as failure:
            self.complaints.append(f"{what}: {failure}")
            return {"count": 0, "errors": 1}
        if told["errors"]:
            self.complaints.append(f"{what}: {told['errors']} of {told['count']} failed")
        due = self.rates[what] * self.seconds
        if told["count"] < due * 0.98:
            self.complaints.append(f"{what}: {told['count']} of {due:.0f} that were due were sent")
        return {key: told[key] for key in ("count", "errors", "p50_us", "p99_us", "max_us")}

    # The rest comes from here

    def start_clients(self, port, desk, bodies, until):
        """Kinds have threads of their own, so that none waits for another kind's answers."""
        works = [(self.send_positions, Client(port), bodies, until), (self.publish, desk, until)]
        shares = sum(share for share, _ in TILES.values())
        for layer, (share, zooms) in TILES.items():
            pace = Pace(self.rates["tiles"] * share / shares, until)
            works += [
                (self.fetch_tiles, Client(port), layer, zooms, pace, random.Random(number))
                for number in range(4)
            ]
        pace = Pace(self.rates["filings"], until)
        for number in range(4):
            chance = random.Random(100 + number)
            works.append((self.file_incidents, Client(port), pace, chance))
            works.append((self.handle_incidents, Client(port), until))
        threads = []
        for work, *arguments in works:
            thread = threading.Thread(target=self.guard, args=(work, *arguments), daemon=True)
            thread.start()
            threads.append(thread)
        return threads

    def guard(self, work, *arguments):
        """A client that cannot go on is a complaint, not silence."""
        try:
            work(*arguments)
        except Exception as failure:
            self.complaints.append(f"{work.__name__} ended: {failure!r}")

    def send_positions(self, client, bodies, until):
        size = min(self.ground.workers, len(batches(range(self.ground.workers))[0]))
        pace = Pace(self.rates["positions"] / size, until)
        for turn, due in pace.turns():
            told = client.json(
                self.positions, "POST", "/api/v1/positions", bodies[turn % len(bodies)], due=due,
                headers={"Content-Type": "application/json"},
            )
            if told:
                self.taken += told["accepted"]
                if told["set_aside"]:
                    self.positions.complain(f"set aside: {told['set_aside'][:3]}")

    def fetch_tiles(self, client, layer, zooms, pace, chance):
        """Half of them again and again, as maps that stay open do, with what they had."""
        views = [self.some_tile(layer, zooms, chance) for _ in range(12)]
        known = {}
        for _, due in pace.turns():
            is_again = chance.random() < 0.5
            path = chance.choice(views) if is_again else self.some_tile(layer, zooms, chance)
            headers = {"Accept-Encoding": "gzip"}
            if is_again and path in known:
                headers["If-None-Match"] = known[path]
            answer = client.ask(self.tiles[layer], "GET", path, headers=headers, due=due)
            if answer and is_again and answer[1].get("ETag"):
                known[path] = answer[1]["ETag"]

    def some_tile(self, layer, zooms, chance):
        zoom = chance.choice(zooms)
        first, last, top, bottom = self.ground.tiles(zoom)
        x, y = chance.randint(first, last), chance.randint(top, bottom)
        return f"/tiles/{layer}/{zoom}/{x}/{y}.mvt"

    def file_incidents(self, client, pace, chance):
        for turn, due in pace.turns():
            lon, lat = self.ground.somewhere(chance)
            report = {"service": "city-bulky-waste", "lon": round(lon, 7), "lat": round(lat, 7),
                      "description": f"An old sofa, number {turn}"}
            incident = client.json(self.filing, "POST", "/api/v1/incidents", report, due=due)
            if incident:
                self.versions[incident["id"]] = incident["version"]
                self.filed.append((time.monotonic() + OPEN_S, incident, turn))

    def handle_incidents(self, client, until):
        while time.monotonic() < until:
            try:
                waits_until, incident, number = self.filed.popleft()
            except IndexError:
                time.sleep(0.05)
                continue
            if waits_until > time.monotonic():
                self.filed.appendleft((waits_until, incident, number))
                time.sleep(0.05)
                continue
            self.handle(client, incident, number % DISPATCHED == 0)

    def handle(self, client, incident, is_dispatched):
        if not is_dispatched:
            self.act(client, incident, {"action": "self_handle", "proof": "Taken away"})
            return
        incident = self.act(client, incident, {"action": "file"})
        path = incident and f"/api/v1/incidents/{incident['id']}/candidates?k=1"
        found = path and client.json(self.candidates, "GET", path)
        if not found or not found["candidates"]:
            return
        lead = {"kind": "worker", "id": found["candidates"][0]["worker"]["id"]}
        for command in (
            {"action": "dispatch", "lead": lead, "reason": "near"},
            {"action": "sign"},
            {"action": "feed_back", "note": "Taken away"},
            {"action": "pass"},
        ):
            incident = incident and self.act(client, incident, command)

    def act(self, client, incident, command):
        """Acts on the version that is known, and once more when an edition has matched the
        incident anew meanwhile."""
        path = f"/api/v1/incidents/{incident['id']}"
        for may_conflict in (True, False):
            body = {"version": incident["version"], **command}
            answer = client.ask(
                self.actions, "POST", f"{path}/actions", body, may_conflict=may_conflict
            )
            if answer and answer[0] == 200:
                incident = json.loads(answer[2])
                self.versions[incident["id"]] = incident["version"]
                if incident["status"] == "closed":
                    self.is_closed.add(incident["id"])
                return incident
            if not answer or answer[0] != 409:
                return None
            incident = client.json(self.actions, "GET", path)
            if not incident:
                return None
        return None

    def publish(self, desk, until):
        for turn, _ in Pace(1 / self.rates["publish_every_s"], until).turns():
            # The first comes when everything else is under way.
            if turn > 0:
                desk.go_round(turn - 1)

    # At the end

    def drain(self, listeners, desk):
        until = time.monotonic() + DRAIN_S
        for number, listener in enumerate(listeners):
            while lacks := listener.lacks(self.versions, desk.editions):
                if time.monotonic() > until:
                    text = f"listener {number} did not hear of {len(lacks)} changes"
                    self.complaints.append(f"{text}, for instance {lacks[:3]}")
                    break
                time.sleep(0.1)
            listener.is_stopped = True

    def own_tallies(self):
        return [self.positions, self.filing, self.actions, self.candidates, *self.tiles.values()]

    def collect(self, listeners, desk, watch):
        for tally in [*self.own_tallies(), *desk.tallies()]:
            self.complaints += tally.complaints
            if tally.errors > len(tally.complaints):
                self.complaints.append(f"{tally.what}: {tally.errors} errors in all")
        for number, listener in enumerate(listeners):
            self.complaints += [f"listener {number}: {text}" for text in listener.complaints[:5]]
        self.complaints += watch.complaints


class Watch(threading.Thread):
    """Looks at the server's memory, threads and open files every second."""

    def __init__(self, server, seconds):
        super().__init__(daemon=True)
        self.server = server
        self.seconds = seconds
        self.samples = []
        self.complaints = []

    def run(self):
        process = Path(f"/proc/{self.server.process.pid}")
        begun = time.monotonic()
        while (at := time.monotonic() - begun) <= self.seconds:
            try:
                status = (process / "status").read_text()
                files = len(os.listdir(process / "fd"))
            except OSError as failure:
                self.complaints.append(f"the server is gone: {failure}")
                return
            now, own, most, threads = (
                int(re.search(rf"{name}:\s*(\d+)", status).group(1))
                for name in ("VmRSS", "RssAnon", "VmHWM", "Threads")
            )
            self.samples.append((at, now / 1024, most / 1024, threads, files))
            if len(self.samples) % 30 == 1:
                say(
                    f"  {at:4.0f} s: {now / 1024:,.0f} MiB, {own / 1024:,.0f} of it not of files,"
                    f" {threads} threads, {files} files"
                )
            time.sleep(max(0, begun + len(self.samples) - time.monotonic()))

    def judge(self, limit, filed):
        """The memory at some times, and how it grew over the second half of the run: by a
        straight line through all samples."""
        if len(self.samples) < 10:
            return {"is_flat": False}

        def around(second):
            near = [mib for at, mib, *_ in self.samples if abs(at - second) <= 5]
            return sum(near) / len(near) if near else None

        half = [sample for sample in self.samples if sample[0] >= self.seconds / 2]
        per_s, deviation = line_through([(at, mib) for at, mib, *_ in half])
        mean = sum(mib for _, mib, *_ in half) / len(half)
        grown_mib = per_s * (half[-1][0] - half[0][0])
        is_long = self.seconds >= LEAST_MINUTES * 60
        share = grown_mib / mean
        if is_long and share > limit:
            self.complaints.append(
                f"memory grew by {grown_mib:.0f} MiB in the second half, {share:.1%};"
                f" {limit:.0%} is allowed"
            )
        filed_in_half = filed * len(half) / len(self.samples)
        return {
            "start_mib": self.samples[0][1],
            "minute_mib": around(60),
            "middle_mib": around(self.seconds / 2),
            "end_mib": sum(mib for _, mib, *_ in half[-10:]) / len(half[-10:]),
            "most_mib": self.samples[-1][2],
            "mib_per_min": per_s * 60,
            "deviation_mib": deviation,
            "grown_mib": grown_mib,
            "grown_share": share,
            "limit_share": limit,
            "bytes_per_incident": grown_mib * 2**20 / filed_in_half if filed_in_half else None,
            "threads": [self.samples[0][3], max(sample[3] for sample in half), half[-1][3]],
            "files": [self.samples[0][4], max(sample[4] for sample in half), half[-1][4]],
            # None where the run was too short to say.
            "is_flat": share <= limit if is_long else None,
        }


def line_through(points):
    """Least squares: the slope, and how far the points are from the line (as a root of the
    mean square)."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    across = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / across if across else 0.0
    squares = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return slope, (squares / count) ** 0.5


def folder_mib(folder):
    """Of all its files together."""
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) / 2**20


def read_log(path, offset):
    """What the server logged since: errors in words, and how often it warned of what."""
    errors, warnings = [], {}
    with open(path, "rb") as log:
        log.seek(offset)
        text = re.sub(r"\x1b\[[0-9;]*m", "", log.read().decode(errors="replace"))
    for line in text.splitlines():
        if " ERROR " in line or "panicked" in line:
            errors.append(line[:500])
        elif " WARN " in line:
            what = re.split(r"[:=]? \w+=", line.split(" WARN ", 1)[1])[0][:100]
            warnings[what] = warnings.get(what, 0) + 1
    return errors, warnings
