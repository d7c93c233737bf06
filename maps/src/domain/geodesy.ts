/** The length of a way over the ground, on the WGS 84 ellipsoid, by Vincenty's inverse formula. */
import type { LngLat } from '@/api/types';

const semiMajor_m = 6_378_137;
const flattening = 1 / 298.257_223_563;
const semiMinor_m = semiMajor_m * (1 - flattening);
const exact_rad = 1e-12;
const maxSteps = 100;

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Metres between two points; NaN only for antipodes, which no territory has. */
export function distance_m(a: LngLat, b: LngLat): number {
  const reduced = (lat: number) => Math.atan((1 - flattening) * Math.tan(radians(lat)));
  const [u1, u2] = [reduced(a.lat), reduced(b.lat)];
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  const apart = radians(b.lon - a.lon);
  let lambda = apart;
  for (let step = 0; step < maxSteps; step++) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    if (sinS === 0) return 0;
    const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (cos1 * cos2 * sinL) / sinS;
    const cosA2 = 1 - sinA * sinA;
    const cosM = cosA2 === 0 ? 0 : cosS - (2 * sin1 * sin2) / cosA2;
    const c = (flattening / 16) * cosA2 * (4 + flattening * (4 - 3 * cosA2));
    const before = lambda;
    lambda =
      apart +
      (1 - c) * flattening * sinA * (sigma + c * sinS * (cosM + c * cosS * (-1 + 2 * cosM * cosM)));
    if (Math.abs(lambda - before) > exact_rad) continue;
    const k = (cosA2 * (semiMajor_m ** 2 - semiMinor_m ** 2)) / semiMinor_m ** 2;
    const big = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)));
    const small = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
    const correction =
      small *
      sinS *
      (cosM +
        (small / 4) *
          (cosS * (-1 + 2 * cosM ** 2) -
            (small / 6) * cosM * (-3 + 4 * sinS ** 2) * (-3 + 4 * cosM ** 2)));
    return semiMinor_m * big * (sigma - correction);
  }
  return Number.NaN;
}

/** Metres along a way, point by point. */
export const length_m = (points: readonly LngLat[]) =>
  points.slice(1).reduce((sum, point, index) => sum + distance_m(points[index] ?? point, point), 0);
