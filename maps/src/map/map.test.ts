import type { Feature, FeatureCollection } from 'geojson';
import { describe, expect, it, vi } from 'vitest';
import { palettes } from '@/design/tokens';
import { type Box, cellsOf } from './cells';
import { LayerLoader } from './layerLoader';
import { bandsDrawnAt, levelAt, levelBands, zoomFor } from './levels';
import { WorkerMotion } from './motion';
import { buildStyle } from './style';
import { parseView, printView } from './view';

describe('levels by zoom', () => {
  it.each([
    [5, 'city'],
    [8, 'county'],
    [10, 'township'],
    [12, 'community'],
    [14, 'grid'],
    [18, 'grid'],
  ])('at zoom %d names the %s', (zoom, level) => {
    expect(levelAt(zoom)).toBe(level);
  });

  it('leaves no zoom without a level, and flies to where a level is named', () => {
    for (let zoom = 0; zoom < 24; zoom += 0.1) expect(bandsDrawnAt(zoom).length).toBeGreaterThan(0);
    for (const { level } of levelBands.filter((band) => band.level !== 'microgrid')) {
      expect(levelAt(zoomFor(level))).toBe(level);
    }
  });

  it('draws microgrids inside grids', () => {
    expect(bandsDrawnAt(16).map(({ level }) => level)).toEqual(['community', 'grid', 'microgrid']);
  });
});

describe('cells', () => {
  const box: Box = [119.0, 33.5, 119.1, 33.6];

  it('cover the box without a gap', () => {
    const cells = cellsOf(box, 12);
    expect(Math.min(...cells.map((cell) => cell.box[0]))).toBeLessThanOrEqual(box[0]);
    expect(Math.min(...cells.map((cell) => cell.box[1]))).toBeLessThanOrEqual(box[1]);
    expect(Math.max(...cells.map((cell) => cell.box[2]))).toBeGreaterThanOrEqual(box[2]);
    expect(Math.max(...cells.map((cell) => cell.box[3]))).toBeGreaterThanOrEqual(box[3]);
    expect(new Set(cells.map(({ key }) => key)).size).toBe(9);
  });

  it('are the same for a view that moved a little', () => {
    const moved: Box = [119.001, 33.501, 119.101, 33.601];
    expect(cellsOf(moved, 12)).toEqual(cellsOf(box, 12));
  });

  it('stay in the world', () => {
    expect(cellsOf([-190, -90, 190, 90], 1)).toHaveLength(4);
  });
});

describe('the layer loader', () => {
  const area = (code: string): Feature => ({
    type: 'Feature',
    id: code,
    properties: { code },
    geometry: { type: 'Point', coordinates: [0, 0] },
  });
  const collection = (...features: Feature[]): FeatureCollection => ({
    type: 'FeatureCollection',
    features,
  });
  const request = { source: 'area-grid', layer: 'grids', labels: false, cellZoom: 12 };
  const box: Box = [119.0, 33.5, 119.1, 33.6];
  const cellCount = cellsOf(box, request.cellZoom).length;

  it('fetches each cell once and shows an area that crosses cells once', async () => {
    const load = vi.fn(async () => collection(area('1'), area('2')));
    const show = vi.fn();
    const loader = new LayerLoader(load, show, vi.fn());
    await Promise.all([loader.want(request, box), loader.want(request, box)]);
    await loader.want(request, box);
    expect(load).toHaveBeenCalledTimes(cellCount);
    expect(show.mock.lastCall?.[1]).toHaveLength(2);
  });

  it('shows what came when a cell fails, and asks for that cell again', async () => {
    const load = vi.fn(async () => collection(area('1')));
    load.mockRejectedValueOnce(new Error('no reply'));
    const fail = vi.fn();
    const show = vi.fn();
    const loader = new LayerLoader(load, show, fail);
    await loader.want(request, box);
    expect(fail).toHaveBeenCalledOnce();
    expect(show).toHaveBeenCalled();
    await loader.want(request, box);
    expect(load).toHaveBeenCalledTimes(cellCount + 1);
  });

  it('fetches anew after another edition came into force', async () => {
    const load = vi.fn(async () => collection(area('1')));
    const loader = new LayerLoader(load, vi.fn(), vi.fn());
    await loader.want(request, box);
    loader.forget();
    await loader.want(request, box);
    expect(load).toHaveBeenCalledTimes(2 * cellCount);
  });
});

describe('moving workers', () => {
  const everywhere: Box = [-180, -90, 180, 90];
  const step = (lon: number) => [{ worker: 'w', lon, lat: 33, at: '', on_duty: true }];
  const lonAt = (motion: WorkerMotion, nowMs: number) =>
    motion.featuresIn(everywhere, nowMs)[0]?.geometry.coordinates[0];

  it('glide between fixes', () => {
    const motion = new WorkerMotion();
    motion.move(step(119), 0);
    motion.move(step(119.001), 500);
    expect(lonAt(motion, 500)).toBe(119);
    expect(lonAt(motion, 750)).toBeCloseTo(119.0005, 9);
    expect(lonAt(motion, 1000)).toBe(119.001);
    expect([motion.isMoving(900), motion.isMoving(1000)]).toEqual([true, false]);
  });

  it('jump when a fix is far away', () => {
    const motion = new WorkerMotion();
    motion.move(step(119), 0);
    motion.move(step(119.5), 500);
    expect(lonAt(motion, 500)).toBe(119.5);
  });
});

describe('the style', () => {
  it('names a source for every layer and no glyph server', () => {
    const style = buildStyle({ kind: 'none' }, palettes.light);
    const used = style.layers.flatMap((layer) => ('source' in layer ? [layer.source] : []));
    expect(used.filter((source) => !(source in style.sources))).toEqual([]);
    expect(style.glyphs).toBeUndefined();
  });

  it('puts a configured basemap under everything', () => {
    const basemap = {
      kind: 'tianditu' as const,
      tiles: ['/basemap/vec', '/basemap/cva'],
      attribution: '天地图',
      max_zoom: 18,
    };
    const style = buildStyle(basemap, palettes.dark);
    expect(style.layers.slice(0, 3).map(({ id }) => id)).toEqual([
      'ground',
      'basemap-0',
      'basemap-1',
    ]);
  });

  it('uses each layer id once', () => {
    const ids = buildStyle({ kind: 'none' }, palettes.light).layers.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the view in the address', () => {
  it('survives the way there and back', () => {
    expect(parseView(printView({ lon: 119.02134, lat: 33.59721, zoom: 12.3 }))).toEqual({
      lon: 119.02134,
      lat: 33.59721,
      zoom: 12.3,
    });
  });

  it.each([null, '', '119', '119,33', 'a,b,c', '200,33,5', '1,2,3,4'])('refuses %s', (text) => {
    expect(parseView(text)).toBeNull();
  });
});
