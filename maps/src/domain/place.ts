/** The reader's place in a list that changes under them. */

export interface KeptList<T> {
  rows: T[];
  /** What came since, and waits until it is asked for. */
  waiting: T[];
}

/**
 * The rows in the order in which they were being read: those that are gone are left out, those that
 * are new wait. Without an order kept, the list flows as it is.
 */
export function keepPlace<T extends { id: string }>(
  list: readonly T[],
  kept: readonly string[] | null,
): KeptList<T> {
  if (!kept) return { rows: [...list], waiting: [] };
  const byId = new Map(list.map((item) => [item.id, item]));
  const known = new Set(kept);
  return {
    rows: kept.flatMap((id) => byId.get(id) ?? []),
    waiting: list.filter(({ id }) => !known.has(id)),
  };
}

/** Where the cursor goes from the row at `from`, which may be gone: then from where it was last. */
export function moveCursor(
  ids: readonly string[],
  from: { id: string | null; index: number },
  step: 1 | -1,
): number {
  if (ids.length === 0) return -1;
  const at = from.id === null ? -1 : ids.indexOf(from.id);
  if (at < 0 && from.id !== null) {
    // What came after the row that is gone stands in its place now.
    const next = step > 0 ? from.index : from.index - 1;
    return Math.max(0, Math.min(ids.length - 1, next));
  }
  return Math.max(0, Math.min(ids.length - 1, at + step));
}
