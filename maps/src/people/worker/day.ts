/** A worker's day as features: the grids of the visits, the way, its beginning and end. */
import type { Feature, FeatureCollection, LineString, Position } from 'geojson';
import type { Box } from '@/map/cells';

export type Track = Feature<LineString | null>;

const leastReach = 0.004;

/** A box around all positions, never so small that nothing around them is seen. */
export function boxAround(positions: readonly Position[]): Box | null {
  const lons = positions.flatMap(([lon]) => lon ?? []);
  const lats = positions.flatMap(([, lat]) => lat ?? []);
  if (lons.length === 0) return null;
  return [
    Math.min(...lons) - leastReach,
    Math.min(...lats) - leastReach,
    Math.max(...lons) + leastReach,
    Math.max(...lats) + leastReach,
  ];
}

export const positionsOf = (track: Track | null): Position[] => track?.geometry?.coordinates ?? [];

/** Grids in the box; those that were visited stand out. */
export const groundFeatures = (layer: FeatureCollection | null, visited: ReadonlySet<string>) =>
  (layer?.features ?? []).map((feature) => ({
    ...feature,
    properties: {
      ...feature.properties,
      visited: visited.has(String(feature.properties?.code)),
    },
  }));

/** Where the day began and where it ended, or the only place there is. */
export function endFeatures(positions: readonly Position[], words: [string, string]): Feature[] {
  const ends = [positions[0], positions.length > 1 ? positions.at(-1) : undefined];
  return ends.flatMap((coordinates, index) =>
    coordinates
      ? [
          {
            type: 'Feature' as const,
            properties: { text: words[index], last: index === 1 },
            geometry: { type: 'Point' as const, coordinates },
          },
        ]
      : [],
  );
}
