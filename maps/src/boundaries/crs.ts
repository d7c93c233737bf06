/** Coordinate systems by name: what the server calls `EPSG:4549`, in words. */

/** A message key with its values. */
export interface CrsName {
  key:
    | 'boundaries.crsWgs84'
    | 'boundaries.crsGcj02'
    | 'boundaries.crsBd09'
    | 'boundaries.crsMercator'
    | 'boundaries.crsZone'
    | 'boundaries.crsMeridian'
    | 'boundaries.crsOther';
  values: Record<string, string | number>;
  swapped: boolean;
}

const swappedMark = '+swapped';

/** The Gauss–Krüger zones of CGCS2000: EPSG numbers them in four runs from 75° E to 135° E. */
const runs = [
  { first: 4491, last: 4501, width: 6, zone: 13 },
  { first: 4502, last: 4512, width: 6, zone: null },
  { first: 4513, last: 4533, width: 3, zone: 25 },
  { first: 4534, last: 4554, width: 3, zone: null },
] as const;

export function describeCrs(crs: string): CrsName {
  const swapped = crs.endsWith(swappedMark);
  const code = swapped ? crs.slice(0, -swappedMark.length) : crs;
  const named = (key: CrsName['key'], values = {}): CrsName => ({ key, values, swapped });
  if (code === 'wgs84') return named('boundaries.crsWgs84');
  if (code === 'gcj02') return named('boundaries.crsGcj02');
  if (code === 'bd09') return named('boundaries.crsBd09');
  if (code === 'EPSG:3857') return named('boundaries.crsMercator');
  const number = Number(/^EPSG:(\d+)$/.exec(code)?.[1]);
  const run = runs.find(({ first, last }) => number >= first && number <= last);
  if (!run) return named('boundaries.crsOther', { code });
  const step = number - run.first;
  const values = { code, width: run.width, meridian: 75 + step * run.width };
  return run.zone === null
    ? named('boundaries.crsMeridian', values)
    : named('boundaries.crsZone', { ...values, zone: run.zone + step });
}

/** Every system that files can be in, those of degrees first. */
export const allCrs: readonly string[] = [
  'wgs84',
  'gcj02',
  'bd09',
  'EPSG:3857',
  ...[...runs]
    .reverse()
    .flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, step) => `EPSG:${first + step}`),
    ),
];
