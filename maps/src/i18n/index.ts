/** Both languages, and words for the contract's codes. */
import { createI18n, useI18n } from 'vue-i18n';
import { en, zh } from './messages';

export type Language = 'zh-CN' | 'en';

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as Language,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
});

/** A key group whose keys are codes of the contract. */
export type CodeGroup =
  | 'action'
  | 'alarmKind'
  | 'areaChange'
  | 'bureau'
  | 'datum'
  | 'deadline'
  | 'defect'
  | 'draftColumn'
  | 'draftProblem'
  | 'draftStage'
  | 'draftState'
  | 'draftStep'
  | 'during'
  | 'exportFormat'
  | 'field'
  | 'keyGroup'
  | 'keys'
  | 'kind'
  | 'layerName'
  | 'level'
  | 'mark'
  | 'organisation'
  | 'outcome'
  | 'overlapRule'
  | 'part'
  | 'priority'
  | 'problem'
  | 'reason'
  | 'repair'
  | 'role'
  | 'ruleClock'
  | 'ruleDuring'
  | 'ruleField'
  | 'ruleLead'
  | 'ruleMeasure'
  | 'ruleOrder'
  | 'ruleSkill'
  | 'severity'
  | 'skill'
  | 'slot'
  | 'source'
  | 'stage'
  | 'status'
  | 'step'
  | 'task'
  | 'taskRole'
  | 'weekday'
  | 'weekdayShort';

/** `word(group, code)` words a code; one that this page does not know is shown as it came. */
export function useWords() {
  const { t, te, locale } = useI18n();
  const word = (group: CodeGroup, code: string) =>
    te(`${group}.${code}`) ? t(`${group}.${code}`) : code;
  /** Picks the reader's language from data that carries both. */
  const pick = (zhText: string, enText: string) => (locale.value === 'en' ? enText : zhText);
  /** "a、b" or "a, b". */
  const join = (items: readonly string[]) => items.join(t('app.separator'));
  return { t, word, pick, join, locale };
}
