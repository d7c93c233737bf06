/** The server's API as typed functions; every failure is an `ApiError` with a stable code. */
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type { ActionRequest, Incident, NewIncident, Problem } from './types';

export const client = createClient<paths>({ baseUrl: '' });

/** `code` is the server's, or `offline` (no reply) or `bad_reply` (a reply that cannot be read). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly problem: Partial<Problem> = {},
  ) {
    super(problem.detail ?? problem.title ?? code);
    this.name = 'ApiError';
  }
}

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Unwraps a reply: data, or the problem thrown. */
export async function unwrap<T>(pending: Promise<Reply<T>>): Promise<T> {
  let reply: Reply<T>;
  try {
    reply = await pending;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    // A reply that is no JSON makes the parser throw; no reply at all makes fetch throw a TypeError.
    throw new ApiError(cause instanceof SyntaxError ? 'bad_reply' : 'offline', 0);
  }
  if (reply.response.ok && typeof reply.data === 'object' && reply.data !== null) return reply.data;
  const problem = (typeof reply.error === 'object' ? reply.error : {}) as Partial<Problem>;
  throw new ApiError(problem?.code ?? 'bad_reply', reply.response.status, problem ?? {});
}

export const showSession = () => unwrap(client.GET('/api/v1/session'));
export const showMapConfig = () => unwrap(client.GET('/api/v1/map-config'));
export const listServices = () => unwrap(client.GET('/api/v1/services'));

export const lookUp = (lon: number, lat: number, signal?: AbortSignal) =>
  unwrap(client.GET('/api/v1/lookup', { params: { query: { lon, lat, accuracy_m: 30 } }, signal }));

export const findAreas = (q: string, limit: number) =>
  unwrap(client.GET('/api/v1/areas', { params: { query: { q, limit } } }));

export const loadArea = (code: string) =>
  unwrap(client.GET('/api/v1/areas/{code}', { params: { path: { code } } }));

export const loadNeighbours = (code: string) =>
  unwrap(client.GET('/api/v1/areas/{code}/neighbours', { params: { path: { code } } }));

export const findOrganisations = (q: string) =>
  unwrap(client.GET('/api/v1/organisations', { params: { query: { q, limit: 20 } } }));

export const listOpenIncidents = (cursor?: string) =>
  unwrap(
    client.GET('/api/v1/incidents', { params: { query: { open: true, limit: 200, cursor } } }),
  );

/** A case as those with the right to it see it; by number alone others get only its status. */
export async function loadIncident(id: string): Promise<Incident> {
  const seen = await unwrap(client.GET('/api/v1/incidents/{id}', { params: { path: { id } } }));
  if ('id' in seen) return seen;
  throw new ApiError('forbidden', 403);
}

export const listEvents = (id: string) =>
  unwrap(client.GET('/api/v1/incidents/{id}/events', { params: { path: { id } } }));

export const rankCandidates = (id: string, k = 8) =>
  unwrap(
    client.GET('/api/v1/incidents/{id}/candidates', { params: { path: { id }, query: { k } } }),
  );

/** The same key again files nothing twice: a form keeps its key until it has been accepted. */
export const reportIncident = (incident: NewIncident, idempotencyKey: string): Promise<Incident> =>
  unwrap(
    client.POST('/api/v1/incidents', {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: incident,
    }),
  );

export const actOnIncident = (
  id: string,
  version: number,
  action: string,
  fields: Record<string, unknown>,
): Promise<Incident> =>
  unwrap(
    client.POST('/api/v1/incidents/{id}/actions', {
      params: { path: { id } },
      // The forms are built from what the server says an action needs, and it checks them.
      body: { action, version, ...fields } as ActionRequest,
    }),
  );

/** A GeoJSON layer inside a box `[west, south, east, north]`. */
export async function loadLayer(
  layer: string,
  bbox: readonly number[],
  labels: boolean,
  signal?: AbortSignal,
): Promise<GeoJSON.FeatureCollection> {
  const query = new URLSearchParams({ bbox: bbox.join(',') });
  if (labels) query.set('labels', 'true');
  const response = await fetch(`/layers/${layer}.geojson?${query}`, { signal });
  if (!response.ok) throw new ApiError('layer_failed', response.status);
  const collection = (await response.json()) as GeoJSON.FeatureCollection;
  if (!Array.isArray(collection.features)) throw new ApiError('bad_reply', response.status);
  return collection;
}
