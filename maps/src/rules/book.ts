/**
 * A rulebook as a set of items, each with a key of its own. What differs between two books, undoing
 * one difference and laying one's own differences over another's book all come from this.
 */
import type { components } from '@/api/schema';
import {
  type Calendar,
  type EscalationRule,
  type Holiday,
  type MakeUpDay,
  type RoutingRule,
  type Rule,
  type Rulebook,
  type RuleKind,
  ruleKinds,
  type SendingRule,
  type Shift,
  type Span,
  type WeekDay,
  weekDays,
  type Year,
} from './types';

/** What an item of each kind holds. */
export interface Items {
  escalation: EscalationRule;
  routing: RoutingRule;
  sending: SendingRule;
  /** The order in which rules of sending are asked. */
  order: string[];
  summon: number;
  shifts: Shift[];
  hours: Span[];
  make_up_hours: Span[];
  /** Who announced the year's holidays. */
  year: string;
  holiday: Holiday;
  make_up_day: MakeUpDay;
  /** The calendar's own name and zone. */
  calendar: Pick<Calendar, 'code' | 'name_zh' | 'name_en' | 'zone'>;
}

export type ItemKind = keyof Items;

export type Item<K extends ItemKind = ItemKind> = K extends ItemKind
  ? { kind: K; key: string; value: Items[K] }
  : never;

/** One difference: `before` is absent when the item is new, `after` when it is gone. */
export type Change<K extends ItemKind = ItemKind> = K extends ItemKind
  ? { kind: K; key: string; before?: Items[K]; after?: Items[K] }
  : never;

type Sparse = components['schemas']['Rulebook'];

/** Fills in what the contract lets be absent, so that equal books are equal as text. */
export function completeBook(sparse: Sparse): Rulebook {
  const { calendar } = sparse;
  const week = Object.fromEntries(weekDays.map((day) => [day, calendar.week[day] ?? []]));
  const scoped = <T extends { scope?: Rule['scope'] }>(rules: T[] | undefined) =>
    (rules ?? []).map((rule) => ({ ...rule, scope: rule.scope ?? {} }));
  return {
    ...sparse,
    calendar: {
      ...calendar,
      week: week as Calendar['week'],
      make_up_hours: calendar.make_up_hours ?? [],
      years: (calendar.years ?? []).map((year) => ({
        ...year,
        holidays: year.holidays ?? [],
        make_up_days: year.make_up_days ?? [],
      })),
    },
    summon_minutes: sparse.summon_minutes ?? 0,
    shifts: sparse.shifts ?? [],
    escalation: scoped(sparse.escalation),
    routing: scoped(sparse.routing),
    sending: scoped(sparse.sending),
  };
}

/** The same text for the same value, whatever the order of its fields; null is as good as absent. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => {
    if (field === null || typeof field !== 'object' || Array.isArray(field)) return field;
    const entries = Object.entries(field).filter(([, inner]) => inner !== null);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export const isSame = (a: unknown, b: unknown) => fingerprint(a) === fingerprint(b);

/** A rule whose fields that say nothing are left out. */
export function compact<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(
    ([, field]) => field !== null && field !== undefined && field !== '',
  );
  return Object.fromEntries(entries) as T;
}

function itemsOf(book: Rulebook): Item[] {
  const { calendar } = book;
  const { code, name_zh, name_en, zone } = calendar;
  const items: Item[] = ruleKinds.flatMap((kind) =>
    book[kind].map((rule) => ({ kind, key: rule.id, value: rule }) as Item),
  );
  items.push({ kind: 'summon', key: '', value: book.summon_minutes });
  items.push({ kind: 'shifts', key: '', value: book.shifts });
  items.push({ kind: 'calendar', key: '', value: { code, name_zh, name_en, zone } });
  for (const day of weekDays) items.push({ kind: 'hours', key: day, value: calendar.week[day] });
  items.push({ kind: 'make_up_hours', key: '', value: calendar.make_up_hours });
  for (const { year, source, holidays, make_up_days } of calendar.years) {
    items.push({ kind: 'year', key: String(year), value: source });
    for (const value of holidays)
      items.push({ kind: 'holiday', key: `${year}:${value.from}`, value });
    for (const value of make_up_days)
      items.push({ kind: 'make_up_day', key: `${year}:${value.date}`, value });
  }
  return items;
}

const nameOf = ({ kind, key }: { kind: ItemKind; key: string }) => `${kind} ${key}`;
export const sameItem = (a: Change, b: Change) => nameOf(a) === nameOf(b);

/** What is other in `after`, in the order of its parts; what is gone stands last in each. */
export function diffBooks(before: Rulebook, after: Rulebook): Change[] {
  const old = new Map(itemsOf(before).map((item) => [nameOf(item), item]));
  const current = new Map(itemsOf(after).map((item) => [nameOf(item), item]));
  const changes: Change[] = [];
  for (const [name, { kind, key, value }] of current) {
    const was = old.get(name)?.value;
    if (was === undefined || !isSame(was, value))
      changes.push({ kind, key, before: was, after: value } as Change);
  }
  for (const [name, { kind, key, value }] of old) {
    if (!current.has(name)) changes.push({ kind, key, before: value } as Change);
  }
  const order = orderChange(before, after);
  return order ? [...changes, order] : changes;
}

