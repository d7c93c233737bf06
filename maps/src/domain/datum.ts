/**
 * GCJ-02 and BD-09 to WGS 84, by the formula that the server uses (src/geometry/projection): the
 * one published since 2010, inverted by iteration. The API converts points only to look them up.
 */
import type { LngLat } from '@/api/types';

export const datums = ['wgs84', 'gcj02', 'bd09'] as const;
export type Datum = (typeof datums)[number];

type Pair = readonly [x: number, y: number];

/** The ellipsoid of Krasovsky 1940. */
const radius_m = 6_378_245;
const eccentricitySquared = 0.006_693_421_622_965_943;
const baiduTurn = (Math.PI * 3000) / 180;
const exact_deg = 1e-9;
const maxSteps = 30;

const toDegrees = (radians: number) => (radians * 180) / Math.PI;

const inChina = (lon: number, lat: number) =>
  lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

function toGcj02([lon, lat]: Pair): Pair {
  const [x, y] = [lon - 105, lat - 35];
  const wave = (size: number, value: number) => ((size * 2) / 3) * Math.sin(value * Math.PI);
  const both = wave(20, 6 * x) + wave(20, 2 * x);
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    both +
    wave(20, y) +
    wave(40, y / 3) +
    wave(160, y / 12) +
    wave(320, y / 30);
  const east =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    both +
    wave(20, x) +
    wave(40, x / 3) +
    wave(150, x / 12) +
    wave(300, x / 30);
  const radians = (lat * Math.PI) / 180;
  const squared = 1 - eccentricitySquared * Math.sin(radians) ** 2;
  const normal = radius_m / Math.sqrt(squared);
  const meridian = (normal * (1 - eccentricitySquared)) / squared;
  return [lon + toDegrees(east / (normal * Math.cos(radians))), lat + toDegrees(north / meridian)];
}

function toBd09([lon, lat]: Pair): Pair {
  const radius = Math.hypot(lon, lat) + 0.000_02 * Math.sin(lat * baiduTurn);
  const angle = Math.atan2(lat, lon) + 0.000_003 * Math.cos(lon * baiduTurn);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

/** Each step leaves a few hundredths of the error at most. */
function invert([lon, lat]: Pair, forward: (at: Pair) => Pair): Pair {
  let [x, y] = [lon, lat];
  for (let step = 0; step < maxSteps; step++) {
    const [mappedX, mappedY] = forward([x, y]);
    const [dx, dy] = [mappedX - lon, mappedY - lat];
    x -= dx;
    y -= dy;
    if (Math.max(Math.abs(dx), Math.abs(dy)) < exact_deg) break;
  }
  return [x, y];
}

/** Where a point of another system is in WGS 84. */
export function toWgs84({ lon, lat }: LngLat, datum: Datum): LngLat {
  let pair: Pair = [lon, lat];
  if (datum === 'bd09') pair = invert(pair, toBd09);
  if (datum !== 'wgs84' && inChina(...pair)) pair = invert(pair, toGcj02);
  return { lon: pair[0], lat: pair[1] };
}

/** What a point in WGS 84 is called in another system. */
export function fromWgs84({ lon, lat }: LngLat, datum: Datum): LngLat {
  let pair: Pair = [lon, lat];
  if (datum !== 'wgs84' && inChina(...pair)) pair = toGcj02(pair);
  if (datum === 'bd09') pair = toBd09(pair);
  return { lon: pair[0], lat: pair[1] };
}
