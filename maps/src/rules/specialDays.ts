/** Holidays and make-up days as one kind of thing, for the form that edits either. */
import type { Calendar } from './types';

export interface SpecialDay {
  kind: 'holiday' | 'make_up_day';
  /** Whose announcement it stands in. */
  year: number;
  from: string;
  /** The same as `from` for a make-up day. */
  to: string;
  zh: string;
  en: string;
}

/** The holiday or make-up day that a date belongs to. */
export function findSpecial(calendar: Calendar, date: string): SpecialDay | null {
  for (const { year, holidays, make_up_days } of calendar.years) {
    const holiday = holidays.find(({ from, to }) => from <= date && date <= to);
    if (holiday) {
      const { from, to, name_zh: zh, name_en: en } = holiday;
      return { kind: 'holiday', year, from, to, zh, en };
    }
    const day = make_up_days.find((one) => one.date === date);
    if (day)
      return {
        kind: 'make_up_day',
        year,
        from: date,
        to: date,
        zh: day.name_zh,
        en: day.name_en,
      };
  }
  return null;
}
