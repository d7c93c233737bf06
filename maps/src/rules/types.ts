/** The rulebook as this screen holds it: what the contract lets be absent is filled in. */
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type EscalationRule = Schemas['EscalationRule'] & { scope: Scope };
export type RoutingRule = Schemas['RoutingRule'] & { scope: Scope };
export type SendingRule = Schemas['SendingRule'] & { scope: Scope };
export type Scope = Schemas['Scope'];
export type Destination = Schemas['Destination'];
export type Order = Schemas['Order'];
export type Measure = Schemas['Measure'];
export type Clock = Schemas['Clock'];
export type Span = Schemas['Span'];
export type Holiday = Schemas['Holiday'];
export type MakeUpDay = Schemas['MakeUpDay'];
export type Shift = Schemas['Shift'];
export type Year = Required<Schemas['YearDefinition']>;
export type Week = Required<Schemas['Week']>;
export type WeekDay = keyof Week;
export type Rehearsal = Schemas['RehearsalAnswer'];
export type Fire = Schemas['Fire'];
export type RulesVersion = Schemas['RulesVersion'];

export type Calendar = Omit<Schemas['CalendarDefinition'], 'week' | 'make_up_hours' | 'years'> & {
  week: Week;
  make_up_hours: Span[];
  years: Year[];
};

export interface Rulebook {
  calendar: Calendar;
  summon_minutes: number;
  shifts: Shift[];
  routing: RoutingRule[];
  escalation: EscalationRule[];
  sending: SendingRule[];
}

/** The lists of rules, by the name that the rulebook gives them. */
export type RuleKind = 'escalation' | 'routing' | 'sending';
export type Rule<K extends RuleKind = RuleKind> = Rulebook[K][number];

export interface KeptRules extends RulesVersion {
  rules: Rulebook;
}

export const ruleKinds: readonly RuleKind[] = ['escalation', 'routing', 'sending'];
export const weekDays: readonly WeekDay[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];
export const workerRoles: readonly Schemas['WorkerRole'][] = [
  'full_time',
  'part_time',
  'micro',
  'cadre',
  'volunteer',
  'officer',
  'mediator',
];
