import { describe, expect, it } from 'vitest';
import { palettes } from '@/design/tokens';
import { editionAt, groupChanges, toneOf } from './changes';
import { allCrs, describeCrs } from './crs';
import { groupDefects, listRepairs, orderRepairs } from './defects';
import { exportAddress } from './exporting';
import { boxOf, middleOf } from './geometry';
import { sceneLayers, sceneSources } from './layers';
import { parseEvents } from './longWork';
import { choiceOf, contradictedCrs } from './readingChoice';
import { type SceneParts, sceneOf } from './scene';
import type { AreaChange, Defect, Edition, Reading } from './types';

const defect = (kind: Defect['kind'], severity: Defect['severity'], more = {}): Defect => ({
  kind,
  severity,
  areas: [],
  codes: [],
  detail: '',
  ...more,
});

const square = (west: number, south: number, side: number): GeoJSON.Position[][] => [
  [
    [west, south],
    [west + side, south],
    [west + side, south + side],
    [west, south + side],
    [west, south],
  ],
];

const reading: Reading = {
  file_name: 'wg.zip',
  bytes: 1,
  sha256: '',
  layers: [],
  layer: 'wg',
  features: 8,
  declared_crs: 'EPSG:4509',
  crs_candidates: [
    { crs: 'EPSG:4549', score: 0.9, why: [] },
    { crs: 'EPSG:4509', score: 0.1, why: [] },
  ],
  crs_remarks: [],
  crs: null,
  encoding: 'gb18030',
  encoding_source: '',
  encodings: [
    { encoding: 'gb18030', samples: [] },
    { encoding: 'Big5', samples: [] },
  ],
  columns: ['WGBM', 'WGMC'],
  mapping: { code: 'WGBM', name: 'WGMC' },
  mapping_source: 'proposed',
  undecided: ['crs'],
  faults: [],
  fault_count: 0,
};

describe('coordinate systems', () => {
  it.each([
    ['EPSG:4491', 'boundaries.crsZone', { width: 6, zone: 13, meridian: 75 }],
    ['EPSG:4509', 'boundaries.crsMeridian', { width: 6, meridian: 117 }],
    ['EPSG:4528', 'boundaries.crsZone', { width: 3, zone: 40, meridian: 120 }],
    ['EPSG:4549', 'boundaries.crsMeridian', { width: 3, meridian: 120 }],
    ['EPSG:4554', 'boundaries.crsMeridian', { width: 3, meridian: 135 }],
  ])('%s is named by its zone and meridian', (crs, key, values) => {
    expect(describeCrs(crs)).toMatchObject({ key, values, swapped: false });
  });

  it('say when the latitude comes first', () => {
    expect(describeCrs('wgs84+swapped')).toMatchObject({
      key: 'boundaries.crsWgs84',
      swapped: true,
    });
  });

  it('that are not known are shown as they came', () => {
    expect(describeCrs('EPSG:2437')).toMatchObject({ key: 'boundaries.crsOther' });
  });

  it('are all there once', () => {
    expect(new Set(allCrs).size).toBe(4 + 64);
  });
});

describe('events of long work', () => {
  const progress = 'event: progress\ndata: {"stage":"reading","done":null,"total":null}\n\n';

  it('are read as far as they are complete', () => {
    const { events, length } = parseEvents(`: still here\n\n${progress}event: done\ndata: {"a`);
    expect(events).toEqual([
      { name: 'progress', data: { stage: 'reading', done: null, total: null } },
    ]);
    expect(length).toBe(`: still here\n\n${progress}`.length);
  });

  it('are none before the first is complete', () => {
    expect(parseEvents('event: pro')).toEqual({ events: [], length: 0 });
  });
});

