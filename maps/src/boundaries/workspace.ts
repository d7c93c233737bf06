/** The draft that is open: what it holds, what is found in it, and what is done to it. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { type ApiError, loadArea } from '@/api/client';
import type { LngLat } from '@/api/types';
import { asApiError } from '@/composables';
import type { Box } from '@/map/cells';
import {
  listSteps,
  loadDiff,
  loadDraft,
  loadDraftAreas,
  loadReading,
  loadTransfers,
  loadVerdict,
} from './api';
import { boxOf, middleOf } from './geometry';
import type { Hit } from './map';
import type { Defect, Draft, DraftAreaProperties, Repaired, Standing } from './types';

export const tabs = ['reading', 'verdict', 'edit', 'diff', 'publish'] as const;
export type Tab = (typeof tabs)[number];

/** Where the map is asked to go; each request is a new object. */
export interface Flight {
  box: Box;
  maxZoom: number;
}

/** Someone touched by a change, where the map shows them. */
export interface TouchedPlace extends LngLat {
  number: string;
}

/** So many names beside the draft are asked for; further ones are called by their codes. */
const maxBeside = 60;

const closestZoom = 18.5;
/** Half the side of the box that is flown to around a point, in degrees. */
const pointReach = 0.0004;

export const useWorkspace = defineStore('boundaryWorkspace', () => {
  const id = ref<string | null>(null);
  const draft = shallowRef<Draft | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const tab = ref<Tab>('verdict');

  /** What goes wrong with an action; `conflict` when another was faster, and the draft is loaded anew. */
  const failure = shallowRef<ApiError | null>(null);
  const busy = ref(false);
  const standing = shallowRef<Standing | null>(null);

  /** Areas of the file's levels that it does not have are to be removed. */
  const replaces = ref(false);
  /** The map goes to the draft's areas once they are there. */
  const flyWhenDrawn = ref(false);

  const chosenDefect = ref<number | null>(null);
  const chosenArea = ref<string | null>(null);
  const rehearsal = shallowRef<Repaired | null>(null);
  const touched = shallowRef<readonly TouchedPlace[]>([]);
  const flight = shallowRef<Flight | null>(null);
  /** What was clicked on the map last. */
  const hit = shallowRef<Hit | null>(null);
  const picked = shallowRef<readonly GeoJSON.Feature[]>([]);
  const sketch = shallowRef<readonly LngLat[]>([]);

  /** Something of the draft, loaded anew with each version; the old stays until the new is there. */
  function part<T>(wanted: () => boolean, load: (id: string) => Promise<T>) {
    const data = shallowRef<T | null>(null);
    const fault = shallowRef<ApiError | null>(null);
    let held: string | null = null;
    let turn = 0;

    async function reload(): Promise<void> {
      const now = ++turn;
      const of = draft.value;
      if (held !== (of?.id ?? null)) {
        data.value = null;
        held = of?.id ?? null;
      }
      fault.value = null;
      if (!of || !wanted()) return;
      try {
        const answer = await load(of.id);
        if (now === turn) data.value = answer;
      } catch (cause) {
        if (now === turn) fault.value = asApiError(cause);
      }
    }

    watch([() => draft.value?.id, () => draft.value?.version, wanted], reload);
    return { data, fault, reload };
  }

  const always = () => true;
  const changesAreSeen = () => tab.value === 'diff' || tab.value === 'publish';
  const areas = part(always, loadDraftAreas);
  const verdict = part(always, loadVerdict);
  const steps = part(always, async (of) => (await listSteps(of)).items);
  const hasFile = computed(
    () => steps.data.value?.some(({ operation }) => operation === 'upload') ?? false,
  );
  const reading = part(() => draft.value?.state === 'open' && hasFile.value, loadReading);
  const diff = part(changesAreSeen, loadDiff);
  const transfers = part(() => tab.value === 'diff', loadTransfers);

  const isOpen = computed(() => draft.value?.state === 'open');
  const hasAreas = computed(() => (areas.data.value?.features.length ?? 0) > 0);
  const defects = computed(() => (verdict.data.value?.defects ?? []) as Defect[]);
  const areaById = computed(
    () =>
      new Map(
        areas.data.value?.features.map((feature) => [
          String(feature.id),
          feature.properties as DraftAreaProperties,
        ]),
      ),
  );
  const codeById = computed(
    () =>
      new Map(
        defects.value.flatMap(({ areas: ids, codes }) =>
          ids.map((area, index): [string, string | undefined] => [area, codes[index]]),
        ),
      ),
  );
  /** Names of areas that the draft does not change, but that its defects name. */
  const namesBeside = shallowRef<ReadonlyMap<string, string>>(new Map());
  const nameByCode = computed(
    () =>
      new Map([
        ...namesBeside.value,
        ...[...areaById.value.values()].map(({ code, name }): [string, string] => [code, name]),
      ]),
  );
  watch([defects, areas.data], async ([found, drawn]) => {
    if (!drawn) return;
    const unnamed = new Set(
      found.flatMap(({ codes }) => codes).filter((code) => !nameByCode.value.has(code)),
    );
    if (unnamed.size === 0) return;
    const loaded = await Promise.allSettled([...unnamed].slice(0, maxBeside).map(loadArea));
    const names = new Map(namesBeside.value);
    for (const one of loaded) {
      if (one.status === 'fulfilled') names.set(one.value.code, one.value.name);
    }
    namesBeside.value = names;
  });

  /** An area's name, else its code; null when nothing is known of it. */
  function nameOfArea(area: string): string | null {
    const drafted = areaById.value.get(area);
    const code = drafted?.code ?? codeById.value.get(area);
    return drafted?.name || (code ? (nameByCode.value.get(code) ?? code) : null);
  }

  function forget(): void {
    failure.value = null;
    chosenDefect.value = null;
    chosenArea.value = null;
    rehearsal.value = null;
    touched.value = [];
    picked.value = [];
    sketch.value = [];
  }

  async function open(wanted: string | null): Promise<void> {
    if (id.value !== wanted) draft.value = null;
    id.value = wanted;
    replaces.value = false;
    flyWhenDrawn.value = true;
    forget();
    await reload();
  }

  async function reload(): Promise<void> {
    const wanted = id.value;
    error.value = null;
    if (!wanted) return;
    try {
      const loaded = await loadDraft(wanted);
      if (id.value === wanted) draft.value = loaded;
    } catch (cause) {
      if (id.value === wanted) error.value = asApiError(cause);
    }
  }

  /** Does something with the draft as it was looked at; true when it was done. */
  async function act<T>(
    work: (draft: Draft, tell: (now: Standing) => void) => Promise<T>,
    take: (done: T) => void,
  ): Promise<boolean> {
    const seen = draft.value;
    if (!seen || busy.value) return false;
    busy.value = true;
    failure.value = null;
    try {
      const done = await work(seen, (now) => {
        if (id.value === seen.id) standing.value = now;
      });
      // Another draft, or none, may be open by now.
      if (id.value !== seen.id) return false;
      take(done);
      return true;
    } catch (cause) {
      if (id.value !== seen.id) return false;
      failure.value = asApiError(cause);
      if (failure.value.status === 409) await reload();
      return false;
    } finally {
      busy.value = false;
      standing.value = null;
    }
  }

  /** Takes the draft as an answer has it; what was chosen in the old one means nothing any more. */
  function take(next: Draft): void {
    draft.value = next;
    chosenDefect.value = null;
    rehearsal.value = null;
  }

  function flyToGeometries(geometries: Iterable<GeoJSON.Geometry | null | undefined>): void {
    const box = boxOf(geometries);
    if (box) flight.value = { box: grown(box), maxZoom: closestZoom };
  }

  const flyToGeometry = (geometry: GeoJSON.Geometry | null | undefined) =>
    flyToGeometries([geometry]);
  const flyToAll = () =>
    flyToGeometries(areas.data.value?.features.map(({ geometry }) => geometry) ?? []);

  watch(areas.data, (drawn) => {
    if (!flyWhenDrawn.value || !drawn?.features.length) return;
    flyWhenDrawn.value = false;
    flyToAll();
  });

  function chooseDefect(index: number): void {
    chosenDefect.value = index;
    const place = defects.value[index]?.place;
    const middle = place ? middleOf(place) : null;
    if (middle) {
      flyToGeometry({ type: 'Point', coordinates: [middle.lon, middle.lat] });
    }
  }

  function chooseArea(area: string): void {
    chosenArea.value = area;
    flyToGeometry(areas.data.value?.features.find((feature) => feature.id === area)?.geometry);
  }

  return {
    id,
    draft,
    error,
    tab,
    failure,
    busy,
    standing,
    replaces,
    flyWhenDrawn,
    chosenDefect,
    chosenArea,
    rehearsal,
    touched,
    flight,
    hit,
    picked,
    sketch,
    reading,
    areas,
    verdict,
    steps,
    diff,
    transfers,
    isOpen,
    hasFile,
    hasAreas,
    defects,
    nameByCode,
    nameOfArea,
    open,
    reload,
    act,
    take,
    flyToAll,
    flyToGeometry,
    flyToGeometries,
    chooseDefect,
    chooseArea,
  };
});

/** A point has no size to fit the view to. */
const grown = ([west, south, east, north]: Box): Box => [
  Math.min(west, (west + east) / 2 - pointReach),
  Math.min(south, (south + north) / 2 - pointReach),
  Math.max(east, (west + east) / 2 + pointReach),
  Math.max(north, (south + north) / 2 + pointReach),
];
