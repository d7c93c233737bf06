/** The roster of a community and a week as it is edited, saved, and brought together with others'. */
import { computed, shallowRef, watch } from 'vue';
import type { ApiError } from '@/api/client';
import { asApiError, useLoad } from '@/composables';
import {
  copyRoster,
  countStaffing,
  type LeftOut,
  listPosts,
  loadRoster,
  type Roster,
  saveRoster,
} from '../api';
import { addDays, localToday } from '../formats';
import { compare, type Difference, peopleOf, planOf, rebase, type Turn, turnsOf } from './plan';
import { type Refusal, readRefusals } from './refusals';

export const weekDays = 7;

/** What somebody else saved since the roster was read. */
export interface Conflict {
  theirs: Roster;
  changes: Difference;
}

/** When posts are asked for: now, or the first day of a week that is not this one. */
function momentOf(week: string): string | undefined {
  const today = localToday();
  const isThis = week <= today && today < addDays(week, weekDays);
  return isThis ? undefined : new Date(`${week}T12:00:00`).toISOString();
}

export function useRoster(area: () => string, week: () => string) {
  const key = () => `${area()} ${week()}`;
  const until = () => addDays(week(), weekDays);
  const loaded = useLoad(key, async () => {
    const [roster, posts] = await Promise.all([
      loadRoster(area(), week(), until()),
      listPosts(area(), momentOf(week())),
    ]);
    return { roster, posts };
  });
  /** How the slots stand on each day, by what is saved. */
  const days = useLoad(key, () =>
    Promise.all(
      Array.from({ length: weekDays }, (_, day) =>
        countStaffing({ area: area(), date: addDays(week(), day) }),
      ),
    ),
  );

  const saved = shallowRef<Roster | null>(null);
  const turns = shallowRef<Turn[]>([]);
  const past = shallowRef<Turn[][]>([]);
  const conflict = shallowRef<Conflict | null>(null);
  const refusals = shallowRef<Refusal[]>([]);
  const error = shallowRef<ApiError | null>(null);
  const saving = shallowRef(false);

  function take(roster: Roster, mine: Turn[] = turnsOf(roster.duties)): void {
    saved.value = roster;
    turns.value = mine;
    past.value = [];
    conflict.value = null;
    refusals.value = [];
    error.value = null;
  }
  // What is being planned is not lost because others' news come in: saving tells of a conflict.
  watch(loaded.data, (fresh) => {
    if (!fresh) saved.value = null;
    else if (!dirty.value) take(fresh.roster);
  });

  const base = computed(() => turnsOf(saved.value?.duties ?? []));
  const changes = computed(() => compare(base.value, turns.value));
  const dirty = computed(
    () => saved.value !== null && changes.value.added.length + changes.value.removed.length > 0,
  );
  const people = computed(() =>
    peopleOf(loaded.data.value?.posts ?? [], saved.value?.duties ?? []),
  );

  function change(next: Turn[]): void {
    past.value = [...past.value, turns.value];
    turns.value = next;
  }
  function undo(): void {
    const before = past.value.at(-1);
    if (!before) return;
    past.value = past.value.slice(0, -1);
    turns.value = before;
  }

  async function save(): Promise<boolean> {
    if (!saved.value || saving.value) return false;
    const [of, sent] = [`${area()} ${week()}`, turns.value];
    const isShown = () => of === `${area()} ${week()}`;
    const dates = { from: week(), until: until() };
    saving.value = true;
    error.value = null;
    refusals.value = [];
    try {
      const kept = await saveRoster(area(), dates, {
        version: saved.value.version,
        duties: planOf(sent),
      });
      if (isShown()) {
        // What was changed while it was being saved stays changed.
        take(kept, rebase(sent, turns.value, turnsOf(kept.duties)));
        void days.reload();
      }
      return true;
    } catch (cause) {
      if (isShown()) await explain(asApiError(cause));
      else error.value = asApiError(cause);
      return false;
    } finally {
      saving.value = false;
    }
  }

  async function explain(fault: ApiError): Promise<void> {
    refusals.value = readRefusals((fault.problem as { errors?: unknown }).errors);
    if (refusals.value.length > 0) return;
    if (fault.code !== 'roster_conflict') {
      error.value = fault;
      return;
    }
    try {
      const theirs = await loadRoster(area(), week(), until());
      conflict.value = { theirs, changes: compare(base.value, turnsOf(theirs.duties)) };
    } catch (cause) {
      error.value = asApiError(cause);
    }
  }

  /** After a conflict: what was changed here is done again upon what others saved. */
  function keepMine(): void {
    if (!conflict.value) return;
    const { theirs } = conflict.value;
    take(theirs, rebase(base.value, turns.value, turnsOf(theirs.duties)));
  }
  function takeTheirs(): void {
    if (conflict.value) take(conflict.value.theirs);
  }
  function discard(): void {
    if (saved.value) take(saved.value);
  }

  /** Copies the week to the next, in the place of what `target` says is there. */
  async function copyOn(target: Roster): Promise<LeftOut[]> {
    const answer = await copyRoster(area(), {
      from: addDays(target.from, -weekDays),
      until: target.from,
      to: target.from,
      version: target.version,
    });
    return answer.leftOut;
  }
  const loadNext = () => loadRoster(area(), until(), addDays(until(), weekDays));

  return {
    ready: computed(() => saved.value !== null),
    loadError: loaded.error,
    reload: () => {
      void loaded.reload();
      void days.reload();
    },
    days: days.data,
    saved,
    turns,
    people,
    changes,
    dirty,
    canUndo: computed(() => past.value.length > 0),
    conflict,
    refusals,
    error,
    saving,
    change,
    undo,
    discard,
    save,
    keepMine,
    takeTheirs,
    loadNext,
    copyOn,
  };
}
