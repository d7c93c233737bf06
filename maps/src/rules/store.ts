/**
 * The rules in force, and the local version that is being made from them. It lives in the browser
 * until it is saved or given up; what it would have done is rehearsed before it can be saved.
 */
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { ApiError } from '@/api/client';
import { asApiError } from '@/composables';
import { loadRules, type RehearsalScope, rehearseRules, saveRules } from './api';
import { type Change, completeBook, diffBooks, fingerprint, rebase, undoChange } from './book';
import { type Refusal, readRefusal } from './refusals';
import { type Compared, compareRehearsals, totalTimes } from './rehearsal';
import type { KeptRules, Rulebook } from './types';

const draftKey = 'wangge.rules.draft';

/** What a rehearsal showed, and of which rules. */
export interface Shown {
  print: string;
  scope: RehearsalScope;
  lookedAt: number;
  complete: boolean;
  listedAll: boolean;
  rules: Compared[];
}

export const useRules = defineStore('rules', () => {
  const inForce = shallowRef<KeptRules | null>(null);
  const base = shallowRef<KeptRules | null>(null);
  const draft = shallowRef<Rulebook | null>(null);
  const error = shallowRef<ApiError | null>(null);
  /** For the note of a version that takes up an old one. */
  const restoredFrom = shallowRef<number | null>(null);

  const changes = computed<Change[]>(() =>
    base.value && draft.value ? diffBooks(base.value.rules, draft.value) : [],
  );
  /** What others have put into force since the local version was begun. */
  const othersChanges = computed<Change[]>(() =>
    base.value && inForce.value && base.value.version !== inForce.value.version
      ? diffBooks(base.value.rules, inForce.value.rules)
      : [],
  );
  const isBehind = computed(() => base.value?.version !== inForce.value?.version);

  async function load(): Promise<void> {
    error.value = null;
    try {
      inForce.value = await loadRules();
      if (!base.value) takeUpDraft(inForce.value);
      else if (changes.value.length === 0) startFrom(inForce.value);
    } catch (cause) {
      error.value = asApiError(cause);
    }
  }

  function takeUpDraft(current: KeptRules): void {
    const kept = readDraft();
    if (kept) {
      base.value = kept.base.version === current.version ? current : kept.base;
      draft.value = kept.rules;
    } else startFrom(current);
  }

  function startFrom(current: KeptRules): void {
    base.value = current;
    draft.value = current.rules;
    restoredFrom.value = null;
  }

  watch(draft, (rules) => {
    if (!base.value || !rules) return;
    if (changes.value.length === 0) localStorage.removeItem(draftKey);
    else localStorage.setItem(draftKey, JSON.stringify({ base: base.value, rules }));
  });

  function edit(change: (book: Rulebook) => Rulebook): void {
    if (!draft.value) return;
    draft.value = change(draft.value);
    saveError.value = null;
  }

  const undo = (change: Change) => {
    edit((book) => (base.value ? undoChange(book, change, base.value.rules) : book));
    forgetRefusals(change.key);
  };

  function discard(): void {
    if (inForce.value) startFrom(inForce.value);
    refusals.value = [];
    saveError.value = null;
  }

  /** Goes on from what others have put into force, with one's own changes on top. */
  function putOver(): void {
    if (!base.value || !draft.value || !inForce.value) return;
    const over = rebase(base.value.rules, draft.value, inForce.value.rules);
    base.value = inForce.value;
    draft.value = over;
    saveError.value = null;
  }

  function restore(version: KeptRules): void {
    if (!inForce.value) return;
    base.value = inForce.value;
    draft.value = version.rules;
    restoredFrom.value = version.version;
    refusals.value = [];
  }

  const refusals = shallowRef<Refusal[]>([]);
  const forgetRefusals = (id: string) => {
    refusals.value = refusals.value.filter(({ rules }) => !rules.includes(id));
  };

  const rehearsing = shallowRef(false);
  const rehearsalError = shallowRef<ApiError | null>(null);
  const shown = shallowRef<Shown | null>(null);
  const print = computed(() => fingerprint(draft.value));
  /** True when what is on the screen is what these very rules would have done. */
  const isRehearsed = computed(() => shown.value?.print === print.value);

  async function rehearse(scope: RehearsalScope): Promise<void> {
    if (!draft.value || !inForce.value) return;
    const rules = draft.value;
    const current = inForce.value.rules;
    rehearsing.value = true;
    rehearsalError.value = null;
    try {
      const tried = await rehearseRules(rules, scope);
      const now = changes.value.length > 0 ? await rehearseRules(current, scope) : tried;
      refusals.value = [];
      shown.value = {
        print: fingerprint(rules),
        scope,
        lookedAt: tried.looked_at,
        complete: tried.complete,
        listedAll: tried.fires.length === totalTimes(tried),
        rules: compareRehearsals(now, tried),
      };
    } catch (cause) {
      shown.value = null;
      rehearsalError.value = takeRefusals(cause);
    } finally {
      rehearsing.value = false;
    }
  }

  const saving = shallowRef(false);
  const saveError = shallowRef<ApiError | null>(null);

  /** The saved version, or null when it was refused. */
  async function save(note: string): Promise<KeptRules | null> {
    if (!draft.value || !base.value || !isRehearsed.value) return null;
    saving.value = true;
    saveError.value = null;
    try {
      const saved = await saveRules(base.value.version, draft.value, note.trim() || null);
      inForce.value = saved;
      startFrom(saved);
      shown.value = null;
      return saved;
    } catch (cause) {
      saveError.value = takeRefusals(cause);
      if (saveError.value?.code === 'rules_conflict') await load();
      return null;
    } finally {
      saving.value = false;
    }
  }

  /** Refused rules say so at their own place; anything else is returned. */
  function takeRefusals(cause: unknown): ApiError {
    const failure = asApiError(cause);
    const { errors } = failure.problem as { errors?: string[] };
    if (failure.code === 'rules_refused' && errors) refusals.value = errors.map(readRefusal);
    return failure;
  }

  return {
    inForce,
    base,
    draft,
    error,
    restoredFrom,
    changes,
    othersChanges,
    isBehind,
    load,
    edit,
    undo,
    discard,
    putOver,
    restore,
    refusals,
    forgetRefusals,
    rehearsing,
    rehearsalError,
    shown,
    isRehearsed,
    rehearse,
    saving,
    saveError,
    save,
  };
});

/** The local version that was left in this browser, with what it was made from. */
function readDraft(): { base: KeptRules; rules: Rulebook } | null {
  try {
    const kept = JSON.parse(localStorage.getItem(draftKey) ?? 'null');
    if (!kept) return null;
    const base = { ...kept.base, rules: completeBook(kept.base.rules) };
    return { base, rules: completeBook(kept.rules) };
  } catch {
    return null;
  }
}
