/** What boards ask the server for. */
import { client, unwrap } from '@/api/client';
import type { AreaDetail, Level } from '@/api/types';
import type { Box } from '@/map/cells';
import { asIncidentQuery, type CaseQuery } from './cases';
import type { StatisticsQuery } from './types';

const pageSize = 50;

export const loadStatistics = (query: StatisticsQuery) =>
  unwrap(client.GET('/api/v1/statistics', { params: { query } }));

export const listCases = (query: CaseQuery, cursor?: string) =>
  unwrap(
    client.GET('/api/v1/incidents', {
      params: { query: { ...asIncidentQuery(query), limit: pageSize, cursor } },
    }),
  );

export const findHotSpots = (area: string | null, days: number, radius_m: number, least: number) =>
  unwrap(
    client.GET('/api/v1/hot-spots', {
      params: { query: { area: area ?? undefined, days, radius_m, least } },
    }),
  );

export const listChildren = (code: string) =>
  unwrap(client.GET('/api/v1/areas/{code}/children', { params: { path: { code } } }));

/** Areas inside a box with borders as simple as a map of the zoom needs; `labels`: where names are written. */
export async function loadGround(layer: string, box: Box, zoom: number, labels: boolean) {
  const collection = await unwrap(
    client.GET('/layers/{layer}', {
      params: { path: { layer: `${layer}.geojson` }, query: { bbox: box.join(','), zoom, labels } },
    }),
  );
  return collection as unknown as GeoJSON.FeatureCollection;
}

const listTop = (level: Level) =>
  unwrap(client.GET('/api/v1/areas', { params: { query: { level, limit: 2 } } }));

type Placed = Pick<AreaDetail, 'code' | 'bbox' | 'children'>;

/** The widest area whose ground is known; null when several stand at the top. */
export async function findTopArea(topLevel: Level): Promise<string | null> {
  let areas: Placed[] = (await listTop(topLevel)).items;
  while (areas.length === 1 && areas[0] && !areas[0].bbox && areas[0].children > 0) {
    areas = (await listChildren(areas[0].code)).items;
  }
  return areas.length === 1 ? (areas[0]?.code ?? null) : null;
}
