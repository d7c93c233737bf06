import { describe, expect, it } from 'vitest';
import type { Catalogue, Incident, IncidentNotice } from '@/api/types';
import { fieldsOf, filledIn, missingFields, orderActions } from './actions';
import { describeSpan, formatMoment } from './clock';
import { describeChanges } from './conflict';
import { formatArea, formatDistance, parseCoordinates } from './coordinates';
import { applyNotice, putEntry, type Queue, type QueueEntry } from './queue';
import { groupServices } from './search';
import { deadlineStateAt, dueAt, sortByUrgency } from './urgency';

const now = Date.parse('2026-11-22T08:00:00Z');

function entry(id: string, changes: Partial<QueueEntry> = {}): QueueEntry {
  return {
    id,
    number: `2026${id}`,
    version: 1,
    status: 'filed',
    priority: 'normal',
    service: 'city.1',
    lon: 119,
    lat: 33.5,
    areaName: '一网格',
    place: '一网格',
    title: null,
    areas: [],
    people: [],
    text: '',
    deadlineState: 'on_time',
    signBy: null,
    resolveBy: null,
    reportedAt: '2026-11-22T07:00:00Z',
    ...changes,
  };
}

const queueOf = (...entries: QueueEntry[]): Queue =>
  new Map(entries.map((item) => [item.id, item]));

describe('urgency', () => {
  it('puts late first, then warning, then priority, then age', () => {
    const entries = [
      entry('young', { reportedAt: '2026-11-22T07:30:00Z' }),
      entry('old', { reportedAt: '2026-11-22T06:00:00Z' }),
      entry('urgent', { priority: 'urgent' }),
      entry('warned', { priority: 'low', deadlineState: 'warning' }),
      entry('late', { priority: 'low', deadlineState: 'late' }),
    ];
    const order = sortByUrgency(entries, now).map(({ id }) => id);
    expect(order).toEqual(['late', 'warned', 'urgent', 'old', 'young']);
  });

  it('turns late by itself once the deadline has passed', () => {
    const timed = entry('a', { resolveBy: '2026-11-22T07:59:59Z' });
    expect(deadlineStateAt(timed, now)).toBe('late');
    expect(deadlineStateAt(timed, now - 5000)).toBe('on_time');
  });

  it('keeps an untimed case untimed', () => {
    const untimed = entry('a', { deadlineState: 'none', resolveBy: '2026-11-22T07:00:00Z' });
    expect(deadlineStateAt(untimed, now)).toBe('none');
  });

  it('runs the clock of signing only while it waits for that', () => {
    const limits = { signBy: '2026-11-22T08:10:00Z', resolveBy: '2026-11-22T12:00:00Z' };
    expect(dueAt(entry('a', { ...limits, status: 'dispatched' }))).toBe(Date.parse(limits.signBy));
    expect(dueAt(entry('a', { ...limits, status: 'handling' }))).toBe(Date.parse(limits.resolveBy));
  });
});

describe('the queue and the stream', () => {
  const notice: IncidentNotice = {
    id: 'a',
    number: '2026a',
    version: 2,
    status: 'dispatched',
    priority: 'high',
    service: 'city.1',
    lon: 119.1,
    lat: 33.6,
    area: '320812001001001',
    deadline_state: 'on_time',
    action: 'dispatch',
    at: '2026-11-22T08:00:00Z',
  };

  it('shows a case it has not seen', () => {
    const [added] = applyNotice(new Map(), notice).values();
    expect(added).toMatchObject({ id: 'a', status: 'dispatched', reportedAt: notice.at });
  });

  it('keeps what a notice does not carry', () => {
    const after = applyNotice(queueOf(entry('a')), notice);
    expect(after.get('a')).toMatchObject({ version: 2, place: '一网格', priority: 'high' });
    expect(after.get('a')?.reportedAt).toBe('2026-11-22T07:00:00Z');
  });

  it('ignores what is older than what it holds', () => {
    const held = queueOf(entry('a', { version: 3 }));
    expect(applyNotice(held, notice)).toBe(held);
  });

  it('drops a case that was closed', () => {
    expect(applyNotice(queueOf(entry('a')), { ...notice, status: 'closed' }).size).toBe(0);
    expect(putEntry(queueOf(entry('a')), entry('a', { status: 'evaluated' })).size).toBe(0);
  });
});

