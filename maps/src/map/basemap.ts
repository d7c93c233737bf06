/** What lies under the areas, by the server's configuration. The default is a plain ground. */
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Basemap } from '@/api/types';
import type { Palette } from '@/design/tokens';

export interface BasemapLayers {
  sources: Record<string, SourceSpecification>;
  layers: LayerSpecification[];
}

const ground = (palette: Palette): LayerSpecification => ({
  id: 'ground',
  type: 'background',
  paint: { 'background-color': palette.mapGround },
});

const rasterLayer = (id: string): LayerSpecification => ({ id, type: 'raster', source: id });

/** `pmtilesAreVector` is read from the archive's header before. A whole style has its own builder. */
export function basemapLayers(
  basemap: Exclude<Basemap, { kind: 'vector' }>,
  palette: Palette,
  pmtilesAreVector: boolean,
): BasemapLayers {
  if (basemap.kind === 'raster') {
    const source: SourceSpecification = {
      type: 'raster',
      tiles: basemap.tiles,
      tileSize: 256,
      maxzoom: basemap.max_zoom ?? 18,
      attribution: basemap.attribution,
    };
    return { sources: { basemap: source }, layers: [ground(palette), rasterLayer('basemap')] };
  }
  if (basemap.kind === 'tianditu') {
    const sources = Object.fromEntries(
      basemap.tiles.map((tiles, index): [string, SourceSpecification] => [
        `basemap-${index}`,
        {
          type: 'raster',
          tiles: [tiles],
          tileSize: 256,
          maxzoom: basemap.max_zoom,
          attribution: basemap.attribution,
        },
      ]),
    );
    return { sources, layers: [ground(palette), ...Object.keys(sources).map(rasterLayer)] };
  }
  if (basemap.kind === 'pmtiles') {
    const source: SourceSpecification = {
      type: pmtilesAreVector ? 'vector' : 'raster',
      url: `pmtiles://${basemap.url}`,
      attribution: basemap.attribution,
    };
    const layers = pmtilesAreVector ? protomapsLayers(palette) : [rasterLayer('basemap')];
    return { sources: { basemap: source }, layers: [ground(palette), ...layers] };
  }
  return { sources: {}, layers: [ground(palette)] };
}

/** A quiet rendering of the Protomaps tile schema: water, green, buildings, roads. */
function protomapsLayers(palette: Palette): LayerSpecification[] {
  const source = 'basemap';
  return [
    {
      id: 'basemap-green',
      type: 'fill',
      source,
      'source-layer': 'landuse',
      filter: ['in', ['get', 'kind'], ['literal', ['park', 'forest', 'wood', 'grass']]],
      paint: { 'fill-color': palette.goodSoft },
    },
    {
      id: 'basemap-water',
      type: 'fill',
      source,
      'source-layer': 'water',
      paint: { 'fill-color': palette.primarySoft },
    },
    {
      id: 'basemap-buildings',
      type: 'fill',
      source,
      'source-layer': 'buildings',
      minzoom: 14,
      paint: { 'fill-color': palette.line, 'fill-opacity': 0.6 },
    },
    {
      id: 'basemap-roads',
      type: 'line',
      source,
      'source-layer': 'roads',
      paint: {
        'line-color': palette.line,
        'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 8, 0.4, 18, 12],
      },
    },
  ];
}
