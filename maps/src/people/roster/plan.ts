/** A roster as it is planned: turns of duty, how they stand in a calendar, and what changes them. */
import type { Slot } from '@/api/types';
import type { Duty, PlannedDuty, Post, Role } from '../api';
import { rolesOf } from '../slots';

/** Somebody who is on duty in a slot of an area for a shift of a date. */
export interface Turn {
  area: string;
  slot: Slot;
  date: string;
  shift: string;
  worker: string;
  standsInFor: string | null;
}

export interface Holding {
  area: string;
  areaName: string;
  slot: Slot;
}

/** A row of the calendar: a worker with the posts held here, none for who only stands in. */
export interface Person {
  id: string;
  name: string;
  role: Role | null;
  onDuty: boolean | null;
  holds: Holding[];
}

/** What a cell shows as one: a shift, for the same absentee, in one or several grids. */
export interface Chip {
  worker: string;
  date: string;
  shift: string;
  standsInFor: string | null;
  turns: Turn[];
}

export const keyOf = ({ area, slot, date, shift, worker }: Turn) =>
  [date, shift, area, slot, worker].join(' ');

const sameTurn = (a: Turn, b: Turn) => keyOf(a) === keyOf(b);
const without = (turns: readonly Turn[], gone: readonly Turn[]) =>
  turns.filter((turn) => !gone.some((other) => sameTurn(turn, other)));
/** Adds turns; one that is there already stays as it is. */
const including = (turns: readonly Turn[], added: readonly Turn[]) => [
  ...turns,
  ...without(added, turns),
];

export const turnsOf = (duties: readonly Duty[]): Turn[] =>
  duties.map(({ area, slot, date, shift, worker, stands_in_for }) => ({
    area,
    slot,
    date,
    shift,
    worker: worker.id,
    standsInFor: stands_in_for?.id ?? null,
  }));

export const planOf = (turns: readonly Turn[]): PlannedDuty[] =>
  turns.map(({ area, slot, date, shift, worker, standsInFor }) => ({
    area,
    slot,
    date,
    shift,
    worker,
    stands_in_for: standsInFor,
  }));

const slotOrder: Record<Slot, number> = { cadre: 0, grid_worker: 1, volunteer: 2 };

/** Everybody who holds a post, by slot and grid; then those whom the roster names besides. */
export function peopleOf(posts: readonly Post[], duties: readonly Duty[]): Person[] {
  const people = new Map<string, Person>();
  const inOrder = [...posts].sort(
    (a, b) => slotOrder[a.slot] - slotOrder[b.slot] || a.area.localeCompare(b.area),
  );
  for (const { worker, area, area_name, slot } of inOrder) {
    const person = people.get(worker.id) ?? {
      id: worker.id,
      name: worker.name,
      role: worker.role,
      onDuty: worker.on_duty,
      holds: [],
    };
    person.holds.push({ area, areaName: area_name ?? area, slot });
    people.set(worker.id, person);
  }
  for (const { worker, stands_in_for } of duties) {
    for (const named of [worker, stands_in_for]) {
      if (named && !people.has(named.id)) {
        people.set(named.id, {
          id: named.id,
          name: named.name,
          role: null,
          onDuty: null,
          holds: [],
        });
      }
    }
  }
  return [...people.values()];
}

/** What areas are called, also microgrids in which somebody holds a post. */
export const areaNames = (
  people: readonly Person[],
  grids: readonly { code: string; name: string }[],
): ReadonlyMap<string, string> =>
  new Map([
    ...grids.map(({ code, name }): [string, string] => [code, name]),
    ...people.flatMap(({ holds }) =>
      holds.map(({ area, areaName }): [string, string] => [area, areaName]),
    ),
  ]);

/** A worker's turns of a date as chips, in the order of the shifts. */
export function chipsOf(
  turns: readonly Turn[],
  worker: string,
  date: string,
  shifts: readonly string[],
): Chip[] {
  const chips = new Map<string, Chip>();
  for (const turn of turns) {
    if (turn.worker !== worker || turn.date !== date) continue;
    const { shift, standsInFor } = turn;
    const key = `${shift} ${standsInFor ?? ''}`;
    const chip = chips.get(key) ?? { worker, date, shift, standsInFor, turns: [] };
    chip.turns.push(turn);
    chips.set(key, chip);
  }
  return [...chips.values()].sort((a, b) => shifts.indexOf(a.shift) - shifts.indexOf(b.shift));
}

