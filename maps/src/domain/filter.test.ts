import { describe, expect, it } from 'vitest';
import { type FilterContext, noFilter, parseFilter, passes, printFilter } from './filter';
import { keepPlace, moveCursor } from './place';
import type { QueueEntry } from './queue';
import { parseViews, putView, sameQuery } from './views';

const entry: QueueEntry = {
  id: 'a',
  number: '20261122000001',
  version: 1,
  status: 'filed',
  priority: 'high',
  service: 'pothole',
  lon: 119,
  lat: 33.5,
  areaName: '一网格',
  place: '清江浦区 · 一网格',
  title: null,
  areas: ['32', '3208', '320812'],
  people: ['centre-1', 'worker-1'],
  text: '20261122000001 路面坑洞 健康路 pothole',
  deadlineState: 'on_time',
  signBy: null,
  resolveBy: null,
  reportedAt: '2026-11-22T07:00:00Z',
};
const context: FilterContext = {
  services: new Map([['pothole', { group: 'roads' }]]),
  me: ['worker-1'],
  stateOf: ({ deadlineState }) => deadlineState,
};

describe('a filter', () => {
  it('is an address, and the address is the filter again', () => {
    const filter = parseFilter({
      status: 'filed,dispatched',
      priority: 'urgent',
      group: 'roads',
      in: '320812',
      late: '1',
      mine: '1',
      find: '健康路',
    });
    expect(parseFilter(printFilter(filter))).toEqual(filter);
    expect(printFilter(noFilter)).toEqual({});
  });

  it('takes no word that it does not know', () => {
    expect(parseFilter({ status: 'filed,closed,nonsense', priority: ['high'] })).toEqual({
      ...noFilter,
      status: ['filed'],
    });
  });

  it.each([
    [{ status: 'filed' }, true],
    [{ status: 'dispatched' }, false],
    [{ priority: 'high,urgent' }, true],
    [{ group: 'roads' }, true],
    [{ group: 'noise' }, false],
    [{ service: 'pothole' }, true],
    [{ in: '320812' }, true],
    [{ in: '320813' }, false],
    [{ late: '1' }, false],
    [{ mine: '1' }, true],
    [{ find: '健康路 POTHOLE' }, true],
    [{ find: '健康路 噪声' }, false],
    [{ status: 'filed', priority: 'low' }, false],
  ])('%o of the entry is %s', (query, expected) => {
    expect(passes(entry, parseFilter(query), context)).toBe(expected);
  });

  it('that asks for mine has nothing for somebody who is neither worker nor organisation', () => {
    const nobody = { ...context, me: [] };
    expect(passes(entry, parseFilter({ mine: '1' }), nobody)).toBe(false);
  });
});

describe('the place in the list', () => {
  const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  it('is kept: what is new waits, what is gone is left out, the order stays', () => {
    expect(keepPlace([c, b, a], ['a', 'x', 'b'])).toEqual({ rows: [a, b], waiting: [c] });
    expect(keepPlace([c, a], null)).toEqual({ rows: [c, a], waiting: [] });
  });

  it('moves by one, stays inside, and goes on where a row has gone', () => {
    const ids = ['a', 'b', 'c'];
    expect(moveCursor(ids, { id: null, index: -1 }, 1)).toBe(0);
    expect(moveCursor(ids, { id: 'a', index: 0 }, 1)).toBe(1);
    expect(moveCursor(ids, { id: 'c', index: 2 }, 1)).toBe(2);
    expect(moveCursor(ids, { id: 'gone', index: 1 }, 1)).toBe(1);
    expect(moveCursor(ids, { id: 'gone', index: 1 }, -1)).toBe(0);
    expect(moveCursor([], { id: 'a', index: 0 }, 1)).toBe(-1);
  });
});

describe('saved views', () => {
  it('survive what is not theirs', () => {
    expect(parseViews('not json')).toEqual([]);
    expect(parseViews('{"name":"x"}')).toEqual([]);
    expect(parseViews('[{"name":"x","query":{"late":"1"}},{"name":1},null]')).toEqual([
      { name: 'x', query: { late: '1' } },
    ]);
  });

  it('of the same name replace each other', () => {
    const first = putView([], { name: 'x', query: { late: '1' } });
    expect(putView(first, { name: 'x', query: {} })).toEqual([{ name: 'x', query: {} }]);
    expect(sameQuery({ late: '1' }, { late: '1' })).toBe(true);
    expect(sameQuery({ late: '1' }, { late: '1', mine: '1' })).toBe(false);
  });
});
