"""Reads grids into memory, ready to be searched with GEOS."""

import sys

import geopandas

areas = geopandas.read_file(sys.argv[1])
areas.sindex.query(areas.geometry.iloc[0].representative_point(), predicate="covered_by")
