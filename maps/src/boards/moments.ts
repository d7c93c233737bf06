/** Times and spans as a board shows them: by the territory's clocks, in the reader's words. */
import { computed } from 'vue';
import { usePhrases } from '@/composables';
import { useWords } from '@/i18n';
import { formatShare, formatTarget, localTarget, type Metric, shortenSpan } from './figures';
import type { Window } from './types';

export function useMoments() {
  const { locale } = useWords();
  const formatter = (zone: string | undefined, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value, { timeZone: zone, hourCycle: 'h23', ...options });

  /** "2026年10月25日 – 11月23日": whole days, the last of them included. */
  const rangeText = (from: string, until: string, zone: string) =>
    formatter(zone, { dateStyle: 'medium' }).formatRange(
      new Date(from),
      new Date(Date.parse(until) - 1),
    );
  /** "11月23日 12:30" */
  const momentText = (at: string, zone?: string) =>
    formatter(zone, {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    }).format(new Date(at));
  const clockText = (atMs: number, zone: string | undefined, seconds = true) =>
    formatter(zone, {
      hour: '2-digit',
      minute: '2-digit',
      second: seconds ? '2-digit' : undefined,
    }).format(atMs);
  /** The name of a stretch of time under a chart. */
  const stretchText = (from: string, bucket: Window['bucket'], zone: string) =>
    formatter(
      zone,
      bucket === 'hour'
        ? { hour: '2-digit', minute: '2-digit' }
        : { month: 'numeric', day: 'numeric' },
    ).format(new Date(from));
  return { rangeText, momentText, clockText, stretchText };
}

/** Figures in words; what cannot be said is a dash. */
export function useFigureTexts() {
  const { t, locale } = useWords();
  const { spanText } = usePhrases();
  const countText = (count: number) => count.toLocaleString(locale.value);
  const shareText = (share: number | null | undefined) =>
    share === null || share === undefined ? '—' : formatShare(share, locale.value);
  const secondsText = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined ? '—' : spanText(seconds * 1000);
  const targetText = computed(() => formatTarget(localTarget, locale.value));
  const spanWords = {
    minutes: 'boards.span.minutes',
    hours: 'boards.span.hours',
    days: 'boards.span.days',
  };
  const shortText = (seconds: number) => {
    const { unit, count } = shortenSpan(seconds);
    return t(spanWords[unit], { count: count.toLocaleString(locale.value) });
  };
  const valueText = ({ unit }: Pick<Metric, 'unit'>, value: number | null) => {
    if (value === null) return '—';
    if (unit === 'share') return shareText(value);
    return unit === 'span' ? shortText(value) : countText(value);
  };
  return { countText, shareText, targetText, secondsText, shortText, valueText };
}
