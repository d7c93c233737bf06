/** The steps of an incident that an endpoint can be told of, in the order of the workflow. */
import type { components } from '@/api/schema';

type Action = components['schemas']['Action'];

/** A record, so that a step that the contract adds is missed by the compiler. */
const order: Record<Action, number> = {
  report: 0,
  rematch: 1,
  file: 2,
  self_handle: 3,
  mark_duplicate: 4,
  reject: 5,
  dispatch: 6,
  reassign: 7,
  recall: 8,
  assist: 9,
  summon: 10,
  pass_up: 11,
  release: 12,
  sign: 13,
  arrive: 14,
  return: 15,
  rule_return: 16,
  feed_back: 17,
  request_extension: 18,
  rule_extension: 19,
  defer: 20,
  resume: 21,
  escalate: 22,
  hand_down: 23,
  warn: 24,
  supervise: 25,
  answer: 26,
  pass: 27,
  rework: 28,
  evaluate: 29,
  reopen: 30,
};

export const actions = (Object.keys(order) as Action[]).sort((a, b) => order[a] - order[b]);
