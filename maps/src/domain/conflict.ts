/** What someone else changed between the incident on the screen and the one on the server. */
import type { Incident } from '@/api/types';

export interface Change {
  what: 'status' | 'priority' | 'service' | 'lead' | 'holder' | 'resolve_by';
  before: string | null;
  after: string | null;
}

/** The fact of each change; `status` and `priority` are codes for the page to word. */
export function describeChanges(
  before: Incident,
  after: Incident,
  language: 'zh' | 'en',
): Change[] {
  const facts = (incident: Incident): Record<Change['what'], string | null> => ({
    status: incident.status,
    priority: incident.priority,
    service: incident.service_name[language],
    lead: incident.lead?.assignee.name ?? null,
    holder: incident.holder?.name ?? null,
    resolve_by: incident.deadlines.resolve_by ?? null,
  });
  const [old, current] = [facts(before), facts(after)];
  return (Object.keys(old) as Change['what'][])
    .filter((what) => old[what] !== current[what])
    .map((what) => ({ what, before: old[what], after: current[what] }));
}
