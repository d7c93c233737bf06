/** Who listens to which command of the keyboard; the last that came is asked first. */
import { defineStore } from 'pinia';
import { onScopeDispose } from 'vue';
import { commandOf, isTyping, type KeyCommand } from '@/desk/keys';

/** False passes the command on to whoever listened before. */
type Handler = (event: KeyboardEvent) => unknown;

export const useKeyboard = defineStore('keyboard', () => {
  const handlers = new Map<KeyCommand, Handler[]>();

  function on(command: KeyCommand, handler: Handler): () => void {
    handlers.set(command, [...(handlers.get(command) ?? []), handler]);
    return () =>
      handlers.set(
        command,
        (handlers.get(command) ?? []).filter((other) => other !== handler),
      );
  }

  function press(event: KeyboardEvent): void {
    if (event.defaultPrevented || document.querySelector('.el-overlay:not([style*="none"])'))
      return;
    const command = commandOf(event);
    if (!command) return;
    // The first Escape leaves the field, the next closes what it is in.
    if (command === 'close' && isTyping(event.target)) {
      (event.target as HTMLElement).blur();
      return;
    }
    for (const handler of [...(handlers.get(command) ?? [])].reverse()) {
      if (handler(event) === false) continue;
      event.preventDefault();
      return;
    }
  }

  return { on, press };
});

/** Listens while the component lives. */
export function useKeys(handlers: Partial<Record<KeyCommand, Handler>>): void {
  const keyboard = useKeyboard();
  const stops = Object.entries(handlers).map(([command, handler]) =>
    keyboard.on(command as KeyCommand, handler),
  );
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
}
