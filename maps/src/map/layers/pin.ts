/** The pin at the point that was clicked. */
import type { LayerSpecification } from 'maplibre-gl';

export const pinSource = 'pin';
export const pinImage = 'pin';

export const pinLayers = (): LayerSpecification[] => [
  {
    id: 'pin',
    type: 'symbol',
    source: pinSource,
    layout: { 'icon-image': pinImage, 'icon-anchor': 'bottom', 'icon-allow-overlap': true },
  },
];
