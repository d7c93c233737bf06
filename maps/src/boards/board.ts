/** Loads all figures of a board, each of the same moment. */
import { isOpen } from '@/domain/queue';
import { loadStatistics } from './api';
import { addDays, dayOf, maxDays, parsePeriod, startOf, windowOf } from './period';
import type { Board, Choice, CountedBy, Dimension, Group, Statistics } from './types';

export const groupsBy = ({ breakdowns }: Statistics, by: Dimension): Group[] =>
  breakdowns.find((one) => one.by === by)?.groups ?? [];

export const levelOf = ({ breakdowns }: Statistics) =>
  breakdowns.find((one) => one.by === 'area')?.level ?? null;

/** Of those by status, the groups of what is open. */
export const openGroups = (now: Statistics) =>
  groupsBy(now, 'status').filter(({ key }) => isOpen(key as Parameters<typeof isOpen>[0]));

const otherTime = (time: CountedBy): CountedBy => (time === 'closed' ? 'reported' : 'closed');
const instant = (ms: number) => new Date(ms).toISOString();
const orNone = (texts: readonly string[]) => (texts.length > 0 ? texts.join(',') : undefined);

/** When it is now for the server, and by whose clocks days begin there. */
async function readServerClock(area: string | undefined) {
  const now = Date.now();
  const { as_of, zone } = await loadStatistics({
    area,
    from: instant(now - 1000),
    until: instant(now),
  });
  return { asOf: as_of, zone };
}

export async function loadBoard(choice: Choice): Promise<Board> {
  const area = choice.area ?? undefined;
  const { asOf, zone } = await readServerClock(area);
  const nowMs = Date.parse(asOf);
  const window = windowOf(parsePeriod(choice.period), nowMs, zone);
  const yesterday = instant(startOf(addDays(dayOf(nowMs, zone), -1), zone));
  const common = {
    area,
    service: orNone(choice.services),
    source: orNone(choice.sources),
    priority: orNone(choice.priorities),
    as_of: asOf,
    zone,
  };
  const level = choice.level ?? undefined;
  const inPeriod = { ...common, from: window.from, until: window.until };
  const days = { ...common, from: yesterday, until: asOf, by: 'day' };
  const longest = { ...common, from: instant(nowMs - maxDays * 86_400_000), until: asOf };

  const [now, reportedDays, closedDays, period, other] = await Promise.all([
    loadStatistics({ ...longest, by: 'status,area', level }),
    loadStatistics({ ...days, time: 'reported' }),
    loadStatistics({ ...days, time: 'closed' }),
    loadStatistics({
      ...inPeriod,
      time: choice.time,
      by: `${window.bucket},area,status,service,source,level`,
      level,
    }),
    loadStatistics({ ...inPeriod, time: otherTime(choice.time), by: window.bucket }),
  ]);
  const own = groupsBy(period, window.bucket);
  const others = groupsBy(other, window.bucket);
  return {
    area: period.area ?? null,
    asOf,
    zone,
    window,
    time: choice.time,
    now,
    reportedDays: groupsBy(reportedDays, 'day'),
    closedDays: groupsBy(closedDays, 'day'),
    period,
    reported: choice.time === 'reported' ? own : others,
    closed: choice.time === 'reported' ? others : own,
  };
}
