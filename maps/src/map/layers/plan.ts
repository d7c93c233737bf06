/** A plan: a line from each worker to the incident, with what the way costs. */
import type { Feature } from 'geojson';
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { LngLat } from '@/api/types';
import type { Palette } from '@/design/tokens';
import { textFont } from './areas';

export const planSource = 'plan';

export interface PlannedWay {
  id: string;
  from: LngLat;
  to: LngLat;
  name: string;
  /** What it costs, worded. */
  cost: string;
  chosen: boolean;
}

export function planFeatures(ways: readonly PlannedWay[]): Feature[] {
  return ways.flatMap(({ id, from, to, name, cost, chosen }): Feature[] => {
    const properties = { id, name, cost, chosen };
    const start = [from.lon, from.lat];
    return [
      {
        type: 'Feature',
        properties,
        geometry: { type: 'LineString', coordinates: [start, [to.lon, to.lat]] },
      },
      { type: 'Feature', properties, geometry: { type: 'Point', coordinates: start } },
    ];
  });
}

export function planLayers(palette: Palette): LayerSpecification[] {
  const source = planSource;
  const isLine: ExpressionSpecification = ['==', ['geometry-type'], 'LineString'];
  const isPoint: ExpressionSpecification = ['==', ['geometry-type'], 'Point'];
  return [
    {
      id: 'plan-lines',
      type: 'line',
      source,
      filter: isLine,
      layout: { 'line-cap': 'round' },
      paint: {
        'line-color': palette.primary,
        'line-width': ['case', ['get', 'chosen'], 5, 2.4],
        'line-opacity': ['case', ['get', 'chosen'], 1, 0.8],
      },
    },
    {
      id: 'plan-workers',
      type: 'circle',
      source,
      filter: isPoint,
      paint: {
        'circle-radius': ['case', ['get', 'chosen'], 8, 5],
        'circle-color': palette.primary,
        'circle-stroke-width': 2,
        'circle-stroke-color': palette.mapHalo,
      },
    },
    {
      id: 'plan-costs',
      type: 'symbol',
      source,
      filter: isLine,
      layout: {
        'symbol-placement': 'line-center',
        'text-field': ['get', 'cost'],
        'text-font': textFont,
        'text-size': 12,
        'text-offset': [0, -0.9],
        'text-keep-upright': true,
      },
      paint: {
        'text-color': palette.primary,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 2,
      },
    },
    {
      id: 'plan-names',
      type: 'symbol',
      source,
      filter: isPoint,
      minzoom: 10,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': textFont,
        'text-size': 12,
        'text-anchor': 'top',
        'text-offset': [0, 0.8],
      },
      paint: {
        'text-color': palette.mapLabel,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.6,
      },
    },
  ];
}
