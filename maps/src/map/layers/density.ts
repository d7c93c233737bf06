/** Where much is open: a heat of single cases, hexagons with their count, and crowds of one matter. */
import type { Feature } from 'geojson';
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { HotSpot } from '@/api/types';
import { deadlineColours, type Palette } from '@/design/tokens';
import { textFont } from './areas';

export const heatSource = 'heat';
export const hexagonSource = 'hexagons';
export const hotSpotSource = 'hotspots';

/** `title` words the group of services. */
export const hotSpotFeatures = (
  spots: readonly HotSpot[],
  title: (spot: HotSpot) => string,
): Feature[] =>
  spots.map((spot) => ({
    type: 'Feature',
    properties: { count: spot.count, title: title(spot) },
    geometry: { type: 'Point', coordinates: [spot.lon, spot.lat] },
  }));

/** From the ground's quiet to the primary colour; the count is written beside. */
const byCount = (palette: Palette): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['get', 'count'],
  1,
  palette.primarySoft,
  8,
  palette.primary,
];

export function hexagonLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'hexagon-fill',
      type: 'fill',
      source: hexagonSource,
      paint: {
        'fill-color': byCount(palette),
        'fill-opacity': 0.72,
        'fill-outline-color': palette.primary,
      },
    },
    {
      id: 'hexagon-count',
      type: 'symbol',
      source: hexagonSource,
      layout: { 'text-field': ['get', 'count'], 'text-font': textFont, 'text-size': 12 },
      paint: {
        'text-color': palette.mapLabel,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.4,
      },
    },
  ];
}

export function heatLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'heat-glow',
      type: 'heatmap',
      source: heatSource,
      paint: {
        'heatmap-radius': ['interpolate', ['linear'], ['zoom'], 8, 22, 14, 60],
        'heatmap-intensity': ['interpolate', ['linear'], ['zoom'], 8, 0.7, 14, 1.4],
        'heatmap-opacity': 0.75,
        'heatmap-color': [
          'interpolate',
          ['linear'],
          ['heatmap-density'],
          0,
          // Clear, but of the same hue: else the rim greys.
          `${palette.primarySoft}00`,
          0.2,
          palette.primarySoft,
          0.45,
          palette.primary,
          0.75,
          deadlineColours.warning,
          1,
          deadlineColours.late,
        ],
      },
    },
  ];
}

export function hotSpotLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'hotspot-ring',
      type: 'circle',
      source: hotSpotSource,
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['get', 'count'], 3, 16, 20, 34],
        'circle-color': deadlineColours.late,
        'circle-opacity': 0.16,
        'circle-stroke-width': 2.5,
        'circle-stroke-color': deadlineColours.late,
      },
    },
    {
      id: 'hotspot-title',
      type: 'symbol',
      source: hotSpotSource,
      layout: {
        'text-field': ['get', 'title'],
        'text-font': textFont,
        'text-size': 12,
        'text-anchor': 'top',
        'text-offset': [0, 1.6],
      },
      paint: {
        'text-color': palette.alert,
        'text-halo-color': palette.mapHalo,
        'text-halo-width': 1.6,
      },
    },
  ];
}
