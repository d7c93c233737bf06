/** Views of the queue that the viewer keeps in this browser, each a name for an address. */

export interface SavedView {
  name: string;
  query: Record<string, string>;
}

const isView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as SavedView).name === 'string' &&
  typeof (value as SavedView).query === 'object' &&
  (value as SavedView).query !== null &&
  Object.values((value as SavedView).query).every((part) => typeof part === 'string');

/** What cannot be read is left out: storage is the viewer's, and may hold anything. */
export function parseViews(text: string | null): SavedView[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.filter(isView) : [];
  } catch {
    return [];
  }
}

/** The same name again replaces. */
export const putView = (views: readonly SavedView[], view: SavedView): SavedView[] => [
  ...views.filter(({ name }) => name !== view.name),
  view,
];

export const sameQuery = (a: Record<string, string>, b: Record<string, string>) =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => b[key] === value);
