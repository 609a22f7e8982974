import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/** Is the list of keys open? */
export const keysOpen = signal(false);

/** What keys do; a name of two letters is one after the other (`g c`). */
export type KeyActions = Readonly<Record<string, () => void>>;

/** Every key of the book, as the list of keys shows it. */
export const KEY_LIST: readonly (readonly [keys: string, does: string])[] = [
  ['g c', 'curriculum'],
  ['g o', 'your network'],
  ['/', 'search'],
  ['t', 'text and tasks of the lab'],
  ['m', 'map'],
  ['x', 'matrix'],
  ['e', 'editor'],
  ['[', 'stage before'],
  [']', 'stage after'],
  ['h', 'next hint of the task'],
  ['c', 'check the task'],
  ['← ↑ ↓ →', 'move in the matrix, the map and the curriculum'],
  ['r', 'send the packets of the matrix, where the lab is up'],
  ['Enter', 'explain the flow, open the lab'],
  ['← →', 'step through the hops of a flow'],
  ['Home, End', 'first and last hop'],
  ['d', 'the hop that decided'],
  ['Esc', 'leave the flow, the list or the field'],
  ['?', 'this list'],
];

/** Calls actions by key while a view is shown. Keys that are typed into a field are left alone. */
export function useKeys(actions: KeyActions): void {
  // Before the next key: an effect after the paint would answer a quick second key with the state before the first.
  useLayoutEffect(() => {
    let before = '';
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const both = `${before} ${event.key}`;
      const name = Object.hasOwn(actions, both) ? both : event.key;
      before = event.key;
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}

/** Is the key meant for a field? An editor keeps its field in a tree of its own. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
