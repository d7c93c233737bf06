/** What the desk asks of the server beyond what all screens do. */
import { ApiError, client, unwrap } from '@/api/client';
import type { Incident, Media, MediaStage, PlanRequest, Problem } from '@/api/types';

const ofIncident = (id: string) => ({ params: { path: { id } } });

export const listMedia = (id: string) =>
  unwrap(client.GET('/api/v1/incidents/{id}/media', ofIncident(id)));

export const findDuplicates = (id: string) =>
  unwrap(client.GET('/api/v1/incidents/{id}/duplicates', ofIncident(id)));

export const explainRoute = (id: string) =>
  unwrap(client.GET('/api/v1/incidents/{id}/route', ofIncident(id)));

export const planDispatch = (body: PlanRequest) =>
  unwrap(client.POST('/api/v1/dispatch/plan', { body }));

export const listOpenAlarms = () =>
  unwrap(client.GET('/api/v1/alarms', { params: { query: { open: true, limit: 100 } } }));

export const settleAlarm = (id: string, note: string) =>
  unwrap(
    client.POST('/api/v1/alarms/{id}/settle', {
      params: { path: { id } },
      body: { note: note || null },
    }),
  );

export const loadWorker = (id: string) =>
  unwrap(client.GET('/api/v1/workers/{id}', { params: { path: { id } } }));

/** The way a worker went, as a line; without one when no position is kept. */
export async function loadTrack(id: string, from: string) {
  const track: unknown = await unwrap(
    client.GET('/api/v1/workers/{id}/track', { params: { path: { id }, query: { from } } }),
  );
  return track as GeoJSON.Feature<GeoJSON.LineString | null>;
}

/** Open cases counted by H3 cells, over the whole ground of the viewer. */
export async function loadHeat(resolution: number): Promise<GeoJSON.Feature[]> {
  const response = await fetch(`/layers/heat.geojson?resolution=${resolution}`);
  if (!response.ok) throw new ApiError('layer_failed', response.status);
  return ((await response.json()) as GeoJSON.FeatureCollection).features;
}

export const listHotSpots = () =>
  unwrap(
    client.GET('/api/v1/hot-spots', { params: { query: { days: 30, radius_m: 400, least: 3 } } }),
  );

/** Cases, open and closed, whose number, description or address has the text. */
export const findIncidents = async (q: string, limit: number): Promise<Incident[]> =>
  (await unwrap(client.GET('/api/v1/incidents', { params: { query: { q, limit } } }))).items;

export const findDepartments = (q: string) =>
  unwrap(
    client.GET('/api/v1/organisations', {
      params: { query: { q, kind: 'department', limit: 20 } },
    }),
  );

export interface NewFile {
  file: File;
  stage: MediaStage;
  evidence: boolean;
}

/** By XMLHttpRequest, the one way that says how much has gone. */
export function uploadMedia(
  incident: string,
  { file, stage, evidence }: NewFile,
  onProgress: (share: number) => void,
): { sent: Promise<Media>; abort: () => void } {
  const request = new XMLHttpRequest();
  const sent = new Promise<Media>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new ApiError('offline', 0));
    request.onabort = () => reject(new ApiError('aborted', 0));
    request.onload = () => {
      const answer = readJson(request.responseText);
      if (request.status === 201 && answer) resolve(answer as Media);
      else {
        const problem = (answer ?? {}) as Partial<Problem>;
        reject(new ApiError(problem.code ?? 'bad_reply', request.status, problem));
      }
    };
  });
  const body = new FormData();
  body.append('file', file);
  body.append('stage', stage);
  if (evidence) body.append('evidence', 'true');
  request.open('POST', `/api/v1/incidents/${incident}/media`);
  request.send(body);
  return { sent, abort: () => request.abort() };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
