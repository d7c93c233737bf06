/** Language and theme: the viewer's choice, kept in the browser. */
import { defineStore } from 'pinia';
import { ref, watchEffect } from 'vue';
import { applyTheme, type ThemeName } from '@/design/tokens';
import { i18n, type Language } from '@/i18n';

const languageKey = 'wangge.language';
const themeKey = 'wangge.theme';

const preferredTheme = (): ThemeName =>
  matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

export const usePreferences = defineStore('preferences', () => {
  const language = ref<Language>(localStorage.getItem(languageKey) === 'en' ? 'en' : 'zh-CN');
  const theme = ref((localStorage.getItem(themeKey) as ThemeName | null) ?? preferredTheme());

  watchEffect(() => {
    localStorage.setItem(languageKey, language.value);
    i18n.global.locale.value = language.value;
    document.documentElement.lang = language.value;
    document.title = i18n.global.t('app.title');
  });
  watchEffect(() => applyTheme(theme.value, document.documentElement));

  function toggleTheme() {
    theme.value = theme.value === 'dark' ? 'light' : 'dark';
    localStorage.setItem(themeKey, theme.value);
  }

  return { language, theme, toggleTheme };
});