describe('clocks', () => {
  it.each([
    [0, 'clock.seconds', 0, ''],
    [59_999, 'clock.seconds', 59, ''],
    [-65_000, 'clock.minutes', 1, '05'],
    [3_600_000, 'clock.hours', 1, '00'],
    [86_399_000, 'clock.hours', 23, '59'],
    [90_000_000, 'clock.days', 1, '1'],
  ])('says %d ms in its two largest units', (span, key, major, minor) => {
    expect(describeSpan(span)).toEqual({ key, values: { major, minor } });
  });

  it('names the year only when it is another', () => {
    const at = new Date(2026, 10, 22, 8, 5);
    expect(formatMoment(at.toISOString(), at)).toBe('11-22 08:05');
    expect(formatMoment(at.toISOString(), new Date(2027, 0, 1))).toBe('2026-11-22 08:05');
    expect(formatMoment('nonsense', at)).toBe('—');
  });
});

describe('coordinates', () => {
  it.each([
    ['119.03, 33.6', 119.03, 33.6],
    ['119.03，33.6', 119.03, 33.6],
    ['119.03 33.6', 119.03, 33.6],
    ['33.6, 119.03', 119.03, 33.6],
    ['N33.6 E119.03', 119.03, 33.6],
    ['33.6°N, 119.03°E', 119.03, 33.6],
    ['-70.5, -33.4', -70.5, -33.4],
    ['33.4S 70.5W', -70.5, -33.4],
    ['33°36′N 119°1′48″E', 119.03, 33.6],
  ])('reads %s', (text, lon, lat) => {
    const point = parseCoordinates(text);
    expect(point?.lon).toBeCloseTo(lon, 9);
    expect(point?.lat).toBeCloseTo(lat, 9);
  });

  it.each(['', '淮安区', '320812', '119.03', '119.03,', '200, 95', '1,2,3'])(
    'refuses "%s"',
    (text) => {
      expect(parseCoordinates(text)).toBeNull();
    },
  );

  it('words lengths and areas by their size', () => {
    expect([12.4, 999, 1250, 12_500].map(formatDistance)).toEqual([
      '12 m',
      '999 m',
      '1.3 km',
      '13 km',
    ]);
    expect([850, 250_000, 2.5e7].map(formatArea)).toEqual(['850 m²', '0.25 km²', '25 km²']);
  });
});

describe('actions', () => {
  it('puts those that move the case on first', () => {
    const names = (['reject', 'file', 'self_handle'] as const).map((action) => ({
      action,
      needs: [],
      optional: [],
    }));
    expect(orderActions(names).map(({ action }) => action)).toEqual([
      'file',
      'reject',
      'self_handle',
    ]);
  });

  it('asks needed fields first and by their kind, and unknown ones as text', () => {
    const fields = fieldsOf({ needs: ['until', 'weather'], optional: ['note'] });
    expect(fields).toEqual([
      { key: 'until', kind: 'moment', required: true },
      { key: 'weather', kind: 'text', required: true },
      { key: 'note', kind: 'paragraph', required: false },
    ]);
  });

  it('sends no blanks, and knows what is missing', () => {
    const fields = fieldsOf({ needs: ['accept', 'reason'], optional: [] });
    expect(filledIn({ accept: false, reason: '', until: null })).toEqual({ accept: false });
    expect(missingFields(fields, { accept: false, reason: '' })).toEqual(['reason']);
  });
});

describe('conflicts', () => {
  const incident = (changes: object) =>
    ({
      status: 'filed',
      priority: 'normal',
      service_name: { zh: '路灯不亮', en: 'Street light out' },
      lead: null,
      holder: { name: '中心' },
      deadlines: { resolve_by: null },
      ...changes,
    }) as unknown as Incident;

  it('names what is different, and only that', () => {
    const after = incident({ status: 'dispatched', lead: { assignee: { name: '王建国' } } });
    expect(describeChanges(incident({}), after, 'zh')).toEqual([
      { what: 'status', before: 'filed', after: 'dispatched' },
      { what: 'lead', before: null, after: '王建国' },
    ]);
  });
});

describe('the service catalogue', () => {
  const service = (code: string, group: string, name_zh: string, name_en: string) => ({
    code,
    group,
    name_zh,
    name_en,
    description_zh: '',
    description_en: '',
  });
  const catalogue = {
    groups: [
      { code: 'city', name_zh: '市容环境', name_en: 'City appearance' },
      { code: 'fire', name_zh: '消防隐患', name_en: 'Fire hazards' },
    ],
    items: [
      service('city.light', 'city', '路灯不亮', 'Street light out'),
      service('fire.lane', 'fire', '消防通道堵塞', 'Blocked fire lane'),
    ],
  } as unknown as Catalogue;
  const found = (word: string) =>
    groupServices(catalogue, word).flatMap(({ services }) => services.map(({ code }) => code));

  it.each([
    ['', ['city.light', 'fire.lane']],
    ['路灯', ['city.light']],
    ['LANE', ['fire.lane']],
    ['市容', ['city.light']],
    ['没有', []],
  ])('finds "%s"', (word, codes) => {
    expect(found(word)).toEqual(codes);
  });
});
