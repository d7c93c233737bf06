/** A board's choice as it stands in the address. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import type { Level, Priority } from '@/api/types';
import { parsePeriod, printPeriod, usualPeriod } from './period';
import type { Choice, Source } from './types';

const priorities: readonly Priority[] = ['urgent', 'high', 'normal', 'low'];
export const sources: readonly Source[] = [
  'resident',
  'worker',
  'hotline',
  'sensor',
  'department',
  'dispatcher',
];
const levels: readonly Level[] = [
  'province',
  'city',
  'county',
  'township',
  'community',
  'grid',
  'microgrid',
];

export const textOf = (query: LocationQuery, key: string) => {
  const value = query[key];
  return typeof value === 'string' && value !== '' ? value : null;
};
const listOf = (query: LocationQuery, key: string) => textOf(query, key)?.split(',') ?? [];
const known = <T extends string>(all: readonly T[], texts: string[]) =>
  all.filter((one) => texts.includes(one));

export function readChoice(area: string | null, query: LocationQuery): Choice {
  return {
    area,
    period: printPeriod(parsePeriod(query.period)),
    time: query.time === 'closed' ? 'closed' : 'reported',
    services: listOf(query, 'service'),
    sources: known(sources, listOf(query, 'source')),
    priorities: known(priorities, listOf(query, 'priority')),
    level: known(levels, listOf(query, 'level'))[0] ?? null,
  };
}

const orNone = (texts: readonly string[]) => (texts.length > 0 ? texts.join(',') : undefined);

/** The address's query; what is as usual is left out. */
export const printChoice = (choice: Choice): LocationQueryRaw => ({
  period: choice.period === usualPeriod ? undefined : choice.period,
  time: choice.time === 'closed' ? 'closed' : undefined,
  service: orNone(choice.services),
  source: orNone(choice.sources),
  priority: orNone(choice.priorities),
  level: choice.level ?? undefined,
});
