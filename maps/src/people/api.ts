/** The API of posts, rosters, workers, alarms and organisations as typed functions. */
import { client, loadArea, unwrap } from '@/api/client';
import type { components } from '@/api/schema';
import type { AreaDetail, Level, Slot } from '@/api/types';

type Schemas = components['schemas'];
export type Staffing = Schemas['StaffingAnswer'];
export type AreaCount = Schemas['AreaCount'];
export type SlotStaffing = Schemas['SlotStaffing'];
export type SlotFilling = Schemas['SlotFilling'];
export type StaffMember = Schemas['StaffMember'];
export type Role = Schemas['WorkerRole'];
export type Post = Schemas['PostDetail'];
export type Shift = Schemas['Shift'];
export type Roster = Schemas['RosterAnswer'];
export type Duty = Schemas['DutyDetail'];
export type PlannedDuty = Schemas['PlannedDuty'];
export type Workload = Schemas['WorkerLoad'];
export type Visit = Schemas['VisitDetail'];
export type Alarm = Schemas['AlarmDetail'];
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];
export type DeliveryState = Schemas['DeliveryState'];
export type OrganisationKind = Schemas['OrganisationKind'];
export type WebhookRequest = Schemas['WebhookRequest'];
export type WebhookChange = Schemas['WebhookChangeRequest'];

/** Somebody whom a copy of a roster left out; the document shows another shape of the same name. */
export interface LeftOut {
  area: string;
  slot: Slot;
  date: string;
  shift: string;
  worker: string;
  reason: string;
}

const pageLimit = 1000;

interface Page<T> {
  items: T[];
  next?: string | null;
}

/** All pages of a list, up to `most` items; `complete` is false when there are more. */
async function collect<T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  most: number,
): Promise<{ items: T[]; complete: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor && items.length < most);
  return { items, complete: cursor === undefined };
}

/** A reply without content. */
async function finish(pending: Promise<{ response: Response; error?: unknown }>): Promise<void> {
  await unwrap(pending.then((reply) => ({ ...reply, data: {} })));
}

/** The area to begin with: the highest that has several below it. */
export async function findHome(highest: Level): Promise<string> {
  const { items } = await unwrap(
    client.GET('/api/v1/areas', { params: { query: { level: highest, limit: 2 } } }),
  );
  let [area] = items;
  while (items.length === 1 && area?.children === 1) {
    [area] = (await listChildren(area.code)).items;
  }
  return area?.code ?? '';
}

export const listChildren = (code: string) =>
  unwrap(client.GET('/api/v1/areas/{code}/children', { params: { path: { code } } }));

/** An area with those right below it. */
export async function loadPlace(code: string) {
  const [area, children] = await Promise.all([loadArea(code), listChildren(code)]);
  return { area, children: children.items };
}
export type Place = { area: AreaDetail; children: Schemas['AreaSummary'][] };

export interface StaffingQuestion {
  area: string;
  date?: string;
  by?: Level;
  /** Also the slots that one alone fills. */
  all?: boolean;
}

/** How the slots stand, with every item of the list. */
export async function loadStaffing(question: StaffingQuestion): Promise<Staffing> {
  const ask = (cursor?: string) =>
    unwrap(
      client.GET('/api/v1/staffing', {
        params: { query: { ...question, limit: pageLimit, cursor } },
      }),
    );
  const first = await ask();
  if (!first.next) return first;
  const rest = await collect((cursor) => ask(cursor ?? first.next ?? undefined), Infinity);
  return { ...first, items: [...first.items, ...rest.items], next: null };
}

/** The counts alone. */
export const countStaffing = (question: StaffingQuestion) =>
  unwrap(client.GET('/api/v1/staffing', { params: { query: { ...question, limit: 1 } } }));

/** The posts in an area and all below it, as they are held at a time. */
export async function listPosts(code: string, at?: string): Promise<Post[]> {
  const { items } = await collect(
    (cursor) =>
      unwrap(
        client.GET('/api/v1/areas/{code}/posts', {
          params: { path: { code }, query: { at, limit: pageLimit, cursor } },
        }),
      ),
    Infinity,
  );
  return items;
}

export const appoint = (body: Schemas['AppointmentRequest']) =>
  unwrap(client.POST('/api/v1/posts', { body }));

export const endPost = (id: string) =>
  unwrap(client.DELETE('/api/v1/posts/{id}', { params: { path: { id } } }));

export const loadRoster = (code: string, from?: string, until?: string) =>
  unwrap(
    client.GET('/api/v1/areas/{code}/roster', {
      params: { path: { code }, query: { from, until } },
    }),
  );

