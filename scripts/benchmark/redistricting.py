"""Boundary changes as the desk makes them: a township's file with moved borders, a grid that
is split, the pieces made one again; each published, and asked for at once."""

import json
import random
import time
from collections import defaultdict

from .clients import Tally

# How far a border moves at most, in units of 1e-7°: some three metres. Vertices of borders
# lie fifty metres apart.
REACH = 300
BOUNDARY = "----wangge-soak"
# How many look-ups ask whose the ground beside moved borders is.
ASKED = 10


class Redistricting:
    """One desk: each round is a draft from its opening to the look-ups after it."""

    def __init__(self, client, seed=11):
        self.client = client
        self.chance = random.Random(seed)
        self.other = Tally("other at the desk")
        self.upload, self.judge, self.publish = (
            Tally(what) for what in ("draft uploaded", "draft judged", "edition published")
        )
        # From the answer to a publishing to the first look-up that knows the edition.
        self.seen = Tally("edition looked up")
        self.editions = set()
        self.changed = 0
        self.probed = 0
        self.pieces = None
        self.townships = self.areas_of("township")

    def tallies(self):
        return [self.upload, self.judge, self.publish, self.seen, self.other]

    def areas_of(self, level):
        path, found = f"/api/v1/areas?level={level}&limit=1000", []
        while True:
            page = self.client.json(self.other, "GET", path)
            if page is None:
                return found
            found += [area["code"] for area in page["items"]]
            if not page.get("next"):
                return found
            path = f"/api/v1/areas?level={level}&limit=1000&cursor={page['next']}"

    def go_round(self, number):
        """Moves borders, splits, moves borders, merges, and so on."""
        if number % 2 == 0:
            self.move_borders(self.townships[number // 2 * 7 % len(self.townships)])
        elif self.pieces is None:
            self.split(self.chance.choice(self.townships))
        else:
            self.merge()

    def move_borders(self, township):
        """Uploads a township's grids with borders inside its communities drawn otherwise."""
        path = f"/api/v1/export?format=geojson&level=grid&area={township}"
        file = self.client.json(self.other, "GET", path)
        if file is None:
            return
        rings = {
            feature["properties"]["code"]: outer_ring(feature) for feature in file["features"]
        }
        moves = {
            point: (point[0] + self.chance.randint(-REACH, REACH),
                    point[1] + self.chance.randint(-REACH, REACH))
            for point in movable(rings)
        }
        for feature in file["features"]:
            ring = rings[feature["properties"]["code"]]
            ring[:] = [moves.get(point, point) for point in ring]
            write_outer_ring(feature, ring)
        opened = self.client.json(
            self.upload, "POST", "/api/v1/drafts", form("grids.geojson", json.dumps(file)),
            headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        )
        if opened is None:
            return
        draft = opened["draft"]
        verdict = self.client.json(self.judge, "GET", f"/api/v1/drafts/{draft['id']}/verdict")
        if verdict and verdict["publishing"] == "barred":
            self.judge.complain(f"{township}: {str(verdict['defects'])[:300]}")
        probes = []
        for point, moved in self.chance.sample(sorted(moves.items()), min(ASKED, len(moves))):
            place = ((point[0] + moved[0]) // 2, (point[1] + moved[1]) // 2)
            owners = [code for code, ring in rings.items() if has(ring, place)]
            # On a border the answer is decided by a rule, not by these rings.
            if None not in [has(ring, place) for ring in rings.values()]:
                probes.append((place, owners))
        self.enter(draft, len(rings), probes)

    def split(self, township):
        """Cuts a grid in two or more, from west to east through where its name stands."""
        grids = self.children(self.chance.choice(self.children(township)))
        grid = self.chance.choice(grids)
        area = self.client.json(self.other, "GET", f"/api/v1/areas/{grid}")
        west, _, east, _ = area["bbox"]
        lat = area["label"]["lat"]
        line = {"type": "LineString", "coordinates": [[west - 0.01, lat], [east + 0.01, lat]]}
        own = self.identity(grid)
        community = area["parent"]
        edit = {"op": "split", "area": own, "line": line, "names": ["Split"]}
        if self.edit(edit, 2):
            fresh = set(self.children(community)) - set(grids)
            self.pieces = [own, *(self.identity(code) for code in sorted(fresh))]

    def merge(self):
        edit = {"op": "merge", "areas": self.pieces}
        self.pieces = None
        self.edit(edit, 2)

    def edit(self, edit, areas):
        opened = self.client.json(
            self.other, "POST", "/api/v1/drafts", {"title": f"Soak: {edit['op']}"}
        )
        if opened is None:
            return False
        draft = opened["draft"]
        body = {"version": draft["version"], "edit": edit}
        edited = self.client.json(
            self.other, "POST", f"/api/v1/drafts/{draft['id']}/edits", body
        )
        return bool(edited) and self.enter(edited["draft"], areas, [])

    def enter(self, draft, areas, probes):
        """Publishes a draft, and looks up at once: the edition must be known, and moved
        ground be its new owner's."""
        body = {"version": draft["version"], "reason": "soak"}
        path = f"/api/v1/drafts/{draft['id']}/publish"
        published = self.client.json(self.publish, "POST", path, body)
        if published is None:
            return False
        begun = time.monotonic()
        edition = published["edition"]["id"]
        self.editions.add(edition)
        self.changed += areas
        place = self.chance.choice(probes)[0] if probes else None
        path = look_up_path(place) if place else "/api/v1/lookup?lon=116.51&lat=30.76"
        while True:
            found = self.client.json(self.other, "GET", path)
            if found is None or found["edition"] == edition:
                break
            if time.monotonic() > begun + 60:
                self.seen.complain(f"edition {edition} was not in force after a minute")
                break
        self.seen.took_us.append((time.monotonic() - begun) * 1e6)
        for place, owners in probes:
            found = self.client.json(self.other, "GET", look_up_path(place))
            self.probed += 1
            if found and [found["area"]["code"]] != owners:
                self.seen.complain(
                    f"{place} is said to be of {found['area']['code']}, and is of {owners}"
                )
        return True

    def children(self, code):
        page = self.client.json(self.other, "GET", f"/api/v1/areas/{code}/children")
        return [area["code"] for area in page["items"]]

    def identity(self, code):
        page = self.client.json(self.other, "GET", f"/api/v1/areas/{code}/history")
        return page["items"][-1]["id"]


def look_up_path(place):
    return f"/api/v1/lookup?lon={place[0] / 1e7:.7f}&lat={place[1] / 1e7:.7f}"


def coordinates_of(feature):
    geometry = feature["geometry"]
    is_one = geometry["type"] == "Polygon"
    return geometry["coordinates"] if is_one else geometry["coordinates"][0]


def outer_ring(feature):
    """Its vertices on the lattice, the first one not again at the end."""
    ring = coordinates_of(feature)[0]
    return [(round(lon * 1e7), round(lat * 1e7)) for lon, lat in ring[:-1]]


def write_outer_ring(feature, ring):
    coordinates_of(feature)[0] = [
        [round(x / 1e7, 7), round(y / 1e7, 7)] for x, y in [*ring, ring[0]]
    ]


def movable(rings):
    """Vertices within a border that two grids of one community share, and nobody else: both
    neighbours of such a vertex are on the same border."""
    owners = defaultdict(set)
    for code, ring in rings.items():
        for point in ring:
            owners[point].add(code)
    found = set()
    for code, ring in rings.items():
        for at, point in enumerate(ring):
            others = owners[point] - {code}
            if len(others) != 1:
                continue
            other = next(iter(others))
            # A code of a grid is its community's and three digits.
            if other[:-3] != code[:-3]:
                continue
            beside = (ring[at - 1], ring[(at + 1) % len(ring)])
            if all(other in owners[neighbour] for neighbour in beside):
                found.add(point)
    return sorted(found)


def has(ring, place):
    """Whether a place is inside a ring, in whole numbers; None on its border."""
    x, y = place
    inside = False
    for at, (bx, by) in enumerate(ring):
        ax, ay = ring[at - 1]
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if cross == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return None
        if (ay > y) != (by > y) and (cross > 0) == (by > ay):
            inside = not inside
    return inside


def form(name, content):
    """A file as a browser's form sends it."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return f"{head}{content}\r\n--{BOUNDARY}--\r\n".encode()
