/**
 * Which level of area is drawn at which zoom. The bands keep what is drawn on a full-HD screen under
 * about 1,500 polygons, in the densest town centre too.
 */
import type { Level } from '@/api/types';

export interface LevelBand {
  level: Level;
  /** Name of the server's layer. */
  layer: string;
  /** Filled, named and clickable from `fromZoom` up to `toZoom`. */
  fromZoom: number;
  toZoom: number;
  /** Still outlined, as the frame of finer areas, up to here. */
  outlineToZoom: number;
  /** Areas are fetched by web-mercator tiles of this zoom. */
  cellZoom: number;
}

const farthest = 24;

export const levelBands: readonly LevelBand[] = [
  { level: 'city', layer: 'cities', fromZoom: 0, toZoom: 7.5, outlineToZoom: 11, cellZoom: 4 },
  {
    level: 'county',
    layer: 'counties',
    fromZoom: 7.5,
    toZoom: 9.2,
    outlineToZoom: 13,
    cellZoom: 6,
  },
  {
    level: 'township',
    layer: 'townships',
    fromZoom: 9.2,
    toZoom: 11,
    outlineToZoom: 15,
    cellZoom: 8,
  },
  {
    level: 'community',
    layer: 'communities',
    fromZoom: 11,
    toZoom: 12.7,
    outlineToZoom: farthest,
    cellZoom: 10,
  },
  {
    level: 'grid',
    layer: 'grids',
    fromZoom: 12.7,
    toZoom: farthest,
    outlineToZoom: farthest,
    cellZoom: 12,
  },
  {
    level: 'microgrid',
    layer: 'microgrids',
    fromZoom: 15,
    toZoom: farthest,
    outlineToZoom: farthest,
    cellZoom: 14,
  },
];

/** Zoom at which workers are shown one by one. */
export const workersFromZoom = 12.4;

export const workerNamesFromZoom = 15;

/** The finest level filled and named at a zoom. Microgrids are drawn inside grids, not instead. */
export function levelAt(zoom: number): Level {
  const band = levelBands.find(({ fromZoom, toZoom }) => zoom >= fromZoom && zoom < toZoom);
  return band?.level ?? 'grid';
}

export const bandsDrawnAt = (zoom: number) =>
  levelBands.filter(({ fromZoom, outlineToZoom }) => zoom >= fromZoom && zoom < outlineToZoom);

/** A zoom at which areas of the level are the ones named, for flying there. */
export function zoomFor(level: Level): number {
  const band = levelBands.find((candidate) => candidate.level === level);
  return band ? band.fromZoom + 0.8 : 7;
}
