/** What each field of a workflow action is asked with, and how the actions are ordered. */
import type { AllowedAction } from '@/api/types';

export type FieldKind =
  | 'text'
  | 'paragraph'
  | 'boolean'
  | 'moment'
  | 'rating'
  | 'service'
  | 'priority'
  | 'organisation'
  | 'assignee'
  | 'task'
  | 'media';

const fieldKinds: Record<string, FieldKind> = {
  note: 'paragraph',
  reason: 'paragraph',
  proof: 'paragraph',
  comment: 'paragraph',
  of: 'text',
  accept: 'boolean',
  responded: 'boolean',
  resolved: 'boolean',
  until: 'moment',
  since: 'moment',
  satisfied: 'rating',
  service: 'service',
  priority: 'priority',
  to: 'organisation',
  assignee: 'assignee',
  lead: 'assignee',
  department: 'organisation',
  answer_by: 'moment',
  task: 'task',
  media: 'media',
};

/** Actions that move the case on come first and are drawn as the main buttons. */
const forward = [
  'file',
  'rule_return',
  'rule_extension',
  'dispatch',
  'sign',
  'feed_back',
  'pass',
  'evaluate',
  'resume',
];

export interface ActionField {
  key: string;
  kind: FieldKind;
  required: boolean;
}

export const isForward = (action: string) => forward.includes(action);

/** The fields of an action, needed ones first; a field unknown to this page is asked as text. */
export function fieldsOf(action: Pick<AllowedAction, 'needs' | 'optional'>): ActionField[] {
  const field = (required: boolean) => (key: string) => ({
    key,
    kind: fieldKinds[key] ?? 'text',
    required,
  });
  return [...action.needs.map(field(true)), ...action.optional.map(field(false))];
}

export function orderActions(actions: readonly AllowedAction[]): AllowedAction[] {
  const rank = ({ action }: AllowedAction) => {
    const place = forward.indexOf(action);
    return place < 0 ? forward.length : place;
  };
  return [...actions].sort((a, b) => rank(a) - rank(b));
}

/** What a field holds before anyone touches it. */
export function initialValue(kind: FieldKind): unknown {
  if (kind === 'boolean') return true;
  if (kind === 'rating') return 5;
  return kind === 'text' || kind === 'paragraph' ? '' : null;
}

/** The values to send: blanks are left out. */
export function filledIn(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== null && value !== undefined && value !== '',
    ),
  );
}

/** Keys of required fields that are still blank. */
export const missingFields = (fields: readonly ActionField[], values: Record<string, unknown>) =>
  fields
    .filter(({ key, required }) => required && !(key in filledIn(values)))
    .map(({ key }) => key);
