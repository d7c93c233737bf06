/** What the screen shows is in its address: the area, the part, and what is opened in it. */
import { computed } from 'vue';
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router';

export const parts = ['posts', 'roster', 'workloads', 'alarms', 'organisations'] as const;
export type Part = (typeof parts)[number];

const one = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

export function usePlace() {
  const route = useRoute();
  const router = useRouter();
  const area = computed(() => one(route.params.area));
  const part = computed<Part>(() => parts.find((name) => name === route.query.part) ?? 'posts');
  const grid = computed(() => one(route.query.grid));
  const week = computed(() => one(route.query.week));
  const worker = computed(() => one(route.query.worker));
  const organisation = computed(() => one(route.query.organisation));

  const go = (code: string | null, query: LocationQueryRaw) =>
    router.push({ name: 'people', params: { area: code ?? '' }, query });
  const own = (next: Part) => (next === 'posts' ? undefined : next);

  return {
    area,
    part,
    grid,
    week,
    worker,
    organisation,
    /** Another area, the same part of the screen. */
    goArea: (code: string) => go(code, { part: own(part.value), week: week.value ?? undefined }),
    goPart: (next: Part) => go(area.value, { part: own(next) }),
    /** An area that is a grid leads to its community, with the grid opened. */
    goGrid: (code: string) => go(code, {}),
    goRoster: (code: string) => go(code, { part: 'roster' }),
    goWorker: (id: string) => go(area.value, { ...route.query, worker: id }),
    /** Opens or closes something in the part that is shown. */
    show: (query: LocationQueryRaw) => go(area.value, { ...route.query, ...query }),
    /** An address that names a grid shows its community with the grid opened. */
    settle: (code: string, query: LocationQueryRaw = {}) =>
      router.replace({
        name: 'people',
        params: { area: code },
        query: { ...route.query, ...query },
      }),
  };
}
