/** The area under a click, by the identity that edits name, with its whole ground. */
import { loadArea } from '@/api/client';
import { loadHistory } from './api';
import type { Hit } from './map';

export interface PickedArea {
  id: string;
  code: string;
  name: string;
  geometry: GeoJSON.Geometry;
}

/** Null for an area that the draft takes away. */
export async function pickArea(
  area: NonNullable<Hit['area']>,
  drafted: GeoJSON.FeatureCollection | null,
): Promise<PickedArea | null> {
  const { code, name } = area;
  const found = drafted?.features.find(
    ({ id, properties }) => id === area.id || (area.id === null && properties?.code === code),
  );
  if (found) {
    if (found.properties?.removed) return null;
    return { id: String(found.id), code, name, geometry: found.geometry };
  }
  const [history, detail] = await Promise.all([loadHistory(code), loadArea(code)]);
  const id = history.items.at(-1)?.id;
  // The schema leaves GeoJSON open.
  const geometry = detail.geometry as unknown as GeoJSON.Geometry | null;
  return id && geometry ? { id, code, name, geometry } : null;
}
