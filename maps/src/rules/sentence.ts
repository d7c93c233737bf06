/** Rules as sentences, in the reader's words. */
import { useWords } from '@/i18n';
import { useSession } from '@/stores/session';
import type { Change, ItemKind, Items } from './book';
import { useNames } from './names';
import type { Refusal } from './refusals';
import type {
  Clock,
  Destination,
  EscalationRule,
  RoutingRule,
  Scope,
  SendingRule,
  Shift,
  Span,
} from './types';

const hour = 60;
const day = 24 * hour;

export type MinutesUnit = 'minutes' | 'hours' | 'days';
export const minutesPer: Record<MinutesUnit, number> = { minutes: 1, hours: hour, days: day };

/** The largest unit in which minutes read well; a day of working time is no fixed span. */
export function unitOf(minutes: number, clock: Clock): MinutesUnit {
  if (minutes > 0 && minutes % day === 0 && clock === 'natural') return 'days';
  return minutes >= hour && minutes % (hour / 2) === 0 ? 'hours' : 'minutes';
}

/** A name that is only for programs, such as those of the rules that are built in. */
export const isPlainCode = (id: string) => /^[a-z0-9_-]+$/.test(id);

export const printSpan = ({ from, to }: Span) => `${from}–${to}`;

export function useSentences() {
  const { t, word, pick, join } = useWords();
  const session = useSession();
  const names = useNames();

  const minutesText = (minutes: number, clock: Clock = 'natural') => {
    const unit = unitOf(minutes, clock);
    const count = minutes / minutesPer[unit];
    if (unit === 'minutes') return t('rules.span.minutes', { count });
    return t(unit === 'hours' ? 'rules.span.hours' : 'rules.span.days', { count });
  };
  const spanText = (minutes: number, clock: Clock) =>
    clock === 'working'
      ? t('rules.span.working', { span: minutesText(minutes, clock) })
      : minutesText(minutes);

  const serviceName = (code: string) => {
    const service = session.servicesByCode.get(code);
    return service ? pick(service.name_zh, service.name_en) : code;
  };
  const groupName = (code: string) => {
    const group = session.catalogue?.groups.find((one) => one.code === code);
    return group ? pick(group.name_zh, group.name_en) : code;
  };
  const skillNames = (skills: readonly string[]) =>
    join(skills.map((skill) => word('ruleSkill', skill)));

  /** What bounds a rule; empty for one that concerns everything. */
  function scopeParts(scope: Scope): string[] {
    const parts: string[] = [];
    if (scope.service) parts.push(serviceName(scope.service));
    else if (scope.group) parts.push(t('rules.say.group', { group: groupName(scope.group) }));
    if (scope.area) parts.push(names.areaName(scope.area));
    if (scope.priority)
      parts.push(t('rules.say.priority', { priority: word('priority', scope.priority) }));
    if (scope.during) parts.push(word('ruleDuring', scope.during));
    if (scope.season) parts.push(t('rules.say.season', { ...scope.season }));
    return parts;
  }

  function escalationWhen(rule: EscalationRule): string {
    const clock = rule.clock ?? 'natural';
    const values = { status: word('status', rule.status), span: spanText(rule.minutes, clock) };
    const atOnce = rule.minutes === 0;
    switch (rule.measure ?? 'status_age') {
      case 'status_age':
        return atOnce ? t('rules.say.ageAtOnce', values) : t('rules.say.age', values);
      case 'past_signing':
        return atOnce ? t('rules.say.signingAtOnce', values) : t('rules.say.signing', values);
      case 'past_resolving':
        return atOnce ? t('rules.say.resolvingAtOnce', values) : t('rules.say.resolving', values);
    }
  }

  function routingTo(to: Destination): string {
    const parts: string[] = [];
    if (to.centre) parts.push(t('rules.say.centre', { level: word('level', to.centre) }));
    if (to.department)
      parts.push(t('rules.say.lead', { lead: names.departmentName(to.department) }));
    else if (to.lead) parts.push(t('rules.say.lead', { lead: word('ruleLead', to.lead) }));
    if (to.role) parts.push(t('rules.say.role', { role: word('role', to.role) }));
    if (to.skills?.length === 0) parts.push(t('rules.say.noSkills'));
    else if (to.skills) parts.push(t('rules.say.skills', { skills: skillNames(to.skills) }));
    return parts.length > 0 ? parts.join(t('rules.say.comma')) : t('rules.say.asService');
  }

  function sendingHow(rule: SendingRule): string {
    const parts = [
      rule.min_score ? t('rules.say.sendScore', { score: rule.min_score }) : t('rules.say.send'),
      t('rules.say.offer', { span: minutesText(rule.offer_minutes) }),
      t('rules.say.offers', { count: rule.offers }),
    ];
    if (rule.files) parts.push(t('rules.say.files'));
    return parts.join(t('rules.say.comma'));
  }

  const scopeText = (scope: Scope) => {
    const parts = scopeParts(scope);
    return parts.length > 0 ? join(parts) : t('rules.everything');
  };
  const spansText = (spans: readonly Span[]) =>
    spans.length > 0 ? join(spans.map(printSpan)) : t('rules.calendar.dayOff');

  /** What each part of a rulebook says; `key` tells which day or year it is. */
  const says: { [K in ItemKind]: (value: Items[K], key: string) => string } = {
    escalation: (rule) => {
      const scope = scopeParts(rule.scope);
      if (rule.level) scope.push(t('rules.say.level', { level: word('level', rule.level) }));
      const bounds = scope.length > 0 ? `${join(scope)}${t('rules.say.colon')}` : '';
      return `${bounds}${escalationWhen(rule)} → ${word('ruleOrder', rule.then)}`;
    },
    routing: (rule: RoutingRule) => `${scopeText(rule.scope)} → ${routingTo(rule.to)}`,
    sending: (rule) => `${scopeText(rule.scope)}${t('rules.say.colon')}${sendingHow(rule)}`,
    order: () => t('rules.say.order'),
    summon: (minutes) => t('rules.say.summon', { span: minutesText(minutes) }),
    shifts: (shifts: Shift[]) =>
      t('rules.say.shifts', {
        shifts: join(shifts.map((one) => `${pick(one.name_zh, one.name_en)} ${printSpan(one)}`)),
      }),
    hours: (spans, weekday) =>
      t('rules.say.hours', { day: word('weekday', weekday), spans: spansText(spans) }),
    make_up_hours: (spans) => t('rules.say.makeUpHours', { spans: spansText(spans) }),
    year: (source, year) => t('rules.say.year', { year, source: source || t('app.none') }),
    holiday: (holiday) => {
      const name = pick(holiday.name_zh, holiday.name_en);
      const { from, to } = holiday;
      return from === to
        ? t('rules.say.holidayDay', { from, name })
        : t('rules.say.holiday', { from, to, name });
    },
    make_up_day: ({ date, name_zh, name_en }) =>
      t('rules.say.makeUpDay', { date, name: pick(name_zh, name_en) }),
    calendar: ({ name_zh, name_en }) => t('rules.say.calendar', { name: pick(name_zh, name_en) }),
  };
  const itemText = <K extends ItemKind>(kind: K, value: Items[K], key: string) =>
    says[kind](value, key);

  /** Before and after, each only where there is one. */
  const changeText = ({ kind, key, before, after }: Change) => ({
    before: before === undefined ? null : itemText(kind, before as never, key),
    after: after === undefined ? null : itemText(kind, after as never, key),
  });

  function refusalText({ kind, values, text }: Refusal): string {
    const status = word('status', values.status ?? '');
    switch (kind) {
      case 'twice':
        return t('rules.refused.twice');
      case 'tie':
        return t('rules.refused.tie', { other: values.other ?? '', rule: values.rule ?? '' });
      case 'unknown':
        return t('rules.refused.unknown', { name: values.name ?? '' });
      case 'status': {
        const possible = (values.possible ?? '').split(' or ');
        return t('rules.refused.status', {
          order: word('ruleOrder', values.order ?? ''),
          possible: join(possible.map((one) => word('status', one))),
          status,
        });
      }
      case 'measure':
        return t('rules.refused.measure', {
          measure: word('ruleMeasure', values.measure ?? ''),
          status,
        });
      case 'group':
        return t('rules.refused.group');
      case 'score':
        return t('rules.refused.score');
      case 'offer':
        return t('rules.refused.offer');
      case 'offers':
        return t('rules.refused.offers');
      case 'id':
        return t('rules.refused.id');
      case 'other':
        return text;
    }
  }

  return {
    minutesText,
    spanText,
    serviceName,
    groupName,
    skillNames,
    scopeParts,
    escalationWhen,
    routingTo,
    sendingHow,
    spansText,
    itemText,
    changeText,
    refusalText,
  };
}
