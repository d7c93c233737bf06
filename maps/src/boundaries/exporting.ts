/** The address of an export. */
import type { Level } from '@/api/types';

export const exportFormats = [
  'geojson',
  'ndjson',
  'shapefile',
  'geopackage',
  'kml',
  'kmz',
  'flatgeobuf',
  'csv',
  'survey',
  'pmtiles',
] as const;

export type ExportFormat = (typeof exportFormats)[number];

export interface ExportChoice {
  format: ExportFormat;
  crs: string;
  levels: readonly Level[];
  area: string;
  edition: number;
}

export function exportAddress({ format, crs, levels, area, edition }: ExportChoice): string {
  const query = new URLSearchParams({ format, edition: String(edition) });
  // Vector tiles are always in Web Mercator.
  if (format !== 'pmtiles') query.set('crs', crs);
  if (levels.length > 0) query.set('level', levels.join(','));
  if (area) query.set('area', area);
  return `/api/v1/export?${query}`;
}
