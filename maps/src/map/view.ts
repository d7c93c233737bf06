/** Centre and zoom in the address: `map=119.02134,33.59721,12.3`. */
import type { LngLat } from '@/api/types';

export interface View extends LngLat {
  zoom: number;
}

export const printView = ({ lon, lat, zoom }: View) =>
  `${lon.toFixed(5)},${lat.toFixed(5)},${zoom.toFixed(2)}`;

export function parseView(text: string | null): View | null {
  const [lon, lat, zoom, ...rest] = (text ?? '').split(',').map(Number);
  if (lon === undefined || lat === undefined || zoom === undefined || rest.length > 0) return null;
  const sane = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24;
  return sane ? { lon, lat, zoom } : null;
}
