/** Alarms that nobody has settled yet, kept current by the stream. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Alarm } from '@/api/types';
import { asApiError } from '@/composables';
import { listOpenAlarms, settleAlarm } from '@/desk/api';
import { chime } from '@/desk/chime';
import { useNewcomers } from './newcomers';

const retryMs = 5000;

export const useAlarms = defineStore('alarms', () => {
  const open = shallowRef<readonly Alarm[]>([]);
  const failed = ref(false);
  const newcomers = useNewcomers();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  /** All of them again: they are few, and the notice of one says too little to show it. */
  async function load(): Promise<void> {
    const turn = ++latest;
    clearTimeout(retry);
    try {
      const { items } = await listOpenAlarms();
      if (turn !== latest) return;
      const known = new Set(open.value.map(({ id }) => id));
      open.value = items;
      failed.value = false;
      if (newcomers.sound && items.some(({ id }) => !known.has(id))) chime('alarm');
    } catch (cause) {
      if (turn !== latest) return;
      // Alarms are for those who dispatch; for others there are none.
      if ([401, 403].includes(asApiError(cause).status)) return;
      failed.value = true;
      retry = setTimeout(() => void load(), retryMs);
    }
  }

  async function settle(id: string, note: string): Promise<void> {
    await settleAlarm(id, note);
    open.value = open.value.filter((alarm) => alarm.id !== id);
  }

  const stop = () => clearTimeout(retry);

  return { open, failed, load, settle, stop };
});