/** Rules that both have, asked in another order. */
function orderChange(before: Rulebook, after: Rulebook): Change<'order'> | null {
  const ids = (book: Rulebook) => book.sending.map(({ id }) => id);
  const [old, current] = [ids(before), ids(after)];
  const oldCommon = old.filter((id) => current.includes(id));
  const currentCommon = current.filter((id) => old.includes(id));
  if (isSame(oldCommon, currentCommon)) return null;
  return { kind: 'order', key: '', before: old, after: current };
}

/** The book with one item as the change's `after` says; `like` tells where it stands in its list. */
export function applyChange(book: Rulebook, change: Change, like: Rulebook): Rulebook {
  const { calendar } = book;
  const inCalendar = (changes: Partial<Calendar>) => ({
    ...book,
    calendar: { ...calendar, ...changes },
  });
  switch (change.kind) {
    case 'escalation':
    case 'routing':
    case 'sending':
      return withRule(book, change.kind, change.key, change.after, like);
    case 'order':
      return { ...book, sending: inOrder(book.sending, change.after ?? []) };
    case 'summon':
      return { ...book, summon_minutes: change.after ?? book.summon_minutes };
    case 'shifts':
      return { ...book, shifts: change.after ?? [] };
    case 'calendar':
      return inCalendar(change.after ?? {});
    case 'hours':
      return inCalendar({
        week: { ...calendar.week, [change.key as WeekDay]: change.after ?? [] },
      });
    case 'make_up_hours':
      return inCalendar({ make_up_hours: change.after ?? [] });
    case 'year':
      return inCalendar({ years: withYear(calendar.years, Number(change.key), change.after) });
    case 'holiday':
    case 'make_up_day':
      return inCalendar({ years: withDay(calendar.years, change) });
  }
}

/** The book with what the change did taken back. */
export const undoChange = (book: Rulebook, change: Change, base: Rulebook) =>
  applyChange(book, { ...change, before: change.after, after: change.before } as Change, base);

/** Lays what `mine` changed of `base` over `theirs`; where both changed the same, mine holds. */
export const rebase = (base: Rulebook, mine: Rulebook, theirs: Rulebook): Rulebook =>
  diffBooks(base, mine).reduce((book, change) => applyChange(book, change, mine), theirs);

function withRule<K extends RuleKind>(
  book: Rulebook,
  kind: K,
  id: string,
  rule: Rule | undefined,
  like: Rulebook,
): Rulebook {
  const rules = book[kind] as Rule[];
  if (!rule) return { ...book, [kind]: rules.filter((known) => known.id !== id) };
  if (rules.some((known) => known.id === id))
    return { ...book, [kind]: rules.map((known) => (known.id === id ? rule : known)) };
  const order = (like[kind] as Rule[]).map((known) => known.id);
  const later = new Set(order.slice(order.indexOf(id) + 1));
  const next = rules.findIndex((known) => later.has(known.id));
  return { ...book, [kind]: rules.toSpliced(next < 0 ? rules.length : next, 0, rule) };
}

/** Sorted as the ids say; a rule that they do not name stays behind the one it followed. */
function inOrder(rules: SendingRule[], ids: readonly string[]): SendingRule[] {
  const named = ids.flatMap((id) => rules.filter((rule) => rule.id === id));
  const queue = [...named];
  return rules.map((rule) => (ids.includes(rule.id) ? (queue.shift() ?? rule) : rule));
}

function withYear(years: Year[], year: number, source: string | undefined): Year[] {
  if (source === undefined) return years.filter((known) => known.year !== year);
  if (years.some((known) => known.year === year))
    return years.map((known) => (known.year === year ? { ...known, source } : known));
  return [...years, { year, source, holidays: [], make_up_days: [] }].sort(
    (a, b) => a.year - b.year,
  );
}

function withDay(years: Year[], change: Change<'holiday'> | Change<'make_up_day'>): Year[] {
  const [text = '', date = ''] = change.key.split(':');
  const year = Number(text);
  const known = years.some((one) => one.year === year);
  const all = known ? years : withYear(years, year, '');
  const changed = all.map((one) => {
    if (one.year !== year) return one;
    if (change.kind === 'holiday') {
      const others = one.holidays.filter(({ from }) => from !== date);
      const holidays = change.after ? [...others, change.after] : others;
      return { ...one, holidays: holidays.sort((a, b) => (a.from < b.from ? -1 : 1)) };
    }
    const others = one.make_up_days.filter((day) => day.date !== date);
    const days = change.after ? [...others, change.after] : others;
    return { ...one, make_up_days: days.sort((a, b) => (a.date < b.date ? -1 : 1)) };
  });
  // A year that only came with its days goes with the last of them.
  return changed.filter(
    ({ source, holidays, make_up_days }) => source || holidays.length + make_up_days.length > 0,
  );
}
