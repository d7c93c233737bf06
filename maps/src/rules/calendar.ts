/** The days of a year as a calendar definition has them. */
import type { Calendar, Span } from './types';
import { weekDays } from './types';

export type DayKind = 'work' | 'rest' | 'holiday' | 'make_up';

export interface Day {
  /** "2026-10-01" */
  date: string;
  /** In its month, from 1 on. */
  number: number;
  kind: DayKind;
  /** What the holiday or make-up day is called. */
  name: { zh: string; en: string } | null;
}

const dayMs = 86_400_000;
const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** 0 for Monday. */
export const weekdayOf = (date: string) => (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;

export const addDays = (date: string, days: number) =>
  isoDay(Date.parse(`${date}T00:00Z`) + days * dayMs);

/** Days from the first to the last, both counted. */
export const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;

/** The twelve months of a year. */
export function monthsOf(calendar: Calendar, year: number): Day[][] {
  const named = new Map<string, Pick<Day, 'kind' | 'name'>>();
  for (const { holidays, make_up_days } of calendar.years) {
    for (const { from, to, name_zh: zh, name_en: en } of holidays) {
      const days = Math.min(daysBetween(from, to), 366);
      for (let day = 0; day < days; day++)
        named.set(addDays(from, day), { kind: 'holiday', name: { zh, en } });
    }
    for (const { date, name_zh: zh, name_en: en } of make_up_days)
      named.set(date, { kind: 'make_up', name: { zh, en } });
  }
  const plain = (date: string): Pick<Day, 'kind' | 'name'> => {
    const day = weekDays[weekdayOf(date)];
    return { kind: day && calendar.week[day].length > 0 ? 'work' : 'rest', name: null };
  };
  return Array.from({ length: 12 }, (_, month) => {
    const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return Array.from({ length: count }, (__, place) => {
      const date = isoDay(Date.UTC(year, month, place + 1));
      return { date, number: place + 1, ...(named.get(date) ?? plain(date)) };
    });
  });
}

const minutesOf = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** Where a span lies in its day, from 0 to 1. */
export const shareOfDay = ({ from, to }: Span) => ({
  start: minutesOf(from) / 1440,
  length: Math.max(0, minutesOf(to) - minutesOf(from)) / 1440,
});

export const hoursOf = (spans: readonly Span[]) =>
  spans.reduce((sum, { from, to }) => sum + minutesOf(to) - minutesOf(from), 0) / 60;
