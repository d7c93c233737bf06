/** The three slots of every grid (三方共管) and how they stand. */
import type { Slot } from '@/api/types';
import type { Post, Role, SlotStaffing } from './api';

export const slots: readonly Slot[] = ['cadre', 'grid_worker', 'volunteer'];

/** Whom a picker offers for a slot; the server refuses others. */
export const rolesOf: Record<Slot, readonly Role[]> = {
  cadre: ['cadre'],
  grid_worker: ['full_time', 'part_time', 'micro'],
  volunteer: ['volunteer'],
};

export interface GridStaffing {
  code: string;
  name: string;
  bySlot: Record<Slot, SlotStaffing[]>;
}

/** Slots by grid, in the order in which they came. */
export function groupByGrid(items: readonly SlotStaffing[]): GridStaffing[] {
  const grids = new Map<string, GridStaffing>();
  for (const item of items) {
    const { code, name } = item.area;
    const grid = grids.get(code) ?? {
      code,
      name,
      bySlot: { cadre: [], grid_worker: [], volunteer: [] },
    };
    grid.bySlot[item.slot].push(item);
    grids.set(code, grid);
  }
  return [...grids.values()];
}

/** Whose post it is, by slot. */
export const postsBySlot = (posts: readonly Post[]): Record<Slot, Post[]> => ({
  cadre: posts.filter(({ slot }) => slot === 'cadre'),
  grid_worker: posts.filter(({ slot }) => slot === 'grid_worker'),
  volunteer: posts.filter(({ slot }) => slot === 'volunteer'),
});
