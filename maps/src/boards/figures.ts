/** What boards show of the API's figures: which word stands for what, and which cases it leads to. */
import type { CountedBy, Figures, Group } from './types';

type Counts = Pick<Figures, 'cases'>;

/** Settled, but not where it arose: the API lists the cases of both figures at once. */
export const notLocal = 'resolved,escalated';

export function countOf({ cases }: Counts, figure: string): number {
  if (figure === notLocal) return (cases.resolved ?? 0) - (cases.local ?? 0);
  return cases[figure] ?? 0;
}

export type Unit = 'cases' | 'share' | 'span' | 'score';

export interface Metric {
  id: string;
  title: string;
  unit: Unit;
  /** Seconds for spans, 0 to 1 for shares; null when there is nothing to say it of. */
  value: (figures: Figures) => number | null;
  /** The cases behind it: the first of these that has any. Shares lead to what fell short. */
  leadsTo: readonly string[];
}

/** The wanted share of matters settled where they arose (就地化解率). */
export const localTarget = 0.95;

const count = (id: string, title: string): Metric => ({
  id,
  title,
  unit: 'cases',
  value: (figures) => countOf(figures, id),
  leadsTo: [id],
});

export const metrics = {
  reported: count('reported', 'boards.metric.reported'),
  open: count('open', 'boards.metric.open'),
  late: count('late', 'boards.metric.late'),
  returned: count('returned', 'boards.metric.returned'),
  reworked: count('reworked', 'boards.metric.reworked'),
  onTime: {
    id: 'onTime',
    title: 'boards.metric.onTime',
    unit: 'share',
    value: ({ shares }) => shares.fed_back_on_time ?? null,
    leadsTo: ['fed_back_late', 'fed_back_on_time'],
  },
  local: {
    id: 'local',
    title: 'boards.metric.local',
    unit: 'share',
    value: ({ shares }) => shares.local ?? null,
    leadsTo: [notLocal, 'local'],
  },
  satisfied: {
    id: 'satisfied',
    title: 'boards.metric.satisfied',
    unit: 'share',
    value: ({ shares }) => shares.judged_satisfied ?? null,
    leadsTo: ['evaluated'],
  },
  response: {
    id: 'response',
    title: 'boards.metric.response',
    unit: 'span',
    value: ({ response }) => response.median_s ?? null,
    leadsTo: ['responded'],
  },
  resolution: {
    id: 'resolution',
    title: 'boards.metric.resolution',
    unit: 'span',
    value: ({ resolution }) => resolution.median_s ?? null,
    leadsTo: ['resolved'],
  },
  resolutionP90: {
    id: 'resolutionP90',
    title: 'boards.metric.resolutionP90',
    unit: 'span',
    value: ({ resolution }) => resolution.p90_s ?? null,
    leadsTo: ['resolved'],
  },
} satisfies Record<string, Metric>;

export type MetricId = keyof typeof metrics;

/** All that is counted is reported in the period, or closed in it. */
export const titleOf = (id: MetricId, time: CountedBy) =>
  id === 'reported' && time === 'closed' ? 'boards.tile.closed' : metrics[id].title;

/** The columns of the comparison; each can colour the map too. */
export const compared: readonly MetricId[] = [
  'reported',
  'open',
  'late',
  'onTime',
  'response',
  'resolution',
  'resolutionP90',
  'returned',
  'reworked',
  'local',
  'satisfied',
];

/** Words for the figures by which cases are listed. */
export const figureWords: Record<string, string> = {
  reported: 'boards.figure.reported',
  open: 'boards.figure.open',
  closed: 'boards.figure.closed',
  resolved: 'boards.figure.resolved',
  local: 'boards.figure.local',
  responded: 'boards.figure.responded',
  signed_on_time: 'boards.figure.signed_on_time',
  signed_late: 'boards.figure.signed_late',
  fed_back_on_time: 'boards.figure.fed_back_on_time',
  fed_back_late: 'boards.figure.fed_back_late',
  late: 'boards.figure.late',
  returned: 'boards.figure.returned',
  reworked: 'boards.figure.reworked',
  escalated: 'boards.figure.escalated',
  open_under_1h: 'boards.figure.open_under_1h',
  open_under_1d: 'boards.figure.open_under_1d',
  open_under_3d: 'boards.figure.open_under_3d',
  open_under_7d: 'boards.figure.open_under_7d',
  open_over_7d: 'boards.figure.open_over_7d',
  evaluated: 'boards.figure.evaluated',
  judged_responded: 'boards.figure.judged_responded',
  judged_resolved: 'boards.figure.judged_resolved',
  judged_satisfied: 'boards.figure.judged_satisfied',
};

export const ages = [
  'open_under_1h',
  'open_under_1d',
  'open_under_3d',
  'open_under_7d',
  'open_over_7d',
] as const;

/** Late ones among what is open: figures of several statuses add up. */
export const sumOf = (groups: readonly Group[], figure: string) =>
  groups.reduce((sum, group) => sum + countOf(group, figure), 0);

/** Rounded down, so that 94.97 % never reads as the 95 % that it has not reached. */
export function formatShare(share: number, locale: string): string {
  const shown = Math.floor(share * 1000 + 1e-6) / 1000;
  return shown.toLocaleString(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}

export const formatTarget = (share: number, locale: string) =>
  share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 });

/** A span in its largest unit alone, for columns; two days are still told in hours. */
export function shortenSpan(seconds: number): {
  unit: 'minutes' | 'hours' | 'days';
  count: number;
} {
  const tenths = (count: number) => Math.round(count * 10) / 10;
  if (seconds < 3600) return { unit: 'minutes', count: Math.round(seconds / 60) };
  if (seconds < 2 * 86_400) return { unit: 'hours', count: tenths(seconds / 3600) };
  return { unit: 'days', count: tenths(seconds / 86_400) };
}

export const formatScore = (score: number, locale: string) =>
  score.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
