/** Periods of a board: how they stand in the address, and which window of time they are. */
import type { Window } from './types';

/** A calendar day, `2026-11-23`. */
export type Day = string;

export const namedPeriods = ['today', '7d', '30d', 'month'] as const;
export type NamedPeriod = (typeof namedPeriods)[number];
export type Period = NamedPeriod | { first: Day; last: Day };

export const usualPeriod: NamedPeriod = '30d';

/** The longest window that figures have. */
export const maxDays = 400;

const dayMs = 86_400_000;
const isDay = (text: string | undefined): text is Day =>
  /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(text ?? ''));

/** `7d`, or `2026-11-01..2026-11-15` with both days included; anything else is the usual period. */
export function parsePeriod(text: unknown): Period {
  if (typeof text !== 'string') return usualPeriod;
  const named = namedPeriods.find((name) => name === text);
  if (named) return named;
  const [first, last, ...rest] = text.split('..');
  if (!isDay(first) || !isDay(last) || rest.length > 0 || last < first) return usualPeriod;
  return { first: later(first, addDays(last, 1 - maxDays)), last };
}

export const printPeriod = (period: Period) =>
  typeof period === 'string' ? period : `${period.first}..${period.last}`;

const later = (a: Day, b: Day): Day => (a < b ? b : a);

export const addDays = (day: Day, count: number): Day =>
  new Date(Date.parse(day) + count * dayMs).toISOString().slice(0, 10);

/** Year, month, day and time of a moment, by the clocks of a zone. */
function readClock(atMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return Date.parse(
    `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`,
  );
}

export const dayOf = (atMs: number, zone: string): Day =>
  new Date(readClock(atMs, zone)).toISOString().slice(0, 10);

/** The moment at which a day begins in a zone. */
export function startOf(day: Day, zone: string): number {
  const wanted = Date.parse(day);
  let atMs = wanted;
  // Twice: the offset at the guess may be another than at midnight, when clocks are changed.
  for (let round = 0; round < 2; round++) atMs -= readClock(atMs, zone) - wanted;
  return atMs;
}

function firstDay(period: NamedPeriod, today: Day): Day {
  if (period === 'today') return today;
  if (period === 'month') return `${today.slice(0, 8)}01`;
  return addDays(today, period === '7d' ? -6 : -29);
}

/** Whole days by the territory's clocks; the last one ends now when it is today. */
export function windowOf(period: Period, nowMs: number, zone: string): Window {
  const today = dayOf(nowMs, zone);
  let from = startOf(typeof period === 'string' ? firstDay(period, today) : period.first, zone);
  let until = nowMs;
  if (typeof period !== 'string') {
    until = Math.min(nowMs, startOf(addDays(period.last, 1), zone));
    // What lies ahead has no figures yet.
    from = Math.min(from, startOf(today, zone));
  }
  // A day that has just begun is at least a second long.
  until = Math.max(until, from + 1000);
  const days = (until - from) / dayMs;
  return {
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    bucket: days <= 2 ? 'hour' : days <= 92 ? 'day' : 'week',
  };
}

const nominalMs = { hour: 3_600_000, day: dayMs, week: 7 * dayMs };
/** Days on which clocks are changed are an hour shorter. */
const clockChangeMs = 3_600_000;

/** True for a stretch that the window cuts off, such as a day that is not over. */
export function isPartial(from: string, until: string, bucket: Window['bucket']): boolean {
  const slackMs = bucket === 'hour' ? 0 : clockChangeMs;
  return Date.parse(until) - Date.parse(from) < nominalMs[bucket] - slackMs;
}
