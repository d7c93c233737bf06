"""Joins the points of a CSV file to grids with GeoPandas, into another CSV file."""

import sys

import geopandas
import pandas

points, grids, out = sys.argv[1:]
areas = geopandas.read_file(grids)[["code", "name", "geometry"]]
rows = pandas.read_csv(points)
places = geopandas.GeoDataFrame(
    rows, geometry=geopandas.points_from_xy(rows["lon"], rows["lat"]), crs=areas.crs
)
joined = places.sjoin(areas, how="left", predicate="covered_by")
joined[["id", "lon", "lat", "code", "name"]].to_csv(out, index=False)
