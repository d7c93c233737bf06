/** Staffing as features for the map. */
import type { Feature, FeatureCollection } from 'geojson';
import type { Slot } from '@/api/types';
import type { AreaCount, SlotStaffing } from '../api';

export interface MapWords {
  vacant(count: number): string;
  double(count: number): string;
  slot(slot: Slot): string;
}

/** Areas that are counted, with how large a share of their slots is empty. */
export function areaFeatures(
  layer: FeatureCollection,
  counts: readonly AreaCount[],
  selected: string | null,
): Feature[] {
  const byCode = new Map(counts.map((count) => [count.area.code, count]));
  return layer.features.flatMap((feature) => {
    const count = byCode.get(String(feature.properties?.code));
    if (!count) return [];
    const { code, name } = count.area;
    const share = count.slots === 0 ? 0 : count.vacant / count.slots;
    // Of many grids some have a double: dashes would be everywhere.
    const marked = count.grids === 1 && count.double > 0;
    return [{ ...feature, properties: { code, name, share, marked, selected: code === selected } }];
  });
}

/** What is written on each: its name and figures, or of a grid which slots are empty. */
export function labelFeatures(
  labels: FeatureCollection,
  counts: readonly AreaCount[],
  items: readonly SlotStaffing[],
  words: MapWords,
): Feature[] {
  const byCode = new Map(counts.map((count) => [count.area.code, count]));
  const emptyOf = new Map<string, Slot[]>();
  for (const { area, slot, state } of items) {
    if (state === 'vacant') emptyOf.set(area.code, [...(emptyOf.get(area.code) ?? []), slot]);
  }
  return labels.features.flatMap((feature) => {
    const count = byCode.get(String(feature.properties?.code));
    if (!count) return [];
    const { code, name } = count.area;
    const empty = emptyOf.get(code)?.filter((slot, at, all) => all.indexOf(slot) === at);
    const isGrid = count.area.level === 'grid';
    const lines = isGrid
      ? (empty ?? []).map(words.slot)
      : [
          name,
          count.vacant > 0 ? words.vacant(count.vacant) : '',
          count.double > 0 ? words.double(count.double) : '',
        ].filter(Boolean);
    if (isGrid && lines.length === 0 && count.double > 0) lines.push(words.double(count.double));
    const text = lines.join('\n');
    return text ? [{ ...feature, properties: { code, text, order: -count.vacant } }] : [];
  });
}
