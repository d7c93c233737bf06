/** What the map shows of a draft, by the tab that is open. */
import type { LngLat } from '@/api/types';
import { toneOf } from './changes';
import { middleOf } from './geometry';
import type { Scene } from './layers';
import type { Defect, Diff, Repaired } from './types';
import type { Tab, TouchedPlace } from './workspace';

export interface SceneParts {
  tab: Tab;
  areas: GeoJSON.FeatureCollection | null;
  defects: readonly Defect[];
  chosenDefect: number | null;
  chosenArea: string | null;
  rehearsal: Repaired | null;
  diff: Diff | null;
  transfers: GeoJSON.FeatureCollection | null;
  touched: readonly TouchedPlace[];
  picked: readonly GeoJSON.Feature[];
  sketch: readonly LngLat[];
}

const feature = (
  geometry: GeoJSON.Geometry,
  properties: GeoJSON.GeoJsonProperties = {},
): GeoJSON.Feature => ({ type: 'Feature', properties, geometry });

const pointAt = ({ lon, lat }: LngLat): GeoJSON.Point => ({
  type: 'Point',
  coordinates: [lon, lat],
});

export function sceneOf(parts: SceneParts): Scene {
  const areas = drawnAreas(parts);
  const scene: Scene = { 'draft-areas': areas, 'draft-names': areas.flatMap(namedAt) };
  if (parts.tab === 'verdict') Object.assign(scene, defectsOf(parts));
  if (parts.tab === 'verdict' && parts.rehearsal) Object.assign(scene, rehearsed(parts.rehearsal));
  if (parts.tab === 'diff') {
    scene['draft-transfers'] = parts.transfers?.features ?? [];
    scene['draft-touched'] = parts.touched.map((place) =>
      feature(pointAt(place), { number: place.number }),
    );
  }
  if (parts.tab === 'edit') {
    scene['draft-picked'] = [...parts.picked];
    scene['draft-sketch'] = sketched(parts.sketch);
  }
  return scene;
}

/** Tones tell added from removed where changes are looked at; before, all of the draft looks alike. */
function drawnAreas({ tab, areas, diff, chosenArea }: SceneParts): GeoJSON.Feature[] {
  const showsChanges = tab === 'diff' || tab === 'publish';
  const tones = new Map(diff?.changes.map(({ id, kinds }) => [id, toneOf(kinds)]));
  return (areas?.features ?? []).map((area) => {
    const id = String(area.id);
    const removed = area.properties?.removed === true;
    const tone = showsChanges ? tones.get(id) : undefined;
    return {
      ...area,
      properties: {
        ...area.properties,
        id,
        tone: removed ? 'removed' : (tone ?? 'draft'),
        chosen: id === chosenArea,
      },
    };
  });
}

/** A name is written once, however many tiles an area crosses. */
function namedAt({ geometry, properties }: GeoJSON.Feature): GeoJSON.Feature[] {
  const middle = geometry ? middleOf(geometry) : null;
  return middle ? [feature(pointAt(middle), { name: properties?.name })] : [];
}

function defectsOf({ defects, chosenDefect }: SceneParts): Scene {
  const grounds: GeoJSON.Feature[] = [];
  const pins: GeoJSON.Feature[] = [];
  for (const [index, { place, severity }] of defects.entries()) {
    const middle = place ? middleOf(place) : null;
    if (!place || !middle) continue;
    const properties = { index, severity, chosen: index === chosenDefect };
    if (place.type !== 'Point') grounds.push(feature(place, properties));
    pins.push(feature(pointAt(middle), properties));
  }
  return { 'draft-defects': grounds, 'draft-pins': pins };
}

/** While repairs are rehearsed, the pins make room for what they would change. */
function rehearsed({ areas, mendings }: Repaired): Scene {
  const drawn = (geometries: (GeoJSON.Geometry | null | undefined)[]) =>
    geometries.flatMap((geometry) => (geometry ? [feature(geometry)] : []));
  return {
    'draft-pins': [],
    'draft-defects': [],
    'draft-before': drawn(areas.map(({ before }) => before)),
    'draft-after': drawn(areas.map(({ after }) => after)),
    'draft-mendings': drawn(mendings.map(({ place }) => place)),
  };
}

function sketched(points: readonly LngLat[]): GeoJSON.Feature[] {
  const corners = points.map((point) => feature(pointAt(point)));
  if (points.length < 2) return corners;
  const coordinates = points.map(({ lon, lat }) => [lon, lat]);
  return [feature({ type: 'LineString', coordinates }), ...corners];
}
