"""How well the tiles of a territory fit together, measured by GEOS.

    tiles.py TILES.pmtiles GROUND.ndjson FIRST_ZOOM LAST_ZOOM

TILES are all tiles of the territory; GROUND has its areas as they are on the ground, and is
projected here. Prints a line of JSON for each zoom and level with what was found in all tiles,
and then {"faults": [text…]}, what is wrong with tiles by themselves.

A size is in units of a tile, 4,096 along its side, and stands with the place of the largest one.
Tiles are measured with the buffer around them. The width of a piece of ground is the diameter
of the largest circle in it: it is wider than a unit when a circle a unit wide fits in.

    overlap   The width of what two areas share.
    gap       The width of what is ground of the level, and of no area in the tile. Where there
              is no tile, there is no area.
    outline   Where the level's ground ends no neighbour is to be met, and tiles draw straight
              lines from one vertex of the outline to another. A piece between such a line and
              the outline is no gap, and this is its width, on either side of the outline. It is
              told from a gap by where it is: all of it within a pixel of the outline, which is
              eight units, and its corners within a unit, but for those on the end of the buffer.
              A gap along a border between areas reaches further in. The ground of an area that
              has less of it than a pixel, of which little or nothing is drawn, counts as the
              outline's where it is within a pixel of that.
    mismatch  Two tiles both draw what crosses the edge between them. This is how far a place of
              the edge that is an area's in one tile alone lies from that area's border, in
              either tile.
    label     How far a name stands from its area's ground.

With them stand how many `tiles` have areas, how many `areas` there are, how many `names` are
written in all tiles; the codes of areas that are `undrawn` although they have more ground than a
pixel, and of those `unnamed`.
"""

import json
import math
import os
import sys
from collections import defaultdict
from functools import partial
from multiprocessing import Pool

import numpy
import shapely
import shapely.geometry
from mvt import BUFFER, EXTENT, HIGH, LAYERS, LOW, Tile
from pmtiles.reader import MmapSource, Reader, all_tiles

BOX = shapely.box(LOW, LOW, HIGH, HIGH)
# Ground is looked at so far beyond the buffer, so that where it is cut is not its outline.
MARGIN = 64
# The edges of a tile to the east and the south, each by the step to the tile beyond it.
EDGES = {
    (1, 0): shapely.LineString([(EXTENT, 0), (EXTENT, EXTENT)]),
    (0, 1): shapely.LineString([(0, EXTENT), (EXTENT, EXTENT)]),
}
SIZES = ("overlap", "gap", "outline", "mismatch", "label")
# A pixel of a map that shows tiles at 512 pixels.
PIXEL = 8
# Widths are found to this.
ACCURACY = 0.01
# How many columns of tiles are measured in one go.
BAND = 6


class Territory:
    """The areas of each level on the plane of Web Mercator, the world being one wide: x to the
    east, y down."""

    def __init__(self, path):
        shapes = defaultdict(dict)
        with open(path, encoding="utf-8") as file:
            for feature in map(json.loads, file):
                said = feature["properties"]
                shape = shapely.geometry.shape(feature["geometry"])
                shapes[said["level"]][said["code"]] = shapely.transform(shape, project)
        self.shapes = shapes
        self.areas = {
            level: dict(zip(of_level, shapely.area(list(of_level.values()))))
            for level, of_level in shapes.items()
        }
        self.grounds = {
            level: shapely.coverage_union_all(list(of_level.values()))
            for level, of_level in shapes.items()
        }
        self.bounds = shapely.total_bounds(list(self.grounds.values()))

    def too_small(self, level, zoom, x, y):
        """The ground of areas that have less than a pixel, in units of a tile."""
        scale = EXTENT * 2**zoom
        small = [
            self.shapes[level][code]
            for code, area in self.areas[level].items()
            if area * scale**2 < PIXEL**2
        ]
        corner = numpy.array([x, y]) * EXTENT
        return shapely.union_all(shapely.transform(small, lambda places: places * scale - corner))

    def columns(self, zoom):
        """The columns of tiles that are on the ground, and one on either side."""
        west, _, east, _ = numpy.floor(self.bounds * 2**zoom).astype(int)
        return range(west - 1, east + 2)

    def rows(self, zoom):
        _, north, _, south = numpy.floor(self.bounds * 2**zoom).astype(int)
        return range(north - 1, south + 2)


def project(degrees):
    """EPSG:3857 by its formula for the sphere."""
    x = (degrees[:, 0] + 180) / 360
    y = 0.5 - numpy.arcsinh(numpy.tan(numpy.radians(degrees[:, 1]))) / (2 * math.pi)
    return numpy.column_stack([x, y])


def polygons_of(shape):
    """What is ground of what came out of an operation."""
    parts = shapely.get_parts(shape)
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0]


