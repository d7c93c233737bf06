/** The order of the queue: late, warning, priority, age. */
import type { DeadlineState, Priority } from '@/api/types';
import type { QueueEntry } from './queue';

const priorityRank: Record<Priority, number> = { urgent: 0, high: 1, normal: 2, low: 3 };
const stateRank: Record<DeadlineState, number> = { late: 0, warning: 1, on_time: 2, none: 2 };

type Timed = Pick<QueueEntry, 'status' | 'deadlineState' | 'signBy' | 'resolveBy'>;

/** The deadline that runs now: signing first, then resolving. */
export function dueAt(entry: Timed): number | null {
  const due = entry.status === 'dispatched' ? (entry.signBy ?? entry.resolveBy) : entry.resolveBy;
  return due ? Date.parse(due) : null;
}

/** The server's state, moved on to `late` once the deadline passes between two notices. */
export function deadlineStateAt(entry: Timed, nowMs: number): DeadlineState {
  if (entry.deadlineState === 'none' || entry.deadlineState === 'late') return entry.deadlineState;
  const due = dueAt(entry);
  return due !== null && due < nowMs ? 'late' : entry.deadlineState;
}

export function sortByUrgency(entries: Iterable<QueueEntry>, nowMs: number): QueueEntry[] {
  const keyed = [...entries].map((entry) => ({
    entry,
    state: stateRank[deadlineStateAt(entry, nowMs)],
    priority: priorityRank[entry.priority],
  }));
  keyed.sort(
    (a, b) =>
      a.state - b.state ||
      a.priority - b.priority ||
      Date.parse(a.entry.reportedAt) - Date.parse(b.entry.reportedAt) ||
      a.entry.number.localeCompare(b.entry.number),
  );
  return keyed.map(({ entry }) => entry);
}
