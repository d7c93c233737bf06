/** Sorting of a table by one of its columns. */

export interface Sorting<K extends string> {
  by: K;
  down: boolean;
}

type Value = string | number | null | undefined;

/** What is not known comes last either way; equals keep their order. */
export function sortBy<T, K extends string>(
  items: readonly T[],
  { by, down }: Sorting<K>,
  read: (item: T, by: K) => Value,
): T[] {
  const keyed = items.map((item) => ({ item, value: read(item, by) ?? null }));
  return keyed
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return Number(a.value === null) - Number(b.value === null);
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : String(a.value).localeCompare(String(b.value), 'zh-CN');
      return down ? -order : order;
    })
    .map(({ item }) => item);
}
