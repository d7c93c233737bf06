/** Every open incident, kept current by the stream; the list and the map both draw from here. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { type ApiError, listOpenIncidents, loadIncident } from '@/api/client';
import type { Incident, IncidentNotice } from '@/api/types';
import { asApiError } from '@/composables';
import { applyNotice, entryOf, isOpen, putEntry, type Queue } from '@/domain/queue';

/** Above this the list is no longer a desk's work but a report's. */
const maxOpen = 2000;
const maxParallelDetails = 3;

export const useQueue = defineStore('queue', () => {
  const entries = shallowRef<Queue>(new Map());
  const loaded = ref(false);
  const error = shallowRef<ApiError | null>(null);
  const wantedDetails = new Set<string>();
  let runningDetails = 0;

  async function load(): Promise<void> {
    error.value = null;
    const before = entries.value;
    let fresh: Queue = new Map();
    try {
      let cursor: string | undefined;
      do {
        const page = await listOpenIncidents(cursor);
        for (const incident of page.items) fresh = putEntry(fresh, entryOf(incident));
        cursor = page.next ?? undefined;
      } while (cursor && fresh.size < maxOpen);
      // What the stream brought while the pages came is newer than they are.
      for (const [id, entry] of entries.value) {
        if (fresh.has(id) || before.get(id) !== entry) fresh = putEntry(fresh, entry);
      }
      const closed = new Set([...before.keys()].filter((id) => !entries.value.has(id)));
      entries.value = new Map([...fresh].filter(([id]) => !closed.has(id)));
      loaded.value = true;
    } catch (cause) {
      error.value = asApiError(cause);
    }
  }

  /** Shows the notice at once, then fetches what it does not carry. */
  function takeNotice(notice: IncidentNotice): void {
    const before = entries.value;
    entries.value = applyNotice(before, notice);
    if (entries.value !== before && isOpen(notice.status)) {
      wantedDetails.add(notice.id);
      void fetchDetails();
    }
  }

  async function fetchDetails(): Promise<void> {
    while (wantedDetails.size > 0 && runningDetails < maxParallelDetails) {
      const [id] = wantedDetails;
      if (id === undefined) return;
      wantedDetails.delete(id);
      runningDetails++;
      try {
        takeIncident(await loadIncident(id));
      } catch {
        // The row stays with what the notice said; the next notice tries again.
      } finally {
        runningDetails--;
      }
    }
  }

  function takeIncident(incident: Incident): void {
    entries.value = putEntry(entries.value, entryOf(incident));
  }

  const list = computed(() => [...entries.value.values()]);

  return { entries, list, loaded, error, load, takeNotice, takeIncident };
});
