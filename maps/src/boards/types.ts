/** Short names for what boards read of the HTTP contract, and the shapes that they make of it. */
import type { components, operations } from '@/api/schema';
import type { AreaRef, Level, Priority } from '@/api/types';

type Schemas = components['schemas'];

export type Statistics = Schemas['Statistics'];
export type Figures = Schemas['Figures'];
export type Group = Schemas['FiguresOfGroup'];
export type Dimension = Schemas['Dimension'];
export type CountedBy = Schemas['CountedBy'];
export type Source = Schemas['Source'];
export type HotSpot = Schemas['HotSpot'];
export type StatisticsQuery = NonNullable<operations['load_statistics']['parameters']['query']>;
export type IncidentQuery = NonNullable<operations['search_incidents']['parameters']['query']>;

/** What a board is bounded by; all of it stands in the address. */
export interface Choice {
  /** Null for the whole territory. */
  area: string | null;
  /** As `period.ts` prints it. */
  period: string;
  time: CountedBy;
  services: string[];
  sources: Source[];
  priorities: Priority[];
  /** Of which level areas are compared; those right below when null. */
  level: Level | null;
}

export interface Window {
  from: string;
  /** Not included. */
  until: string;
  bucket: 'hour' | 'day' | 'week';
}

/** All figures of a board, of one moment of the server's clock. */
export interface Board {
  area: AreaRef | null;
  asOf: string;
  zone: string;
  window: Window;
  time: CountedBy;
  /** Of what was reported in the longest window that figures have: by status and by area. */
  now: Statistics;
  /** Yesterday and today. */
  reportedDays: Group[];
  closedDays: Group[];
  /** Of the period, told apart. */
  period: Statistics;
  /** The period by stretches of time, once by the report and once by the close. */
  reported: Group[];
  closed: Group[];
}