describe('what was chosen of a reading', () => {
  it('leaves to the server what nobody chose', () => {
    expect(choiceOf(reading, false)).toEqual({
      layer: undefined,
      crs: undefined,
      encoding: 'gb18030',
      columns: undefined,
      replace: false,
    });
  });

  it('keeps what somebody chose', () => {
    const chosen = { ...reading, crs: 'EPSG:4549', mapping_source: 'chosen' as const };
    expect(choiceOf(chosen, true)).toMatchObject({
      crs: 'EPSG:4549',
      columns: reading.mapping,
      replace: true,
    });
  });

  it('names a declared system that another one beats', () => {
    expect(contradictedCrs(reading)).toEqual({ declared: 'EPSG:4509', best: 'EPSG:4549' });
    expect(contradictedCrs({ ...reading, crs: 'EPSG:4549', undecided: [] })).toBeNull();
    expect(contradictedCrs({ ...reading, declared_crs: 'EPSG:4549' })).toBeNull();
  });
});

describe('defects', () => {
  const defects = [
    defect('gap', 'warning', { size_m2: 3, repair: 'fill_gaps' }),
    defect('self_intersection', 'error', { repair: 'make_valid' }),
    defect('overlap', 'warning', { size_m2: 2, repair: 'settle_overlaps' }),
    defect('overlap', 'warning', { size_m2: 5, repair: 'settle_overlaps' }),
    defect('missing_name', 'notice'),
  ];

  it('stand by severity, then by how many there are of a kind', () => {
    expect(groupDefects(defects).map(({ kind, size_m2 }) => [kind, size_m2])).toEqual([
      ['self_intersection', 0],
      ['overlap', 7],
      ['gap', 3],
      ['missing_name', 0],
    ]);
  });

  it('keep their place in the verdict', () => {
    expect(groupDefects(defects)[1]?.defects.map(({ index }) => index)).toEqual([2, 3]);
  });

  it('are mended rings first, gaps last', () => {
    expect(listRepairs(defects)).toEqual([
      { kind: 'make_valid', count: 1 },
      { kind: 'settle_overlaps', count: 2 },
      { kind: 'fill_gaps', count: 1 },
    ]);
    expect(orderRepairs(['fill_gaps', 'make_valid'])).toEqual(['make_valid', 'fill_gaps']);
  });
});

describe('changes', () => {
  const change = (id: string, kinds: AreaChange['kinds']): AreaChange => ({
    id,
    kinds,
    made_from: [],
  });

  it('stand once, under what matters most', () => {
    const groups = groupChanges([
      change('a', ['renamed', 'moved']),
      change('b', ['added', 'split']),
      change('c', ['renamed']),
    ]);
    expect(groups.map(({ kind, changes }) => [kind, changes.map(({ id }) => id)])).toEqual([
      ['added', ['b']],
      ['moved', ['a']],
      ['renamed', ['c']],
    ]);
  });

  it('are drawn as coming, going or changing', () => {
    expect(toneOf(['added', 'split'])).toBe('added');
    expect(toneOf(['removed', 'merged'])).toBe('removed');
    expect(toneOf(['moved'])).toBe('changed');
  });
});

describe('editions', () => {
  const edition = (id: number, effective_from: string): Edition => ({
    id,
    title: '',
    effective_from,
    published_at: effective_from,
    area_count: 1,
  });
  const editions = [
    edition(1, '2026-01-01T00:00:00Z'),
    edition(2, '2026-06-01T00:00:00Z'),
    edition(3, '2026-03-01T00:00:00Z'),
  ];

  it('are in force from their date, the last published before the others', () => {
    const at = (moment: string) => editionAt(editions, Date.parse(moment))?.id ?? null;
    expect(at('2025-12-31T00:00:00Z')).toBeNull();
    expect(at('2026-02-01T00:00:00Z')).toBe(1);
    expect(at('2026-04-01T00:00:00Z')).toBe(3);
    expect(at('2026-07-01T00:00:00Z')).toBe(3);
  });

  it('are exported by an address that says what is wanted', () => {
    const choice = { format: 'kml', crs: 'gcj02', levels: [], area: '', edition: 2 } as const;
    expect(exportAddress(choice)).toBe('/api/v1/export?format=kml&edition=2&crs=gcj02');
    expect(
      exportAddress({ ...choice, format: 'pmtiles', levels: ['grid', 'community'], area: '3208' }),
    ).toBe('/api/v1/export?format=pmtiles&edition=2&level=grid%2Ccommunity&area=3208');
  });
});

