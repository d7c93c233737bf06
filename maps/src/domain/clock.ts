/** Spans of time as message keys with numbers, so that each language words them itself. */

export interface Span {
  key: 'clock.days' | 'clock.hours' | 'clock.minutes' | 'clock.seconds';
  values: { major: number; minor: string };
}

const pad = (count: number) => String(count).padStart(2, '0');

/** The two largest units of a span, from days and hours down to mere seconds. */
export function describeSpan(spanMs: number): Span {
  const seconds = Math.floor(Math.abs(spanMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return { key: 'clock.days', values: { major: days, minor: String(hours % 24) } };
  if (hours > 0) return { key: 'clock.hours', values: { major: hours, minor: pad(minutes % 60) } };
  if (minutes === 0) return { key: 'clock.seconds', values: { major: seconds, minor: '' } };
  return { key: 'clock.minutes', values: { major: minutes, minor: pad(seconds % 60) } };
}

/** "11-22 08:14" in the viewer's zone; the year only when it is not this one. */
export function formatMoment(iso: string, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '—';
  const day = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const year = at.getFullYear() === now.getFullYear() ? '' : `${at.getFullYear()}-`;
  return `${year}${day} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
