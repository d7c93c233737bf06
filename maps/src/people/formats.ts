/** Numbers and dates as the reader's language writes them. */
import { computed } from 'vue';
import { useWords } from '@/i18n';

const dayMs = 86_400_000;

/** Dates are `YYYY-MM-DD` in the zone of the calendar, so they are counted without a zone. */
const utc = (date: string) => Date.parse(`${date}T00:00:00Z`);
const print = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export const addDays = (date: string, days: number) => print(utc(date) + days * dayMs);

/** The Monday of the date's week. */
export const weekOf = (date: string) => addDays(date, -((new Date(utc(date)).getUTCDay() + 6) % 7));

export const isDate = (text: string | null): text is string =>
  /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(utc(text as string));

/** Today where the reader is. */
export function localToday(now = new Date()): string {
  const pad = (count: number) => String(count).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** The first moment of a date and that of the next, where the reader is. */
export function dayBounds(date: string): { from: string; until: string } {
  const start = new Date(`${date}T00:00:00`);
  const end = new Date(start);
  end.setDate(end.getDate() + 1);
  return { from: start.toISOString(), until: end.toISOString() };
}

export function useFormats() {
  const { locale } = useWords();
  const formats = computed(() => {
    const language = locale.value;
    const date = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
    return {
      number: new Intl.NumberFormat(language),
      percent: new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }),
      hours: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }),
      day: date({ month: 'numeric', day: 'numeric' }),
      weekday: date({ weekday: 'short' }),
      full: date({ year: 'numeric', month: 'short', day: 'numeric' }),
      time: new Intl.DateTimeFormat(language, {
        hour: '2-digit',
        minute: '2-digit',
        hour12: false,
      }),
      since: new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric' }),
    };
  });
  return {
    number: (count: number) => formats.value.number.format(count),
    percent: (share: number) => formats.value.percent.format(share),
    hours: (minutes: number) => formats.value.hours.format(minutes / 60),
    /** "11/24" and "周二", of a date without a zone. */
    day: (date: string) => formats.value.day.format(utc(date)),
    weekday: (date: string) => formats.value.weekday.format(utc(date)),
    fullDay: (date: string) => formats.value.full.format(utc(date)),
    /** The clock, and the date, of a moment. */
    time: (iso: string) => formats.value.time.format(new Date(iso)),
    since: (iso: string) => formats.value.since.format(new Date(iso)),
  };
}
