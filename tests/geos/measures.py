"""That the measures of tiles.py find what they are to find: each is given what it should see,
two units wide. Says nothing when all is well.
"""

import shapely
from mvt import wrong_with_geometry
from shapely import box
from tiles import EDGES, find_gaps, find_mismatch, find_overlap

# The ground fills the tile but for its north, where the outline runs.
OUTLINE = [(-128, 100), (1000, 80), (2000, 82), (4224, 100)]
GROUND = shapely.Polygon([*OUTLINE, (4224, 4224), (-128, 4224)])
WEST = shapely.Polygon([(-64, 100), (1000, 80), (1000, 4160), (-64, 4160)])
EAST = shapely.Polygon([(1000, 80), (2000, 82), (4160, 100), (4160, 4160), (1000, 4160)])


def is_two(value):
    return abs(value - 2) < 0.02


def gaps(*shapes):
    return find_gaps(GROUND, shapely.union_all(shapes), 0.0, 0.0)


def overlap(*shapes):
    return find_overlap(dict(enumerate(shapes)), shapely.union_all(shapes))


# What fits together has nothing to be found.
gap, outline = gaps(WEST, EAST)
assert gap == 0 and outline < 1.5, (gap, outline)
assert overlap(WEST, EAST) == 0
# A gap inside, one that is open to the outline, and one that is open to the buffer's end.
for hole in (
    box(700, 1000, 702, 3000),
    box(1000, 0, 1002, 2000),
    box(1000, 2000, 1002, 4160),
    box(1000, 0, 1002, 4160),
    box(2000, 1500, 4160, 1502),
):
    gap, outline = gaps(WEST.difference(hole), EAST.difference(hole))
    assert is_two(gap) and outline < 1.5, (hole, gap, outline)
# The ground of an area that is in no tile is a gap as well.
assert gaps(WEST)[0] > 2000
# A line that leaves out a vertex of the outline leaves no gap.
gap, outline = gaps(WEST, shapely.Polygon([*EAST.exterior.coords[:1], *EAST.exterior.coords[2:]]))
assert gap == 0 and 3 < outline < 5, (gap, outline)
# Overlaps, of which the widest counts.
assert is_two(overlap(WEST, EAST, box(998, 100, 1000, 4000).union(box(1000, 100, 1002, 4000))))
assert is_two(overlap(WEST, EAST.union(box(998, 200, 1000, 900)), box(5000, 0, 5001, 1)))

# A border that crosses the edge two units farther on, and an area that only one tile has.
edge = EDGES[(1, 0)]
one, other = box(4000, 500, 4160, 900), box(4032, 500, 4160, 902)
assert find_mismatch(one, one, edge) == 0
assert is_two(find_mismatch(one, other, edge)) and is_two(find_mismatch(other, one, edge))
assert is_two(find_mismatch(box(4000, 500, 4160, 504), None, edge))
# A border that runs along the edge, at a slant: what counts is how far the other one is.
one = shapely.Polygon([(4095, 0), (4098, 6000), (4000, 6000)])
assert find_mismatch(one, shapely.transform(one, lambda places: places + [0, 100]), edge) < 0.2

# A square, and what is none.
SQUARE = [9, 20, 20, 26, 4, 0, 0, 4, 3, 0, 15]
assert wrong_with_geometry(3, SQUARE) is None
for commands in (
    SQUARE[:-1],
    SQUARE[:7],
    [9, 20, 20, 18, 4, 0, 3, 0, 15],
    [9, 20, 20, 26, 4, 0, 0, 0, 3, 0, 15],
    [9, 20, 20, 26, 0, 4, 4, 0, 0, 3, 15],
    SQUARE + SQUARE[:3],
    [],
):
    assert wrong_with_geometry(3, commands), commands
assert wrong_with_geometry(1, [9, 20, 20]) is None
assert wrong_with_geometry(1, [17, 20, 20, 20, 20])
