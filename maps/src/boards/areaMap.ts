/** The one file of the boards that touches the map object. */
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Feature } from 'geojson';
import {
  AttributionControl,
  addProtocol,
  type GeoJSONSource,
  Map as MapLibreMap,
  type MapMouseEvent,
  NavigationControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { Protocol } from 'pmtiles';
import { fontFamily } from '@/design/tokens';
import type { Box } from '@/map/cells';
import { shapeLayer, shapeSource, spotLayer } from './choropleth';

setWorkerUrl(workerUrl);
addProtocol('pmtiles', new Protocol().tile);

export interface AreaMapOptions {
  container: HTMLElement;
  style: StyleSpecification;
  hasBasemap: boolean;
  bounds: Box;
  /** MapLibre's own words, such as `NavigationControl.ZoomIn`. */
  words: Record<string, string>;
  /** Nobody touches it, as on a wall. */
  still: boolean;
  openArea(code: string): void;
  openSpot(index: number): void;
  hover(code: string | null): void;
}

const paddingPx = 16;

export class AreaMap {
  private readonly map: MapLibreMap;
  private readonly styled: Promise<unknown>;
  private readonly sizes: ResizeObserver;
  private bounds: Box;
  private hovered: string | null = null;

  constructor(private readonly options: AreaMapOptions) {
    const { container, style, still, words, bounds } = options;
    this.bounds = bounds;
    this.map = new MapLibreMap({
      container,
      style,
      locale: words,
      attributionControl: false,
      localIdeographFontFamily: fontFamily,
      interactive: !still,
      // The page scrolls over the map; zooming by wheel asks for the control key.
      cooperativeGestures: !still,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      bounds: [...bounds] as [number, number, number, number],
      fitBoundsOptions: { padding: paddingPx },
    });
    this.map.touchZoomRotate.disableRotation();
    if (!still) this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    if (options.hasBasemap) {
      this.map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
    }
    this.styled = this.map.once('style.load');
    const ready = this.styled.then(() => this.map.once('idle')).then(() => undefined);
    window.__wangge = { map: this.map, ready };
    this.sizes = new ResizeObserver(() => this.frame());
    this.sizes.observe(container);
    if (!still) this.listen();
  }

  private listen(): void {
    this.map.on('click', (event) => this.click(event));
    this.map.on('mousemove', (event) => this.markHovered(this.areaAt(event)));
    this.map.on('mouseout', () => this.markHovered(null));
  }

  private areaAt({ point }: MapMouseEvent): string | null {
    const [hit] = this.map.queryRenderedFeatures(point, { layers: [shapeLayer] });
    return hit ? String(hit.properties.code) : null;
  }

  private click(event: MapMouseEvent): void {
    const [spot] = this.map.queryRenderedFeatures(event.point, { layers: [spotLayer] });
    const code = this.areaAt(event);
    if (spot) this.options.openSpot(Number(spot.id));
    else if (code) this.options.openArea(code);
  }

  private markHovered(code: string | null): void {
    if (code === this.hovered) return;
    this.map.getCanvas().style.cursor = code ? 'pointer' : '';
    if (this.hovered) this.setHover(this.hovered, false);
    if (code) this.setHover(code, true);
    this.hovered = code;
    this.options.hover(code);
  }

  private setHover(id: string, hover: boolean): void {
    this.map.setFeatureState({ source: shapeSource, id }, { hover });
  }

  private frame(): void {
    this.map.resize();
    this.map.fitBounds([...this.bounds] as [number, number, number, number], {
      padding: paddingPx,
      animate: false,
    });
  }

  fit(bounds: Box): void {
    this.bounds = bounds;
    this.frame();
  }

  show(source: string, features: Feature[]): void {
    void this.styled.then(() =>
      this.map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features }),
    );
  }

  remove(): void {
    this.sizes.disconnect();
    delete window.__wangge;
    this.map.remove();
  }
}
