import { describe, expect, it } from 'vitest';
import { datums, fromWgs84, toWgs84 } from './datum';
import { distance_m, length_m } from './geodesy';

describe('lengths', () => {
  it('are those of the ellipsoid', () => {
    // Flinders Peak to Buninyong: 54,972.271 m, the line by which Vincenty's formula is checked.
    const peak = { lon: 144.42486788, lat: -37.95103341 };
    const hill = { lon: 143.92649553, lat: -37.65282114 };
    expect(distance_m(peak, hill)).toBeCloseTo(54_972.271, 2);
    // A degree of the equator.
    expect(distance_m({ lon: 119, lat: 0 }, { lon: 120, lat: 0 })).toBeCloseTo(111_319.491, 3);
    expect(distance_m(peak, peak)).toBe(0);
  });

  it('add up along a way', () => {
    const way = [119, 119.01, 119.02].map((lon) => ({ lon, lat: 33.5 }));
    const [a, b, c] = way as [(typeof way)[0], (typeof way)[0], (typeof way)[0]];
    expect(length_m(way)).toBeCloseTo(distance_m(a, b) + distance_m(b, c), 6);
    expect(length_m([a])).toBe(0);
    expect(length_m([])).toBe(0);
  });
});

describe('coordinate systems', () => {
  it('are those of the published formula', () => {
    // From the tests of eviltransform.
    const shanghai = { lon: 121.5272106, lat: 31.1774276 };
    const gcj = fromWgs84(shanghai, 'gcj02');
    expect(gcj.lon).toBeCloseTo(121.531541859215, 9);
    expect(gcj.lat).toBeCloseTo(31.17530398364597, 9);
  });

  it.each(datums)('come back from %s', (datum) => {
    const place = { lon: 119.02134, lat: 33.59721 };
    const back = toWgs84(fromWgs84(place, datum), datum);
    expect(back.lon).toBeCloseTo(place.lon, 7);
    expect(back.lat).toBeCloseTo(place.lat, 7);
  });

  it('are the same outside China', () => {
    const paris = { lon: 2.35, lat: 48.86 };
    expect(toWgs84(paris, 'gcj02')).toEqual(paris);
  });
});
