/** Why somebody cannot be on duty as planned: the server says it in a sentence for each. */

export interface Refusal {
  date: string;
  shift: string;
  slot: string;
  area: string;
  worker: string;
  /** The key of the reason in words; null for one that this page does not know. */
  key: string | null;
  /** The server's own words. */
  reason: string;
}

const reasons: [RegExp, string][] = [
  [/say for whom/, 'people.refused.forWhom'],
  [/of the role .* cannot hold/, 'people.refused.unfit'],
  [/does not hold the post then/, 'people.refused.nobodyToStandInFor'],
  [/there twice/, 'people.refused.twice'],
  [/for themself/, 'people.refused.forThemself'],
  [/no worker .* that you may place/, 'people.refused.unknownWorker'],
  [/no such shift/, 'people.refused.unknownShift'],
  [/not one of those/, 'people.refused.outside'],
];

export const reasonKey = (reason: string) =>
  reasons.find(([pattern]) => pattern.test(reason))?.[1] ?? null;

const line = /^(\S+) (\S+), (\S+) of (\S+), worker ([^\s:]+): (.*)$/;

export function readRefusals(errors: unknown): Refusal[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((text) => {
    const [, date, shift, slot, area, worker, reason] = line.exec(String(text)) ?? [];
    if (!date || !shift || !slot || !area || !worker || !reason) return [];
    return [{ date, shift, slot, area, worker, reason, key: reasonKey(reason) }];
  });
}
