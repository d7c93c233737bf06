/** Workers: a filled figure on duty, a hollow one off duty, with their way; named when near. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from '@/design/tokens';
import { workerNamesFromZoom, workersFromZoom } from '../levels';
import { textFont } from './areas';

export const workerSource = 'workers';
export const workerMarks = 'worker-marks';
export const workerImage = {
  on: 'worker-on',
  off: 'worker-off',
  heading: 'worker-heading',
} as const;

/** Where somebody was a while ago says less than where they are. */
const byAge: ExpressionSpecification = ['case', ['get', 'old'], 0.5, 1];
/** The name, and how many tasks they have in hand. */
const nameAndLoad: ExpressionSpecification = [
  'case',
  ['>', ['get', 'load'], 0],
  ['concat', ['get', 'name'], ' ', ['get', 'load']],
  ['get', 'name'],
];

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
      paint: { 'icon-opacity': byAge },
    },
    {
      id: 'worker-headings',
      type: 'symbol',
      source: workerSource,
      minzoom: workersFromZoom,
      filter: ['==', ['typeof', ['get', 'heading']], 'number'],
      layout: {
        'icon-image': workerImage.heading,
        'icon-rotate': ['get', 'heading'],
        'icon-rotation-alignment': 'map',
        'icon-size': ['interpolate', ['linear'], ['zoom'], workersFromZoom, 0.6, 15, 1],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-opacity': byAge },
    },
    {
      id: 'worker-names',
      type: 'symbol',
      source: workerSource,
      minzoom: workerNamesFromZoom,
      layout: {
        'text-field': nameAndLoad,
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
