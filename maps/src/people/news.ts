/** Loads again when the stream tells of people; many changes at once are one reason to. */
import { onScopeDispose } from 'vue';
import { type StreamEvents, useStream } from '@/stores/stream';

const gatherMs = 800;

export function onNews(names: readonly (keyof StreamEvents)[], load: () => unknown): void {
  const stream = useStream();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wake = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void load();
    }, gatherMs);
  };
  const stop = names.map((name) => stream.on(name, wake));
  onScopeDispose(() => {
    clearTimeout(timer);
    for (const end of stop) end();
  });
}
