/** The one file of this screen that touches its map: it is handed a scene and tells what was clicked. */
import 'maplibre-gl/dist/maplibre-gl.css';
import {
  type AllPaintProperties,
  AttributionControl,
  addProtocol,
  type GeoJSONSource,
  Map as MapLibreMap,
  type MapMouseEvent,
  NavigationControl,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { Protocol } from 'pmtiles';
import type { LngLat } from '@/api/types';
import { fontFamily, type Palette } from '@/design/tokens';
import type { Box } from '@/map/cells';
// The declaration of `window.__wangge`, which the desk's map shares.
import type {} from '@/map/controller';
import { mapImages, pixelRatio } from '@/map/images';
import { LayerLoader } from '@/map/layerLoader';
import { areaSource, fillLayer, labelSource } from '@/map/layers/areas';
import { bandsDrawnAt, levelAt, levelBands } from '@/map/levels';
import { ourLayers } from '@/map/style';
import { loadLayerAt } from './api';
import { drawSeverity } from './images';
import {
  draftFill,
  pinLayer,
  type Scene,
  sceneLayers,
  sceneSources,
  sceneSpecs,
  severityImage,
  touchedLayer,
} from './layers';
import { severityShapes } from './marks';
import type { Severity } from './types';

setWorkerUrl(workerUrl);
addProtocol('pmtiles', new Protocol().tile);

/** What lies under a click: `id` is known of an area that the draft changes. */
export interface Hit {
  point: LngLat;
  defect: number | null;
  incident: string | null;
  area: { id: string | null; code: string; name: string } | null;
}

export interface BoundaryMapOptions {
  container: HTMLElement;
  style: StyleSpecification;
  palette: Palette;
  hasBasemap: boolean;
  bounds: Box;
  /** MapLibre's own words, such as `NavigationControl.ZoomIn`. */
  words: Record<string, string>;
  click(hit: Hit): void;
  failLayer(): void;
}

const padding = 72;
/** Beyond this, names are not compared one by one; those that collide give way by themselves. */
const maxHiddenNames = 500;

export class BoundaryMap {
  private readonly map: MapLibreMap;
  private loader: LayerLoader;
  private readonly styled: Promise<void>;
  private drawing = false;
  private shown: Scene = {};

  constructor(private readonly options: BoundaryMapOptions) {
    const { container, style, bounds, words, palette } = options;
    this.map = new MapLibreMap({
      container,
      style: {
        ...style,
        sources: { ...style.sources, ...sceneSpecs() },
        layers: [...style.layers, ...sceneLayers(palette)],
      },
      locale: words,
      attributionControl: false,
      localIdeographFontFamily: fontFamily,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      maxZoom: 21,
      bounds: [...bounds] as [number, number, number, number],
      fitBoundsOptions: { padding: 24 },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-right');
    if (options.hasBasemap) {
      this.map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
    }
    this.loader = this.loaderAt(null);
    this.styled = this.style();
    window.__wangge = { map: this.map, ready: this.start() };
  }

  private async style(): Promise<void> {
    await this.map.once('style.load');
    this.putImages(this.options.palette);
  }

  private async start(): Promise<void> {
    await this.styled;
    this.map.on('moveend', () => void this.loadVisible());
    this.map.on('click', (event) => this.options.click(this.hitAt(event)));
    this.map.on('mousemove', (event) => this.hover(event));
    await this.loadVisible();
    this.map.triggerRepaint();
    await this.map.once('idle');
  }

  /** What an older edition's loader still brings is no longer shown. */
  private loaderAt(at: string | null): LayerLoader {
    const loader: LayerLoader = new LayerLoader(
      (layer, box, labels) => loadLayerAt(layer, box, labels, at),
      (source, features) => {
        if (this.loader === loader) this.setData(source, features);
      },
      () => this.options.failLayer(),
    );
    return loader;
  }

  private async loadVisible(): Promise<void> {
    const bounds = this.map.getBounds();
    const box: Box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const wanted = bandsDrawnAt(this.map.getZoom()).flatMap(({ level, layer, cellZoom }) => [
      this.loader.want({ source: areaSource(level), layer, cellZoom, labels: false }, box),
      this.loader.want({ source: labelSource(level), layer, cellZoom, labels: true }, box),
    ]);
    await Promise.all(wanted);
  }

  private hitAt({ point, lngLat }: MapMouseEvent): Hit {
    const near = 4;
    const [mark] = this.map.queryRenderedFeatures(
      [
        [point.x - near, point.y - near],
        [point.x + near, point.y + near],
      ],
      { layers: [pinLayer, touchedLayer] },
    );
    const fill = fillLayer(levelAt(this.map.getZoom()));
    const [area] = this.map.queryRenderedFeatures(point, { layers: [draftFill, fill] });
    return {
      point: { lon: lngLat.lng, lat: lngLat.lat },
      defect: mark?.layer.id === pinLayer ? Number(mark.properties.index) : null,
      incident: mark?.layer.id === touchedLayer ? String(mark.properties.number) : null,
      area: area
        ? {
            id: area.layer.id === draftFill ? String(area.properties.id) : null,
            code: String(area.properties.code),
            name: String(area.properties.name),
          }
        : null,
    };
  }

  private hover(event: MapMouseEvent): void {
    const [hit] = this.map.queryRenderedFeatures(event.point, { layers: [pinLayer, touchedLayer] });
    this.map.getCanvas().style.cursor = hit ? 'pointer' : this.drawing ? 'crosshair' : '';
  }

  private setData(source: string, features: GeoJSON.Feature[]): void {
    this.map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features });
  }

  private putImages(palette: Palette): void {
    const marks = (Object.keys(severityShapes) as Severity[]).map((severity) => ({
      id: severityImage(severity),
      data: drawSeverity(severity, palette),
    }));
    for (const { id, data } of [...mapImages(palette), ...marks]) {
      if (this.map.hasImage(id)) this.map.updateImage(id, data);
      else this.map.addImage(id, data, { pixelRatio });
    }
  }

  private whenStyled(act: () => void): void {
    void this.styled.then(act);
  }

  show(scene: Scene): void {
    this.whenStyled(() => {
      for (const source of sceneSources) {
        const features = scene[source] ?? [];
        const wasEmpty = (this.shown[source] ?? []).length === 0;
        if (features.length > 0 || !wasEmpty) this.setData(source, features);
      }
      this.shown = scene;
      this.hideNames(scene['draft-areas']?.map(({ properties }) => properties?.code) ?? []);
    });
  }

  /** An area of the draft has its name from there, and not a second time from below. */
  private hideNames(codes: string[]): void {
    const hidden = codes.length > maxHiddenNames ? [] : codes;
    for (const { level } of levelBands) {
      for (const layer of [`label-${level}`, `label-${level}-parent`]) {
        if (!this.map.getLayer(layer)) continue;
        this.map.setFilter(layer, ['!', ['in', ['get', 'code'], ['literal', hidden]]]);
      }
    }
  }

  /** While things are picked and drawn, a quick second click is one more point, not a step nearer. */
  setDrawing(on: boolean): void {
    if (on) this.map.doubleClickZoom.disable();
    else this.map.doubleClickZoom.enable();
    this.map.getCanvas().style.cursor = on ? 'crosshair' : '';
    this.drawing = on;
  }

  /** The areas below, as the edition in force at a moment has them; null is now. */
  showEditionAt(at: string | null): void {
    this.loader = this.loaderAt(at);
    this.whenStyled(() => void this.loadVisible());
  }

  setPalette(palette: Palette): void {
    this.whenStyled(() => {
      this.putImages(palette);
      if (this.map.getLayer('ground')) {
        this.map.setPaintProperty('ground', 'background-color', palette.mapGround);
      }
      for (const layer of [
        ...ourLayers(palette, this.options.hasBasemap),
        ...sceneLayers(palette),
      ]) {
        for (const [name, value] of Object.entries(layer.paint ?? {})) {
          this.map.setPaintProperty(layer.id, name as keyof AllPaintProperties, value);
        }
      }
    });
  }

  fit(box: Box, maxZoom: number): void {
    this.map.fitBounds([...box] as [number, number, number, number], {
      padding,
      maxZoom,
      duration: 600,
    });
  }

  remove(): void {
    delete window.__wangge;
    this.map.remove();
  }
}