export const saveRoster = (
  code: string,
  dates: { from: string; until: string },
  body: Schemas['RosterRequest'],
) =>
  unwrap(
    client.PUT('/api/v1/areas/{code}/roster', {
      params: { path: { code }, query: dates },
      body,
    }),
  );

export async function copyRoster(code: string, body: Schemas['CopyRequest']) {
  const answer = await unwrap(
    client.POST('/api/v1/areas/{code}/roster/copy', { params: { path: { code } }, body }),
  );
  return { roster: answer as Roster, leftOut: answer.left_out as unknown as LeftOut[] };
}

export const findWorkers = (query: { area?: string; q?: string; limit: number }) =>
  unwrap(client.GET('/api/v1/workers', { params: { query } }));

export const loadWorker = (id: string) =>
  unwrap(client.GET('/api/v1/workers/{id}', { params: { path: { id } } }));

export const listDuties = (id: string, from: string, until: string) =>
  unwrap(
    client.GET('/api/v1/workers/{id}/duties', { params: { path: { id }, query: { from, until } } }),
  );

export const setDuty = (id: string, onDuty: boolean) =>
  unwrap(
    client.POST('/api/v1/workers/{id}/duty', {
      params: { path: { id } },
      body: { on_duty: onDuty },
    }),
  );

export const watchOver = (id: string, minutes: number | null) =>
  unwrap(
    client.POST('/api/v1/workers/{id}/watch', { params: { path: { id } }, body: { minutes } }),
  );

export const endWatch = (id: string) =>
  finish(client.DELETE('/api/v1/workers/{id}/watch', { params: { path: { id } } }));

export const listVisits = (id: string, from: string, until: string) =>
  unwrap(
    client.GET('/api/v1/workers/{id}/visits', { params: { path: { id }, query: { from, until } } }),
  );

/** The way that a worker went; without a geometry when no position is kept. */
export const loadTrack = (id: string, from: string, until: string) =>
  unwrap(
    client.GET('/api/v1/workers/{id}/track', { params: { path: { id }, query: { from, until } } }),
  ) as unknown as Promise<GeoJSON.Feature<GeoJSON.LineString | null>>;

/** More workers than this are not sorted in a browser. */
export const mostWorkloads = 6000;

export const listWorkloads = (query: { area: string; since: string; until?: string }) =>
  collect(
    (cursor) =>
      unwrap(
        client.GET('/api/v1/workloads', {
          params: { query: { ...query, limit: pageLimit, cursor } },
        }),
      ),
    mostWorkloads,
  );

export const listAlarms = (open: boolean, cursor?: string, limit = 50) =>
  unwrap(client.GET('/api/v1/alarms', { params: { query: { open, limit, cursor } } }));

export const settleAlarm = (id: string, note: string) =>
  unwrap(
    client.POST('/api/v1/alarms/{id}/settle', {
      params: { path: { id } },
      body: { note: note.trim() || null },
    }),
  );

export const listOrganisations = (query: {
  area: string;
  kind?: OrganisationKind;
  q?: string;
  limit: number;
  cursor?: string;
}) => unwrap(client.GET('/api/v1/organisations', { params: { query } }));

export const listWebhooks = () => unwrap(client.GET('/api/v1/webhooks'));

export const loadWebhook = (id: string) =>
  unwrap(client.GET('/api/v1/webhooks/{id}', { params: { path: { id } } }));

export const createWebhook = (body: WebhookRequest) =>
  unwrap(client.POST('/api/v1/webhooks', { body }));

export const changeWebhook = (id: string, body: WebhookChange) =>
  unwrap(client.PATCH('/api/v1/webhooks/{id}', { params: { path: { id } }, body }));

export const removeWebhook = (id: string) =>
  finish(client.DELETE('/api/v1/webhooks/{id}', { params: { path: { id } } }));

export const pingWebhook = (id: string) =>
  unwrap(client.POST('/api/v1/webhooks/{id}/ping', { params: { path: { id } } }));

export const rotateSecret = (id: string) =>
  unwrap(client.POST('/api/v1/webhooks/{id}/rotate', { params: { path: { id } } }));

export const listDeliveries = (id: string, state: DeliveryState, cursor?: string) =>
  unwrap(
    client.GET('/api/v1/webhooks/{id}/deliveries', {
      params: { path: { id }, query: { state, limit: 20, cursor } },
    }),
  );

/** Sends one dead event again, or all. */
export const replayDeliveries = (id: string, delivery?: string) =>
  unwrap(
    client.POST('/api/v1/webhooks/{id}/replay', {
      params: { path: { id } },
      body: { delivery: delivery ?? null },
    }),
  );
