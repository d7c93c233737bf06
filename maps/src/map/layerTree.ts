/** What of the map can be switched on and off, and which layers of the style that is. */
import { levelBands } from './levels';

export const areaNodes = levelBands.map(({ level }) => `level-${level}` as const);

export const layerNodes = [
  ...areaNodes,
  'incidents',
  'workers',
  'heat',
  'hexagons',
  'hotspots',
] as const;
export type LayerNode = (typeof layerNodes)[number];

const prefixes: Record<LayerNode, readonly string[]> = {
  ...(Object.fromEntries(
    levelBands.map(({ level }) => [
      `level-${level}`,
      [`area-${level}-`, `label-${level}`, ...(level === 'grid' ? ['area-special-hatch'] : [])],
    ]),
  ) as Record<(typeof areaNodes)[number], string[]>),
  incidents: ['incident-'],
  workers: ['worker-'],
  heat: ['heat-'],
  hexagons: ['hexagon-'],
  hotspots: ['hotspot-'],
};

/** `label-city-parent` is the city's; `label-community` is not the county's. */
export function nodeOf(layerId: string): LayerNode | null {
  return (
    layerNodes.find((node) =>
      prefixes[node].some((prefix) =>
        prefix.endsWith('-')
          ? layerId.startsWith(prefix)
          : layerId === prefix || layerId.startsWith(`${prefix}-`),
      ),
    ) ?? null
  );
}

/** Heaps of counts hide the map: they are shown when they are asked for. */
export const shownAtFirst: readonly LayerNode[] = layerNodes.filter(
  (node) => node !== 'heat' && node !== 'hexagons' && node !== 'hotspots',
);

/** What was kept in the browser; nothing readable means what is shown at first. */
export function parseLayers(text: string | null): LayerNode[] {
  try {
    const kept: unknown = JSON.parse(text ?? 'null');
    return Array.isArray(kept)
      ? layerNodes.filter((node) => kept.includes(node))
      : [...shownAtFirst];
  } catch {
    return [...shownAtFirst];
  }
}

/** H3's resolution at a zoom: cells of some twenty to sixty pixels. */
export function hexagonResolution(zoom: number): number {
  if (zoom < 9) return 6;
  if (zoom < 10.5) return 7;
  if (zoom < 12) return 8;
  return zoom < 13.5 ? 9 : 10;
}
