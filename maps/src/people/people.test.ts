import { describe, expect, it } from 'vitest';
import type { AreaCount, Duty, Post, SlotStaffing } from './api';
import { addDays, isDate, weekOf } from './formats';
import { readFault } from './organisations/faults';
import { areaFeatures, countGrids, labelFeatures } from './posts/map';
import {
  addShift,
  type Chip,
  chipsOf,
  compare,
  handOver,
  openingsFor,
  type Person,
  peopleOf,
  rebase,
  setOpenings,
  type Turn,
  toggleShift,
} from './roster/plan';
import { readRefusals } from './roster/refusals';
import { groupByGrid } from './slots';
import { sortBy } from './sorting';
import { boxAround, endFeatures, groundFeatures } from './worker/day';

const person = (id: string, role: Person['role'], ...areas: string[]): Person => ({
  id,
  name: id,
  role,
  onDuty: true,
  holds: areas.map((area) => ({
    area,
    areaName: area,
    slot: role === 'cadre' ? 'cadre' : 'grid_worker',
  })),
});
const cadre = person('cadre', 'cadre', 'g1', 'g2');
const first = person('first', 'full_time', 'g1');
const second = person('second', 'full_time', 'g2');
const turn = (fields: Partial<Turn> = {}): Turn => ({
  area: 'g1',
  slot: 'grid_worker',
  date: '2026-11-23',
  shift: 'day',
  worker: 'first',
  standsInFor: null,
  ...fields,
});
const chip = (...turns: Turn[]): Chip => ({
  worker: turns[0]?.worker ?? '',
  date: turns[0]?.date ?? '',
  shift: turns[0]?.shift ?? '',
  standsInFor: turns[0]?.standsInFor ?? null,
  turns,
});

describe('a roster', () => {
  it('gives a shift in all posts, and takes all of it back', () => {
    const given = toggleShift([], cadre, '2026-11-23', 'day');
    expect(given.map(({ area }) => area)).toEqual(['g1', 'g2']);
    expect(toggleShift(given, cadre, '2026-11-23', 'day')).toEqual([]);
  });

  it('gives nothing twice', () => {
    const given = addShift([], first, '2026-11-23', 'day');
    expect(addShift(given, first, '2026-11-23', 'day')).toEqual(given);
  });

  it('shows several grids of a shift as one chip, stand-ins apart', () => {
    const turns = [
      turn({ shift: 'night' }),
      turn(),
      turn({ area: 'g2' }),
      turn({ area: 'g3', standsInFor: 'second' }),
      turn({ worker: 'second' }),
      turn({ date: '2026-11-24' }),
    ];
    const chips = chipsOf(turns, 'first', '2026-11-23', ['day', 'night']);
    expect(
      chips.map(({ shift, standsInFor, turns: its }) => [shift, standsInFor, its.length]),
    ).toEqual([
      ['day', null, 2],
      ['day', 'second', 1],
      ['night', null, 1],
    ]);
  });

  it('moves a turn to another date of the same worker', () => {
    const moved = handOver([turn()], chip(turn()), first, '2026-11-25');
    expect(moved).toEqual([turn({ date: '2026-11-25' })]);
  });

  it('lets whoever takes a turn stand in for who should be there', () => {
    const moved = handOver([turn()], chip(turn()), second);
    expect(moved).toEqual([turn({ worker: 'second', standsInFor: 'first' })]);
    const again = handOver(moved ?? [], chip(...(moved ?? [])), person('third', 'micro'));
    expect(again).toEqual([turn({ worker: 'third', standsInFor: 'first' })]);
    expect(handOver(again ?? [], chip(...(again ?? [])), first)).toEqual([turn()]);
  });

  it('hands nothing to whose role does not take the slot', () => {
    expect(handOver([turn()], chip(turn()), cadre)).toBeNull();
  });

  it('offers own posts, vacant ones and those of others', () => {
    const grids = ['g1', 'g2', 'g3'].map((code) => ({ code, name: code }));
    const openings = openingsFor(first, [cadre, first, second], grids);
    expect(openings.map(({ kind, area, slot }) => [kind, area, slot])).toEqual([
      ['own', 'g1', 'grid_worker'],
      ['vacant', 'g3', 'grid_worker'],
      ['stand_in', 'g2', 'grid_worker'],
    ]);
    const cell = { worker: 'first', date: '2026-11-23', shift: 'day' };
    const set = setOpenings([turn({ shift: 'night' }), turn()], cell, openings.slice(1));
    expect(set).toEqual([
      turn({ shift: 'night' }),
      turn({ area: 'g3' }),
      turn({ area: 'g2', standsInFor: 'second' }),
    ]);
  });

  it('keeps what was changed here upon what another saved', () => {
    const before = [turn(), turn({ area: 'g2', worker: 'second' })];
    const mine = [turn({ area: 'g2', worker: 'second' }), turn({ shift: 'night' })];
    const theirs = [...before, turn({ date: '2026-11-24' })];
    expect(compare(before, mine)).toEqual({ added: [turn({ shift: 'night' })], removed: [turn()] });
    expect(rebase(before, mine, theirs)).toEqual([
      turn({ area: 'g2', worker: 'second' }),
      turn({ date: '2026-11-24' }),
      turn({ shift: 'night' }),
    ]);
  });

  it('lists holders by slot and grid, then who is only named by a duty', () => {
    const worker = (id: string, role: string) => ({ id, name: id, role, on_duty: true });
    const posts = [
      { area: 'g2', slot: 'grid_worker', worker: worker('second', 'full_time') },
      { area: 'g1', slot: 'grid_worker', worker: worker('first', 'full_time') },
      { area: 'g1', slot: 'cadre', worker: worker('cadre', 'cadre') },
      { area: 'g2', slot: 'cadre', worker: worker('cadre', 'cadre') },
    ] as Post[];
    const duties = [
      { worker: { id: 'third', name: 'third' }, stands_in_for: { id: 'first', name: 'first' } },
    ] as Duty[];
    const people = peopleOf(posts, duties);
    expect(people.map(({ id }) => id)).toEqual(['cadre', 'first', 'second', 'third']);
    expect(people[0]?.holds.map(({ area }) => area)).toEqual(['g1', 'g2']);
  });
});

