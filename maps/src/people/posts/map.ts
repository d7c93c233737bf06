/** Staffing as features for the map. */
import type { Feature, FeatureCollection } from 'geojson';
import type { Slot } from '@/api/types';
import type { AreaCount, SlotStaffing } from '../api';
import { slots } from '../slots';

export interface MapWords {
  vacant(count: number): string;
  double(count: number): string;
  empty(slot: Slot): string;
}

/** The grids of a layer below some parents, with their empty and double slots. */
export function countGrids(
  layer: FeatureCollection,
  parents: ReadonlySet<string>,
  items: readonly SlotStaffing[],
): AreaCount[] {
  const slotsOf = (code: string, state: SlotStaffing['state']) =>
    new Set(
      items.flatMap((item) => (item.area.code === code && item.state === state ? item.slot : [])),
    ).size;
  return layer.features.flatMap(({ properties }) => {
    if (!parents.has(String(properties?.parent))) return [];
    const code = String(properties?.code);
    return [
      {
        area: { code, name: String(properties?.name), level: 'grid' as const },
        grids: 1,
        slots: slots.length,
        vacant: slotsOf(code, 'vacant'),
        double: slotsOf(code, 'double'),
      },
    ];
  });
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

/**
 * What is written on each: its name and figures. Of a grid which slots are empty; its name is
 * added from near enough, as `near`.
 */
export function labelFeatures(
  labels: FeatureCollection,
  counts: readonly AreaCount[],
  items: readonly SlotStaffing[],
  words: MapWords,
): Feature[] {
  const byCode = new Map(counts.map((count) => [count.area.code, count]));
  const emptyOf = (code: string) =>
    slots.filter((slot) =>
      items.some(
        (item) => item.area.code === code && item.slot === slot && item.state === 'vacant',
      ),
    );
  return labels.features.flatMap((feature) => {
    const count = byCode.get(String(feature.properties?.code));
    if (!count) return [];
    const { code, name, level } = count.area;
    const doubles = count.double > 0 ? [words.double(count.double)] : [];
    const vacant = count.vacant > 0 ? [words.vacant(count.vacant)] : [];
    const isGrid = level === 'grid';
    const lines = isGrid
      ? [...emptyOf(code).map(words.empty), ...doubles]
      : [name, ...vacant, ...doubles];
    const text = lines.join('\n');
    const near = isGrid ? [name, ...lines].join('\n') : text;
    return [{ ...feature, properties: { code, text, near, order: -count.vacant } }];
  });
}
