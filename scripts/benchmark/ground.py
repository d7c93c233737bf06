"""The territory that all rows share, in files and databases, made once."""

import math
import random
import shutil
import uuid

from .machine import WORK, require, run, say

# As in benches/coverage: the south-western corner, and a grid's sides.
WEST, SOUTH = 116.5, 30.75
WIDE, HIGH = 0.01, 0.0085


class Ground:
    """Grids of 64 vertices in a valid coverage, below one city, with workers on it."""

    def __init__(self, tools, grids, workers):
        self.tools = tools
        self.grids = grids
        self.workers = workers
        self.side = math.isqrt(grids - 1) + 1
        self.dir = WORK / f"ground-{grids}"
        self.dir.mkdir(parents=True, exist_ok=True)
        self.bounds = (WEST, SOUTH, WEST + self.side * WIDE, SOUTH + self.side * HIGH)

    def once(self, name, make):
        """A file that is made when it is not there; whole, or not at all."""
        path = self.dir / name
        if not path.exists():
            say(f"making {name}")
            part = path.with_name("part-" + name)
            if part.is_dir():
                shutil.rmtree(part)
            part.unlink(missing_ok=True)
            make(part)
            part.rename(path)
        return path

    def territory(self):
        """All levels, as a FlatGeobuf file."""
        require("ogr2ogr")

        def make(part):
            lines = self.dir / "territory.ndjson"
            run([self.tools["ground"], "territory", lines, self.grids])
            source = f"GeoJSONSeq:{lines}"
            run(["ogr2ogr", "-f", "FlatGeobuf", "-nlt", "POLYGON", "-nln", "territory", part,
                 source])
            lines.unlink()

        return self.once("territory.fgb", make)

    def grids_file(self):
        """The grids alone, as a FlatGeobuf file, for peers that know no levels."""

        def make(part):
            run(["ogr2ogr", "-f", "FlatGeobuf", "-nln", "grids", "-where", "level = 'grid'",
                 part, self.territory()])

        return self.once("grids.fgb", make)

    def points(self, count):
        """Points anywhere, as a CSV file."""
        return self.once(
            f"points-{count}.csv",
            lambda part: run([self.tools["ground"], "points", part, self.grids, count]),
        )

    def data(self):
        """A data folder of our server with the territory and the workers."""

        def make(part):
            part.mkdir()
            self.fill(part, f"sqlite://{part}/wangge.db")

        return self.once(f"data-{self.workers}", make)

    def copy_of_data(self):
        """The same, for rows that write into it."""
        copy = WORK / "data"
        shutil.rmtree(copy, ignore_errors=True)
        return shutil.copytree(self.data(), copy)

    def database(self, postgis, data, copy):
        """The same in a database, made once; the address of a copy, for what is written."""
        name = f"wangge{self.grids}_{self.workers}"
        if not postgis.has(name):
            say("importing into PostGIS")
            postgis.make("part")
            self.fill(data, postgis.database_url("part"))
            postgis.sql("postgres", f"ALTER DATABASE part RENAME TO {name}")
        postgis.sql("postgres", f"DROP DATABASE IF EXISTS {copy}")
        postgis.sql("postgres", f"CREATE DATABASE {copy} TEMPLATE {name}")
        return postgis.database_url(copy)

    def fill(self, data, database):
        common = ["--data-dir", data, "--database-url", database]
        wangge = self.tools["wangge"]
        run([wangge, *common, "migrate"])
        run([wangge, *common, "import", self.territory(), "--title", "Ground"])
        run([self.tools["ground"], "people", database, self.grids, self.workers])

    def somewhere(self, chance):
        west, south, east, north = self.bounds
        return chance.uniform(west, east), chance.uniform(south, north)

    def walks(self, steps, seed=8):
        """Where all workers are, step by step: up to 10 m along each axis, and back again,
        so that the steps can be gone round and round."""
        chance = random.Random(seed)
        places = [self.somewhere(chance) for _ in range(self.workers)]
        forth = [places]
        for _ in range(steps):
            step = lambda: chance.uniform(-0.0001, 0.0001)  # noqa: E731
            places = [(lon + step(), lat + step()) for lon, lat in places]
            forth.append(places)
        return forth + forth[-2:0:-1]

    def tiles(self, zoom):
        """The first and the last column and row of tiles that the territory touches."""
        west, south, east, north = self.bounds
        scale = 2**zoom

        def column(lon):
            return int((lon + 180) / 360 * scale)

        def row(lat):
            angle = math.radians(lat)
            return int((1 - math.asinh(math.tan(angle)) / math.pi) / 2 * scale)

        return column(west), column(east), row(north), row(south)


def worker_id(number):
    return str(uuid.UUID(int=number))
