/** Ways drawn on the ground: the trail of a worker, and what is being measured. */
import type { Feature } from 'geojson';
import type { LayerSpecification } from 'maplibre-gl';
import type { LngLat } from '@/api/types';
import { deadlineColours, type Palette } from '@/design/tokens';

export const trailSource = 'trail';
export const measureSource = 'measure';

/** A line through the points, and each point. */
export function wayFeatures(points: readonly LngLat[]): Feature[] {
  const coordinates = points.map(({ lon, lat }) => [lon, lat]);
  const marks = coordinates.map(
    (at, index): Feature => ({
      type: 'Feature',
      properties: { end: index === 0 || index === coordinates.length - 1 },
      geometry: { type: 'Point', coordinates: at },
    }),
  );
  const line: Feature = {
    type: 'Feature',
    properties: {},
    geometry: { type: 'LineString', coordinates },
  };
  return coordinates.length > 1 ? [line, ...marks] : marks;
}

function wayLayers(
  source: string,
  colour: string,
  palette: Palette,
  dashed: boolean,
): LayerSpecification[] {
  return [
    {
      id: `${source}-line`,
      type: 'line',
      source,
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': colour,
        'line-width': 3.5,
        'line-dasharray': dashed ? [1, 2] : [1, 0],
      },
    },
    {
      id: `${source}-points`,
      type: 'circle',
      source,
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': ['case', ['get', 'end'], 6, 3],
        'circle-color': palette.surface,
        'circle-stroke-width': 2,
        'circle-stroke-color': colour,
      },
    },
  ];
}

export const trailLayers = (palette: Palette) =>
  wayLayers(trailSource, palette.special, palette, false);
export const measureLayers = (palette: Palette) =>
  wayLayers(measureSource, deadlineColours.late, palette, true);
