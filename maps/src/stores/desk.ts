/** What is selected on the desk. The selection lives in the address, so a link shows the same. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { LocationQueryRaw } from 'vue-router';
import type { AreaRef, Candidate, LngLat } from '@/api/types';
import { formatPoint, parseCoordinates } from '@/domain/coordinates';
import { filterKeys, parseFilter, printFilter, type QueueFilter } from '@/domain/filter';
import type { QueueEntry } from '@/domain/queue';
import type { Box } from '@/map/cells';
import type { PlannedWay } from '@/map/layers/plan';
import { parseView, printView, type View } from '@/map/view';
import { router } from '@/router';

/** Where the map is asked to go; each request is a new object. */
export type Flight =
  | { kind: 'point'; point: LngLat; minZoom: number }
  | { kind: 'box'; box: Box; maxZoom: number };

export interface ShownCandidates {
  from: LngLat;
  candidates: readonly Candidate[];
  chosenId: string | null;
}

export const useDesk = defineStore('desk', () => {
  const query = computed(() => router.currentRoute.value.query);
  const text = (key: string) => {
    const value = query.value[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };

  const caseNumber = computed(() => text('case'));
  const areaCode = computed(() => text('area'));
  const point = computed(() => parseCoordinates(text('point') ?? ''));
  const reporting = computed(() => text('report') === '1' && point.value !== null);
  const workerId = computed(() => text('worker'));
  const planning = computed(() => text('plan') === '1');
  const view = computed(() => parseView(text('map')));
  const filter = computed(() => parseFilter(query.value));

  const flight = shallowRef<Flight | null>(null);
  const highlighted = shallowRef<readonly AreaRef[]>([]);
  const candidates = shallowRef<ShownCandidates | null>(null);
  /** The case in the panel, which the map shows even when it is closed. */
  const selected = shallowRef<QueueEntry | null>(null);

  /** Where the worker in the popup went. */
  const trail = shallowRef<readonly LngLat[]>([]);
  /** The ways of a plan that the map shows. */
  const plan = shallowRef<readonly PlannedWay[]>([]);
  /** The worker on whom a case was dropped, to be chosen in its form. */
  const sendTo = shallowRef<string | null>(null);

  /** Where the address is on its way to: what comes meanwhile changes that, not what it was. */
  let heading: LocationQueryRaw | null = null;

  /** On the way to another screen, which a map that still moves must not call back. */
  let leaving = false;
  router.beforeEach((to) => {
    leaving = to.name !== 'desk';
  });
  router.afterEach(() => {
    leaving = false;
  });
  router.onError(() => {
    leaving = false;
  });

  async function navigate(
    how: 'push' | 'replace',
    change: (from: LocationQueryRaw) => LocationQueryRaw,
  ): Promise<void> {
    if (leaving) return;
    const wanted = change(heading ?? query.value);
    heading = wanted;
    try {
      await router[how]({ query: wanted });
    } finally {
      if (heading === wanted) heading = null;
    }
  }

  const isKept = (key: string) => key === 'map' || (filterKeys as readonly string[]).includes(key);
  const keysWhere = (from: LocationQueryRaw, wanted: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(from).filter(([key]) => wanted(key)));

  /** What stays when something else is selected: the view, and the filter of the queue. */
  function go(selection: LocationQueryRaw): Promise<void> {
    candidates.value = null;
    sendTo.value = null;
    return navigate('push', (from) => ({ ...keysWhere(from, isKept), ...selection }));
  }

  function setFilter(next: QueueFilter): void {
    void navigate('replace', (from) => ({
      ...keysWhere(from, (key) => key === 'map' || !isKept(key)),
      ...printFilter(next),
    }));
  }

  const openCase = (number: string) => go({ case: number });
  const openArea = (code: string) => go({ area: code });
  /** A click while reporting moves the place of the report. */
  const openPoint = (at: LngLat) =>
    go({ point: formatPoint(at, 7).replace(' ', ''), report: reporting.value ? '1' : undefined });
  const startReport = (at: LngLat) =>
    go({ point: formatPoint(at, 7).replace(' ', ''), report: '1' });
  async function dropOn(number: string, worker: string): Promise<void> {
    await openCase(number);
    sendTo.value = worker;
  }
  /** A popup on the map: what else is open stays. */
  function openWorker(id: string | null): void {
    void navigate('push', (from) => ({
      ...keysWhere(from, (key) => key !== 'worker'),
      ...(id && { worker: id }),
    }));
  }
  const openPlan = () => go({ plan: '1' });
  const clear = () => go({});

  function keepView(next: View): void {
    void navigate('replace', (from) => ({ ...from, map: printView(next) }));
  }

  return {
    caseNumber,
    areaCode,
    point,
    reporting,
    workerId,
    planning,
    view,
    filter,
    setFilter,
    flight,
    highlighted,
    candidates,
    selected,
    trail,
    plan,
    openWorker,
    sendTo,
    dropOn,
    openCase,
    openArea,
    openPoint,
    startReport,
    openPlan,
    clear,
    keepView,
  };
});