describe('places', () => {
  it('have a box around all of them', () => {
    const polygon: GeoJSON.Polygon = { type: 'Polygon', coordinates: square(119, 33, 1) };
    expect(boxOf([null, polygon, { type: 'Point', coordinates: [118, 34.5] }])).toEqual([
      118, 33, 120, 34.5,
    ]);
    expect(boxOf([])).toBeNull();
  });

  it('of several parts are pinned in the largest', () => {
    const parts: GeoJSON.MultiPolygon = {
      type: 'MultiPolygon',
      coordinates: [square(0, 0, 1), square(10, 10, 4)],
    };
    expect(middleOf(parts)).toEqual({ lon: 12, lat: 12 });
  });
});

describe('the scene', () => {
  const area: GeoJSON.Feature = {
    type: 'Feature',
    id: 'a',
    properties: { code: '1', name: '甲', removed: false },
    geometry: { type: 'Polygon', coordinates: square(119, 33, 1) },
  };
  const parts: SceneParts = {
    tab: 'verdict',
    areas: { type: 'FeatureCollection', features: [area] },
    defects: [
      defect('gap', 'warning', { place: { type: 'Polygon', coordinates: square(119, 33, 1) } }),
      defect('self_intersection', 'error', { place: { type: 'Point', coordinates: [119, 33] } }),
      defect('missing_name', 'notice'),
    ],
    chosenDefect: 1,
    chosenArea: null,
    rehearsal: null,
    diff: { changes: [{ id: 'a', kinds: ['added'], made_from: [] }], transfers: [] },
    transfers: null,
    touched: [{ number: 'N1', lon: 119, lat: 33 }],
    picked: [],
    sketch: [
      { lon: 119, lat: 33 },
      { lon: 120, lat: 33 },
    ],
  };

  it('of the verdict has a pin for each defect with a place, and the ground of those with ground', () => {
    const scene = sceneOf(parts);
    expect(scene['draft-pins']?.map(({ properties }) => properties)).toEqual([
      { index: 0, severity: 'warning', chosen: false },
      { index: 1, severity: 'error', chosen: true },
    ]);
    expect(scene['draft-defects']).toHaveLength(1);
    expect(scene['draft-areas']?.[0]?.properties?.tone).toBe('draft');
    expect(scene['draft-names']?.[0]?.geometry).toEqual({
      type: 'Point',
      coordinates: [119.5, 33.5],
    });
  });

  it('of a rehearsal has what would change instead', () => {
    const geometry = area.geometry;
    const rehearsal = {
      draft: {} as never,
      areas: [{ id: 'a', code: '1', before: geometry, after: geometry }],
      mendings: [{ kind: 'fill_gaps' as const, areas: ['a'], place: null }],
    };
    const scene = sceneOf({ ...parts, rehearsal });
    expect(scene['draft-pins']).toEqual([]);
    expect(scene['draft-before']).toHaveLength(1);
    expect(scene['draft-after']).toHaveLength(1);
    expect(scene['draft-mendings']).toEqual([]);
  });

  it('of the changes has tones, and who is touched', () => {
    const scene = sceneOf({ ...parts, tab: 'diff' });
    expect(scene['draft-areas']?.[0]?.properties?.tone).toBe('added');
    expect(scene['draft-touched']?.[0]?.properties).toEqual({ number: 'N1' });
    expect(scene['draft-pins']).toBeUndefined();
  });

  it('of editing has the line with its corners', () => {
    const scene = sceneOf({ ...parts, tab: 'edit' });
    expect(scene['draft-sketch']?.map(({ geometry }) => geometry.type)).toEqual([
      'LineString',
      'Point',
      'Point',
    ]);
  });

  it.each(['light', 'dark'] as const)('is drawn from its own sources in %s', (theme) => {
    const layers = sceneLayers(palettes[theme]);
    const drawn = new Set(layers.map((layer) => ('source' in layer ? layer.source : null)));
    expect([...drawn].sort()).toEqual([...sceneSources].sort());
  });
});
