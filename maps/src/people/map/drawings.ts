/** What the maps of this screen draw, as layers of plain data. */
import type { ExpressionSpecification } from 'maplibre-gl';
import { textFont } from '@/map/layers/areas';
import type { Drawing } from './peopleMap';

export const staffingSource = 'staffing';
export const staffingLabelSource = 'staffing-labels';

/** How strongly a share of empty slots is painted; one of a grid's three is a third. */
export const shareSteps = [
  [0, 0],
  [0.02, 0.14],
  [0.06, 0.32],
  [0.12, 0.5],
  [0.34, 0.6],
  [1, 0.9],
] as const;

/** The same for the legend. */
export function opacityAt(share: number): number {
  const above = shareSteps.findIndex(([step]) => step >= share);
  const [high, opacity] = shareSteps[above] ?? [1, 0.9];
  const [low, below] = shareSteps[above - 1] ?? [0, 0];
  return high === low ? opacity : below + ((opacity - below) * (share - low)) / (high - low);
}

/** From here on grids are called by name. */
const namesFromZoom = 13.3;

const shareOpacity = [
  'interpolate',
  ['linear'],
  ['get', 'share'],
  ...shareSteps.flat(),
] as unknown as ExpressionSpecification;
const isSelected: ExpressionSpecification = ['==', ['get', 'selected'], true];

/** Areas by their share of empty slots; a solid border marks the chosen one, dashes a double. */
export const staffingDrawing: Drawing = {
  sources: [staffingSource, staffingLabelSource],
  clickable: 'staffing-ground',
  layers: (palette, overBasemap) => [
    {
      id: 'staffing-ground',
      type: 'fill',
      source: staffingSource,
      paint: { 'fill-color': palette.mapFill[0], 'fill-opacity': overBasemap ? 0.3 : 1 },
    },
    {
      id: 'staffing-share',
      type: 'fill',
      source: staffingSource,
      paint: { 'fill-color': palette.alert, 'fill-opacity': shareOpacity },
    },
    {
      id: 'staffing-line',
      type: 'line',
      source: staffingSource,
      paint: { 'line-color': palette.mapLine, 'line-width': 1 },
    },
    {
      id: 'staffing-double',
      type: 'line',
      source: staffingSource,
      filter: ['==', ['get', 'marked'], true],
      paint: { 'line-color': palette.primary, 'line-width': 2, 'line-dasharray': [2, 1.5] },
    },
    {
      id: 'staffing-selected',
      type: 'line',
      source: staffingSource,
      filter: isSelected,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.primary, 'line-width': 3.5 },
    },
    {
      id: 'staffing-labels',
      type: 'symbol',
      source: staffingLabelSource,
      layout: {
        'text-field': ['step', ['zoom'], ['get', 'text'], namesFromZoom, ['get', 'near']],
        'text-font': textFont,
        'text-size': 12,
        'text-max-width': 9,
        'text-padding': 3,
        'symbol-sort-key': ['get', 'order'],
      },
      paint: {
        'text-color': palette.mapLabel,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.6,
      },
    },
  ],
};

export const trackSource = 'track';
export const stayGroundSource = 'stay-ground';
export const fixSource = 'fixes';

/** The way of a day, the grids of its visits, and where it began and ended. */
export const trackDrawing: Drawing = {
  sources: [stayGroundSource, trackSource, fixSource],
  layers: (palette, overBasemap) => [
    {
      id: 'stay-ground',
      type: 'fill',
      source: stayGroundSource,
      paint: {
        'fill-color': ['case', ['get', 'visited'], palette.primarySoft, palette.mapFill[0]],
        'fill-opacity': overBasemap ? 0.5 : 1,
      },
    },
    {
      id: 'stay-line',
      type: 'line',
      source: stayGroundSource,
      paint: { 'line-color': palette.mapLine, 'line-width': 1 },
    },
    {
      id: 'stay-names',
      type: 'symbol',
      source: stayGroundSource,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': textFont,
        'text-size': 12,
        'text-max-width': 8,
      },
      paint: {
        'text-color': palette.mapLabelFaint,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.4,
      },
    },
    {
      id: 'track-rim',
      type: 'line',
      source: trackSource,
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': palette.mapHalo, 'line-width': 6 },
    },
    {
      id: 'track-line',
      type: 'line',
      source: trackSource,
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': palette.primary, 'line-width': 3 },
    },
    {
      id: 'fixes',
      type: 'circle',
      source: fixSource,
      paint: {
        'circle-radius': 6,
        'circle-color': ['case', ['get', 'last'], palette.primary, palette.surface],
        'circle-stroke-color': palette.primary,
        'circle-stroke-width': 2.5,
      },
    },
    {
      id: 'fix-names',
      type: 'symbol',
      source: fixSource,
      layout: {
        'text-field': ['get', 'text'],
        'text-font': textFont,
        'text-size': 12,
        'text-anchor': 'top',
        'text-offset': [0, 0.8],
        'text-allow-overlap': true,
      },
      paint: {
        'text-color': palette.mapLabel,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.8,
      },
    },
  ],
};
