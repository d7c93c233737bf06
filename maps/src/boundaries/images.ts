/** The marks of defects, drawn for the map at twice the screen's density. */
import type { Palette } from '@/design/tokens';
import { pixelRatio } from '@/map/images';
import { severityColour, severityShapes, severitySigns } from './marks';
import type { Severity } from './types';

const size = 28;

export function drawSeverity(severity: Severity, palette: Palette): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * pixelRatio;
  const context = canvas.getContext('2d');
  if (!context) return new ImageData(canvas.width, canvas.height);
  context.scale(pixelRatio, pixelRatio);
  context.translate(2, 2);
  context.lineCap = context.lineJoin = 'round';
  const shape = new Path2D(severityShapes[severity]);
  context.lineWidth = 3;
  context.strokeStyle = palette.surface;
  context.stroke(shape);
  context.fillStyle = severityColour(palette)[severity];
  context.fill(shape);
  context.lineWidth = 2.2;
  context.strokeStyle = palette.surface;
  context.stroke(new Path2D(severitySigns[severity]));
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
