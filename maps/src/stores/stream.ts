/** The live connection. The browser replays what a short break missed; a long one reloads. */
import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { IncidentNotice, WorkerMove } from '@/api/types';

export interface StreamEvents {
  incident: IncidentNotice;
  positions: { positions: WorkerMove[] };
  worker: { id: string; on_duty: boolean };
  /** Workers, posts or organisations changed at large. */
  people: Record<string, unknown>;
  edition: { id: number; number: number };
  /** Somebody may be in danger; what else is known of it is asked for. */
  alarm: { id: string; worker: string; settled_at: string | null };
  /** Other rules are in force. */
  rules: { version: number };
  /** Too much was missed to replay: load everything again. */
  reset: Record<string, never>;
}

type Listener<K extends keyof StreamEvents> = (data: StreamEvents[K]) => void;

const names: (keyof StreamEvents)[] = [
  'incident',
  'positions',
  'worker',
  'people',
  'edition',
  'alarm',
  'rules',
  'reset',
];
const topics = 'incidents,positions,workers,organisations,editions,alarms,rules';
const retryMs = 3000;

export const useStream = defineStore('stream', () => {
  const state = ref<'connecting' | 'live' | 'lost'>('connecting');
  const lostAt = ref<number | null>(null);
  const listeners = new Map<string, Set<Listener<never>>>();
  let source: EventSource | null = null;

  function emit(name: string, data: unknown): void {
    for (const listener of listeners.get(name) ?? []) listener(data as never);
  }

  /** `afterGap`: a new EventSource knows no last event, so all is loaded again once it is open. */
  function connect(afterGap = false): void {
    const opened = new EventSource(`/api/v1/stream?topics=${topics}`);
    source = opened;
    let gap = afterGap;
    opened.onopen = () => {
      state.value = 'live';
      lostAt.value = null;
      if (gap) emit('reset', {});
      gap = false;
    };
    opened.onerror = () => {
      state.value = 'lost';
      lostAt.value ??= Date.now();
      // The browser reconnects by itself after a broken connection, but not after a refusal.
      if (opened.readyState === EventSource.CLOSED) setTimeout(() => reconnect(opened), retryMs);
    };
    for (const name of names) {
      opened.addEventListener(name, (event) => {
        const data = parse((event as MessageEvent<string>).data);
        if (data !== null) emit(name, data);
      });
    }
  }

  function reconnect(refused: EventSource): void {
    if (source === refused) connect(true);
  }

  function on<K extends keyof StreamEvents>(name: K, listener: Listener<K>): () => void {
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set.add(listener as Listener<never>));
    return () => set.delete(listener as Listener<never>);
  }

  function close(): void {
    source?.close();
    source = null;
  }

  return { state, lostAt, connect, close, on };
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
