/** Feeds the layers that count: fetched only while they are seen, and again when much has changed. */
import { onScopeDispose, type Ref, ref, type ShallowRef, watch } from 'vue';
import { listHotSpots, loadHeat } from '@/desk/api';
import { useWords } from '@/i18n';
import type { MapController } from '@/map/controller';
import { heatSource, hexagonSource, hotSpotFeatures, hotSpotSource } from '@/map/layers/density';
import { hexagonResolution, type LayerNode } from '@/map/layerTree';
import { useMapLayers } from '@/stores/mapLayers';
import { useSession } from '@/stores/session';

/** Single cases melt into a glow: cells of some hundred metres. */
const heatResolution = 9;
const refreshMs = 60_000;

export function useMapCounts(controller: ShallowRef<MapController | null>, zoom: Ref<number>) {
  const { t, pick } = useWords();
  const layers = useMapLayers();
  const session = useSession();
  const failed = ref(false);
  const beat = ref(0);
  const timer = setInterval(() => {
    beat.value += 1;
  }, refreshMs);
  onScopeDispose(() => clearInterval(timer));

  /** Shows what `load` brings while the layer is wanted; a later turn wins. */
  function feed(
    node: LayerNode,
    key: () => unknown,
    load: () => Promise<GeoJSON.Feature[]>,
    source: string,
  ) {
    let latest = 0;
    watch(
      [controller, () => layers.shown.includes(node), key, beat],
      async ([map, wanted]) => {
        if (!map || !wanted) return;
        const turn = ++latest;
        try {
          const features = await load();
          if (turn === latest) map.show(source, features);
          failed.value = false;
        } catch {
          failed.value = true;
        }
      },
      { immediate: true },
    );
  }

  const centre = (feature: GeoJSON.Feature): GeoJSON.Feature => {
    const ring = (feature.geometry as GeoJSON.Polygon).coordinates[0]?.slice(1) ?? [];
    const mean = (axis: 0 | 1) => ring.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / ring.length;
    return { ...feature, geometry: { type: 'Point', coordinates: [mean(0), mean(1)] } };
  };
  /** A glow has no counts: a cell with many has its point many times. */
  const single = (feature: GeoJSON.Feature) =>
    Array.from({ length: Number(feature.properties?.count ?? 1) }, () => centre(feature));

  feed(
    'heat',
    () => null,
    async () => (await loadHeat(heatResolution)).flatMap(single),
    heatSource,
  );
  feed(
    'hexagons',
    () => hexagonResolution(zoom.value),
    () => loadHeat(hexagonResolution(zoom.value)),
    hexagonSource,
  );
  feed(
    'hotspots',
    () => pick('zh', 'en'),
    async () =>
      hotSpotFeatures((await listHotSpots()).items, ({ group, count }) => {
        const known = session.catalogue?.groups.find(({ code }) => code === group);
        const name = known ? pick(known.name_zh, known.name_en) : '';
        return t('layer.hotspot', { group: name, count });
      }),
    hotSpotSource,
  );
  watch([controller, () => layers.shown], ([map, shown]) => map?.setVisible(shown), {
    immediate: true,
  });

  return { failed };
}
