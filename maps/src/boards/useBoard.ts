/** A board's figures, kept current. */
import { computed, ref, watch } from 'vue';
import { useLoad, useNow } from '@/composables';
import { loadBoard } from './board';
import { isStale, useRefresh } from './refresh';
import type { Choice } from './types';

const clockStepMs = 5000;

export function useBoard(choice: () => Choice | null) {
  // As text, so that only another choice, not another address, loads anew.
  const key = () => {
    const chosen = choice();
    return chosen && JSON.stringify(chosen);
  };
  const { data: board, error, reload } = useLoad(key, (text) => loadBoard(JSON.parse(text)));
  const loadedAt = ref<number | null>(null);
  watch(board, (fresh) => {
    loadedAt.value = fresh && Date.now();
  });
  useRefresh(reload, () => error.value !== null);

  const now = useNow(clockStepMs);
  const stale = computed(() => isStale(loadedAt.value, now.value));
  return { board, error, reload, loadedAt, stale, now };
}
