/** The parts of the screen, which are also its addresses. */
import type { Component } from 'vue';
import { defineAsyncComponent } from 'vue';
import type { Change, ItemKind } from './book';
import CalendarPart from './CalendarPart.vue';
import EscalationPart from './EscalationPart.vue';
import RoutingPart from './RoutingPart.vue';
import SendingPart from './SendingPart.vue';

export type PartName = 'escalation' | 'routing' | 'sending' | 'calendar' | 'services' | 'versions';

export interface Part {
  name: PartName;
  title: string;
  hint: string;
  component: Component;
  /** What can be changed here. */
  kinds: readonly ItemKind[];
}

export const parts: readonly Part[] = [
  {
    name: 'escalation',
    title: 'rules.part.escalation',
    hint: 'rules.hint.escalation',
    component: EscalationPart,
    kinds: ['escalation', 'summon'],
  },
  {
    name: 'routing',
    title: 'rules.part.routing',
    hint: 'rules.hint.routing',
    component: RoutingPart,
    kinds: ['routing'],
  },
  {
    name: 'sending',
    title: 'rules.part.sending',
    hint: 'rules.hint.sending',
    component: SendingPart,
    kinds: ['sending', 'order'],
  },
  {
    name: 'calendar',
    title: 'rules.part.calendar',
    hint: 'rules.hint.calendar',
    component: CalendarPart,
    kinds: ['hours', 'make_up_hours', 'year', 'holiday', 'make_up_day', 'calendar', 'shifts'],
  },
  {
    name: 'services',
    title: 'rules.part.services',
    hint: 'rules.hint.services',
    component: defineAsyncComponent(() => import('./ServicesPart.vue')),
    kinds: [],
  },
  {
    name: 'versions',
    title: 'rules.part.versions',
    hint: 'rules.hint.versions',
    component: defineAsyncComponent(() => import('./VersionsPart.vue')),
    kinds: [],
  },
];

export const partOf = (name: unknown): Part =>
  parts.find((part) => part.name === name) ?? (parts[0] as Part);

export const changesIn = (part: Part, changes: readonly Change[]) =>
  changes.filter(({ kind }) => part.kinds.includes(kind)).length;
