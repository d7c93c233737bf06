/** The dispatcher's queue as pure data: what the list and the map draw for each open incident. */
import type { DeadlineState, Incident, IncidentNotice, Level, Priority, Status } from '@/api/types';

export interface QueueEntry {
  id: string;
  number: string;
  version: number;
  status: Status;
  priority: Priority;
  service: string;
  lon: number;
  lat: number;
  areaName: string | null;
  place: string | null;
  title: string | null;
  /** Codes of every area around it, the widest first. */
  areas: readonly string[];
  /** Identities of its holder and of everybody with an open task. */
  people: readonly string[];
  /** What a search looks at, in lower case. */
  text: string;
  deadlineState: DeadlineState;
  signBy: string | null;
  resolveBy: string | null;
  reportedAt: string;
}

export type Queue = ReadonlyMap<string, QueueEntry>;

const ended: readonly Status[] = ['closed', 'evaluated'];

export const isOpen = (status: Status) => !ended.includes(status);

const placeLevels: readonly Level[] = ['county', 'township', 'grid'];

/** "清江浦区 · 淮城街道 · 漕运社区第三网格": a grid's own name has its community's in it. */
export function placeOf({ chain }: Incident): string | null {
  const inGrid = chain.some(({ level }) => level === 'grid');
  const named = inGrid ? chain.filter(({ level }) => placeLevels.includes(level)) : chain.slice(-3);
  return named.map(({ name }) => name).join(' · ') || null;
}

const endedTasks = ['ended', 'recalled', 'returned', 'expired'];

function textOf(incident: Incident): string {
  const { number, title, description, address, service_name } = incident;
  const texts = [number, title, description, address, service_name.zh, service_name.en];
  return [...texts, placeOf(incident)].filter(Boolean).join(' ').toLowerCase();
}

export function entryOf(incident: Incident): QueueEntry {
  const open = incident.tasks.filter(({ status }) => !endedTasks.includes(status));
  return {
    id: incident.id,
    number: incident.number,
    version: incident.version,
    status: incident.status,
    priority: incident.priority,
    service: incident.service,
    lon: incident.lon,
    lat: incident.lat,
    areaName: incident.area?.name ?? null,
    place: placeOf(incident),
    title: incident.title,
    areas: incident.chain.map(({ code }) => code),
    people: [...(incident.holder ? [incident.holder.id] : []), ...open.map((t) => t.assignee.id)],
    text: textOf(incident),
    deadlineState: incident.deadlines.state,
    signBy: incident.deadlines.sign_by ?? null,
    resolveBy: incident.deadlines.resolve_by ?? null,
    reportedAt: incident.reported_at,
  };
}

/** A notice knows less than the incident: what it does not carry is kept from the entry before. */
export function entryOfNotice(notice: IncidentNotice, before: QueueEntry | undefined): QueueEntry {
  return {
    areaName: null,
    place: null,
    title: null,
    areas: [],
    people: [],
    text: notice.number,
    signBy: null,
    resolveBy: null,
    reportedAt: notice.at,
    ...before,
    id: notice.id,
    number: notice.number,
    version: notice.version,
    status: notice.status,
    priority: notice.priority,
    service: notice.service,
    lon: notice.lon,
    lat: notice.lat,
    deadlineState: notice.deadline_state,
  };
}

/** Puts an entry in its place; an older version than the one held changes nothing. */
export function putEntry(queue: Queue, entry: QueueEntry): Queue {
  const held = queue.get(entry.id);
  if (held && held.version > entry.version) return queue;
  const next = new Map(queue);
  if (isOpen(entry.status)) next.set(entry.id, entry);
  else next.delete(entry.id);
  return next;
}

export function applyNotice(queue: Queue, notice: IncidentNotice): Queue {
  return putEntry(queue, entryOfNotice(notice, queue.get(notice.id)));
}
