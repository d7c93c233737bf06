/** What a draft changes, sorted for reading and for the map. */
import type { AreaChange, ChangeKind, Draft, Edition } from './types';

/** How an area is drawn on the map: each of these has its colour and its line. */
export type ChangeTone = 'added' | 'removed' | 'changed';

export function toneOf(kinds: readonly ChangeKind[]): ChangeTone {
  if (kinds.includes('added')) return 'added';
  if (kinds.includes('removed')) return 'removed';
  return 'changed';
}

const kindOrder: readonly ChangeKind[] = [
  'added',
  'removed',
  'split',
  'merged',
  'moved',
  'recoded',
  'renamed',
  'reparented',
  'rekinded',
];

/** An area of several kinds stands under the first of them; no area stands twice. */
export function groupChanges(
  changes: readonly AreaChange[],
): { kind: ChangeKind; changes: AreaChange[] }[] {
  const main = ({ kinds }: AreaChange) => kindOrder.find((kind) => kinds.includes(kind));
  return kindOrder
    .map((kind) => ({ kind, changes: changes.filter((change) => main(change) === kind) }))
    .filter(({ changes: found }) => found.length > 0);
}

export const nameOf = ({ before, after }: AreaChange): string => (after ?? before)?.name ?? '';
export const codeOf = ({ before, after }: AreaChange): string => (after ?? before)?.code ?? '';

/** The edition in force at a moment: of those that have begun, the one that was published last. */
export function editionAt(editions: readonly Edition[], nowMs: number): Edition | null {
  const begun = editions.filter(({ effective_from }) => Date.parse(effective_from) <= nowMs);
  return begun.reduce<Edition | null>(
    (last, edition) => (last && last.id > edition.id ? last : edition),
    null,
  );
}

/** The last step that can be taken back: undoing is a step too, and is not undone. */
export const canUndo = (draft: Draft): boolean => draft.state === 'open' && draft.version > 1;