describe('refusals', () => {
  it('are read out of what the server says', () => {
    const errors = [
      '2026-11-24 day, grid_worker of 320803001005002, worker 01a2: others hold the post then; say for whom the worker stands in',
    ];
    expect(readRefusals(errors)).toMatchObject([
      { date: '2026-11-24', shift: 'day', worker: '01a2', key: 'people.refused.forWhom' },
    ]);
    expect(readRefusals('no list')).toEqual([]);
  });
});

describe('faults of endpoints', () => {
  it('are worded where they are known', () => {
    expect(readFault('it could not be reached: Connection refused')).toEqual({
      key: 'people.fault.unreachable',
      values: { what: 'Connection refused' },
    });
    expect(readFault('something else')).toBeNull();
  });
});

describe('dates', () => {
  it('are counted in weeks that begin on a Monday', () => {
    expect(weekOf('2026-11-23')).toBe('2026-11-23');
    expect(weekOf('2026-11-29')).toBe('2026-11-23');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(isDate('2026-02-31x')).toBe(false);
    expect(isDate('2026-13-01')).toBe(false);
  });
});

describe('a day on the map', () => {
  it('is shown with its surroundings', () => {
    const box = boxAround([[119, 33]]);
    expect(box?.[0]).toBeLessThan(119);
    expect(box?.[3]).toBeGreaterThan(33);
    expect(boxAround([])).toBeNull();
  });

  it('has a beginning and an end, or one place', () => {
    const texts = (count: number) =>
      endFeatures(
        [
          [1, 1],
          [2, 2],
          [3, 3],
        ].slice(0, count),
        ['start', 'last'],
      ).map(({ properties }) => properties?.text);
    expect(texts(3)).toEqual(['start', 'last']);
    expect(texts(1)).toEqual(['start']);
    expect(texts(0)).toEqual([]);
  });

  it('marks the grids of the visits', () => {
    const layer = {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { code: '1' }, geometry: null }],
    } as unknown as GeoJSON.FeatureCollection;
    const visited = (codes: string[]) =>
      groundFeatures(layer, new Set(codes)).map(({ properties }) => properties.visited);
    expect(visited(['1'])).toEqual([true]);
    expect(visited([])).toEqual([false]);
  });
});

describe('tables', () => {
  it('put what is not known last, either way', () => {
    const values = [{ v: 1 }, { v: null }, { v: 3 }];
    const sorted = (down: boolean) =>
      sortBy(values, { by: 'v', down }, (item) => item.v).map(({ v }) => v);
    expect(sorted(true)).toEqual([3, 1, null]);
    expect(sorted(false)).toEqual([1, 3, null]);
  });
});

const ref = (code: string) => ({ code, name: `第${code}`, level: 'grid' as const });
const staffing = (code: string, slot: SlotStaffing['slot'], state: SlotStaffing['state']) =>
  ({ area: ref(code), slot, state, filled_by: [] }) as SlotStaffing;

describe('staffing', () => {
  it('is grouped by grid and slot', () => {
    const [grid, ...more] = groupByGrid([
      staffing('1', 'cadre', 'filled'),
      staffing('1', 'volunteer', 'vacant'),
    ]);
    expect(more).toEqual([]);
    expect(grid?.bySlot.volunteer.map(({ state }) => state)).toEqual(['vacant']);
    expect(grid?.bySlot.grid_worker).toEqual([]);
  });

  it('is counted by grid below the areas that are shown', () => {
    const layer = {
      type: 'FeatureCollection',
      features: [
        { type: 'Feature', properties: { code: '1', name: '第1', parent: 'c' }, geometry: null },
        {
          type: 'Feature',
          properties: { code: '2', name: '第2', parent: 'other' },
          geometry: null,
        },
      ],
    } as unknown as GeoJSON.FeatureCollection;
    const items = [
      staffing('1', 'cadre', 'vacant'),
      staffing('1', 'cadre', 'vacant'),
      staffing('1', 'volunteer', 'double'),
    ];
    expect(countGrids(layer, new Set(['c']), items)).toEqual([
      { area: ref('1'), grids: 1, slots: 3, vacant: 1, double: 1 },
    ]);
  });

  it('is drawn where it was counted, with the empty slots of a grid by name', () => {
    const layer = {
      type: 'FeatureCollection',
      features: ['1', '2'].map((code) => ({
        type: 'Feature',
        properties: { code },
        geometry: { type: 'Point', coordinates: [0, 0] },
      })),
    } as GeoJSON.FeatureCollection;
    const counts = [{ area: ref('1'), grids: 1, slots: 3, vacant: 1, double: 1 }] as AreaCount[];
    expect(areaFeatures(layer, counts, '1').map(({ properties }) => properties)).toEqual([
      { code: '1', name: '第1', share: 1 / 3, marked: true, selected: true },
    ]);
    const words = { vacant: String, double: (count: number) => `${count} double`, empty: String };
    const labels = labelFeatures(layer, counts, [staffing('1', 'cadre', 'vacant')], words);
    expect(labels.map(({ properties }) => [properties?.text, properties?.near])).toEqual([
      ['cadre\n1 double', '第1\ncadre\n1 double'],
    ]);
  });
});
