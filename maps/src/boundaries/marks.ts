/** How severe a defect is, as a shape and a sign, drawn alike in lists and on the map. */
import type { Palette } from '@/design/tokens';
import type { Severity } from './types';

/** In a box of 24 units: octagon with a cross, triangle with a bar, circle with a dot. */
export const severityShapes: Record<Severity, string> = {
  error: 'M8 2h8l6 6v8l-6 6H8l-6-6V8z',
  warning: 'M12 2.2l10.4 18.6H1.6z',
  notice: 'M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19z',
};

export const severitySigns: Record<Severity, string> = {
  error: 'M8.6 8.6l6.8 6.8M15.4 8.6l-6.8 6.8',
  warning: 'M12 9v5M12 17.2v.2',
  notice: 'M12 7.2v.2M12 11v6',
};

export const severityColour = (palette: Palette): Record<Severity, string> => ({
  error: palette.alert,
  warning: palette.warn,
  notice: palette.muted,
});
