/** Workers: a filled figure on duty, a hollow one off duty, named when near. */
import type { LayerSpecification } from 'maplibre-gl';
import type { Palette } from '@/design/tokens';
import { workerNamesFromZoom, workersFromZoom } from '../levels';
import { textFont } from './areas';

export const workerSource = 'workers';
export const workerMarks = 'worker-marks';
export const workerImage = { on: 'worker-on', off: 'worker-off' } as const;

export function workerLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: workerMarks,
      type: 'symbol',
      source: workerSource,
      minzoom: workersFromZoom,
      layout: {
        'icon-image': ['case', ['get', 'on_duty'], workerImage.on, workerImage.off],
        'icon-size': ['interpolate', ['linear'], ['zoom'], workersFromZoom, 0.55, 15, 1],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'symbol-sort-key': ['case', ['get', 'on_duty'], 1, 0],
      },
    },
    {
      id: 'worker-names',
      type: 'symbol',
      source: workerSource,
      minzoom: workerNamesFromZoom,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': textFont,
        'text-size': 11,
        'text-anchor': 'top',
        'text-offset': [0, 0.9],
      },
      paint: {
        'text-color': ['case', ['get', 'on_duty'], palette.onDuty, palette.offDuty],
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.2,
      },
    },
  ];
}
