/** The history of a case as it is read: its steps with their files, and files that came between. */
import type { IncidentEvent, Media } from '@/api/types';

export type TimelineEntry =
  | { kind: 'step'; key: string; at: string; actor: string; event: IncidentEvent; media: Media[] }
  | { kind: 'files'; key: string; at: string; actor: string; media: Media[] };

/** Files that one person adds within this time are one entry. */
const togetherMs = 10 * 60_000;

const citedBy = ({ detail }: IncidentEvent): string[] => {
  const cited = (detail as { media?: unknown } | null)?.media;
  return Array.isArray(cited) ? cited.map(String) : [];
};

/** The rule by which the service itself took a step. */
export function ruleOf({ detail }: IncidentEvent): string | null {
  const rule = (detail as { rule?: unknown } | null)?.rule;
  return typeof rule === 'string' ? rule : null;
}

/** The newest first. A file that a step names stands with that step alone. */
export function timelineOf(
  events: readonly IncidentEvent[],
  files: readonly Media[],
): TimelineEntry[] {
  const cited = new Set(events.flatMap(citedBy));
  const byId = new Map(files.map((file) => [file.id, file]));
  const steps = events.map(
    (event): TimelineEntry => ({
      kind: 'step',
      key: `step ${event.seq}`,
      at: event.at,
      actor: event.actor.name,
      event,
      media: citedBy(event).flatMap((id) => byId.get(id) ?? []),
    }),
  );
  const groups: Extract<TimelineEntry, { kind: 'files' }>[] = [];
  for (const file of files.filter(({ id }) => !cited.has(id))) {
    const last = groups.at(-1);
    const near = last && Date.parse(file.at) - Date.parse(last.at) < togetherMs;
    if (near && last.actor === file.actor.name) {
      last.media.push(file);
      last.at = file.at;
    } else {
      groups.push({
        kind: 'files',
        key: `files ${file.id}`,
        at: file.at,
        actor: file.actor.name,
        media: [file],
      });
    }
  }
  return [...steps, ...groups].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
