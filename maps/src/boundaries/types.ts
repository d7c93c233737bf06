/** Short names for the shapes of drafts and editions. */
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Draft = Schemas['Draft'];
export type Reading = Schemas['Reading'];
export type ReadDraft = Schemas['ReadDraft'];
export type CrsChoice = Schemas['CrsChoice'];
export type Verdict = Schemas['DraftVerdict'];
export type Coverage = Schemas['Coverage'];
export type Severity = Schemas['Severity'];
export type DefectKind = Schemas['DefectKind'];
/** The schema leaves GeoJSON open. */
export type Defect = Omit<Schemas['Defect'], 'place'> & { place?: GeoJSON.Geometry | null };
export type RepairKind = Schemas['RepairKind'];
export type Repair = Schemas['Repair'];
export type OverlapRule = Schemas['OverlapRule'];
export type Mending = Omit<Schemas['Mending'], 'place'> & { place?: GeoJSON.Geometry | null };
export type Repaired = Omit<Schemas['Repaired'], 'mendings' | 'areas'> & {
  mendings: Mending[];
  areas: (Omit<Schemas['RepairedArea'], 'before' | 'after'> & {
    before?: GeoJSON.Geometry | null;
    after?: GeoJSON.Geometry | null;
  })[];
};
export type Diff = Schemas['Diff'];
export type AreaChange = Schemas['AreaChange'];
export type ChangeKind = Schemas['ChangeKind'];
export type Transfer = Schemas['Transfer'];
export type DraftStep = Schemas['DraftStep'];
export type Edit = Schemas['Edit'];
export type Edition = Schemas['Edition'];
export type Published = Schemas['Published'];
export type PublishRequest = Schemas['PublishRequest'];

/** How a file is to be read; what is left out is found out by the server. */
export interface ReadingChoice {
  layer?: string;
  crs?: string;
  encoding?: string;
  columns?: Record<string, string>;
  replace: boolean;
}

/** What each feature of `areas.geojson` says of its area. */
export interface DraftAreaProperties {
  code: string;
  name: string;
  level: string | null;
  parent: string | null;
  removed: boolean;
}

export type Stage =
  | 'sending'
  | 'receiving'
  | 'reading'
  | 'judging'
  | 'repairing'
  | 'keeping'
  | 'entering';

/** How far long work is; counts are null while they are not known. */
export interface Standing {
  stage: Stage;
  done: number | null;
  total: number | null;
}
