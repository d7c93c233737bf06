/** Short names for the shapes of the HTTP contract. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type LngLat = Schemas['Degrees'];
export type Level = Schemas['Level'];
export type Status = Schemas['Status'];
export type Priority = Schemas['Priority'];
export type DeadlineState = Schemas['DeadlineState'];
export type Slot = Schemas['Slot'];
/** What the codes `version_conflict` and `action_not_allowed` add is named here: the schema leaves it open. */
export type Problem = Schemas['Problem'] & {
  current?: Incident;
  allowed?: Action[];
  current_status?: Status;
};
export type Session = Schemas['Session'];
export type MapConfig = Schemas['MapConfig'];
export type Basemap = Schemas['BasemapView'];
export type AreaRef = Schemas['AreaRef'];
export type AreaSummary = Schemas['AreaSummary'];
export type AreaDetail = Schemas['AreaDetail'];
export type Lookup = Schemas['LookUpAnswer'];
export type PostedWorker = Schemas['PostedWorker'];
export type Worker = Schemas['Worker'];
export type Catalogue = Schemas['ServiceList'];
export type Service = Schemas['Service'];
export type ServiceGroup = Schemas['ServiceGroup'];
export type FormField = Schemas['FormField'];
export type Organisation = Schemas['Organisation'];
export type Assignee = Schemas['Assignee'];
export type Task = Schemas['Task'];
export type Incident = Schemas['Incident'];
export type IncidentEvent = Schemas['Event'];
export type Action = Schemas['Action'];
export type AllowedAction = Schemas['OfferedAction'];
export type Candidates = Schemas['CandidateList'];
/** `travel_s`: seconds on the way, from servers that reckon with roads. */
export type Candidate = Schemas['Candidate'] & { travel_s?: number | null };
export type Media = Schemas['Media'];
export type MediaList = Schemas['MediaList'];
export type MediaStage = Schemas['MediaStage'];
export type LikelyDuplicate = Schemas['LikelyDuplicate'];
export type Route = Schemas['Route'];
export type Plan = Schemas['PlanAnswer'];
export type PlanRequest = Schemas['PlanBody'];
export type PlannedAssignment = Schemas['PlannedAssignment'];
export type Alarm = Schemas['AlarmDetail'];
export type HotSpot = Schemas['HotSpot'];
export type ActionRequest = Schemas['ActionRequest'];
export type NewIncident = Schemas['ReportRequest'];

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
  /** A file that was added; then the rest is as the last step left it. */
  media?: string;
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
