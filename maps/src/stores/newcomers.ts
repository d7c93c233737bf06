/** Cases that were reported while nobody looked: counted in the title, heard if that is wished. */
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import type { IncidentNotice } from '@/api/types';
import { chime } from '@/desk/chime';
import { i18n } from '@/i18n';

const soundKey = 'wangge.sound';

export const useNewcomers = defineStore('newcomers', () => {
  const ids = ref<ReadonlySet<string>>(new Set());
  const sound = ref(localStorage.getItem(soundKey) === '1');

  watch(sound, (on) => {
    localStorage.setItem(soundKey, on ? '1' : '0');
    if (on) chime('case');
  });
  watch(
    [() => ids.value.size, i18n.global.locale],
    ([count]) => {
      const title = i18n.global.t('app.title');
      document.title = count > 0 ? `(${count}) ${title}` : title;
    },
    { flush: 'post' },
  );

  function take({ id, action, media }: IncidentNotice): void {
    if (action !== 'report' || media) return;
    ids.value = new Set([...ids.value, id]);
    if (sound.value) chime('case');
  }

  function forget(id: string): void {
    if (ids.value.has(id)) ids.value = new Set([...ids.value].filter((other) => other !== id));
  }

  const clear = () => {
    if (ids.value.size > 0) ids.value = new Set();
  };

  return { ids, sound, take, forget, clear };
});
