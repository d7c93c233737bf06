import { describe, expect, it } from 'vitest';
import { commandOf, keyCaps, keyGroups } from './keys';

const on = (key: string, target: Partial<HTMLInputElement> | null = null, held = {}) =>
  commandOf({
    key,
    target: target as EventTarget | null,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...held,
  });

describe('keys', () => {
  it('are each one command', () => {
    const all = Object.values(keyGroups).flatMap((group) => Object.values(group).flat());
    expect(new Set(all).size).toBe(all.length);
    expect(on('j')).toBe('down');
    expect(on('?')).toBe('help');
    expect(on('7')).toBe('act');
    expect(on('x')).toBeNull();
  });

  it('belong to whoever writes, and to the browser with Ctrl', () => {
    expect(on('j', { tagName: 'INPUT', type: 'text' })).toBeNull();
    expect(on('j', { tagName: 'TEXTAREA' })).toBeNull();
    expect(on('f', null, { ctrlKey: true })).toBeNull();
    expect(on('Escape', { tagName: 'TEXTAREA' })).toBe('close');
    expect(on('j', { tagName: 'INPUT', type: 'radio' })).toBe('down');
  });

  it('leave arrows to radio buttons and to the map', () => {
    expect(on('ArrowDown', { tagName: 'INPUT', type: 'radio' })).toBeNull();
    expect(on('ArrowDown', { tagName: 'CANVAS' })).toBeNull();
    expect(on('+', { tagName: 'CANVAS' })).toBeNull();
    expect(on('ArrowDown', { tagName: 'BUTTON' })).toBe('down');
  });

  it('are written as they are on the keyboard', () => {
    expect(keyCaps(['j', 'ArrowDown'])).toEqual(['J', '↓']);
    expect(keyCaps(['1', '2', '3', '4'])).toEqual(['1–4']);
    expect(keyCaps(['+', '='])).toEqual(['+']);
  });
});
