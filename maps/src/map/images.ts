/** The pictures that map layers name, drawn from the shared glyphs at twice the screen's density. */
import type { Priority, Status } from '@/api/types';
import { priorityShapes, statusGlyphs } from '@/design/glyphs';
import { type Palette, statusColours, statusInk } from '@/design/tokens';
import { hatchImage } from './layers/areas';
import { incidentImage } from './layers/incidents';
import { pinImage } from './layers/pin';
import { workerImage } from './layers/workers';

export const pixelRatio = 2;

export interface MapImage {
  id: string;
  data: ImageData;
}

const figure =
  'M12 4.2a3.7 3.7 0 1 1 0 7.4a3.7 3.7 0 0 1 0-7.4zM4.8 20.2c0-4.2 3-6.6 7.2-6.6s7.2 2.4 7.2 6.6z';
const pin = 'M16 2c-6.6 0-11 4.8-11 11 0 8 11 17 11 17s11-9 11-17c0-6.2-4.4-11-11-11z';

function draw(size: number, paint: (context: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * pixelRatio;
  const context = canvas.getContext('2d');
  if (!context) return new ImageData(canvas.width, canvas.height);
  context.scale(pixelRatio, pixelRatio);
  context.lineCap = context.lineJoin = 'round';
  paint(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function drawIncident(status: Status, priority: Priority): ImageData {
  return draw(26, (context) => {
    context.translate(1, 1);
    const shape = new Path2D(priorityShapes[priority]);
    context.lineWidth = 3;
    context.strokeStyle = '#ffffff';
    context.stroke(shape);
    context.lineWidth = 1;
    context.strokeStyle = '#10181e';
    context.fillStyle = statusColours[status];
    context.fill(shape);
    context.stroke(shape);
    context.lineWidth = 2;
    context.strokeStyle = statusInk[status];
    context.stroke(new Path2D(statusGlyphs[status]));
  });
}

function drawWorker(colour: string, rim: string, filled: boolean): ImageData {
  return draw(24, (context) => {
    const body = new Path2D(figure);
    context.lineWidth = 4;
    context.strokeStyle = rim;
    context.stroke(body);
    context.fillStyle = filled ? colour : rim;
    context.fill(body);
    context.lineWidth = filled ? 0.5 : 1.6;
    context.strokeStyle = colour;
    context.stroke(body);
  });
}

/** A wedge at the rim, which points north before it is turned. */
function drawHeading(palette: Palette): ImageData {
  return draw(40, (context) => {
    context.beginPath();
    context.moveTo(20, 1.5);
    context.lineTo(26, 9);
    context.lineTo(14, 9);
    context.closePath();
    context.fillStyle = palette.onDuty;
    context.strokeStyle = palette.surface;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  });
}

function drawPin(palette: Palette): ImageData {
  return draw(32, (context) => {
    const body = new Path2D(pin);
    context.lineWidth = 3;
    context.strokeStyle = palette.surface;
    context.stroke(body);
    context.fillStyle = palette.primary;
    context.fill(body);
    context.fillStyle = palette.onPrimary;
    context.beginPath();
    context.arc(16, 13, 4, 0, 2 * Math.PI);
    context.fill();
  });
}

function drawHatch(palette: Palette): ImageData {
  return draw(10, (context) => {
    context.lineWidth = 1.2;
    context.lineCap = 'butt';
    context.strokeStyle = palette.special;
    context.globalAlpha = 0.55;
    // Three strokes, so that the diagonal meets itself across the edges of the tile.
    for (const shift of [-10, 0, 10]) {
      context.beginPath();
      context.moveTo(shift - 1, 11);
      context.lineTo(shift + 11, -1);
      context.stroke();
    }
  });
}

export function mapImages(palette: Palette): MapImage[] {
  const statuses = Object.keys(statusGlyphs) as Status[];
  const priorities = Object.keys(priorityShapes) as Priority[];
  return [
    ...statuses.flatMap((status) =>
      priorities.map((priority) => ({
        id: incidentImage(status, priority),
        data: drawIncident(status, priority),
      })),
    ),
    { id: workerImage.on, data: drawWorker(palette.onDuty, palette.surface, true) },
    { id: workerImage.off, data: drawWorker(palette.offDuty, palette.surface, false) },
    { id: workerImage.heading, data: drawHeading(palette) },
    { id: pinImage, data: drawPin(palette) },
    { id: hatchImage, data: drawHatch(palette) },
  ];
}
