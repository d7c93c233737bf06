/** Workers gliding from fix to fix: positions come twice a second, the picture moves in between. */
import type { Feature, Point } from 'geojson';
import type { WorkerMove } from '@/api/types';
import type { Box } from './cells';

/** A jump farther than this (about 500 m) is a correction, not a walk, and is not animated. */
const maxGlide_deg = 0.005;
const minGlideMs = 300;
const maxGlideMs = 2_000;

/** A fix older than this is drawn faintly. */
const oldFixMs = 15 * 60_000;

interface Mover {
  name: string;
  load: number;
  /** Degrees from north, where the phone says so. */
  heading: number | null;
  seenMs: number;
  onDuty: boolean;
  from: [number, number];
  to: [number, number];
  startMs: number;
  endMs: number;
}

export class WorkerMotion {
  private readonly movers = new Map<string, Mover>();

  /** Takes workers from the layer; one of whom it knows nothing newer keeps its glide. */
  learn(features: readonly Feature[]): void {
    for (const feature of features) {
      const id = String(feature.id ?? feature.properties?.id);
      const known = this.movers.get(id);
      const name = String(feature.properties?.name ?? '');
      const load = Number(feature.properties?.load ?? 0);
      const seenMs = Date.parse(String(feature.properties?.seen_at ?? ''));
      if (known && !(seenMs > known.seenMs)) {
        known.name = name;
        known.load = load;
      } else if (feature.geometry.type === 'Point') {
        const at = feature.geometry.coordinates as [number, number];
        const onDuty = Boolean(feature.properties?.on_duty);
        const heading = feature.properties?.heading_deg ?? null;
        const still = { from: at, to: at, startMs: 0, endMs: 0 };
        this.movers.set(id, { name, load, heading, seenMs, onDuty, ...still });
      }
    }
  }

  move(moves: readonly WorkerMove[], nowMs: number): void {
    for (const { worker, lon, lat, on_duty, heading_deg, at } of moves) {
      const id = String(worker);
      const known = this.movers.get(id);
      const to: [number, number] = [lon, lat];
      const from = known ? positionAt(known, nowMs) : to;
      const far = Math.max(Math.abs(from[0] - lon), Math.abs(from[1] - lat)) > maxGlide_deg;
      const glideMs = Math.min(maxGlideMs, Math.max(minGlideMs, nowMs - (known?.startMs ?? nowMs)));
      this.movers.set(id, {
        name: known?.name ?? '',
        load: known?.load ?? 0,
        heading: heading_deg ?? null,
        seenMs: Date.parse(at),
        onDuty: on_duty,
        from: far ? to : from,
        to,
        startMs: nowMs,
        endMs: far ? nowMs : nowMs + glideMs,
      });
    }
  }

  setDuty(worker: string, onDuty: boolean): void {
    const known = this.movers.get(worker);
    if (known) known.onDuty = onDuty;
  }

  isMoving(nowMs: number): boolean {
    for (const mover of this.movers.values()) if (mover.endMs > nowMs) return true;
    return false;
  }

  /** Where a worker is just now. */
  placeOf(worker: string, nowMs: number): [number, number] | null {
    const mover = this.movers.get(worker);
    return mover ? positionAt(mover, nowMs) : null;
  }

  /** `wallMs` is the clock by which fixes grow old. */
  featuresIn(
    [west, south, east, north]: Box,
    nowMs: number,
    wallMs = Date.now(),
  ): Feature<Point>[] {
    const features: Feature<Point>[] = [];
    for (const [id, mover] of this.movers) {
      const [lon, lat] = positionAt(mover, nowMs);
      if (lon < west || lon > east || lat < south || lat > north) continue;
      features.push({
        type: 'Feature',
        properties: {
          id,
          name: mover.name,
          on_duty: mover.onDuty,
          load: mover.load,
          heading: mover.heading,
          old: wallMs - mover.seenMs > oldFixMs,
        },
        geometry: { type: 'Point', coordinates: [lon, lat] },
      });
    }
    return features;
  }
}

function positionAt({ from, to, startMs, endMs }: Mover, nowMs: number): [number, number] {
  if (nowMs >= endMs) return to;
  const share = (nowMs - startMs) / (endMs - startMs);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}
