/** Which layers the viewer wants to see; kept in the browser. */
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { type LayerNode, layerNodes, parseLayers } from '@/map/layerTree';

const key = 'wangge.layers';

export const useMapLayers = defineStore('mapLayers', () => {
  const shown = ref<LayerNode[]>(parseLayers(localStorage.getItem(key)));
  watch(shown, (list) => localStorage.setItem(key, JSON.stringify(list)));

  const set = (nodes: readonly LayerNode[], on: boolean) => {
    shown.value = layerNodes.filter((node) =>
      nodes.includes(node) ? on : shown.value.includes(node),
    );
  };

  return { shown, set };
});
