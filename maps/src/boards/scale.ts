/** Scales of charts. */

/** Round marks from 0 to at least `highest`, whole numbers, about `count` of them. */
export function niceTicks(highest: number, count: number): number[] {
  const rough = Math.max(highest, 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power);
  const ticks = [0];
  while ((ticks.at(-1) ?? 0) < highest || ticks.length < 2) ticks.push(ticks.length * step);
  return ticks;
}

/** Every how many labels one has room. */
export const labelStride = (count: number, widthPx: number, labelPx: number) =>
  Math.max(1, Math.ceil((count * labelPx) / Math.max(widthPx, 1)));