/** A shift in all the posts that a person holds here. */
export function addShift(
  turns: readonly Turn[],
  person: Person,
  date: string,
  shift: string,
): Turn[] {
  const added = person.holds.map(({ area, slot }) => ({
    area,
    slot,
    date,
    shift,
    worker: person.id,
    standsInFor: null,
  }));
  return including(turns, added);
}

/** Gives the shift when it is not given, and takes it back when it is. */
export function toggleShift(
  turns: readonly Turn[],
  person: Person,
  date: string,
  shift: string,
): Turn[] {
  const given = turns.filter(
    (turn) => turn.worker === person.id && turn.date === date && turn.shift === shift,
  );
  return given.length > 0 ? without(turns, given) : addShift(turns, person, date, shift);
}

export const removeTurns = without;

const canTake = (person: Person, slot: Slot) =>
  person.role === null || rolesOf[slot].includes(person.role);

/**
 * Hands turns to a person, on another date if one is given. In a post that is not theirs they stand
 * in for who should be there. Null when their role takes none of the slots.
 */
export function handOver(
  turns: readonly Turn[],
  chip: Chip,
  to: Person,
  date: string = chip.date,
): Turn[] | null {
  const taken = chip.turns.filter(({ slot }) => canTake(to, slot));
  if (taken.length === 0) return null;
  const moved = taken.map((turn) => {
    const absent = turn.standsInFor ?? turn.worker;
    const own = to.id === absent || to.holds.some((held) => isPost(held, turn));
    return { ...turn, date, worker: to.id, standsInFor: own ? null : absent };
  });
  return including(without(turns, taken), moved);
}

const isPost = (held: Holding, { area, slot }: Pick<Turn, 'area' | 'slot'>) =>
  held.area === area && held.slot === slot;

/** A post that a person may be put on duty in, and for whom. */
export interface Opening extends Holding {
  /** `area slot absentee`, to be chosen by. */
  key: string;
  kind: 'own' | 'stand_in' | 'vacant';
  standsInFor: Person | null;
}

/** Their own posts, those that nobody holds, and those in which they could stand in. */
export function openingsFor(
  person: Person,
  people: readonly Person[],
  grids: readonly { code: string; name: string }[],
): Opening[] {
  const open = (held: Holding, kind: Opening['kind'], absent: Person | null): Opening => ({
    ...held,
    kind,
    standsInFor: absent,
    key: `${held.area} ${held.slot} ${absent?.id ?? ''}`,
  });
  const own = person.holds.map((held) => open(held, 'own', null));
  const slots = (Object.keys(rolesOf) as Slot[]).filter((slot) => canTake(person, slot));
  const vacant = grids.flatMap(({ code, name }) =>
    slots
      .filter((slot) =>
        people.every(({ holds }) => !holds.some((held) => isPost(held, { area: code, slot }))),
      )
      .map((slot) => open({ area: code, areaName: name, slot }, 'vacant', null)),
  );
  const others = people
    .filter(({ id }) => id !== person.id)
    .flatMap((other) =>
      other.holds
        .filter(
          (held) => slots.includes(held.slot) && !person.holds.some((mine) => isPost(mine, held)),
        )
        .map((held) => open(held, 'stand_in', other)),
    );
  return [...own, ...vacant, ...others];
}

export const openingOf = ({ area, slot, standsInFor }: Turn) =>
  `${area} ${slot} ${standsInFor ?? ''}`;

/** A cell's shift is exactly in these openings. */
export function setOpenings(
  turns: readonly Turn[],
  cell: { worker: string; date: string; shift: string },
  openings: readonly Opening[],
): Turn[] {
  const before = turns.filter(
    (turn) => turn.worker === cell.worker && turn.date === cell.date && turn.shift === cell.shift,
  );
  const after = openings.map(({ area, slot, standsInFor }) => ({
    ...cell,
    area,
    slot,
    standsInFor: standsInFor?.id ?? null,
  }));
  return including(without(turns, before), after);
}

export interface Difference {
  added: Turn[];
  removed: Turn[];
}

const contains = (turns: readonly Turn[], wanted: Turn) =>
  turns.some((turn) => sameTurn(turn, wanted) && turn.standsInFor === wanted.standsInFor);

export function compare(before: readonly Turn[], after: readonly Turn[]): Difference {
  return {
    added: after.filter((turn) => !contains(before, turn)),
    removed: before.filter((turn) => !contains(after, turn)),
  };
}

/** What was changed here, done again upon what somebody else has saved meanwhile. */
export function rebase(
  before: readonly Turn[],
  mine: readonly Turn[],
  theirs: readonly Turn[],
): Turn[] {
  const { added, removed } = compare(before, mine);
  return including(without(theirs, removed), added);
}