def widest(pieces, known=0.0):
    """The greatest width of some pieces, when it is more than what is known."""
    for piece in pieces:
        # It takes long to find the largest circle, but not to see whether a larger one fits.
        if not shapely.buffer(piece, -known / 2).is_empty:
            radius = shapely.maximum_inscribed_circle(piece, tolerance=ACCURACY / 2)
            known = max(known, 2 * radius.length)
    return known


def find_overlap(polygons, union):
    """The greatest width of what two of the polygons share."""
    shapes = numpy.array(list(polygons.values()))
    # Corners are whole, so areas are whole halves.
    if shapely.area(shapes).sum() - union.area < 0.25:
        return 0.0
    ones, others = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    is_pair = ones < others
    shared = shapely.intersection(shapes[ones[is_pair]], shapes[others[is_pair]])
    return widest(piece for shape in shared for piece in polygons_of(shape))


def find_gaps(ground, union, known_gap, known_aside, find_too_small=shapely.Polygon):
    """The greatest width of a gap and of a piece along the outline, or what is known when that
    is more. `find_too_small` says where the areas are that have less than a pixel."""
    shown = shapely.intersection(ground, BOX)
    outline = shapely.boundary(ground)
    gaps, along = [], polygons_of(shapely.difference(union, shown))
    too_small = None
    for piece in polygons_of(shapely.difference(shown, union)):
        if is_along(piece, outline):
            along.append(piece)
            continue
        too_small = too_small or find_too_small()
        gaps += polygons_of(shapely.difference(piece, too_small))
        for part in polygons_of(shapely.intersection(piece, too_small)):
            (along if is_within_pixel(part, outline) else gaps).append(part)
    return widest(gaps, known_gap), widest(along, known_aside)


def is_along(piece, outline):
    """Whether a piece lies along the outline: all of it within a pixel, and its corners within
    a unit, but for those on the end of the buffer."""
    corners = shapely.get_coordinates(piece)
    middles = (corners[1:] + corners[:-1]) / 2
    reach = numpy.abs(corners - EXTENT / 2).max(axis=1)
    is_inside = reach < EXTENT / 2 + BUFFER - ACCURACY
    aside = shapely.distance(shapely.points(corners), outline)
    middles_aside = shapely.distance(shapely.points(middles), outline)
    return bool(
        (aside[is_inside] <= 1).all() and (aside <= PIXEL).all() and (middles_aside <= PIXEL).all()
    )


def is_within_pixel(piece, outline):
    corners = shapely.points(shapely.get_coordinates(piece))
    return bool((shapely.distance(corners, outline) <= PIXEL).all())


def find_mismatch(here, there, edge):
    """How far a place of an edge that only one of two tiles says is an area's lies from the
    area's border. `there` is the tile's beyond the edge, in units of the other one."""
    shapes = [shape for shape in (here, there) if shape is not None]
    cuts = [shapely.intersection(shape, edge) for shape in shapes]
    differs = cuts[0] if len(cuts) == 1 else shapely.symmetric_difference(*cuts)
    farthest = 0.0
    for piece in shapely.get_parts(differs):
        if piece.length > 0:
            places = shapely.line_interpolate_point(piece, numpy.linspace(0, piece.length, 9))
            for border in shapely.boundary(shapes):
                farthest = max(farthest, float(shapely.distance(places, border).max()))
    return farthest


class Findings:
    """What was found of a level at a zoom."""

    def __init__(self):
        self.tiles = 0
        self.drawn = set()
        self.named = []
        self.sizes = {name: (0.0, None) for name in SIZES}

    def known(self, name):
        return self.sizes[name][0]

    def size(self, name, value, where):
        if value > self.known(name):
            self.sizes[name] = (value, where)

    def join(self, other):
        self.tiles += other.tiles
        self.drawn |= other.drawn
        self.named += other.named
        for name, (value, where) in other.sizes.items():
            self.size(name, value, where)


