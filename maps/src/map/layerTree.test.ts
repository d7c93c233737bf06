import { describe, expect, it } from 'vitest';
import { palettes } from '@/design/tokens';
import { hexagonResolution, layerNodes, nodeOf, parseLayers, shownAtFirst } from './layerTree';
import { buildStyle } from './style';

describe('the layer tree', () => {
  it('has layers of the style for each of its entries', () => {
    const nodes = buildStyle({ kind: 'none' }, palettes.light).layers.map(({ id }) => nodeOf(id));
    for (const node of layerNodes) expect(nodes, node).toContain(node);
  });

  it.each([
    ['area-city-fill', 'level-city'],
    ['label-community', 'level-community'],
    ['label-county-parent', 'level-county'],
    ['area-special-hatch', 'level-grid'],
    ['incident-marks', 'incidents'],
    ['worker-names', 'workers'],
    ['selected-incident-mark', null],
    ['candidate-lines', null],
    ['ground', null],
  ])('knows %s as %s', (id, node) => {
    expect(nodeOf(id)).toBe(node);
  });

  it('keeps what was chosen, and starts anew from what cannot be read', () => {
    expect(parseLayers('["heat","nonsense"]')).toEqual(['heat']);
    expect(parseLayers(null)).toEqual(shownAtFirst);
    expect(parseLayers('{')).toEqual(shownAtFirst);
  });

  it('counts in finer cells the nearer one looks', () => {
    const resolutions = [8, 10, 11, 13, 15].map(hexagonResolution);
    expect(resolutions).toEqual([6, 7, 8, 9, 10]);
  });
});
