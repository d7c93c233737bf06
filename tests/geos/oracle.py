"""What GEOS says of polygons, line by line.

Reads JSON lines {"drawn": [WKT…], "repaired": [WKT…], "parent": WKT} and answers each with
{"valid": [bool…], "unmatched": [bool…] or null, "covers": bool, "differs": number}: whether
each drawn polygon is valid; whether it has edges that make the drawn ones no coverage, asked
when all are valid; whether the repaired ones are a coverage, and how much ground they and
their parent do not share, in square units.
"""

import json
import sys

import shapely

for line in sys.stdin:
    case = json.loads(line)
    drawn = shapely.from_wkt(case["drawn"])
    repaired = shapely.from_wkt(case["repaired"])
    valid = shapely.is_valid(drawn)
    unmatched = None
    if valid.all():
        unmatched = [not edges.is_empty for edges in shapely.coverage_invalid_edges(drawn)]
    union = shapely.coverage_union_all(repaired)
    differs = shapely.symmetric_difference(union, shapely.from_wkt(case["parent"])).area
    answer = {
        "valid": valid.tolist(),
        "unmatched": unmatched,
        "covers": bool(shapely.is_valid(repaired).all() and shapely.coverage_is_valid(repaired)),
        "differs": differs,
    }
    print(json.dumps(answer), flush=True)
