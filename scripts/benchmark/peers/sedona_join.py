"""Joins the points of a CSV file to grids with SedonaDB, into another CSV file."""

import sys

import sedonadb

points, grids, out = sys.argv[1:]
db = sedonadb.connect()
db.read_pyogrio(grids).to_view("grids")
db.sql(
    f"CREATE EXTERNAL TABLE points STORED AS CSV LOCATION '{points}' "
    "OPTIONS ('format.has_header' 'true')"
).execute()
column = next(name for name in db.view("grids").columns if "geom" in name)
db.sql(
    "COPY (SELECT p.id, p.lon, p.lat, g.code, g.name FROM points p LEFT JOIN grids g "
    f"ON ST_Covers(g.{column}, ST_SetSRID(ST_Point(p.lon, p.lat), 4326))) "
    f"TO '{out}' STORED AS CSV"
).execute()
