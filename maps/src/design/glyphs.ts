/**
 * Shapes that say status and priority without colour, as SVG path data, drawn both by StatusMark.vue
 * and onto the map. Shapes fill a 24-unit box; glyphs sit in its middle.
 */
import type { Priority, Status } from '@/api/types';

/** Priority is the outline: octagon, diamond, circle, small square. */
export const priorityShapes: Record<Priority, string> = {
  urgent: 'M8 2h8l6 6v8l-6 6H8l-6-6V8z',
  high: 'M12 1l11 11-11 11L1 12z',
  normal: 'M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19z',
  low: 'M5 3.5h14a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H5a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 5 3.5z',
};

/** Status is the glyph, stroked: dot, lines, arrow, half, tick, bar, star. */
export const statusGlyphs: Record<Status, string> = {
  reported: 'M12 7v6M12 16.4v.2',
  filed: 'M8 9h8M8 12h8M8 15h5',
  dispatched: 'M7 12h9M12.5 8.2l3.8 3.8-3.8 3.8',
  handling: 'M12 7.4v9.2M7.4 12h9.2M8.8 8.8l6.4 6.4M15.2 8.8l-6.4 6.4',
  verifying: 'M7.6 12.4l3 3 5.8-6',
  closed: 'M8 8h8v8H8z',
  evaluated: 'M12 7l1.6 3.3 3.6.5-2.6 2.5.6 3.6-3.2-1.7-3.2 1.7.6-3.6-2.6-2.5 3.6-.5z',
};
