/** What the boundary desk draws above the areas, as pure data. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Palette } from '@/design/tokens';
import { emptySource, textFont } from '@/map/layers/areas';
import { severityColour } from './marks';
import type { Severity } from './types';

/** Sources by what they show. */
export const sceneSources = [
  'draft-areas',
  'draft-names',
  'draft-transfers',
  'draft-before',
  'draft-after',
  'draft-mendings',
  'draft-defects',
  'draft-pins',
  'draft-touched',
  'draft-picked',
  'draft-sketch',
] as const;

export type SceneSource = (typeof sceneSources)[number];

/** What is drawn now; a source that is not named is empty. */
export type Scene = Partial<Record<SceneSource, GeoJSON.Feature[]>>;

export const draftFill = 'draft-areas-fill';
export const pinLayer = 'draft-pins';
export const touchedLayer = 'draft-touched';

export const severityImage = (severity: Severity) => `defect-${severity}`;

export const sceneSpecs = (): Record<string, SourceSpecification> =>
  Object.fromEntries(
    sceneSources.map((source) => [
      source,
      { ...emptySource(), tolerance: 0.1 } as SourceSpecification,
    ]),
  );

const toneColour = (palette: Palette): ExpressionSpecification => [
  'match',
  ['get', 'tone'],
  'added',
  palette.good,
  'removed',
  palette.alert,
  'changed',
  palette.warn,
  palette.primary,
];

const severityTint = (palette: Palette): ExpressionSpecification => {
  const colours = severityColour(palette);
  return [
    'match',
    ['get', 'severity'],
    'error',
    colours.error,
    'warning',
    colours.warning,
    colours.notice,
  ];
};

const isRemoved: ExpressionSpecification = ['==', ['get', 'tone'], 'removed'];
const isPolygon: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon'];
const isChosen: ExpressionSpecification = ['boolean', ['get', 'chosen'], false];

export function sceneLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: draftFill,
      type: 'fill',
      source: 'draft-areas',
      paint: {
        'fill-color': toneColour(palette),
        'fill-opacity': ['case', isChosen, 0.34, 0.14],
        'fill-antialias': false,
      },
    },
    {
      id: 'draft-transfers',
      type: 'fill',
      source: 'draft-transfers',
      paint: {
        'fill-color': palette.special,
        'fill-opacity': 0.55,
        'fill-outline-color': palette.special,
      },
    },
    {
      id: 'draft-areas-line',
      type: 'line',
      source: 'draft-areas',
      filter: ['!', isRemoved],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': toneColour(palette),
        // From far off thousands of borders would run into one another.
        'line-width': [
          'interpolate',
          ['linear'],
          ['zoom'],
          9,
          ['case', isChosen, 2.4, 0.6],
          13,
          ['case', isChosen, 3.6, 2],
        ],
      },
    },
    {
      id: 'draft-areas-removed-line',
      type: 'line',
      source: 'draft-areas',
      filter: isRemoved,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.alert, 'line-width': 2, 'line-dasharray': [3, 2] },
    },
    {
      id: 'draft-mendings',
      type: 'fill',
      source: 'draft-mendings',
      filter: isPolygon,
      paint: { 'fill-color': palette.good, 'fill-opacity': 0.3 },
    },
    {
      id: 'draft-before',
      type: 'line',
      source: 'draft-before',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.alert, 'line-width': 2.4, 'line-dasharray': [3, 2] },
    },
    {
      id: 'draft-after',
      type: 'line',
      source: 'draft-after',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.good, 'line-width': 2.4 },
    },
    {
      id: 'draft-mendings-points',
      type: 'circle',
      source: 'draft-mendings',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 7,
        'circle-color': palette.good,
        'circle-opacity': 0.7,
        'circle-stroke-color': palette.surface,
        'circle-stroke-width': 1.5,
      },
    },
    {
      id: 'draft-defects-fill',
      type: 'fill',
      source: 'draft-defects',
      filter: isPolygon,
      paint: {
        'fill-color': severityTint(palette),
        'fill-opacity': 0.5,
        'fill-outline-color': severityTint(palette),
      },
    },
    {
      id: 'draft-defects-line',
      type: 'line',
      source: 'draft-defects',
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': severityTint(palette), 'line-width': 2.4 },
    },
    {
      id: 'draft-picked',
      type: 'line',
      source: 'draft-picked',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.primary, 'line-width': 4 },
    },
    {
      id: 'draft-sketch',
      type: 'line',
      source: 'draft-sketch',
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': palette.alert, 'line-width': 2.6, 'line-dasharray': [2, 1.6] },
    },
    {
      id: 'draft-sketch-points',
      type: 'circle',
      source: 'draft-sketch',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 5,
        'circle-color': palette.surface,
        'circle-stroke-color': palette.alert,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'draft-names',
      type: 'symbol',
      source: 'draft-names',
      minzoom: 12,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': textFont,
        'text-size': 12.5,
        'text-max-width': 8,
      },
      paint: {
        'text-color': palette.mapLabel,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.6,
      },
    },
    {
      id: touchedLayer,
      type: 'circle',
      source: 'draft-touched',
      paint: {
        'circle-radius': 7,
        'circle-color': palette.special,
        'circle-stroke-color': palette.surface,
        'circle-stroke-width': 2,
      },
    },
    {
      id: pinLayer,
      type: 'symbol',
      source: 'draft-pins',
      layout: {
        'icon-image': ['concat', 'defect-', ['get', 'severity']],
        'icon-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          9,
          ['case', isChosen, 1.3, 0.55],
          13,
          ['case', isChosen, 1.45, 1],
        ],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['match', ['get', 'severity'], 'error', 3, 'warning', 2, 1],
      },
    },
  ];
}
