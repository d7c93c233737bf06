/** Small reactive pieces that several screens share. */
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { ApiError } from '@/api/client';
import { describeSpan } from '@/domain/clock';
import { useWords } from '@/i18n';

/** The clock, ticking every `stepMs` while the component lives. */
export function useNow(stepMs = 1000): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
  }, stepMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}

/** Loads again whenever `key` changes; a slower, older answer never replaces a newer one. */
export function useLoad<K, T>(key: () => K | null, load: (key: K) => Promise<T>) {
  const data = shallowRef<T | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const pending = ref(false);
  let latest = 0;

  async function reload(): Promise<void> {
    const wanted = key();
    const turn = ++latest;
    if (wanted === null) return;
    pending.value = true;
    try {
      const answer = await load(wanted);
      if (turn !== latest) return;
      data.value = answer;
      error.value = null;
    } catch (cause) {
      if (turn === latest) error.value = asApiError(cause);
    } finally {
      if (turn === latest) pending.value = false;
    }
  }

  watch(
    key,
    () => {
      data.value = null;
      error.value = null;
      void reload();
    },
    { immediate: true },
  );
  return { data, error, pending, reload };
}

export const asApiError = (cause: unknown) =>
  cause instanceof ApiError ? cause : new ApiError('bad_reply', 0);

/** Errors and spans in the reader's words. */
export function usePhrases() {
  const { t, word, locale } = useWords();
  const spanText = (spanMs: number) => {
    const { key, values } = describeSpan(spanMs);
    return t(key, values);
  };
  const errorText = (error: ApiError) => {
    if (error.code === 'offline') return t('error.offline');
    if (error.code === 'bad_reply') return t('error.bad_reply');
    if (error.status === 404) return t('error.not_found');
    // The server explains in English; elsewhere its stable code is worded.
    const { detail } = error.problem;
    const worded = word('problem', error.code);
    const known = worded !== error.code;
    if (known && (locale.value !== 'en' || !detail)) return worded;
    return detail ?? t('error.other', { code: error.code });
  };
  return { spanText, errorText };
}

/** True for some seconds after `watched` goes from true to false. */
export function useAfterglow(watched: () => boolean, forMs: number) {
  const ended = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(watched, (is, was) => {
    if (!was || is) return;
    ended.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      ended.value = false;
    }, forMs);
  });
  onScopeDispose(() => clearTimeout(timer));
  return computed(() => ended.value && !watched());
}