class Surveyor:
    """Measures tiles, in a process of its own."""

    def __init__(self, tiles, ground):
        with open(tiles, "rb") as file:
            source = MmapSource(file)
            self.packed = dict(all_tiles(source))
            layers = Reader(source).metadata()["vector_layers"]
        self.first_zooms = {layer["id"]: layer["minzoom"] for layer in layers}
        self.territory = Territory(ground)

    def levels(self, zoom):
        return [level for level, layer in LAYERS.items() if self.first_zooms[layer] <= zoom]

    def read(self, zoom, x):
        """The tiles of a column by row."""
        rows = self.territory.rows(zoom)
        addresses = [(zoom, x, y) for y in rows if (zoom, x, y) in self.packed]
        return {address[2]: Tile(address, self.packed[address]) for address in addresses}

    def measure(self, zoom, columns):
        """What was found in some columns and between them and the next one to the east, by
        level, and what is wrong."""
        found = {level: Findings() for level in self.levels(zoom)}
        faults = []
        beyond = self.read(zoom, columns[0])
        for x in columns:
            column, beyond = beyond, self.read(zoom, x + 1)
            for tile in column.values():
                faults += tile.faults
            for level, of_level in found.items():
                self.measure_column(zoom, x, level, column, of_level)
                for y in self.territory.rows(zoom):
                    where = f"{zoom}/{x}/{y}"
                    here = column.get(y)
                    for step, there in (((1, 0), beyond.get(y)), ((0, 1), column.get(y + 1))):
                        measure_edge(level, here, there, step, where, of_level)
        return found, faults

    def measure_column(self, zoom, x, level, column, found):
        scale = EXTENT * 2**zoom
        rows = self.territory.rows(zoom)
        ground = self.territory.grounds[level]
        corner = numpy.array([x, rows[0]]) * EXTENT
        ground = shapely.transform(ground, lambda places: places * scale - corner)
        side = box_of(0, EXTENT * len(rows))
        ground = shapely.intersection(ground, side)
        for place, y in enumerate(rows):
            here = shapely.intersection(ground, box_of(place * EXTENT, (place + 1) * EXTENT))
            here = shapely.transform(here, lambda places: places - [0, place * EXTENT])
            tile = column.get(y)
            polygons = tile.polygons[level] if tile else {}
            if here.is_empty and not polygons:
                continue
            where = f"{zoom}/{x}/{y}"
            union = shapely.union_all(list(polygons.values()))
            find_too_small = partial(self.territory.too_small, level, zoom, x, y)
            known = found.known("gap"), found.known("outline")
            gap, aside = find_gaps(here, union, *known, find_too_small)
            found.tiles += 1 if polygons else 0
            found.drawn |= polygons.keys()
            found.size("overlap", find_overlap(polygons, union), where)
            found.size("gap", gap, where)
            found.size("outline", aside, where)
            for code, label in (tile.labels[level] if tile else {}).items():
                found.named.append(code)
                if code in polygons:
                    found.size("label", float(label.distance(polygons[code])), f"{where} {code}")


def box_of(north, south):
    beyond = BUFFER + MARGIN
    return shapely.box(-beyond, north - beyond, EXTENT + beyond, south + beyond)


def measure_edge(level, here, there, step, where, found):
    """Compares what two tiles draw along the edge between them; either may be missing."""
    edge = EDGES[step]
    ours = near_edge(here, level, edge, (0, 0))
    theirs = near_edge(there, level, edge, step)
    for code in ours.keys() | theirs.keys():
        value = find_mismatch(ours.get(code), theirs.get(code), edge)
        found.size("mismatch", value, f"{where} {step} {code}")


def near_edge(tile, level, edge, step):
    """The polygons that an edge meets, drawn `step` tiles away."""
    if tile is None or not tile.polygons[level]:
        return {}
    offset = numpy.array(step) * EXTENT
    moved = shapely.transform(edge, lambda places: places - offset)
    shapes = numpy.array(list(tile.polygons[level].values()))
    meets = shapely.intersects(shapes, moved)
    codes = [code for code, meets in zip(tile.polygons[level], meets) if meets]
    return dict(zip(codes, shapely.transform(shapes[meets], lambda places: places + offset)))


surveyor = None


def begin(tiles, ground):
    global surveyor
    surveyor = Surveyor(tiles, ground)


def measure(band):
    return band[0], *surveyor.measure(*band)


def main(tiles, ground, first, last):
    territory = Territory(ground)
    bands = []
    for zoom in range(last, first - 1, -1):
        columns = territory.columns(zoom)
        bands += [(zoom, columns[at : at + BAND]) for at in range(0, len(columns), BAND)]
    found, faults = defaultdict(dict), []
    with Pool(os.cpu_count(), begin, (tiles, ground)) as pool:
        for zoom, of_band, wrong in pool.imap_unordered(measure, bands):
            faults += wrong
            for level, of_level in of_band.items():
                found[zoom].setdefault(level, Findings()).join(of_level)
    for zoom in sorted(found):
        for level, of_level in found[zoom].items():
            report = {"zoom": zoom, "level": level, **of_level.sizes}
            areas = territory.areas[level]
            pixel = PIXEL / (EXTENT * 2**zoom)
            large = {code for code, area in areas.items() if area > pixel**2}
            report["tiles"] = of_level.tiles
            report["areas"] = len(areas)
            report["names"] = len(of_level.named)
            report["undrawn"] = sorted(large - of_level.drawn)
            report["unnamed"] = sorted(areas.keys() - of_level.named)
            print(json.dumps(report))
    print(json.dumps({"faults": faults}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
