import { describe, expect, it } from 'vitest';
import {
  applyChange,
  type Change,
  completeBook,
  diffBooks,
  fingerprint,
  isSame,
  rebase,
  undoChange,
} from './book';
import { addDays, daysBetween, hoursOf, monthsOf, shareOfDay, weekdayOf } from './calendar';
import { namesOfKinds } from './names';
import { thenDo } from './order';
import { readRefusal } from './refusals';
import { compareRehearsals } from './rehearsal';
import { isPlainCode, unitOf } from './sentence';
import { findSpecial } from './specialDays';
import type { EscalationRule, Fire, Rulebook, SendingRule } from './types';

const hours = [{ from: '08:30', to: '12:00' }];
const warn = (id: string, minutes = 30): EscalationRule => ({
  id,
  scope: {},
  status: 'reported',
  measure: 'status_age',
  minutes,
  clock: 'natural',
  ...thenDo('warn'),
});
const send = (id: string): SendingRule => ({ id, scope: {}, offer_minutes: 10, offers: 2 });
const day = { name_zh: '国庆节', name_en: 'National Day' };

const book = completeBook({
  calendar: {
    code: 'china',
    name_zh: '日历',
    name_en: 'Calendar',
    zone: 'Asia/Shanghai',
    week: { monday: hours, tuesday: hours },
    make_up_hours: hours,
    years: [
      {
        year: 2026,
        source: '通知',
        holidays: [{ from: '2026-10-01', to: '2026-10-03', ...day }],
        make_up_days: [{ date: '2026-10-10', ...day }],
      },
    ],
  },
  summon_minutes: 30,
  escalation: [warn('a'), warn('b')],
  sending: [send('x'), send('y'), send('z')],
});
const names = (changes: readonly Change[]) => changes.map(({ kind, key }) => `${kind} ${key}`);
const reversed: Rulebook = { ...book, sending: [...book.sending].reverse() };

describe('the difference between two rulebooks', () => {
  it('is nothing between equals, whatever the order of fields and with null for absent', () => {
    const same = { ...book, escalation: [{ ...warn('a'), level: null }, warn('b')] };
    expect(diffBooks(book, same)).toEqual([]);
    expect(isSame({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
    expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]));
  });

  it('names what is new, what is other and what is gone', () => {
    const other = { ...book, escalation: [warn('a', 60), warn('c')], summon_minutes: 20 };
    const changes = diffBooks(book, other);
    expect(names(changes)).toEqual(['escalation a', 'escalation c', 'summon ', 'escalation b']);
    expect(changes[0]).toMatchObject({ before: { minutes: 30 }, after: { minutes: 60 } });
    expect(changes[1]?.before).toBeUndefined();
    expect(changes[3]?.after).toBeUndefined();
  });

  it('has the order only where rules stand in another, not where one came or went', () => {
    expect(names(diffBooks(book, reversed))).toEqual(['order ']);
    const without = { ...book, sending: book.sending.slice(1) };
    expect(names(diffBooks(book, without))).toEqual(['sending x']);
  });

  it('sees each day of the calendar by itself', () => {
    const change: Change = {
      kind: 'holiday',
      key: '2026:2026-10-01',
      after: { from: '2026-10-01', to: '2026-10-08', ...day },
    };
    const longer = applyChange(book, change, book);
    expect(names(diffBooks(book, longer))).toEqual(['holiday 2026:2026-10-01']);
    const closed = applyChange(book, { kind: 'hours', key: 'monday', after: [] }, book);
    expect(names(diffBooks(book, closed))).toEqual(['hours monday']);
  });

  it('is undone change by change, to the very same book', () => {
    const other: Rulebook = {
      ...applyChange(
        applyChange(book, { kind: 'make_up_day', key: '2026:2026-10-10' }, book),
        {
          kind: 'holiday',
          key: '2027:2027-01-01',
          after: { from: '2027-01-01', to: '2027-01-01', ...day },
        },
        book,
      ),
      escalation: [warn('b', 5)],
      sending: [send('z'), send('y')],
      summon_minutes: 1,
    };
    const back = diffBooks(book, other).reduce(
      (now, change) => undoChange(now, change, book),
      other,
    );
    expect(diffBooks(book, back)).toEqual([]);
    expect(fingerprint(back)).toBe(fingerprint(book));
  });
});

describe('putting one’s own changes on the version of another', () => {
  it('keeps both, and one’s own where both changed the same', () => {
    const mine = { ...book, escalation: [warn('a', 60), warn('b'), warn('mine')] };
    const theirs = { ...book, escalation: [warn('a', 90), warn('b', 45)], summon_minutes: 10 };
    const both = rebase(book, mine, theirs);
    expect(both.escalation.map(({ id, minutes }) => `${id} ${minutes}`)).toEqual([
      'a 60',
      'b 45',
      'mine 30',
    ]);
    expect(both.summon_minutes).toBe(10);
  });

  it('sorts their rules in one’s own order, with theirs where they were', () => {
    const theirs = { ...book, sending: [send('x'), send('new'), send('y'), send('z')] };
    expect(rebase(book, reversed, theirs).sending.map(({ id }) => id)).toEqual([
      'z',
      'new',
      'y',
      'x',
    ]);
  });
});

