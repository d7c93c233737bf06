/** The areas of a level side by side: rows of the table, shades of the map. */
import { groupsBy } from './board';
import { compared, type MetricId, metrics } from './figures';
import type { Board, Figures } from './types';

export interface Cell {
  value: number | null;
  /** What lists the cases. */
  figures: Figures | null;
}

export interface Row {
  /** Null for incidents in no area of the level. */
  code: string | null;
  /** Null for an area that is no longer in the territory. */
  name: string | null;
  cells: Record<MetricId, Cell>;
}

/** What is open now is counted over the longest window; all else is of the period. */
export function rowsOf(board: Board): Row[] {
  const now = new Map(groupsBy(board.now, 'area').map((group) => [group.key ?? null, group]));
  return groupsBy(board.period, 'area').map((group) => {
    const code = group.key ?? null;
    const current = now.get(code) ?? null;
    const cells = {} as Record<MetricId, Cell>;
    for (const id of compared) {
      const figures = id === 'open' ? current : group;
      cells[id] = { figures, value: figures ? metrics[id].value(figures) : null };
    }
    return { code, name: group.name ?? null, cells };
  });
}

export interface Order {
  by: MetricId | 'name';
  descending: boolean;
}

/** What has no value stands last, whichever way the rest runs. */
export function sortRows(rows: readonly Row[], { by, descending }: Order, locale: string): Row[] {
  const sign = descending ? -1 : 1;
  const keyOf = (row: Row) => (by === 'name' ? row.name : row.cells[by].value);
  const compare = (a: string | number, b: string | number) =>
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), locale);
  return [...rows].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right);
  });
}

export const shadeCount = 5;

export interface Shades {
  /** The lower edge of each shade, from the lightest on; empty without values. */
  edges: number[];
  highest: number;
}

/** About as many areas in each shade, so that one far away does not make the others alike. */
export function shadesOf(values: readonly (number | null)[]): Shades {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const cuts = Array.from(
    { length: shadeCount },
    (_, index) => known[Math.floor((index * known.length) / shadeCount)],
  );
  const edges = [...new Set(cuts)].filter((edge) => edge !== undefined);
  return { edges, highest: known.at(-1) ?? 0 };
}

/** 0 is the lightest. Fewer shades than there might be stand as far apart as they can. */
export function shadeOf({ edges }: Shades, value: number): number {
  const index = Math.max(
    0,
    edges.findLastIndex((edge) => edge <= value),
  );
  return Math.round((index * (shadeCount - 1)) / Math.max(1, edges.length - 1));
}
