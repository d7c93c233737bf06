/** Fetches GeoJSON layers cell by cell, keeps what was fetched, and hands over what the view needs. */
import type { Feature, FeatureCollection } from 'geojson';
import { type Box, type Cell, cellsOf } from './cells';

export type LoadCell = (layer: string, box: Box, labels: boolean) => Promise<FeatureCollection>;

export interface LayerRequest {
  /** Name of the map source that receives the features. */
  source: string;
  layer: string;
  labels: boolean;
  cellZoom: number;
}

const maxKept = 300;

export class LayerLoader {
  private readonly kept = new Map<string, Feature[]>();
  private readonly pending = new Map<string, Promise<void>>();
  private readonly shown = new Map<string, string>();

  constructor(
    private readonly load: LoadCell,
    private readonly show: (source: string, features: Feature[]) => void,
    private readonly fail: (source: string) => void,
  ) {}

  /** Shows the cells of the box, fetching the missing ones; resolves when all have answered. */
  async want(request: LayerRequest, box: Box): Promise<void> {
    const cells = cellsOf(box, request.cellZoom);
    const keyOf = (cell: Cell) => `${request.source}:${cell.key}`;
    const missing = cells.filter((cell) => !this.kept.has(keyOf(cell)));
    this.showCells(request.source, cells.map(keyOf));
    if (missing.length === 0) return;
    await Promise.all(missing.map((cell) => this.fetchCell(request, cell, keyOf(cell))));
    this.showCells(request.source, cells.map(keyOf));
  }

  /** Drops everything fetched, as when another edition is in force. */
  forget(): void {
    this.kept.clear();
    this.shown.clear();
  }

  private fetchCell(request: LayerRequest, cell: Cell, key: string): Promise<void> {
    const running = this.pending.get(key);
    if (running) return running;
    const fetching = this.load(request.layer, cell.box, request.labels)
      .then(({ features }) => this.keep(key, features))
      .catch(() => this.fail(request.source))
      .finally(() => this.pending.delete(key));
    this.pending.set(key, fetching);
    return fetching;
  }

  private keep(key: string, features: Feature[]): void {
    this.kept.set(key, features);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > maxKept && oldest) this.kept.delete(oldest);
  }

  /** An area that crosses cells comes with each of them and is shown once. */
  private showCells(source: string, keys: string[]): void {
    const present = keys.filter((key) => this.kept.has(key));
    const signature = present.join(' ');
    if (present.length === 0 || this.shown.get(source) === signature) return;
    this.shown.set(source, signature);
    const features = new Map<unknown, Feature>();
    for (const key of present) {
      for (const feature of this.kept.get(key) ?? []) {
        features.set(feature.properties?.code ?? feature.id, feature);
      }
    }
    this.show(source, [...features.values()]);
  }
}