describe('refusals', () => {
  it('say which rules they are about, and what is wrong', () => {
    const read = (text: string) => {
      const { kind, rules } = readRefusal(text);
      return [kind, ...rules];
    };
    expect(read('two rules are called "晚了"; a rule is known by its id')).toEqual([
      'twice',
      '晚了',
    ]);
    expect(
      read('the rules "r2" and "r \\"3\\"" are equally specific and meet the same incidents; make'),
    ).toEqual(['tie', 'r2', 'r "3"']);
    expect(read('the rule "s1": min_score 4 is not between 0 and 1')).toEqual(['score', 's1']);
    expect(read('the rule "s1": a reason of the future')).toEqual(['other', 's1']);
    expect(read('the calendar: the year 1 is outside 1970 to 2099')).toEqual(['other']);
  });

  it('keep the codes for the page to word', () => {
    const text =
      'the rule "late-warn": escalate is possible while an incident is filed or handling, but not closed';
    expect(readRefusal(text).values).toEqual({
      rule: 'late-warn',
      order: 'escalate',
      possible: 'filed or handling',
      status: 'closed',
    });
  });
});

describe('a rehearsal beside that of the rules in force', () => {
  const fire = (rule: string, number: string): Fire => ({
    rule,
    order: 'warn',
    id: number,
    number,
    at: '2026-11-01T00:00:00Z',
    status: 'reported',
  });
  const answer = (rules: Record<string, number>, fires: Fire[] = []) => ({
    looked_at: 10,
    complete: true,
    rules: Object.entries(rules).map(([rule, times]) => ({
      rule,
      order: 'warn' as const,
      times,
      incidents: times,
    })),
    fires,
  });

  it('has each rule once, what differs first, those that are gone with what they did', () => {
    const rows = compareRehearsals(
      answer({ same: 1, a: 3, gone: 1 }, [fire('gone', '1')]),
      answer({ same: 1, a: 5, new: 2 }, [fire('new', '2'), fire('a', '3')]),
    );
    expect(rows.map(({ rule, inForce, draft }) => [rule, inForce?.times, draft?.times])).toEqual([
      ['a', 3, 5],
      ['new', undefined, 2],
      ['gone', 1, undefined],
      ['same', 1, 1],
    ]);
    expect(rows.map(({ fires }) => fires.map(({ number }) => number))).toEqual([
      ['3'],
      ['2'],
      ['1'],
      [],
    ]);
  });
});

describe('the calendar', () => {
  it('tells every day of the year what it is', () => {
    const months = monthsOf(book.calendar, 2026);
    expect(months.flat()).toHaveLength(365);
    const kindOn = (date: string) => months.flat().find((one) => one.date === date)?.kind;
    expect(kindOn('2026-10-03')).toBe('holiday');
    expect(kindOn('2026-10-10')).toBe('make_up');
    expect(kindOn('2026-10-05')).toBe('work');
    expect(kindOn('2026-10-07')).toBe('rest');
    expect(monthsOf(book.calendar, 2024).flat()).toHaveLength(366);
  });

  it('finds what a date belongs to', () => {
    expect(findSpecial(book.calendar, '2026-10-02')).toMatchObject({
      from: '2026-10-01',
      zh: '国庆节',
    });
    expect(findSpecial(book.calendar, '2026-10-10')?.kind).toBe('make_up_day');
    expect(findSpecial(book.calendar, '2026-10-04')).toBeNull();
  });

  it('counts days and hours', () => {
    expect(weekdayOf('2026-11-23')).toBe(0);
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2026-10-01', '2026-10-08')).toBe(8);
    expect(hoursOf([...hours, { from: '13:30', to: '24:00' }])).toBe(14);
    expect(shareOfDay({ from: '06:00', to: '24:00' })).toEqual({ start: 0.25, length: 0.75 });
  });
});

describe('words', () => {
  it('say minutes in the unit in which they read well', () => {
    expect(unitOf(0, 'natural')).toBe('minutes');
    expect(unitOf(45, 'natural')).toBe('minutes');
    expect(unitOf(90, 'natural')).toBe('hours');
    expect(unitOf(1440, 'natural')).toBe('days');
    expect(unitOf(1440, 'working')).toBe('hours');
  });

  it('show no name that is only for programs', () => {
    expect(isPlainCode('reported-unfiled')).toBe(true);
    expect(isPlainCode('夜间火情直派')).toBe(false);
  });

  it('call a kind of department by what all of them are called', () => {
    const of = (name: string, department: string | null) => ({ name, department });
    expect(
      namesOfKinds([
        of('淮安区司法局', 'justice'),
        of('涟水县司法局', 'justice'),
        of('中心', null),
      ]),
    ).toEqual([{ code: 'justice', name: '司法局' }]);
  });
});
