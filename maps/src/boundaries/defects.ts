/** The defects of a verdict, sorted for reading. */
import type { Defect, DefectKind, RepairKind, Severity } from './types';

export interface PlacedDefect extends Defect {
  /** Its place in the verdict, by which the list and the map name it. */
  index: number;
}

export interface DefectGroup {
  kind: DefectKind;
  severity: Severity;
  repair: RepairKind | null;
  defects: PlacedDefect[];
  /** Of those that have a size. */
  size_m2: number;
}

const severities: readonly Severity[] = ['error', 'warning', 'notice'];

/** By severity, then by kind; the kind with most defects first. */
export function groupDefects(defects: readonly Defect[]): DefectGroup[] {
  const groups = new Map<string, DefectGroup>();
  for (const [index, defect] of defects.entries()) {
    const { kind, severity } = defect;
    const key = `${severity} ${kind}`;
    const group = groups.get(key) ?? {
      kind,
      severity,
      repair: defect.repair ?? null,
      defects: [],
      size_m2: 0,
    };
    group.defects.push({ ...defect, index });
    group.size_m2 += defect.size_m2 ?? 0;
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      b.defects.length - a.defects.length,
  );
}

/** The order in which repairs do not spoil each other: rings first, then what lies between areas. */
const repairOrder: readonly RepairKind[] = [
  'close_rings',
  'drop_duplicates',
  'drop_spikes',
  'make_valid',
  'drop_tiny_parts',
  'snap',
  'clip_to_parent',
  'settle_overlaps',
  'fill_gaps',
];

/** The repairs that mend something here, in the order to do them, with how much each mends. */
export function listRepairs(defects: readonly Defect[]): { kind: RepairKind; count: number }[] {
  return repairOrder
    .map((kind) => ({ kind, count: defects.filter(({ repair }) => repair === kind).length }))
    .filter(({ count }) => count > 0);
}

export const orderRepairs = (kinds: readonly RepairKind[]): RepairKind[] =>
  repairOrder.filter((kind) => kinds.includes(kind));
