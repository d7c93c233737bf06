"""Asks shapely whether grids are a valid coverage, and each a valid polygon."""

import sys

import geopandas
import shapely

shapes = geopandas.read_file(sys.argv[1]).geometry.values
print(bool(shapely.is_valid(shapes).all()), bool(shapely.coverage_is_valid(shapes)))
