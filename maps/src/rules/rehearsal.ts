/** A rehearsal beside that of the rules in force, rule by rule. */
import type { Fire, Order, Rehearsal } from './types';

export interface Compared {
  rule: string;
  order: Order;
  /** Null where the rule is not among those of its side. */
  inForce: { times: number; incidents: number } | null;
  draft: { times: number; incidents: number } | null;
  /** Of the draft; of a rule that it no longer has, those of the rules in force. */
  fires: Fire[];
}

/** Those that would act otherwise than now stand first. */
export function compareRehearsals(inForce: Rehearsal, draft: Rehearsal): Compared[] {
  const gone = inForce.rules.filter(({ rule }) => !draft.rules.some((one) => one.rule === rule));
  const rows = [...draft.rules, ...gone].map(({ rule, order }) => {
    const counts = ({ rules }: Rehearsal) => rules.find((one) => one.rule === rule) ?? null;
    const side = counts(draft) ? draft : inForce;
    return {
      rule,
      order,
      inForce: counts(inForce),
      draft: counts(draft),
      fires: side.fires.filter((fire) => fire.rule === rule),
    };
  });
  const isSame = ({ inForce: now, draft: then }: Compared) => now?.times === then?.times;
  return rows.sort((a, b) => Number(isSame(a)) - Number(isSame(b)));
}

/** How often anything would have been done at all. */
export const totalTimes = ({ rules }: Rehearsal) =>
  rules.reduce((sum, { times }) => sum + times, 0);
