import { describe, expect, it } from 'vitest';
import { en, type Words as Messages, zh } from './messages';

const keysOf = (messages: Messages, prefix = ''): string[] =>
  Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
const messageAt = (messages: Messages, key: string) =>
  key.split('.').reduce<unknown>((at, part) => (at as Messages)[part], messages) as string;

const sources = Object.values(
  import.meta.glob<string>(
    ['../**/*.{vue,ts}', '!../i18n/{en,zh-CN}.ts', '!../**/words.ts', '!../**/*.test.ts'],
    {
      eager: true,
      query: '?raw',
      import: 'default',
    },
  ),
).join('\n');

/** Groups whose keys are codes that come with the data: `word('status', …)`. */
const codeGroups = new Set(
  [...sources.matchAll(/\bword\(\s*'(\w+)'/g)].map(([, group]) => `${group}.`),
);
const isCode = (key: string) => [...codeGroups].some((group) => key.startsWith(group));

describe('messages', () => {
  it('have the same keys in both languages', () => {
    expect(keysOf(en).sort()).toEqual(keysOf(zh).sort());
  });

  it('take the same values in both languages', () => {
    const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const key of keysOf(zh)) {
      expect(placeholders(messageAt(en, key)), key).toEqual(placeholders(messageAt(zh, key)));
    }
  });

  it('are all used', () => {
    const unused = keysOf(zh).filter((key) => !sources.includes(`'${key}'`) && !isCode(key));
    expect(unused).toEqual([]);
  });

  it('are all there for what the screens name', () => {
    const named = [...sources.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key);
    expect(named.filter((key) => !keysOf(zh).includes(key ?? ''))).toEqual([]);
  });
});
