"""A tile as somebody else reads it: by mapbox-vector-tile, and by the letter of version 2.1 of
the specification, of which readers forgive much.
"""

import gzip

import mapbox_vector_tile
import shapely
import shapely.geometry
from mapbox_vector_tile.decoder import TileData

EXTENT = 4096
BUFFER = 64
# Where a tile's buffer ends, along both axes.
LOW, HIGH = -BUFFER, EXTENT + BUFFER

# Layers of areas by the levels of these.
LAYERS = {
    "city": "cities",
    "county": "counties",
    "township": "townships",
    "community": "communities",
    "grid": "grids",
    "microgrid": "microgrids",
}
POINT, POLYGON = 1, 3
MOVE_TO_ONE, LINE_TO, CLOSE_PATH = 1 | 1 << 3, 2, 7 | 1 << 3


class Tile:
    """The polygons and the places of names of each level, by code. What is wrong is in
    `faults`, and a polygon that is not valid is mended, so that the rest can be measured."""

    def __init__(self, address, packed):
        self.faults = []
        self._address = address
        message = gzip.decompress(packed)
        self._check(TileData(message).tile)
        decoded = mapbox_vector_tile.decode(message, default_options={"y_coord_down": True})
        self.polygons, self.labels = {}, {}
        for level, layer in LAYERS.items():
            grounds = decoded.pop(layer, None)
            labels = decoded.pop(f"{layer}_labels", None)
            self.polygons[level] = self._read(grounds, level, ("Polygon", "MultiPolygon"))
            self.labels[level] = self._read(labels, level, ("Point",))
        for layer in decoded:
            self._fault(f"has a layer {layer}")

    def _fault(self, text):
        self.faults.append(f"{'/'.join(map(str, self._address))}: {text}")

    def _check(self, message):
        """Checks what the specification asks for and no geometry shows."""
        names = [layer.name for layer in message.layers]
        if len(set(names)) < len(names):
            self._fault(f"layers of one name among {names}")
        for layer in message.layers:
            if (layer.version, layer.extent) != (2, EXTENT):
                self._fault(f"{layer.name} is of version {layer.version}, extent {layer.extent}")
            if not layer.features:
                self._fault(f"{layer.name} is empty")
            if len(set(layer.keys)) < len(layer.keys):
                self._fault(f"{layer.name} repeats keys")
            if len({feature.id for feature in layer.features}) < len(layer.features):
                self._fault(f"{layer.name} repeats ids")
            for feature in layer.features:
                wrong = wrong_with_tags(feature.tags, len(layer.keys), len(layer.values))
                wrong = wrong or wrong_with_geometry(feature.type, feature.geometry)
                if wrong:
                    self._fault(f"{layer.name}, feature {feature.id}: {wrong}")

    def _read(self, layer, level, types):
        """The geometries of a layer by code."""
        found = {}
        for feature in layer["features"] if layer else ():
            said, geometry = feature["properties"], feature["geometry"]
            code = said.get("code")
            if not code or not said.get("name") or said.get("level") != level or code in found:
                self._fault(f"a {level} says {said}, for the first time or again")
            if geometry["type"] not in types:
                self._fault(f"{code} is a {geometry['type']}")
                continue
            shape = shapely.geometry.shape(geometry)
            west, north, east, south = shape.bounds
            first, last = (LOW, HIGH) if "Polygon" in types else (0, EXTENT)
            if min(west, north) < first or max(east, south) > last:
                self._fault(f"{code} reaches to {shape.bounds}")
            if not shape.is_valid:
                self._fault(f"{code} is not valid: {shapely.is_valid_reason(shape)}: {shape}")
                shape = shapely.make_valid(shape)
            found[code] = shape
        return found


def wrong_with_tags(tags, keys, values):
    """What is wrong with the tags of a feature, whose layer has so many keys and values."""
    ours, theirs = tags[::2], tags[1::2]
    if len(ours) != len(theirs) or len(set(ours)) < len(ours):
        return f"tags without values, or twice: {list(tags)}"
    if any(key >= keys for key in ours) or any(value >= values for value in theirs):
        return f"tags beyond the tables: {list(tags)}"
    return None


def wrong_with_geometry(kind, commands):
    """What is wrong with a feature's commands: they should be one point, or rings each of
    which is begun, drawn and closed, with ground, the first one an exterior."""
    if kind == POINT:
        is_point = len(commands) == 3 and commands[0] == MOVE_TO_ONE
        return None if is_point else f"no point: {list(commands)}"
    if kind != POLYGON or not commands:
        return f"no polygon: type {kind}, {list(commands)}"
    at, x, y = 0, 0, 0
    while at < len(commands):
        lines = commands[at + 3] >> 3 if at + 3 < len(commands) else 0
        close = at + 4 + 2 * lines
        if (
            lines < 2
            or close >= len(commands)
            or (commands[at], commands[at + 3]) != (MOVE_TO_ONE, LINE_TO | lines << 3)
            or commands[close] != CLOSE_PATH
        ):
            return f"no ring at {at}: {list(commands)}"
        steps = [*commands[at + 1 : at + 3], *commands[at + 4 : close]]
        steps = [step >> 1 ^ -(step & 1) for step in steps]
        ring = []
        for dx, dy in zip(steps[::2], steps[1::2]):
            x, y = x + dx, y + dy
            ring.append((x, y))
        edges = list(zip(ring, ring[1:] + ring[:1]))
        if any(one == other for one, other in edges):
            return f"the same place twice in a row: {ring}"
        # The surveyor's formula: exteriors are positive.
        doubled_area = sum(ax * by - bx * ay for (ax, ay), (bx, by) in edges)
        if doubled_area == 0 or (at == 0 and doubled_area < 0):
            return f"a ring without ground, or a hole in nothing: {ring}"
        at = close + 1
    return None
