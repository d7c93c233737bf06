/** Keeps a board current: by the stream, by a timer, and again after failures, for days. */
import { onScopeDispose, watch } from 'vue';
import { useStream } from '@/stores/stream';

/** Anew at least so often: figures grow old without any event, since limits pass. */
export const usualMs = 60_000;
/** What changes all the time is not asked for all the time. */
const quickestMs = 5000;
const afterFailureMs = 10_000;
/** What has not answered by then will not; a server that comes back is asked anew. */
const longestMs = 120_000;
/** A large history may take long to count; it is counted a tenth of the time at most. */
const restFactor = 10;
/** After this long without fresh figures a board says that it is out of date. */
const staleMs = 2.5 * usualMs;

export interface LastLoad {
  tookMs: number;
  failed: boolean;
}

/** How long after a load the next one begins; `news` when something has happened since. */
export function pauseAfter({ tookMs, failed }: LastLoad, news: boolean): number {
  if (failed) return afterFailureMs;
  const rest = Math.min(2 * usualMs, Math.max(quickestMs, tookMs * restFactor));
  return news ? rest : Math.max(usualMs, rest);
}

export const isStale = (loadedAt: number | null, now: number) =>
  loadedAt !== null && now - loadedAt > staleMs;

/** Loads again in good time. A page that nobody sees asks for nothing. */
export function useRefresh(reload: () => Promise<void>, failed: () => boolean): void {
  const stream = useStream();
  let tookMs = 0;
  let endedAt = Date.now();
  let news = false;
  let running = false;
  let gaveUp = false;
  let left = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (running) return;
    running = true;
    news = false;
    const begunAt = Date.now();
    let limit: ReturnType<typeof setTimeout> | undefined;
    gaveUp = await Promise.race([
      reload().then(
        () => false,
        () => true,
      ),
      new Promise<boolean>((end) => {
        limit = setTimeout(() => end(true), longestMs);
      }),
    ]);
    clearTimeout(limit);
    endedAt = Date.now();
    tookMs = endedAt - begunAt;
    running = false;
    plan();
  }

  function plan(): void {
    clearTimeout(timer);
    if (left || running || document.hidden) return;
    const dueAt = endedAt + pauseAfter({ tookMs, failed: gaveUp || failed() }, news);
    timer = setTimeout(() => void run(), Math.max(0, dueAt - Date.now()));
  }

  function notice(): void {
    news = true;
    plan();
  }

  const retry = () => void run();
  const leave = [
    stream.on('incident', notice),
    stream.on('edition', retry),
    stream.on('reset', retry),
  ];
  document.addEventListener('visibilitychange', plan);
  window.addEventListener('online', retry);
  watch(failed, plan);
  plan();
  onScopeDispose(() => {
    left = true;
    clearTimeout(timer);
    for (const stop of leave) stop();
    document.removeEventListener('visibilitychange', plan);
    window.removeEventListener('online', retry);
  });
}
