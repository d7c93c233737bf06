/** The map of a board as pure data: areas in shades of a figure, their names and values, hot spots. */
import type { Feature, FeatureCollection } from 'geojson';
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Level } from '@/api/types';
import type { Palette } from '@/design/tokens';
import type { Box } from '@/map/cells';
import { emptySource, textFont } from '@/map/layers/areas';
import { shadeCount } from './comparison';
import type { HotSpot } from './types';

export const shapeSource = 'board-areas';
export const nameSource = 'board-names';
export const spotSource = 'board-spots';
export const shapeLayer = 'board-areas-fill';
export const spotLayer = 'board-spots-mark';

export const layerNames: Record<Level, string> = {
  province: 'provinces',
  city: 'cities',
  county: 'counties',
  township: 'townships',
  community: 'communities',
  grid: 'grids',
  microgrid: 'microgrids',
};

const channels = (hex: string) =>
  [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));

/** `share` of the second colour in the first, in sRGB. */
export function mix(first: string, second: string, share: number): string {
  const [a, b] = [channels(first), channels(second)];
  const mixed = a.map((value, index) => Math.round(value + ((b[index] ?? 0) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** From the lightest shade to the darkest; in the dark theme to the brightest. */
export const shadeColours = (palette: Palette): string[] =>
  Array.from({ length: shadeCount }, (_, index) =>
    mix(palette.primarySoft, palette.primary, index / (shadeCount - 1)),
  );

/** The zoom, on tiles of 512 pixels, at which a box is `widthPx` wide. */
export function zoomToFit([west, , east]: Box, widthPx: number): number {
  const zoom = Math.log2((widthPx * 360) / (Math.max(east - west, 1e-4) * 512));
  return Math.max(0, Math.min(16, Math.ceil(zoom)));
}

export interface Shaded {
  /** Null without a value. */
  shade: number | null;
  /** The value in words. */
  text: string;
  /** Short of what is wanted; said on the map by a sign too. */
  short: boolean;
}

/** Those of a layer's features that are compared, with their shade. */
export const shadeFeatures = (
  { features }: FeatureCollection,
  shaded: ReadonlyMap<string, Shaded>,
): Feature[] =>
  features.flatMap((feature) => {
    const own = shaded.get(String(feature.properties?.code));
    return own ? [{ ...feature, properties: { ...feature.properties, ...own } }] : [];
  });

export const spotFeatures = (spots: readonly HotSpot[]): Feature[] =>
  spots.map(({ lon, lat, count }, index) => ({
    type: 'Feature',
    id: index,
    properties: { count },
    geometry: { type: 'Point', coordinates: [lon, lat] },
  }));

export const boardSources = (): Record<string, SourceSpecification> => ({
  [shapeSource]: { ...emptySource(), promoteId: 'code' } as SourceSpecification,
  [nameSource]: emptySource(),
  [spotSource]: emptySource(),
});

const strongShade = 3;

/** `scale` enlarges letters and lines for a wall. */
export function boardLayers(
  palette: Palette,
  hasBasemap: boolean,
  scale: number,
): LayerSpecification[] {
  const shades = shadeColours(palette).flatMap((colour, shade) => [shade, colour]);
  const isShort: ExpressionSpecification = ['get', 'short'];
  /** On strong shades letters are of the other kind. */
  const isStrong: ExpressionSpecification = ['>=', ['coalesce', ['get', 'shade'], 0], strongShade];
  return [
    {
      id: shapeLayer,
      type: 'fill',
      source: shapeSource,
      paint: {
        'fill-color': [
          'match',
          ['coalesce', ['get', 'shade'], -1],
          ...shades,
          palette.mapGround,
        ] as never,
        'fill-opacity': hasBasemap ? 0.72 : 1,
        'fill-antialias': false,
      },
    },
    {
      id: 'board-areas-line',
      type: 'line',
      source: shapeSource,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': [
          'case',
          ['boolean', ['feature-state', 'hover'], false],
          palette.ink,
          palette.mapParentLine,
        ],
        'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2.5, 0.8 * scale],
      },
    },
    {
      id: spotLayer,
      type: 'circle',
      source: spotSource,
      paint: {
        'circle-radius': 9 * scale,
        'circle-color': palette.alertSoft,
        'circle-stroke-color': palette.alert,
        'circle-stroke-width': 2 * scale,
      },
    },
    {
      id: 'board-names',
      type: 'symbol',
      source: nameSource,
      layout: {
        'text-field': [
          'format',
          ['get', 'name'],
          {},
          '\n',
          {},
          ['concat', ['case', isShort, '▼ ', ''], ['get', 'text']],
          { 'font-scale': 1.1 },
        ],
        'text-font': textFont,
        'text-size': 12 * scale,
        'text-line-height': 1.25,
        'text-padding': 3,
      },
      paint: {
        'text-color': ['case', isStrong, palette.onPrimary, palette.mapLabel],
        'text-halo-color': ['case', isStrong, palette.primary, palette.mapHalo],
        'text-halo-width': 1.6 * scale,
      },
    },
    {
      id: 'board-spots-count',
      type: 'symbol',
      source: spotSource,
      layout: {
        'text-field': ['to-string', ['get', 'count']],
        'text-font': textFont,
        'text-size': 11 * scale,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': palette.alert },
    },
  ];
}
