/** Short names for the shapes of the HTTP contract. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type LngLat = Schemas['LngLat'];
export type Level = Schemas['Level'];
export type Status = Schemas['Status'];
export type Priority = Schemas['Priority'];
export type DeadlineState = Schemas['DeadlineState'];
export type Slot = Schemas['Slot'];
export type Problem = Schemas['Problem'];
export type Session = Schemas['Session'];
export type MapConfig = Schemas['MapConfig'];
export type Basemap = Schemas['Basemap'];
export type AreaRef = Schemas['AreaRef'];
export type AreaSummary = Schemas['AreaSummary'];
export type AreaDetail = Schemas['AreaDetail'];
export type Lookup = Schemas['Lookup'];
export type PostedWorker = Schemas['PostedWorker'];
export type Worker = Schemas['Worker'];
export type Catalogue = Schemas['Catalogue'];
export type Service = Schemas['Service'];
export type ServiceGroup = Schemas['ServiceGroup'];
export type FormField = Schemas['FormField'];
export type Organisation = Schemas['Organisation'];
export type Assignee = Schemas['Assignee'];
export type Task = Schemas['Task'];
export type Incident = Schemas['Incident'];
export type IncidentEvent = Schemas['IncidentEvent'];
export type AllowedAction = Schemas['AllowedAction'];
export type Candidates = Schemas['Candidates'];
export type Candidate = Schemas['Candidate'];
export type NewIncident = Schemas['NewIncident'];

/** Data of the stream's `incident` events. */
export interface IncidentNotice {
  id: string;
  number: string;
  version: number;
  status: Status;
  priority: Priority;
  service: string;
  lon: number;
  lat: number;
  area: string | null;
  deadline_state: DeadlineState;
  action: string;
  at: string;
}

/** One entry of the stream's `positions` events. */
export interface WorkerMove {
  worker: string;
  lon: number;
  lat: number;
  at: string;
  heading_deg?: number | null;
  on_duty: boolean;
}
