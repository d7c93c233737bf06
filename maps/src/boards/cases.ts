/** Lists of a figure's cases: the query that the API gives with each figure, kept in the address. */
import type { Figures, IncidentQuery } from './types';

/** What such a query may hold. An address cannot ask for more, as by somebody's phone number. */
const parameters = [
  'area',
  'without',
  'status',
  'service',
  'source',
  'priority',
  'first_level',
  'since',
  'until',
  'closed_since',
  'closed_until',
  'figure',
  'as_of',
] as const;
export type CaseParameter = (typeof parameters)[number];
export type CaseQuery = Partial<Record<CaseParameter, string>>;

/** The cases of one figure, or of several at once, separated by commas; null when none can be listed. */
export function casesOf({ query }: Pick<Figures, 'query'>, figure: string): string | null {
  if (query === null || query === undefined) return null;
  return figure === 'reported' ? query : `${query}&figure=${figure}`;
}

/** The cases of a hot spot, which come by their identities. */
export const spotCases = (ids: readonly string[]) => `ids=${ids.join(',')}`;

export type Cases = { kind: 'query'; query: CaseQuery } | { kind: 'ids'; ids: string[] };

const identity = /^[0-9a-f-]{36}$/;

export function parseCases(text: string): Cases {
  const given = new URLSearchParams(text);
  const ids = given.get('ids')?.split(',') ?? [];
  if (ids.length > 0) return { kind: 'ids', ids: ids.filter((id) => identity.test(id)) };
  const query: CaseQuery = {};
  for (const name of parameters) {
    const value = given.get(name);
    if (value) query[name] = value;
  }
  return { kind: 'query', query };
}

export const asIncidentQuery = (query: CaseQuery) => query as IncidentQuery;
