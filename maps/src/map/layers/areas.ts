/** Areas: fills, special grids, borders, highlights and names, one set for each level. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Level } from '@/api/types';
import type { Palette } from '@/design/tokens';
import { type LevelBand, levelBands } from '../levels';

export const areaSource = (level: Level) => `area-${level}`;
export const labelSource = (level: Level) => `label-${level}`;
export const fillLayer = (level: Level) => `area-${level}-fill`;
export const hatchImage = 'special-hatch';

/** Both render CJK, Latin and digits from the viewer's own fonts: the style has no glyph server. */
export const textFont = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];

const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

export const emptySource = (): SourceSpecification => ({ type: 'geojson', data: empty });

export function areaSources(): Record<string, SourceSpecification> {
  const sources: Record<string, SourceSpecification> = {};
  for (const { level } of levelBands) {
    sources[areaSource(level)] = {
      type: 'geojson',
      data: empty,
      promoteId: 'code',
      tolerance: 0.2,
    };
    sources[labelSource(level)] = { type: 'geojson', data: empty, promoteId: 'code' };
  }
  return sources;
}

const isSpecial: ExpressionSpecification = ['==', ['get', 'kind'], 'special'];
const isHovered: ExpressionSpecification = ['boolean', ['feature-state', 'hover'], false];
const isSelected: ExpressionSpecification = ['boolean', ['feature-state', 'selected'], false];

/** Neighbours rarely share a tint: four of them, chosen by the last digits of the code. */
const tint = (palette: Palette): ExpressionSpecification => [
  'match',
  ['%', ['to-number', ['slice', ['get', 'code'], -3], 0], 4],
  0,
  palette.mapFill[0],
  1,
  palette.mapFill[1],
  2,
  palette.mapFill[2],
  palette.mapFill[3],
];

/** `fillOpacity` is low over a basemap, full on the plain ground. */
export function areaLayers(palette: Palette, fillOpacity: number): LayerSpecification[] {
  return [
    ...levelBands.flatMap((band) => surfaceLayers(band, palette, fillOpacity)),
    ...[...levelBands].reverse().flatMap((band) => borderLayers(band, palette)),
    ...levelBands.flatMap((band) => highlightLayers(band, palette)),
  ];
}

function surfaceLayers(
  band: LevelBand,
  palette: Palette,
  fillOpacity: number,
): LayerSpecification[] {
  const { level, fromZoom: minzoom, toZoom: maxzoom } = band;
  const source = areaSource(level);
  const opacity = level === 'microgrid' ? 0 : fillOpacity;
  const layers: LayerSpecification[] = [
    {
      id: fillLayer(level),
      type: 'fill',
      source,
      minzoom,
      maxzoom,
      paint: {
        'fill-color': [
          'case',
          isSelected,
          palette.primarySoft,
          isHovered,
          palette.primarySoft,
          tint(palette),
        ],
        'fill-opacity': [
          'case',
          isSelected,
          Math.max(opacity, 0.75),
          isHovered,
          Math.max(opacity, 0.6),
          opacity,
        ],
        'fill-antialias': false,
      },
    },
  ];
  if (level === 'grid') {
    layers.push({
      id: 'area-special-hatch',
      type: 'fill',
      source,
      minzoom,
      maxzoom,
      filter: isSpecial,
      paint: { 'fill-pattern': hatchImage, 'fill-opacity': 0.75 },
    });
  }
  return layers;
}

function borderLayers(band: LevelBand, palette: Palette): LayerSpecification[] {
  const { level, fromZoom: minzoom, toZoom, outlineToZoom } = band;
  const source = areaSource(level);
  const own: LayerSpecification = {
    id: `area-${level}-line`,
    type: 'line',
    source,
    minzoom,
    maxzoom: toZoom,
    paint: {
      'line-color':
        level === 'grid' ? ['case', isSpecial, palette.special, palette.mapLine] : palette.mapLine,
      'line-width': level === 'microgrid' ? 0.7 : 1,
      'line-dasharray': level === 'microgrid' ? [3, 2] : [1, 0],
    },
  };
  const frame: LayerSpecification = {
    id: `area-${level}-frame`,
    type: 'line',
    source,
    minzoom: toZoom,
    maxzoom: outlineToZoom,
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': palette.mapParentLine,
      'line-width': level === 'community' ? 1.4 : 2.2,
      'line-opacity': level === 'community' ? 0.7 : 0.85,
    },
  };
  return toZoom < outlineToZoom ? [own, frame] : [own];
}

function highlightLayers(
  { level, fromZoom, toZoom }: LevelBand,
  palette: Palette,
): LayerSpecification[] {
  return [
    {
      id: `area-${level}-highlight`,
      type: 'line',
      source: areaSource(level),
      minzoom: fromZoom,
      maxzoom: toZoom,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.primary,
        'line-width': ['case', isSelected, 3, isHovered, 1.6, 0],
        'line-opacity': ['case', isSelected, 1, isHovered, 0.7, 0],
      },
    },
  ];
}

/** Far enough out to show the community's name too, a grid is called by its number alone. */
const fullNamesFromZoom = 15;
const fullName: ExpressionSpecification = ['get', 'name'];
const numberAt: ExpressionSpecification = ['index-of', '第', fullName];
const gridNumber: ExpressionSpecification = [
  'case',
  ['all', ['!', isSpecial], ['>', numberAt, 0]],
  ['slice', fullName, numberAt],
  fullName,
];
const ownName = (level: Level): ExpressionSpecification =>
  level === 'grid' ? ['step', ['zoom'], gridNumber, fullNamesFromZoom, fullName] : fullName;

/** Names go above everything that moves under them: the area's own, and its parent's, faintly. */
export function areaLabelLayers(palette: Palette): LayerSpecification[] {
  // The topmost layer is placed first: names of wider areas go before those inside them.
  return [...levelBands]
    .reverse()
    .flatMap(({ level, fromZoom, toZoom, outlineToZoom }): LayerSpecification[] => {
      const source = labelSource(level);
      const own: LayerSpecification = {
        id: `label-${level}`,
        type: 'symbol',
        source,
        minzoom: level === 'microgrid' ? 16 : fromZoom,
        maxzoom: toZoom,
        layout: {
          'text-field': ownName(level),
          'text-font': textFont,
          'text-size': level === 'microgrid' ? 11 : 12.5,
          'text-max-width': 7,
          'text-padding': 6,
        },
        paint: {
          'text-color':
            level === 'grid'
              ? ['case', isSpecial, palette.special, palette.mapLabel]
              : palette.mapLabel,
          'text-halo-color': palette.mapHalo,
          'text-halo-width': 1.4,
        },
      };
      const parent: LayerSpecification = {
        id: `label-${level}-parent`,
        type: 'symbol',
        source,
        minzoom: toZoom,
        maxzoom: Math.min(outlineToZoom, Math.ceil(toZoom + 2)),
        layout: {
          'text-field': ['get', 'name'],
          'text-font': textFont,
          'text-size': 16,
          'text-letter-spacing': 0.2,
          'text-padding': 12,
        },
        paint: {
          'text-color': palette.mapLabelFaint,
          'text-halo-color': palette.mapHalo,
          'text-halo-width': 1.6,
        },
      };
      return toZoom < outlineToZoom ? [own, parent] : [own];
    });
}
