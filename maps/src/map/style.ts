/** The whole map style: basemap below, our layers above, in drawing order. */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { PMTiles, TileType } from 'pmtiles';
import type { Basemap } from '@/api/types';
import type { Palette } from '@/design/tokens';
import { basemapLayers } from './basemap';
import { areaLabelLayers, areaLayers, areaSources, emptySource } from './layers/areas';
import { candidateLines, candidateMarks, candidateSource } from './layers/candidates';
import {
  heatLayers,
  heatSource,
  hexagonLayers,
  hexagonSource,
  hotSpotLayers,
  hotSpotSource,
} from './layers/density';
import {
  incidentLayers,
  incidentSource,
  incidentSourceSpec,
  selectedIncidentSource,
} from './layers/incidents';
import { pinLayers, pinSource } from './layers/pin';
import { planLayers, planSource } from './layers/plan';
import { measureLayers, measureSource, trailLayers, trailSource } from './layers/ways';
import { workerLayers, workerSource } from './layers/workers';

const overPicture = 0.25;

export function ourLayers(palette: Palette, hasBasemap: boolean): LayerSpecification[] {
  return [
    ...areaLayers(palette, hasBasemap ? overPicture : 1),
    ...hexagonLayers(palette),
    ...heatLayers(palette),
    ...trailLayers(palette),
    ...workerLayers(palette),
    ...areaLabelLayers(palette),
    ...hotSpotLayers(palette),
    candidateLines(palette),
    ...planLayers(palette),
    ...incidentLayers(palette),
    ...candidateMarks(palette),
    ...measureLayers(palette),
    ...pinLayers(),
  ];
}

const ourSources = (): Record<string, SourceSpecification> => ({
  ...areaSources(),
  [workerSource]: emptySource(),
  [candidateSource]: emptySource(),
  [incidentSource]: incidentSourceSpec(),
  [selectedIncidentSource]: emptySource(),
  [planSource]: emptySource(),
  [heatSource]: emptySource(),
  [hexagonSource]: emptySource(),
  [hotSpotSource]: emptySource(),
  [trailSource]: emptySource(),
  [measureSource]: emptySource(),
  [pinSource]: emptySource(),
});

/** What is drawn above a basemap: the desk's, unless a screen has its own. */
export interface Overlay {
  sources: Record<string, SourceSpecification>;
  layers(hasBasemap: boolean): LayerSpecification[];
}

const deskOverlay = (palette: Palette): Overlay => ({
  sources: ourSources(),
  layers: (hasBasemap) => ourLayers(palette, hasBasemap),
});

/** No `glyphs` address in our own style: MapLibre then draws every letter from local fonts. */
export function buildStyle(
  basemap: Exclude<Basemap, { kind: 'vector' }>,
  palette: Palette,
  pmtilesAreVector = true,
  over = deskOverlay(palette),
): StyleSpecification {
  const below = basemapLayers(basemap, palette, pmtilesAreVector);
  return {
    version: 8,
    sources: { ...below.sources, ...over.sources },
    layers: [...below.layers, ...over.layers(basemap.kind !== 'none')],
  };
}

/** As `buildStyle`, after asking what only the basemap itself can say: its style, or its tile type. */
export async function loadStyle(
  basemap: Basemap,
  palette: Palette,
  over = deskOverlay(palette),
): Promise<StyleSpecification> {
  if (basemap.kind === 'vector') {
    const response = await fetch(basemap.style_url);
    if (!response.ok) throw new Error(`basemap style answered ${response.status}`);
    const style = (await response.json()) as StyleSpecification;
    return {
      ...style,
      sources: { ...style.sources, ...over.sources },
      layers: [...style.layers, ...over.layers(true)],
    };
  }
  if (basemap.kind === 'pmtiles') {
    const header = await new PMTiles(basemap.url).getHeader();
    return buildStyle(basemap, palette, header.tileType === TileType.Mvt, over);
  }
  return buildStyle(basemap, palette, true, over);
}
