/** A small map beside a list: the one file of this screen that touches the map object. */
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Feature, Position } from 'geojson';
import {
  AttributionControl,
  addProtocol,
  type GeoJSONSource,
  type LayerSpecification,
  Map as MapLibreMap,
  NavigationControl,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { PMTiles, Protocol, TileType } from 'pmtiles';
import type { Basemap } from '@/api/types';
import { fontFamily, type Palette } from '@/design/tokens';
import { basemapLayers } from '@/map/basemap';
import type { Box } from '@/map/cells';
import { emptySource } from '@/map/layers/areas';

setWorkerUrl(workerUrl);
addProtocol('pmtiles', new Protocol().tile);

/** What is drawn: its sources, its layers in a theme, and which of them can be clicked. */
export interface Drawing {
  sources: readonly string[];
  layers: (palette: Palette, overBasemap: boolean) => LayerSpecification[];
  clickable?: string;
}

export interface PeopleMapOptions {
  container: HTMLElement;
  basemap: Basemap;
  palette: Palette;
  drawing: Drawing;
  box: Box;
  words: Record<string, string>;
  pick(code: string): void;
  hover(code: string | null): void;
}

/** So near its edge, a place counts as out of sight. */
const margin = 72;
/** Room for the legend below. */
const padding = { top: 24, right: 24, bottom: 72, left: 24 };

/** The basemap's own style, with room for what is drawn above it. */
async function loadGround(basemap: Basemap, palette: Palette): Promise<StyleSpecification> {
  if (basemap.kind === 'vector') {
    const response = await fetch(basemap.style_url);
    if (!response.ok) throw new Error(`basemap style answered ${response.status}`);
    return (await response.json()) as StyleSpecification;
  }
  const isVector =
    basemap.kind === 'pmtiles' &&
    (await new PMTiles(basemap.url).getHeader()).tileType === TileType.Mvt;
  return { version: 8, ...basemapLayers(basemap, palette, isVector) };
}

/** The style of a map; without the basemap when that cannot be had. */
async function loadStyle({ basemap, palette, drawing }: PeopleMapOptions) {
  let used = basemap;
  let ground: StyleSpecification;
  try {
    ground = await loadGround(basemap, palette);
  } catch {
    used = { kind: 'none' };
    ground = await loadGround(used, palette);
  }
  const sources = Object.fromEntries(drawing.sources.map((name) => [name, emptySource()]));
  for (const source of Object.values(sources)) Object.assign(source, { promoteId: 'code' });
  return {
    hasBasemap: used.kind !== 'none',
    style: {
      ...ground,
      sources: { ...ground.sources, ...sources },
      layers: [...ground.layers, ...drawing.layers(palette, used.kind !== 'none')],
    },
  };
}

export class PeopleMap {
  private readonly styled: Promise<unknown>;

  private constructor(
    private readonly map: MapLibreMap,
    { drawing, pick, hover }: PeopleMapOptions,
  ) {
    this.styled = map.once('style.load');
    const { clickable } = drawing;
    if (!clickable) return;
    map.on('click', clickable, ({ features }) => {
      const code = features?.[0]?.properties.code;
      if (code) pick(String(code));
    });
    map.on('mousemove', clickable, ({ features }) => {
      map.getCanvas().style.cursor = 'pointer';
      hover(String(features?.[0]?.properties.code ?? '') || null);
    });
    map.on('mouseleave', clickable, () => {
      map.getCanvas().style.cursor = '';
      hover(null);
    });
  }

  static async open(options: PeopleMapOptions): Promise<PeopleMap> {
    const { style, hasBasemap } = await loadStyle(options);
    const map = new MapLibreMap({
      container: options.container,
      style,
      locale: options.words,
      attributionControl: false,
      localIdeographFontFamily: fontFamily,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      maxZoom: 19,
      bounds: [...options.box] as [number, number, number, number],
      fitBoundsOptions: { padding },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-right');
    if (hasBasemap) map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
    return new PeopleMap(map, options);
  }

  show(source: string, features: Feature[]): void {
    void this.styled.then(() => {
      this.map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features });
    });
  }

  fit(box: Box, maxZoom = 16): void {
    this.map.fitBounds([...box] as [number, number, number, number], { padding, maxZoom });
  }

  /** Moves only when the place, or what is close around it, is out of sight. */
  reveal([lon, lat]: Position): void {
    if (lon === undefined || lat === undefined) return;
    this.map.resize();
    const { x, y } = this.map.project([lon, lat]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const inside = (at: number, size: number) => at > margin && at < size - margin;
    if (inside(x, clientWidth) && inside(y, clientHeight)) return;
    this.map.easeTo({ center: [lon, lat] });
  }

  remove(): void {
    this.map.remove();
  }
}
