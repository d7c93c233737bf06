/** Candidates of a dispatch: a line from the incident to each, numbered in order of their score. */
import type { Feature } from 'geojson';
import type { LayerSpecification } from 'maplibre-gl';
import type { Candidate, LngLat } from '@/api/types';
import type { Palette } from '@/design/tokens';
import { workerNamesFromZoom } from '../levels';
import { textFont } from './areas';

export const candidateSource = 'candidates';

export function candidateFeatures(
  from: LngLat,
  candidates: readonly Candidate[],
  chosenId: string | null,
): Feature[] {
  return candidates.flatMap(({ worker }, index): Feature[] => {
    if (!worker.position) return [];
    const to = [worker.position.lon, worker.position.lat];
    const properties = {
      id: worker.id,
      place: String(index + 1),
      name: worker.name,
      chosen: worker.id === chosenId,
    };
    return [
      {
        type: 'Feature',
        properties,
        geometry: { type: 'LineString', coordinates: [[from.lon, from.lat], to] },
      },
      { type: 'Feature', properties, geometry: { type: 'Point', coordinates: to } },
    ];
  });
}

/** Below the incidents: they start there. */
export const candidateLines = (palette: Palette): LayerSpecification => ({
  id: 'candidate-lines',
  type: 'line',
  source: candidateSource,
  filter: ['==', ['geometry-type'], 'LineString'],
  paint: {
    'line-color': ['case', ['get', 'chosen'], palette.primary, palette.mapParentLine],
    'line-width': ['case', ['get', 'chosen'], 3, 1.4],
    'line-dasharray': [2, 1.5],
  },
});

/** Above the incidents: someone may stand beside one. */
export function candidateMarks(palette: Palette): LayerSpecification[] {
  const source = candidateSource;
  return [
    {
      id: 'candidate-marks',
      type: 'circle',
      source,
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': ['case', ['get', 'chosen'], 13, 10],
        'circle-color': ['case', ['get', 'chosen'], palette.primary, palette.surface],
        'circle-stroke-width': 2,
        'circle-stroke-color': palette.primary,
      },
    },
    {
      id: 'candidate-places',
      type: 'symbol',
      source,
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'text-field': ['get', 'place'],
        'text-font': textFont,
        'text-size': 12,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': ['case', ['get', 'chosen'], palette.onPrimary, palette.primary] },
    },
    {
      id: 'candidate-names',
      type: 'symbol',
      source,
      // Nearer than this workers carry their own names.
      maxzoom: workerNamesFromZoom,
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': textFont,
        'text-size': 12,
        'text-anchor': 'left',
        'text-offset': [1.3, 0],
      },
      paint: {
        'text-color': palette.mapLabel,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.6,
      },
    },
  ];
}
