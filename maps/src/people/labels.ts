/** The keys of words for codes of the contract that this screen alone shows. */
import type { components } from '@/api/schema';
import type { Part } from './place';

type Schemas = components['schemas'];

export const partKeys: Record<Part, string> = {
  posts: 'people.part.posts',
  roster: 'people.part.roster',
  workloads: 'people.part.workloads',
  alarms: 'people.part.alarms',
  organisations: 'people.part.organisations',
};

export const slotStateKeys: Record<Schemas['SlotState'], string> = {
  vacant: 'people.state.vacant',
  filled: 'people.state.filled',
  double: 'people.state.double',
};

export const alarmKeys: Record<Schemas['AlarmKind'], string> = {
  panic: 'people.alarm.panic',
  still: 'people.alarm.still',
  silent: 'people.alarm.silent',
};

export const hearingKeys: Record<Schemas['Hearing'], string> = {
  tasks: 'people.webhook.hearsTasks',
  area: 'people.webhook.hearsArea',
};

export const deliveryKeys: Record<Schemas['DeliveryState'], string> = {
  waiting: 'people.delivery.waiting',
  delivered: 'people.delivery.delivered',
  dead: 'people.delivery.dead',
};

/** The skills of the catalogue; the API gives their codes alone. */
export const skillKeys: Record<string, string> = {
  fire: 'people.skill.fire',
  electrical: 'people.skill.electrical',
  gas: 'people.skill.gas',
  building: 'people.skill.building',
  flood: 'people.skill.flood',
  first_aid: 'people.skill.first_aid',
  patrol: 'people.skill.patrol',
  mediation: 'people.skill.mediation',
  legal: 'people.skill.legal',
  psychology: 'people.skill.psychology',
  elderly_care: 'people.skill.elderly_care',
  food: 'people.skill.food',
};
