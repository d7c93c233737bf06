/**
 * Every colour, type size and space of the application, for the page and for the map alike.
 * Status and urgency colours are the Okabe–Ito set, which people with colour-blindness tell apart;
 * they never stand alone: a glyph (glyphs.ts) and a word go with them.
 */
import type { DeadlineState, Status } from '@/api/types';

export type ThemeName = 'light' | 'dark';

export interface Palette {
  canvas: string;
  surface: string;
  sunken: string;
  ink: string;
  muted: string;
  line: string;
  primary: string;
  primarySoft: string;
  onPrimary: string;
  alert: string;
  alertSoft: string;
  warn: string;
  warnSoft: string;
  good: string;
  goodSoft: string;
  mapGround: string;
  mapFill: [string, string, string, string];
  mapLine: string;
  mapParentLine: string;
  mapLabel: string;
  mapLabelFaint: string;
  mapHalo: string;
  special: string;
  onDuty: string;
  offDuty: string;
}

export const palettes: Record<ThemeName, Palette> = {
  light: {
    canvas: '#e9edf0',
    surface: '#ffffff',
    sunken: '#f4f6f8',
    ink: '#17232d',
    muted: '#52616d',
    line: '#d8dfe5',
    primary: '#0b5c8e',
    primarySoft: '#e2eff7',
    onPrimary: '#ffffff',
    alert: '#b03a06',
    alertSoft: '#fdece3',
    warn: '#8a5a00',
    warnSoft: '#fdf3dc',
    good: '#00694d',
    goodSoft: '#e0f3ec',
    mapGround: '#eef0ec',
    mapFill: ['#f8f7f0', '#eef3ea', '#f5efe6', '#e8eff2'],
    mapLine: '#a9b3b4',
    mapParentLine: '#6f7f86',
    mapLabel: '#2c3a43',
    mapLabelFaint: '#7d8a90',
    mapHalo: '#fbfbf8',
    special: '#8d6aa8',
    onDuty: '#0b5c8e',
    offDuty: '#7d8890',
  },
  dark: {
    canvas: '#0c1115',
    surface: '#161d23',
    sunken: '#1d262d',
    ink: '#e6edf2',
    muted: '#a2b1bc',
    line: '#2d3942',
    primary: '#6bb8ea',
    primarySoft: '#17354a',
    onPrimary: '#06202f',
    alert: '#ff9a66',
    alertSoft: '#43210f',
    warn: '#f0bf55',
    warnSoft: '#3b2d0c',
    good: '#58cfa9',
    goodSoft: '#0f3529',
    mapGround: '#12181c',
    mapFill: ['#1a2228', '#1c2a2b', '#23262f', '#1b2a35'],
    mapLine: '#45535b',
    mapParentLine: '#83939c',
    mapLabel: '#dfe7ec',
    mapLabelFaint: '#82919a',
    mapHalo: '#12181c',
    special: '#b493d0',
    onDuty: '#6bb8ea',
    offDuty: '#7f8c95',
  },
};

/** Fills of glyphs and map marks; the same in both themes, since marks carry their own rim. */
export const statusColours: Record<Status, string> = {
  reported: '#56b4e9',
  filed: '#0072b2',
  dispatched: '#f0e442',
  handling: '#cc79a7',
  verifying: '#009e73',
  closed: '#8a949b',
  evaluated: '#5f6a72',
};

/** The glyph's own colour on its status fill: at least 4.5 to 1. */
export const statusInk: Record<Status, string> = {
  reported: '#0b1a24',
  filed: '#ffffff',
  dispatched: '#1f1d00',
  handling: '#25101b',
  verifying: '#00140e',
  closed: '#0e1316',
  evaluated: '#ffffff',
};

export const deadlineColours: Record<DeadlineState, string> = {
  none: 'transparent',
  on_time: 'transparent',
  warning: '#e69f00',
  late: '#d55e00',
};

export const fontFamily =
  '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", system-ui, sans-serif';

const sizes = {
  'text-xs': '12px',
  'text-s': '13px',
  'text-m': '14px',
  'text-l': '16px',
  'text-xl': '20px',
  'text-2xl': '28px',
  'space-1': '4px',
  'space-2': '8px',
  'space-3': '12px',
  'space-4': '16px',
  'space-5': '24px',
  radius: '6px',
};

const elementPlusNames: Partial<Record<keyof Palette, string[]>> = {
  canvas: ['--el-bg-color-page'],
  surface: ['--el-bg-color', '--el-bg-color-overlay', '--el-fill-color-blank'],
  sunken: ['--el-fill-color-light', '--el-fill-color-lighter'],
  ink: ['--el-text-color-primary', '--el-text-color-regular'],
  muted: ['--el-text-color-secondary', '--el-text-color-placeholder'],
  line: ['--el-border-color', '--el-border-color-light', '--el-border-color-lighter'],
  onPrimary: ['--el-color-white'],
};

/** Element Plus paints hover, border and ground of each kind in tints of its colour. */
const elementPlusKinds: [string, keyof Palette][] = [
  ['primary', 'primary'],
  ['danger', 'alert'],
  ['error', 'alert'],
  ['warning', 'warn'],
  ['success', 'good'],
  ['info', 'muted'],
];
const tints: [string, number][] = [
  ['light-3', 82],
  ['light-5', 60],
  ['light-7', 40],
  ['light-8', 26],
  ['light-9', 11],
];

const toKebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The custom properties of a theme, ours (`--w-…`) and those that Element Plus reads. */
export function cssProperties(theme: ThemeName): Record<string, string> {
  const properties: Record<string, string> = { '--w-font': fontFamily };
  for (const [name, size] of Object.entries(sizes)) properties[`--w-${name}`] = size;
  for (const [name, value] of Object.entries(palettes[theme])) {
    if (typeof value !== 'string') continue;
    properties[`--w-${toKebab(name)}`] = value;
    for (const alias of elementPlusNames[name as keyof Palette] ?? []) properties[alias] = value;
  }
  for (const [kind, colour] of elementPlusKinds) {
    properties[`--el-color-${kind}`] = `var(--w-${colour})`;
    properties[`--el-color-${kind}-dark-2`] =
      `color-mix(in srgb, var(--w-${colour}) 85%, var(--w-ink))`;
    for (const [tint, share] of tints) {
      properties[`--el-color-${kind}-${tint}`] =
        `color-mix(in srgb, var(--w-${colour}) ${share}%, var(--w-surface))`;
    }
  }
  properties['--w-late'] = deadlineColours.late;
  properties['--w-warning'] = deadlineColours.warning;
  properties['--el-font-family'] = fontFamily;
  properties['--el-border-radius-base'] = sizes.radius;
  return properties;
}

export function applyTheme(theme: ThemeName, root: HTMLElement): void {
  root.classList.toggle('dark', theme === 'dark');
  root.style.colorScheme = theme;
  for (const [name, value] of Object.entries(cssProperties(theme))) {
    root.style.setProperty(name, value);
  }
}
