/** The one file that touches the map object. Everything else hands it data and hears its events. */
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Feature } from 'geojson';
import {
  type AllPaintProperties,
  AttributionControl,
  addProtocol,
  type GeoJSONSource,
  Map as MapLibreMap,
  type MapMouseEvent,
  NavigationControl,
  Popup,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { Protocol } from 'pmtiles';
import type { AreaRef, LngLat, WorkerMove } from '@/api/types';
import { fontFamily, type Palette } from '@/design/tokens';
import type { Box } from './cells';
import { mapImages, pixelRatio } from './images';
import { LayerLoader, type LoadCell } from './layerLoader';
import { areaSource, fillLayer, labelSource } from './layers/areas';
import { incidentClusters, incidentMarks, incidentSource } from './layers/incidents';
import { workerMarks, workerSource } from './layers/workers';
import { type LayerNode, nodeOf } from './layerTree';
import { bandsDrawnAt, levelAt, levelBands, workersFromZoom } from './levels';
import { WorkerMotion } from './motion';
import { ourLayers } from './style';
import type { View } from './view';

setWorkerUrl(workerUrl);
addProtocol('pmtiles', new Protocol().tile);

export interface MapHandlers {
  /** True while a click means the ground, whatever is drawn there. */
  wantsGround(): boolean;
  clickGround(point: LngLat): void;
  clickIncident(number: string): void;
  clickWorker(id: string): void;
  moveTo(view: View): void;
  hover(point: LngLat | null, areaName: string | null): void;
  failLayer(): void;
}

export interface MapOptions {
  container: HTMLElement;
  style: StyleSpecification;
  palette: Palette;
  hasBasemap: boolean;
  view: View | null;
  bounds: Box;
  /** MapLibre's own words, such as `NavigationControl.ZoomIn`. */
  words: Record<string, string>;
  load: LoadCell;
  handlers: MapHandlers;
}

declare global {
  interface Window {
    /** For journeys: the map, to turn lon/lat into pixels, and when it has first drawn everything. */
    __wangge?: { map: MapLibreMap; ready: Promise<void> };
  }
}

const workerFrameMs = 100;
const workerCellZoom = 11;
/** What a click, or a case that is dropped, takes for a worker. */
const workerHits = ['candidate-marks', workerMarks];
const dropReach_px = 18;

export class MapController {
  private readonly map: MapLibreMap;
  private readonly loader: LayerLoader;
  private readonly motion = new WorkerMotion();
  /** Sources, layers and images are there; then: the first view has been drawn. */
  private readonly styled: Promise<void>;
  private readonly ready: Promise<void>;
  private selected: readonly AreaRef[] = [];
  private hovered: { source: string; id: string } | null = null;
  private lastWorkerFrameMs = 0;
  private frame = 0;
  private popup: { shown: Popup; worker: string | null } | null = null;

  constructor(private readonly options: MapOptions) {
    const { container, style, view, bounds, words } = options;
    this.map = new MapLibreMap({
      container,
      style,
      locale: words,
      attributionControl: false,
      localIdeographFontFamily: fontFamily,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      maxZoom: 19,
      ...(view
        ? { center: [view.lon, view.lat], zoom: view.zoom }
        : {
            bounds: [...bounds] as [number, number, number, number],
            fitBoundsOptions: { padding: 24 },
          }),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-right');
    if (options.hasBasemap) {
      this.map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
    }
    this.loader = new LayerLoader(
      options.load,
      (source, features) => this.showLayer(source, features),
      () => options.handlers.failLayer(),
    );
    this.styled = this.style();
    this.ready = this.start();
    window.__wangge = { map: this.map, ready: this.ready };
  }

  private async style(): Promise<void> {
    await this.map.once('style.load');
    this.putImages(this.options.palette);
  }

  private async start(): Promise<void> {
    await this.styled;
    this.listen();
    this.options.handlers.moveTo(this.view());
    await this.loadVisible();
    this.map.triggerRepaint();
    // Walking workers keep the map busy for ever, so the first full picture comes before them.
    await this.map.once('idle');
    this.frame = requestAnimationFrame(() => this.animate());
  }

  private listen(): void {
    const { map } = this;
    map.on('moveend', () => {
      this.options.handlers.moveTo(this.view());
      void this.loadVisible();
    });
    map.on('click', (event) => void this.click(event));
    map.on('mousemove', (event) => this.hover(event));
    // Those who move the map by keyboard look up its middle.
    map.getCanvas().addEventListener('keydown', ({ key }) => {
      const { lng, lat } = map.getCenter();
      if (key === 'Enter') this.options.handlers.clickGround({ lon: lng, lat });
    });
    map.on('mouseout', () => {
      this.markHovered(null);
      this.options.handlers.hover(null, null);
    });
  }

  private view(): View {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat, zoom: this.map.getZoom() };
  }

  private box(): Box {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  /** Fetches what the view shows: areas and names of its levels, and workers once near enough. */
  private async loadVisible(): Promise<void> {
    const zoom = this.map.getZoom();
    const box = this.box();
    const wanted = bandsDrawnAt(zoom).flatMap(({ level, layer, cellZoom }) => [
      this.loader.want({ source: areaSource(level), layer, cellZoom, labels: false }, box),
      this.loader.want({ source: labelSource(level), layer, cellZoom, labels: true }, box),
    ]);
    if (zoom >= workersFromZoom) {
      const request = {
        source: workerSource,
        layer: 'workers',
        cellZoom: workerCellZoom,
        labels: false,
      };
      wanted.push(this.loader.want(request, box));
    }
    await Promise.all(wanted);
    this.drawWorkers(performance.now());
  }

  private showLayer(source: string, features: Feature[]): void {
    if (source === workerSource) this.motion.learn(features);
    else this.setData(source, features);
  }

  private async click({ point, lngLat }: MapMouseEvent): Promise<void> {
    const [hit] = this.map.queryRenderedFeatures(point, {
      layers: this.options.handlers.wantsGround()
        ? []
        : [incidentMarks, incidentClusters, ...workerHits],
    });
    if (hit?.properties.cluster) {
      const source = this.map.getSource<GeoJSONSource>(incidentSource);
      const zoom = await source?.getClusterExpansionZoom(hit.properties.cluster_id);
      this.map.easeTo({ center: lngLat, zoom: zoom ?? this.map.getZoom() + 1 });
    } else if (hit && workerHits.includes(hit.layer.id)) {
      this.options.handlers.clickWorker(String(hit.properties.id));
    } else if (hit) {
      this.options.handlers.clickIncident(String(hit.properties.number));
    } else {
      this.options.handlers.clickGround({ lon: lngLat.lng, lat: lngLat.lat });
    }
  }

  private hover({ point, lngLat }: MapMouseEvent): void {
    const level = levelAt(this.map.getZoom());
    const layers = [incidentMarks, incidentClusters, ...workerHits, fillLayer(level)];
    const [hit] = this.map.queryRenderedFeatures(point, { layers });
    const isArea = hit?.layer.id === fillLayer(level);
    this.map.getCanvas().style.cursor = hit ? 'pointer' : '';
    this.markHovered(isArea ? { source: areaSource(level), id: String(hit?.id) } : null);
    const name = isArea ? String(hit?.properties.name) : null;
    this.options.handlers.hover({ lon: lngLat.lng, lat: lngLat.lat }, name);
  }

  private markHovered(next: { source: string; id: string } | null): void {
    if (this.hovered?.id === next?.id && this.hovered?.source === next?.source) return;
    if (this.hovered) this.map.setFeatureState(this.hovered, { hover: false });
    if (next) this.map.setFeatureState(next, { hover: true });
    this.hovered = next;
  }

  private animate(): void {
    const nowMs = performance.now();
    if (nowMs - this.lastWorkerFrameMs >= workerFrameMs && this.motion.isMoving(nowMs)) {
      this.drawWorkers(nowMs);
      this.followPopup(nowMs);
    }
    this.frame = requestAnimationFrame(() => this.animate());
  }

  private drawWorkers(nowMs: number): void {
    this.lastWorkerFrameMs = nowMs;
    const near = this.map.getZoom() >= workersFromZoom;
    this.setData(workerSource, near ? this.motion.featuresIn(this.box(), nowMs) : []);
  }

  private setData(source: string, features: Feature[]): void {
    this.map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features });
  }

  private putImages(palette: Palette): void {
    for (const { id, data } of mapImages(palette)) {
      if (this.map.hasImage(id)) this.map.updateImage(id, data);
      else this.map.addImage(id, data, { pixelRatio });
    }
  }

  private whenStyled(act: () => void): void {
    void this.styled.then(act);
  }

  show(source: string, features: Feature[]): void {
    this.whenStyled(() => this.setData(source, features));
  }

  moveWorkers(moves: readonly WorkerMove[]): void {
    this.motion.move(moves, performance.now());
  }

  setDuty(worker: string, onDuty: boolean): void {
    this.motion.setDuty(worker, onDuty);
    this.whenStyled(() => this.drawWorkers(performance.now()));
  }

  /** Highlights an area and those around it: at each zoom the one of that level is seen. */
  select(chain: readonly AreaRef[]): void {
    this.whenStyled(() => {
      const drawn = new Set<string>(levelBands.map(({ level }) => level));
      const mark = (areas: readonly AreaRef[], selected: boolean) => {
        for (const { level, code } of areas) {
          if (drawn.has(level))
            this.map.setFeatureState({ source: areaSource(level), id: code }, { selected });
        }
      };
      mark(this.selected, false);
      mark(chain, true);
      this.selected = chain;
    });
  }

  setPalette(palette: Palette): void {
    this.whenStyled(() => {
      this.putImages(palette);
      if (this.map.getLayer('ground')) {
        this.map.setPaintProperty('ground', 'background-color', palette.mapGround);
      }
      for (const layer of ourLayers(palette, this.options.hasBasemap)) {
        for (const [name, value] of Object.entries(layer.paint ?? {})) {
          this.map.setPaintProperty(layer.id, name as keyof AllPaintProperties, value);
        }
      }
    });
  }

  /** Moves only as far as needed: a point that is in view, near enough, stays where it is. */
  flyTo(point: LngLat, minZoom: number): void {
    const inView = this.map.getBounds().contains([point.lon, point.lat]);
    if (inView && this.map.getZoom() >= minZoom) return;
    this.map.easeTo({
      center: [point.lon, point.lat],
      zoom: Math.max(this.map.getZoom(), minZoom),
    });
  }

  /** The point in the middle, as near as before. */
  centre(point: LngLat): void {
    this.map.easeTo({ center: [point.lon, point.lat] });
  }

  zoomBy(steps: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + steps });
  }

  fit(box: Box, maxZoom: number): void {
    this.map.fitBounds([...box] as [number, number, number, number], { padding: 64, maxZoom });
  }

  setVisible(shown: readonly LayerNode[]): void {
    this.whenStyled(() => {
      for (const { id } of this.map.getStyle().layers) {
        const node = nodeOf(id);
        if (!node) continue;
        const visibility = shown.includes(node) ? 'visible' : 'none';
        this.map.setLayoutProperty(id, 'visibility', visibility);
      }
    });
  }

  /** Opens a popup beside a point; with a worker it goes where they go. */
  openPopup(point: LngLat, content: HTMLElement, worker: string | null): void {
    this.closePopup();
    const shown = new Popup({
      closeButton: false,
      closeOnClick: false,
      maxWidth: 'none',
      offset: 14,
    })
      .setLngLat([point.lon, point.lat])
      .setDOMContent(content)
      .addTo(this.map);
    this.popup = { shown, worker };
  }

  closePopup(): void {
    this.popup?.shown.remove();
    this.popup = null;
  }

  private followPopup(nowMs: number): void {
    const place = this.popup?.worker && this.motion.placeOf(this.popup.worker, nowMs);
    if (place) this.popup?.shown.setLngLat(place);
  }

  /** The worker at a point of the page, or close by. */
  workerAt(clientX: number, clientY: number): { id: string; name: string } | null {
    const { left, top } = this.map.getContainer().getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const found = this.map.queryRenderedFeatures(
      [
        [x - dropReach_px, y - dropReach_px],
        [x + dropReach_px, y + dropReach_px],
      ],
      { layers: workerHits },
    );
    const away = (feature: Feature) => {
      const [lon = 0, lat = 0] =
        feature.geometry.type === 'Point' ? feature.geometry.coordinates : [];
      const at = this.map.project([lon, lat]);
      return Math.hypot(at.x - x, at.y - y);
    };
    const [nearest] = found
      .filter(({ geometry }) => geometry.type === 'Point')
      .sort((a, b) => away(a) - away(b));
    if (!nearest) return null;
    return { id: String(nearest.properties.id), name: String(nearest.properties.name) };
  }

  /** What the map shows now, as a picture: a canvas cannot be printed once it has been shown. */
  async picture(): Promise<string> {
    const drawn = new Promise<string>((resolve) => {
      this.map.once('render', () => resolve(this.map.getCanvas().toDataURL('image/png')));
    });
    this.map.triggerRepaint();
    return drawn;
  }

  middle(): LngLat {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat };
  }

  bounds(): Box {
    return this.box();
  }

  reloadLayers(): void {
    this.loader.forget();
    this.whenStyled(() => void this.loadVisible());
  }

  remove(): void {
    cancelAnimationFrame(this.frame);
    delete window.__wangge;
    this.map.remove();
  }
}
