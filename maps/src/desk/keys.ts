/** The keys of the desk. Every command is here once; the page of keys is drawn from the same table. */

export const keyGroups = {
  queue: {
    down: ['j', 'ArrowDown'],
    up: ['k', 'ArrowUp'],
    next: [']'],
    previous: ['['],
    fresh: ['.'],
    filter: ['f'],
    late: ['t'],
    plan: ['p'],
    sound: ['b'],
  },
  case: {
    act: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    undo: ['u'],
    close: ['Escape'],
  },
  map: {
    search: ['/'],
    zoomIn: ['+', '='],
    zoomOut: ['-'],
    here: ['c'],
    layers: ['l'],
    measure: ['m'],
  },
  page: {
    toQueue: ['q'],
    toMap: ['g'],
    toPanel: ['d'],
    help: ['?'],
  },
} as const;

type Groups = typeof keyGroups;
export type KeyCommand = { [G in keyof Groups]: keyof Groups[G] }[keyof Groups];

const commandByKey = new Map(
  Object.values(keyGroups).flatMap((group) =>
    Object.entries(group).flatMap(([command, keys]) =>
      (keys as readonly string[]).map((key) => [key, command as KeyCommand] as const),
    ),
  ),
);

const typingKinds = ['text', 'search', 'number', 'date', 'time', 'password', 'tel', 'email'];

/** Someone who is writing means letters. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (element?.isContentEditable) return true;
  const tag = element?.tagName;
  if (tag === 'INPUT') return typingKinds.includes((element as HTMLInputElement).type);
  return tag === 'TEXTAREA' || tag === 'SELECT';
}

type Stroke = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>;

/** The command of a key stroke, or null when it belongs to what has the focus. */
export function commandOf(stroke: Stroke): KeyCommand | null {
  const { key, target } = stroke;
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return null;
  if (isTyping(target) && key !== 'Escape') return null;
  const element = target as HTMLElement | null;
  const role = element?.getAttribute?.('role');
  const isArrow = key.startsWith('Arrow');
  // Arrows move inside lists, radio buttons and sliders; the map pans and zooms by itself.
  const ownsArrows = element?.tagName === 'INPUT' || role === 'slider' || role === 'option';
  if (isArrow && ownsArrows) return null;
  const onMap = element?.tagName === 'CANVAS';
  if (onMap && (isArrow || ['+', '=', '-'].includes(key))) return null;
  return commandByKey.get(key) ?? null;
}

const shownAs: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  '-': '−',
};

/** How the keys of a command are written on the page of keys. */
export function keyCaps(keys: readonly string[]): string[] {
  if (keys.length > 3) return [`${keys[0]}–${keys[keys.length - 1]}`];
  return keys.filter((key) => key !== '=').map((key) => shownAs[key] ?? key.toUpperCase());
}
