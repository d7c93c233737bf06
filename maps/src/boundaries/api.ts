/** Drafts, editions and export, as typed functions. */
import { ApiError, client, unwrap } from '@/api/client';
import type { Box } from '@/map/cells';
import { runLong } from './longWork';
import type {
  Edit,
  Published,
  PublishRequest,
  ReadDraft,
  ReadingChoice,
  Repair,
  Repaired,
  Standing,
} from './types';

type Tell = (standing: Standing) => void;

export const listDrafts = () => unwrap(client.GET('/api/v1/drafts'));
export const listEditions = () => unwrap(client.GET('/api/v1/editions'));

export function uploadDraft(file: File, tell: Tell, signal: AbortSignal): Promise<ReadDraft> {
  const form = new FormData();
  form.append('title', file.name.replace(/\.\w+$/, ''));
  form.append('file', file);
  return runLong('/api/v1/drafts', form, tell, signal);
}

export const openEmptyDraft = (title: string): Promise<ReadDraft> =>
  // The schema also knows the answer as a stream, which is not asked for here.
  unwrap(client.POST('/api/v1/drafts', { body: { title } })) as Promise<ReadDraft>;

const path = (id: string) => ({ path: { id } });

export const loadDraft = (id: string) =>
  unwrap(client.GET('/api/v1/drafts/{id}', { params: path(id) }));
export const loadReading = (id: string) =>
  unwrap(client.GET('/api/v1/drafts/{id}/reading', { params: path(id) }));
export const loadVerdict = (id: string) =>
  unwrap(client.GET('/api/v1/drafts/{id}/verdict', { params: path(id) }));
export const loadDiff = (id: string) =>
  unwrap(client.GET('/api/v1/drafts/{id}/diff', { params: path(id) }));
export const listSteps = (id: string) =>
  unwrap(client.GET('/api/v1/drafts/{id}/steps', { params: path(id) }));

/** GeoJSON, which the schema leaves open. */
const collection = async (pending: Promise<unknown>): Promise<GeoJSON.FeatureCollection> => {
  const answer = (await pending) as GeoJSON.FeatureCollection;
  if (!Array.isArray(answer.features)) throw new ApiError('bad_reply', 200);
  return answer;
};

export const loadDraftAreas = (id: string) =>
  collection(unwrap(client.GET('/api/v1/drafts/{id}/areas.geojson', { params: path(id) })));
export const loadTransfers = (id: string) =>
  collection(unwrap(client.GET('/api/v1/drafts/{id}/diff.geojson', { params: path(id) })));

export const readAgain = (
  id: string,
  version: number,
  choice: ReadingChoice,
  tell: Tell,
): Promise<ReadDraft> => runLong(`/api/v1/drafts/${id}/reading`, { version, ...choice }, tell);

/** With `rehearse` nothing is changed: the answer says what would be. */
export const repairDraft = (
  id: string,
  version: number,
  repairs: readonly Repair[],
  rehearse: boolean,
  tell: Tell,
): Promise<Repaired> =>
  runLong(`/api/v1/drafts/${id}/repair`, { version, repairs, dry_run: rehearse }, tell);

export const editDraft = (id: string, version: number, edit: Edit) =>
  unwrap(client.POST('/api/v1/drafts/{id}/edits', { params: path(id), body: { version, edit } }));

export const undoDraft = (id: string, version: number) =>
  unwrap(client.POST('/api/v1/drafts/{id}/undo', { params: path(id), body: { version } }));

export async function discardDraft(id: string, version: number): Promise<void> {
  const sent = client.DELETE('/api/v1/drafts/{id}', {
    params: { ...path(id), query: { version } },
  });
  // The answer has no content.
  await unwrap(sent.then((reply) => (reply.response.ok ? { ...reply, data: {} } : reply)));
}

export const publishDraft = (id: string, request: PublishRequest, tell: Tell): Promise<Published> =>
  runLong(`/api/v1/drafts/${id}/publish`, request, tell);

export const rollBack = (id: number, reason: string) =>
  unwrap(
    client.POST('/api/v1/editions/{id}/rollback', { params: { path: { id } }, body: { reason } }),
  );

export const loadWorker = (id: string) =>
  unwrap(client.GET('/api/v1/workers/{id}', { params: path(id) }));

/** What an area was over the editions, the last entry being what it is. */
export const loadHistory = (code: string) =>
  unwrap(client.GET('/api/v1/areas/{code}/history', { params: { path: { code } } }));

/** A layer of areas inside a box, as the edition in force at a moment has it. */
export async function loadLayerAt(
  layer: string,
  box: Box,
  labels: boolean,
  at: string | null,
): Promise<GeoJSON.FeatureCollection> {
  const query = new URLSearchParams({ bbox: box.join(',') });
  if (labels) query.set('labels', 'true');
  if (at) query.set('at', at);
  const response = await fetch(`/layers/${layer}.geojson?${query}`);
  if (!response.ok) throw new ApiError('layer_failed', response.status);
  return collection(response.json());
}

/** A file of areas, with the name that the server gives it. */
export async function exportAreas(address: string): Promise<{ name: string; file: Blob }> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new ApiError('offline', 0);
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ApiError(problem.code ?? 'bad_reply', response.status, problem);
  }
  const heading = response.headers.get('content-disposition') ?? '';
  const name = /filename="([^"]+)"/.exec(heading)?.[1] ?? 'areas';
  return { name, file: await response.blob() };
}
