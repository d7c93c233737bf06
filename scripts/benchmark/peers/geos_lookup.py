"""Nanoseconds a point that GEOS takes, one thread: an STRtree and prepared borders."""

import sys
import time

import geopandas
import numpy
import shapely

grids, rounds = sys.argv[1], int(sys.argv[2])
shapes = geopandas.read_file(grids).geometry.values
begun = time.perf_counter()
tree = shapely.STRtree(shapes)
west, south, east, north = shapely.total_bounds(shapes)
random = numpy.random.default_rng(7)
count = 300_000
places = shapely.points(random.uniform(west, east, count), random.uniform(south, north, count))
# The tree is built when it is first asked.
tree.query(places[:10], predicate="covered_by")
print("built", time.perf_counter() - begun)
for _ in range(rounds):
    begun = time.perf_counter()
    tree.query(places, predicate="covered_by")
    print("ns", (time.perf_counter() - begun) / count * 1e9)
