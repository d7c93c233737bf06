/** What of the queue is wanted: a filter is an address, and an address is a filter. */
import type { DeadlineState, Priority, Service, Status } from '@/api/types';
import { priorityShapes, statusGlyphs } from '@/design/glyphs';
import { isOpen, type QueueEntry } from './queue';

export interface QueueFilter {
  status: readonly Status[];
  priority: readonly Priority[];
  /** A group of services. */
  group: string | null;
  service: string | null;
  /** Code of an area that it lies in. */
  area: string | null;
  late: boolean;
  mine: boolean;
  text: string;
}

export const noFilter: QueueFilter = {
  status: [],
  priority: [],
  group: null,
  service: null,
  area: null,
  late: false,
  mine: false,
  text: '',
};

export const openStatuses = (Object.keys(statusGlyphs) as Status[]).filter(isOpen);
export const priorities = Object.keys(priorityShapes) as Priority[];

/** The keys of the address that are the filter's; `area` is the selected area there. */
export const filterKeys = [
  'status',
  'priority',
  'group',
  'service',
  'in',
  'late',
  'mine',
  'find',
] as const;

type Query = Partial<Record<(typeof filterKeys)[number], unknown>>;

const textAt = (query: Query, key: keyof Query) => {
  const value = query[key];
  return typeof value === 'string' ? value : '';
};

const knownOf = <T extends string>(list: string, known: readonly T[]) =>
  known.filter((word) => list.split(',').includes(word));

export function parseFilter(query: Query): QueueFilter {
  return {
    status: knownOf(textAt(query, 'status'), openStatuses),
    priority: knownOf(textAt(query, 'priority'), priorities),
    group: textAt(query, 'group') || null,
    service: textAt(query, 'service') || null,
    area: textAt(query, 'in') || null,
    late: textAt(query, 'late') === '1',
    mine: textAt(query, 'mine') === '1',
    text: textAt(query, 'find'),
  };
}

/** What is not asked for is not in the address. */
export function printFilter(filter: QueueFilter): Record<string, string> {
  const query = {
    status: filter.status.join(','),
    priority: filter.priority.join(','),
    group: filter.group ?? '',
    service: filter.service ?? '',
    in: filter.area ?? '',
    late: filter.late ? '1' : '',
    mine: filter.mine ? '1' : '',
    find: filter.text,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

export const isFiltered = (filter: QueueFilter) => Object.keys(printFilter(filter)).length > 0;

export interface FilterContext {
  services: ReadonlyMap<string, Pick<Service, 'group'>>;
  /** Identities that are the viewer's own: the worker, the organisation. */
  me: readonly string[];
  stateOf: (entry: QueueEntry) => DeadlineState;
}

export function passes(entry: QueueEntry, filter: QueueFilter, context: FilterContext): boolean {
  const words = filter.text.trim().toLowerCase().split(/\s+/);
  return (
    (filter.status.length === 0 || filter.status.includes(entry.status)) &&
    (filter.priority.length === 0 || filter.priority.includes(entry.priority)) &&
    (!filter.service || entry.service === filter.service) &&
    (!filter.group || context.services.get(entry.service)?.group === filter.group) &&
    (!filter.area || entry.areas.includes(filter.area)) &&
    (!filter.mine || entry.people.some((id) => context.me.includes(id))) &&
    (!filter.late || context.stateOf(entry) === 'late') &&
    words.every((word) => entry.text.includes(word))
  );
}
