/** Coordinates as people type and paste them. */
import type { LngLat } from '@/api/types';

const decimalPair =
  /^([NSEW])?\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEW])?[\s,，;；]+([NSEW])?\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEW])?$/i;
const sexagesimal =
  /(\d{1,3})\s*°\s*(\d{1,2}(?:\.\d+)?)\s*['′]\s*(?:(\d{1,2}(?:\.\d+)?)\s*["″])?\s*([NSEW])/gi;

interface Term {
  value: number;
  /** `N`, `S`, `E`, `W`, or nothing when the text does not say. */
  side: string;
}

/** A point, or null when the text is no pair of coordinates. Without N/S/E/W longitude comes first,
 * unless only the other order is possible (33.6, 119.03). */
export function parseCoordinates(text: string): LngLat | null {
  const terms = readTerms(text.trim());
  if (!terms) return null;
  const [first, second] = terms;
  const swapped =
    /[NS]/.test(first.side) || /[EW]/.test(second.side) || mustBeLatitude(first, second);
  const lon = signed(swapped ? second : first);
  const lat = signed(swapped ? first : second);
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}

const mustBeLatitude = (first: Term, second: Term) =>
  !first.side && !second.side && Math.abs(first.value) <= 90 && Math.abs(second.value) > 90;

const signed = ({ value, side }: Term) => (/[SW]/.test(side) ? -Math.abs(value) : value);

function readTerms(text: string): [Term, Term] | null {
  const pair = decimalPair.exec(text);
  if (pair) {
    const side = (index: number) => (pair[index] ?? '').toUpperCase();
    return [
      { value: Number(pair[2]), side: side(1) || side(3) },
      { value: Number(pair[5]), side: side(4) || side(6) },
    ];
  }
  const found = [...text.matchAll(sexagesimal)].map((match) => ({
    value: Number(match[1]) + Number(match[2]) / 60 + Number(match[3] ?? 0) / 3600,
    side: (match[4] ?? '').toUpperCase(),
  }));
  const [first, second] = found;
  return found.length === 2 && first && second ? [first, second] : null;
}

export const formatPoint = ({ lon, lat }: LngLat, digits = 5) =>
  `${lon.toFixed(digits)}, ${lat.toFixed(digits)}`;

/** Lengths for reading: "420 m", "3.2 km". The units are the same in both languages. */
export function formatDistance(distance_m: number): string {
  if (distance_m < 1000) return `${Math.round(distance_m)} m`;
  return `${(distance_m / 1000).toFixed(distance_m < 10_000 ? 1 : 0)} km`;
}

export const formatArea = (area_m2: number) =>
  area_m2 < 1e5
    ? `${Math.round(area_m2)} m²`
    : `${(area_m2 / 1e6).toFixed(area_m2 < 1e7 ? 2 : 0)} km²`;
