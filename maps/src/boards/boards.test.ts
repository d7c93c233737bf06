import { describe, expect, it } from 'vitest';
import { palettes } from '@/design/tokens';
import { barsByCount, barsOfLocal, byStatusOrder } from './bars';
import { casesOf, parseCases, spotCases } from './cases';
import { printChoice, readChoice } from './choice';
import { mix, shadeColours, shadeFeatures, zoomToFit } from './choropleth';
import { type Row, rowsOf, shadeOf, shadesOf, sortRows } from './comparison';
import { countOf, formatShare, notLocal, shortenSpan } from './figures';
import { addDays, dayOf, isPartial, parsePeriod, printPeriod, startOf, windowOf } from './period';
import { isStale, pauseAfter, usualMs } from './refresh';
import { labelStride, niceTicks } from './scale';
import type { Board, Figures, Group } from './types';

const shanghai = 'Asia/Shanghai';
/** 12:38 in Shanghai. */
const noon = Date.parse('2026-11-23T04:38:57Z');

const group = (key: string | null, cases: Record<string, number>, share: number | null = null) =>
  ({
    key,
    name: key && `Area ${key}`,
    query: `area=${key}`,
    cases,
    times: {},
    shares: { local: share },
    response: {},
    resolution: {},
  }) as Group;

