/** Incidents: clusters while far, then marks whose outline is the priority and glyph the status. */
import type { Feature, Point } from 'geojson';
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { deadlineColours, type Palette } from '@/design/tokens';
import type { QueueEntry } from '@/domain/queue';
import { deadlineStateAt } from '@/domain/urgency';
import { textFont } from './areas';

export const incidentSource = 'incidents';
/** The selected one stands apart, so that no cluster swallows it. */
export const selectedIncidentSource = 'selected-incident';
export const incidentMarks = 'incident-marks';
export const incidentClusters = 'incident-clusters';
export const incidentImage = (status: string, priority: string) => `incident-${status}-${priority}`;

export const incidentSourceSpec = (): SourceSpecification => ({
  type: 'geojson',
  data: { type: 'FeatureCollection', features: [] },
  cluster: true,
  clusterRadius: 42,
  clusterMaxZoom: 13,
  clusterProperties: { late: ['+', ['case', ['==', ['get', 'deadline_state'], 'late'], 1, 0]] },
});

export function incidentFeatures(entries: readonly QueueEntry[], nowMs: number): Feature<Point>[] {
  return entries.map((entry) => ({
    type: 'Feature',
    properties: {
      number: entry.number,
      image: incidentImage(entry.status, entry.priority),
      deadline_state: deadlineStateAt(entry, nowMs),
    },
    geometry: { type: 'Point', coordinates: [entry.lon, entry.lat] },
  }));
}

export function incidentLayers(palette: Palette): LayerSpecification[] {
  const source = incidentSource;
  return [
    {
      id: 'incident-halo',
      type: 'circle',
      source,
      filter: [
        'all',
        ['!', ['has', 'point_count']],
        ['in', ['get', 'deadline_state'], ['literal', ['late', 'warning']]],
      ],
      paint: {
        'circle-radius': 16,
        'circle-color': [
          'match',
          ['get', 'deadline_state'],
          'late',
          deadlineColours.late,
          deadlineColours.warning,
        ],
        'circle-opacity': 0.28,
        'circle-stroke-width': 2,
        'circle-stroke-color': [
          'match',
          ['get', 'deadline_state'],
          'late',
          deadlineColours.late,
          deadlineColours.warning,
        ],
      },
    },
    {
      id: incidentClusters,
      type: 'circle',
      source,
      filter: ['has', 'point_count'],
      paint: {
        'circle-radius': ['step', ['get', 'point_count'], 14, 10, 18, 50, 22, 200, 27],
        'circle-color': palette.mapLabel,
        'circle-stroke-width': ['case', ['>', ['get', 'late'], 0], 4, 2],
        'circle-stroke-color': [
          'case',
          ['>', ['get', 'late'], 0],
          deadlineColours.late,
          palette.mapHalo,
        ],
      },
    },
    {
      id: 'incident-cluster-count',
      type: 'symbol',
      source,
      filter: ['has', 'point_count'],
      layout: {
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': textFont,
        'text-size': 13,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': palette.mapHalo },
    },
    {
      id: incidentMarks,
      type: 'symbol',
      source,
      filter: ['!', ['has', 'point_count']],
      layout: {
        'icon-image': ['get', 'image'],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    },
    {
      id: 'selected-incident-ring',
      type: 'circle',
      source: selectedIncidentSource,
      paint: {
        'circle-radius': 20,
        'circle-color': palette.surface,
        'circle-opacity': 0.6,
        'circle-stroke-width': 3,
        'circle-stroke-color': palette.primary,
      },
    },
    {
      id: 'selected-incident-mark',
      type: 'symbol',
      source: selectedIncidentSource,
      layout: { 'icon-image': ['get', 'image'], 'icon-allow-overlap': true },
    },
  ];
}
