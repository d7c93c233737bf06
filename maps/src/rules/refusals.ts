/** What the server refuses in rules: which rule it is about, and what is wrong with it. */

/** `other` keeps the server's own sentence; the rest is worded by the page. */
export type RefusalKind =
  | 'twice'
  | 'unknown'
  | 'tie'
  | 'status'
  | 'measure'
  | 'group'
  | 'score'
  | 'offer'
  | 'offers'
  | 'id'
  | 'other';

export interface Refusal {
  kind: RefusalKind;
  /** The ids of the rules it is about; none when it is about the calendar. */
  rules: string[];
  /** What the page's sentence takes: codes of the contract and names. */
  values: Record<string, string>;
  /** The server's sentence. */
  text: string;
}

/** A name as the server writes it, between quotes. */
const quoted = '"((?:[^"\\\\]|\\\\.)*)"';
const unquote = (text: string) => text.replaceAll(/\\(["\\])/g, '$1');

const patterns: [RefusalKind, RegExp, string[]][] = [
  ['twice', new RegExp(`^two rules are called ${quoted}`), ['rule']],
  ['tie', new RegExp(`^the rules ${quoted} and ${quoted} are equally specific`), ['rule', 'other']],
  [
    'unknown',
    new RegExp(`^the rule ${quoted} names the (\\w+) ${quoted}`),
    ['rule', 'what', 'name'],
  ],
  [
    'status',
    new RegExp(`^the rule ${quoted}: (\\w+) is possible while an incident is (.+), but not (\\w+)`),
    ['rule', 'order', 'possible', 'status'],
  ],
  [
    'measure',
    new RegExp(`^the rule ${quoted}: (\\w+) has no meaning while an incident is (\\w+)`),
    ['rule', 'measure', 'status'],
  ],
  ['group', new RegExp(`^the rule ${quoted}: the service .* is not of the group`), ['rule']],
  ['score', new RegExp(`^the rule ${quoted}: min_score`), ['rule']],
  ['offer', new RegExp(`^the rule ${quoted}: an offer must stand`), ['rule']],
  ['offers', new RegExp(`^the rule ${quoted}: without an offer`), ['rule']],
  ['id', new RegExp(`^the rule ${quoted}: give it an id`), ['rule']],
  ['other', new RegExp(`^the rule ${quoted}`), ['rule']],
];

export function readRefusal(text: string): Refusal {
  for (const [kind, pattern, names] of patterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const parts = names.map((name, place) => [name, unquote(match[place + 1] ?? '')]);
    const values: Record<string, string> = Object.fromEntries(parts);
    const rules = [values.rule, kind === 'tie' ? values.other : undefined];
    return { kind, rules: rules.filter((id) => id !== undefined), values, text };
  }
  return { kind: 'other', rules: [], values: {}, text };
}

/** The part of the screen that a refusal without a rule belongs to. */
export const isAboutCalendar = ({ text }: Refusal) => text.startsWith('the calendar:');
