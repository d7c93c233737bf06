/** Boxes and middles of GeoJSON, for flying there and for pins. */
import type { LngLat } from '@/api/types';
import type { Box } from '@/map/cells';

function* positionsOf(geometry: GeoJSON.Geometry): Generator<GeoJSON.Position> {
  if (geometry.type === 'GeometryCollection') {
    for (const part of geometry.geometries) yield* positionsOf(part);
    return;
  }
  yield* flat(geometry.coordinates);
}

type Nested = GeoJSON.Position | Nested[];

function* flat(coordinates: Nested): Generator<GeoJSON.Position> {
  if (typeof coordinates[0] === 'number') yield coordinates as GeoJSON.Position;
  else for (const part of coordinates as Nested[]) yield* flat(part);
}

/** Null when there is no position in them. */
export function boxOf(geometries: Iterable<GeoJSON.Geometry | null | undefined>): Box | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) {
    if (!geometry) continue;
    for (const [lon = 0, lat = 0] of positionsOf(geometry)) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  return west <= east ? [west, south, east, north] : null;
}

/** The middle of the largest part's box, which for slivers and points is near enough. */
export function middleOf(geometry: GeoJSON.Geometry): LngLat | null {
  const parts: GeoJSON.Geometry[] =
    geometry.type === 'MultiPolygon'
      ? geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }))
      : [geometry];
  let largest: Box | null = null;
  const size = ([west, south, east, north]: Box) => (east - west) * (north - south);
  for (const part of parts) {
    const box = boxOf([part]);
    if (box && (!largest || size(box) > size(largest))) largest = box;
  }
  return largest && { lon: (largest[0] + largest[2]) / 2, lat: (largest[1] + largest[3]) / 2 };
}
