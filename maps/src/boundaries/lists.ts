/** The drafts and editions that there are, and the edition that the map shows. */
import { defineStore } from 'pinia';
import { computed, ref, type ShallowRef, shallowRef } from 'vue';
import type { ApiError } from '@/api/client';
import { asApiError } from '@/composables';
import { listDrafts, listEditions } from './api';
import { editionAt } from './changes';
import type { Draft, Edition } from './types';

export const useBoundaryLists = defineStore('boundaryLists', () => {
  const drafts = shallowRef<Draft[] | null>(null);
  const editions = shallowRef<Edition[] | null>(null);
  const draftsError = shallowRef<ApiError | null>(null);
  const editionsError = shallowRef<ApiError | null>(null);
  /** The edition somebody chose to look at; null is the one in force. */
  const chosenEdition = ref<number | null>(null);
  const loadedAtMs = ref(0);

  async function keep<T>(
    pending: Promise<{ items: T[] }>,
    into: ShallowRef<T[] | null>,
    fault: ShallowRef<ApiError | null>,
  ): Promise<void> {
    try {
      into.value = (await pending).items;
      fault.value = null;
    } catch (cause) {
      fault.value = asApiError(cause);
    }
  }

  const loadDrafts = () => keep(listDrafts(), drafts, draftsError);

  async function loadEditions(): Promise<void> {
    await keep(listEditions(), editions, editionsError);
    loadedAtMs.value = Date.now();
  }

  const load = () => Promise.all([loadDrafts(), loadEditions()]);

  const inForce = computed(() => editionAt(editions.value ?? [], loadedAtMs.value));
  const shownEdition = computed(
    () => editions.value?.find(({ id }) => id === chosenEdition.value) ?? inForce.value,
  );
  /** When the map's areas are of; null is now. */
  const shownAt = computed(() =>
    shownEdition.value === null || shownEdition.value.id === inForce.value?.id
      ? null
      : shownEdition.value.effective_from,
  );

  return {
    drafts,
    editions,
    draftsError,
    editionsError,
    chosenEdition,
    inForce,
    shownEdition,
    shownAt,
    load,
    loadDrafts,
    loadEditions,
  };
});
