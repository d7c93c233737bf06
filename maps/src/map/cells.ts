/** Web-mercator tiles as cells to fetch by, so that a moving view asks for the same boxes again. */

export type Box = readonly [west: number, south: number, east: number, north: number];

export interface Cell {
  key: string;
  box: Box;
}

const maxLatitude = 85.0511;

const column = (lon: number, count: number) => Math.floor(((lon + 180) / 360) * count);

function row(lat: number, count: number): number {
  const radians = (Math.max(-maxLatitude, Math.min(maxLatitude, lat)) * Math.PI) / 180;
  return Math.floor(((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * count);
}

const west = (x: number, count: number) => (x / count) * 360 - 180;

const north = (y: number, count: number) =>
  (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / count))) * 180) / Math.PI;

const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7;

/** The cells of `zoom` that a box touches, row by row. */
export function cellsOf(box: Box, zoom: number): Cell[] {
  const count = 2 ** zoom;
  const clamp = (index: number) => Math.max(0, Math.min(count - 1, index));
  const cells: Cell[] = [];
  for (let y = clamp(row(box[3], count)); y <= clamp(row(box[1], count)); y++) {
    for (let x = clamp(column(box[0], count)); x <= clamp(column(box[2], count)); x++) {
      cells.push({
        key: `${zoom}/${x}/${y}`,
        box: [
          round(west(x, count)),
          round(north(y + 1, count)),
          round(west(x + 1, count)),
          round(north(y, count)),
        ],
      });
    }
  }
  return cells;
}
