/** Who is here, how the map is configured and what can be reported: loaded once at the start. */
import { defineStore } from 'pinia';
import { computed, type ShallowRef, shallowRef } from 'vue';
import { type ApiError, listServices, showMapConfig, showSession } from '@/api/client';
import type { Catalogue, MapConfig, Service, Session } from '@/api/types';
import { asApiError } from '@/composables';

export const useSession = defineStore('session', () => {
  const session = shallowRef<Session | null>(null);
  const mapConfig = shallowRef<MapConfig | null>(null);
  const catalogue = shallowRef<Catalogue | null>(null);
  const error = shallowRef<ApiError | null>(null);

  /** One that fails leaves the others usable. */
  async function keep<T>(pending: Promise<T>, into: ShallowRef<T | null>): Promise<void> {
    try {
      into.value = await pending;
    } catch (cause) {
      error.value = asApiError(cause);
    }
  }

  async function load(): Promise<void> {
    error.value = null;
    await Promise.all([
      keep(showSession(), session),
      keep(showMapConfig(), mapConfig),
      keep(listServices(), catalogue),
    ]);
  }

  const servicesByCode = computed(
    () => new Map<string, Service>(catalogue.value?.items.map((item) => [item.code, item]) ?? []),
  );

  return { session, mapConfig, catalogue, servicesByCode, error, load };
});
