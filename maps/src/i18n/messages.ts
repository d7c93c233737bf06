/** The words of the application: those that all share, and each screen's own. */
import * as boards from '@/boards/words';
import * as boundaries from '@/boundaries/words';
import * as desk from '@/desk/words';
import * as people from '@/people/words';
import * as rules from '@/rules/words';
import sharedEn from './en';
import sharedZh from './zh-CN';

/** What a screen says; its `words.ts` has one for each language, under the screen's name. */
export type Words = { [key: string]: string | Words };

const screens: { zh: Words; en: Words }[] = [boards, boundaries, desk, people, rules];

const merged = (language: 'zh' | 'en', shared: Words): Words =>
  Object.assign({}, shared, ...screens.map((screen) => screen[language]));

export const zh = merged('zh', sharedZh);
export const en = merged('en', sharedEn);
