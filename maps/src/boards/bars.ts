/** Rows of the bar lists, made of groups of figures. */
import type { Status } from '@/api/types';
import { countOf, localTarget, notLocal } from './figures';
import type { Figures, Group } from './types';

export interface Bar {
  key: string;
  name: string;
  value: number;
  text: string;
  /** Beside the text, smaller. */
  part?: string;
  figures: Figures;
  figure: string | readonly string[];
  alert?: boolean;
}

export const statusOrder: readonly Status[] = [
  'reported',
  'filed',
  'dispatched',
  'handling',
  'verifying',
  'closed',
  'evaluated',
];

type Words = (group: Group) => string;
type CountText = (count: number) => string;

/** One bar a group, as many as were reported in it, the longest first. */
export const barsByCount = (groups: readonly Group[], nameOf: Words, countText: CountText) =>
  groups
    .map((group): Bar => {
      const value = countOf(group, 'reported');
      return {
        key: group.key ?? '',
        name: nameOf(group),
        value,
        text: countText(value),
        figures: group,
        figure: 'reported',
      };
    })
    .sort((a, b) => b.value - a.value);

export const byStatusOrder = (bars: readonly Bar[]) =>
  [...bars].sort(
    (a, b) => statusOrder.indexOf(a.key as Status) - statusOrder.indexOf(b.key as Status),
  );

/** The share settled locally of each group that settled anything; its link leads to what went up. */
export const barsOfLocal = (
  groups: readonly Group[],
  nameOf: Words,
  shareText: (share: number) => string,
) =>
  groups.flatMap((group): Bar[] => {
    const share = group.shares.local ?? null;
    if (share === null) return [];
    const resolved = countOf(group, 'resolved');
    const local = countOf(group, 'local');
    return [
      {
        key: group.key ?? '',
        name: nameOf(group),
        value: share,
        text: shareText(share),
        part: `${local}/${resolved}`,
        figures: group,
        figure: [notLocal, 'local'],
        alert: share < localTarget,
      },
    ];
  });

export const highestOf = (bars: readonly Bar[]) => Math.max(0, ...bars.map(({ value }) => value));