describe('periods', () => {
  it('stand in the address and come back from it', () => {
    for (const text of ['today', '7d', '30d', 'month', '2026-11-01..2026-11-15']) {
      expect(printPeriod(parsePeriod(text))).toBe(text);
    }
  });

  it('are the usual one where the address makes no sense', () => {
    for (const text of [undefined, '', '8d', '2026-11-15..2026-11-01', '2026-13-01..2026-14-01']) {
      expect(parsePeriod(text)).toBe('30d');
    }
  });

  it('never exceed what figures are counted over', () => {
    expect(parsePeriod('2020-01-01..2026-11-15')).toEqual({
      first: addDays('2026-11-15', -399),
      last: '2026-11-15',
    });
  });

  it('begin at midnight by the clocks of the territory', () => {
    expect(new Date(startOf('2026-11-23', shanghai)).toISOString()).toBe(
      '2026-11-22T16:00:00.000Z',
    );
    // Clocks were put forward at two that night, and had been back in winter.
    expect(new Date(startOf('2026-03-29', 'Europe/Berlin')).toISOString()).toBe(
      '2026-03-28T23:00:00.000Z',
    );
    expect(new Date(startOf('2026-03-30', 'Europe/Berlin')).toISOString()).toBe(
      '2026-03-29T22:00:00.000Z',
    );
    expect(dayOf(Date.parse('2026-11-22T16:00:00Z'), shanghai)).toBe('2026-11-23');
  });

  it('are windows of whole days up to now', () => {
    const from = (text: string) => windowOf(parsePeriod(text), noon, shanghai).from;
    expect(from('today')).toBe('2026-11-22T16:00:00.000Z');
    expect(from('7d')).toBe('2026-11-16T16:00:00.000Z');
    expect(from('month')).toBe('2026-10-31T16:00:00.000Z');
    expect(windowOf('30d', noon, shanghai)).toEqual({
      from: '2026-10-24T16:00:00.000Z',
      until: '2026-11-23T04:38:57.000Z',
      bucket: 'day',
    });
  });

  it('end with their last day, or now', () => {
    const until = (text: string) => windowOf(parsePeriod(text), noon, shanghai).until;
    expect(until('2026-11-01..2026-11-02')).toBe('2026-11-02T16:00:00.000Z');
    expect(until('2026-11-01..2026-12-31')).toBe('2026-11-23T04:38:57.000Z');
    const ahead = windowOf(parsePeriod('2026-12-01..2026-12-31'), noon, shanghai);
    expect(Date.parse(ahead.from)).toBeLessThan(Date.parse(ahead.until));
  });

  it('are told apart by hours, days or weeks', () => {
    const bucket = (text: string) => windowOf(parsePeriod(text), noon, shanghai).bucket;
    expect(bucket('today')).toBe('hour');
    expect(bucket('30d')).toBe('day');
    expect(bucket('2026-01-01..2026-11-15')).toBe('week');
  });

  it('know a stretch that is cut off from a day on which clocks are changed', () => {
    expect(isPartial('2026-11-22T16:00:00Z', '2026-11-23T04:38:57Z', 'day')).toBe(true);
    expect(isPartial('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 'day')).toBe(false);
  });
});

describe('choices', () => {
  it('come back from the address that they are printed to', () => {
    const query = {
      period: '7d',
      time: 'closed',
      service: 'a,b',
      source: 'resident,hotline',
      priority: 'high',
      level: 'township',
    };
    expect(printChoice(readChoice('3208', query))).toEqual(query);
  });

  it('leave out of the address what is as usual, and what is unknown', () => {
    const printed = printChoice(readChoice(null, { source: 'nobody', level: 'planet' }));
    expect(Object.values(printed).filter((value) => value !== undefined)).toEqual([]);
  });
});

describe('cases', () => {
  it('of a figure are listed by the query that counts it', () => {
    expect(casesOf({ query: 'area=32&since=x' }, 'open,late')).toBe(
      'area=32&since=x&figure=open,late',
    );
    expect(casesOf({ query: 'area=32' }, 'reported')).toBe('area=32');
    expect(casesOf({ query: null }, 'open')).toBeNull();
  });

  it('cannot be asked for by phone through an address', () => {
    expect(parseCases('area=32&phone=13800000000&q=x&figure=late')).toEqual({
      kind: 'query',
      query: { area: '32', figure: 'late' },
    });
  });

  it('of a hot spot come by their identities alone', () => {
    const id = '01a206aa-8c10-7a5b-a750-a7dc6c20ffe0';
    expect(parseCases(spotCases([id, '../session']))).toEqual({ kind: 'ids', ids: [id] });
  });
});

describe('figures', () => {
  it('never read as a target that is not reached', () => {
    expect(formatShare(0.9499, 'en')).toBe('94.9%');
    expect(formatShare(0.95, 'en')).toBe('95.0%');
    expect(formatShare(0.29, 'en')).toBe('29.0%');
  });

  it('count what was settled elsewhere as what the two figures share', () => {
    expect(countOf({ cases: { resolved: 10, local: 7 } }, notLocal)).toBe(3);
  });

  it('tell a span in its largest unit', () => {
    expect(shortenSpan(1617)).toEqual({ unit: 'minutes', count: 27 });
    expect(shortenSpan(4266)).toEqual({ unit: 'hours', count: 1.2 });
    expect(shortenSpan(348_607)).toEqual({ unit: 'days', count: 4 });
  });
});

describe('bars', () => {
  const named = ({ key }: Group) => String(key);

  it('stand by their length, or by the order of work', () => {
    const groups = [group('closed', { reported: 5 }), group('filed', { reported: 9 })];
    const bars = barsByCount(groups, named, String);
    expect(bars.map(({ key }) => key)).toEqual(['filed', 'closed']);
    expect(byStatusOrder([...bars].reverse()).map(({ key }) => key)).toEqual(['filed', 'closed']);
  });

  it('of what was settled locally leave out levels that settled nothing', () => {
    const groups = [
      group('township', { resolved: 20, local: 18 }, 0.9),
      group('county', { resolved: 0, local: 0 }),
    ];
    expect(barsOfLocal(groups, named, String)).toMatchObject([{ part: '18/20', alert: true }]);
  });
});

describe('the comparison', () => {
  const board = {
    now: {
      breakdowns: [{ by: 'area', groups: [group('a', { open: 4 }), group('b', { open: 1 })] }],
    },
    period: {
      breakdowns: [
        {
          by: 'area',
          groups: [
            group('a', { reported: 5 }, 0.9),
            group('b', { reported: 8 }),
            group(null, { reported: 2 }, 1),
          ],
        },
      ],
    },
  } as unknown as Board;
  const rows = rowsOf(board);
  const codes = (sorted: readonly Row[]) => sorted.map(({ code }) => code);

  it('takes what is open now from all that is open, the rest from the period', () => {
    expect(rows[0]?.cells.open.value).toBe(4);
    expect(rows[0]?.cells.reported.value).toBe(5);
    expect(rows[2]?.cells.open.figures).toBeNull();
  });

  it('sorts by any column, and puts last what has no value', () => {
    expect(codes(sortRows(rows, { by: 'reported', descending: true }, 'en'))).toEqual([
      'b',
      'a',
      null,
    ]);
    expect(codes(sortRows(rows, { by: 'local', descending: false }, 'en'))).toEqual([
      'a',
      null,
      'b',
    ]);
    expect(codes(sortRows(rows, { by: 'local', descending: true }, 'en'))).toEqual([
      null,
      'a',
      'b',
    ]);
  });

  it('shades about as many areas alike, however far one of them is away', () => {
    const shades = shadesOf([91, 0, 95, 92, null, 93]);
    expect(shades.edges).toEqual([0, 91, 92, 93, 95]);
    expect([0, 91, 91.5, 95].map((value) => shadeOf(shades, value))).toEqual([0, 1, 1, 4]);
    const few = shadesOf([1, 1, 1, 9]);
    expect([1, 9].map((value) => shadeOf(few, value))).toEqual([0, 4]);
    expect(shadesOf([3, 3]).edges).toEqual([3]);
    expect(shadesOf([null]).edges).toEqual([]);
  });
});

describe('the map', () => {
  it('mixes shades between two tokens', () => {
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
    const shades = shadeColours(palettes.light);
    expect(shades[0]).toBe(palettes.light.primarySoft);
    expect(shades.at(-1)).toBe(palettes.light.primary);
  });

  it('draws only what is compared', () => {
    const feature = (code: string): GeoJSON.Feature => ({
      type: 'Feature',
      properties: { code },
      geometry: { type: 'Point', coordinates: [0, 0] },
    });
    const collection: GeoJSON.FeatureCollection = {
      type: 'FeatureCollection',
      features: [feature('a'), feature('z')],
    };
    const shaded = new Map([['a', { shade: 2, text: '3', short: false }]]);
    expect(shadeFeatures(collection, shaded).map(({ properties }) => properties)).toEqual([
      { code: 'a', shade: 2, text: '3', short: false },
    ]);
  });

  it('asks for borders as fine as a box is shown', () => {
    expect(zoomToFit([-180, -85, 180, 85], 512)).toBe(0);
    expect(zoomToFit([118.2, 32.7, 119.6, 34.1], 1600)).toBe(10);
    expect(zoomToFit([119, 33, 119, 33], 1600)).toBe(16);
  });
});

describe('charts', () => {
  it('mark round numbers up to the highest', () => {
    expect(niceTicks(139, 4)).toEqual([0, 50, 100, 150]);
    expect(niceTicks(0, 4)).toEqual([0, 1]);
    expect(niceTicks(3, 4)).toEqual([0, 1, 2, 3]);
  });

  it('leave out labels that have no room', () => {
    expect(labelStride(31, 620, 40)).toBe(2);
    expect(labelStride(5, 620, 40)).toBe(1);
  });
});

describe('refreshing', () => {
  it('follows news after a rest, and comes by itself in any case', () => {
    expect(pauseAfter({ tookMs: 100, failed: false }, true)).toBe(5000);
    expect(pauseAfter({ tookMs: 100, failed: false }, false)).toBe(usualMs);
  });

  it('rests ten times as long as counting took', () => {
    expect(pauseAfter({ tookMs: 9000, failed: false }, true)).toBe(90_000);
  });

  it('tries again soon after a failure', () => {
    expect(pauseAfter({ tookMs: 100, failed: true }, false)).toBe(10_000);
  });

  it('is out of date when it has not succeeded for long', () => {
    expect(isStale(null, noon)).toBe(false);
    expect(isStale(noon - usualMs, noon)).toBe(false);
    expect(isStale(noon - 3 * usualMs, noon)).toBe(true);
  });
});

describe('a figure', () => {
  it('that the server does not know counts nothing', () => {
    expect(countOf({ cases: {} } as Pick<Figures, 'cases'>, 'open')).toBe(0);
  });
});
