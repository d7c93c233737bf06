/** Hot spots of the days of the period, up to now. They take long to find, so they are asked for seldom. */
import { computed, onScopeDispose, ref } from 'vue';
import { useLoad } from '@/composables';
import { findHotSpots } from './api';
import type { Board } from './types';

/** How far the server looks back. */
export const maxSpotDays = 90;
export const spotRadii = [150, 500, 1000] as const;
export const spotLeast = 5;

const againMs = 5 * 60_000;
const dayMs = 86_400_000;

export function useSpots(area: () => string | null, board: () => Board) {
  const radius = ref<number>(spotRadii[1]);
  const wantedDays = computed(() => {
    const { asOf, window } = board();
    return Math.max(1, Math.ceil((Date.parse(asOf) - Date.parse(window.from)) / dayMs));
  });
  const days = computed(() => Math.min(wantedDays.value, maxSpotDays));
  /** Spots are of the days up to now; a period that ended earlier has none. */
  const past = computed(() => Date.parse(board().asOf) - Date.parse(board().window.until) > dayMs);
  const key = () =>
    past.value ? null : [area() ?? '', String(days.value), String(radius.value)].join(' ');
  const { data, error, reload } = useLoad(key, (text) => {
    const [code, count, reach] = text.split(' ');
    return findHotSpots(code || null, Number(count), Number(reach), spotLeast);
  });
  const timer = setInterval(() => void reload(), againMs);
  onScopeDispose(() => clearInterval(timer));
  const items = computed(() => (past.value ? null : (data.value?.items ?? null)));
  return { items, error, reload, radius, days, wantedDays, past };
}
