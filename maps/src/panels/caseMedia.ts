/** The files of the case in the panel, loaded once for all parts that show them. */
import { type InjectionKey, inject, provide, type ShallowRef } from 'vue';
import type { ApiError } from '@/api/client';
import type { MediaList } from '@/api/types';
import { useLoad } from '@/composables';
import { listMedia } from '@/desk/api';

export interface CaseMediaState {
  list: ShallowRef<MediaList | null>;
  error: ShallowRef<ApiError | null>;
  reload: () => Promise<void>;
}

const key: InjectionKey<CaseMediaState> = Symbol('case media');

export function provideCaseMedia(incidentId: () => string | null): CaseMediaState {
  const { data, error, reload } = useLoad(incidentId, listMedia);
  const state = { list: data, error, reload };
  provide(key, state);
  return state;
}

export function useCaseMedia(): CaseMediaState {
  const state = inject(key);
  if (!state) throw new Error('no case around');
  return state;
}
