/** A board's figures, kept current. */
import { computed, ref, watch } from 'vue';
import { useLoad, useNow } from '@/composables';
import { loadBoard } from './board';
import { isStale, useRefresh } from './refresh';
import type { Choice } from './types';

const clockStepMs = 5000;

/** `mend` tries again what must be known before the choice is. */
export function useBoard(choice: () => Choice | null, mend: () => Promise<unknown>) {
  // As text, so that only another choice, not another address, loads anew.
  const key = () => {
    const chosen = choice();
    return chosen && JSON.stringify(chosen);
  };
  const figures = useLoad(key, (text) => loadBoard(JSON.parse(text)));
  const { data: board, error } = figures;
  const loadedAt = ref<number | null>(null);
  watch(board, (fresh) => {
    loadedAt.value = fresh && Date.now();
  });

  async function reload(): Promise<void> {
    await mend();
    await figures.reload();
  }
  useRefresh(reload, () => error.value !== null || key() === null);

  const now = useNow(clockStepMs);
  const stale = computed(() => isStale(loadedAt.value, now.value));
  return { board, error, reload, loadedAt, stale, now };
}
