/** What ink says of a key press, as the keys that {@link press} knows. */
import type { Key as InkKey } from 'ink';
import type { Key } from './state.js';

const NAMED: readonly (readonly [keyof InkKey, NonNullable<Key['name']>])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageUp'],
  ['pageDown', 'pageDown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

/** Several, when they were typed faster than they were read. */
export function keyOf(input: string, key: InkKey): readonly Key[] {
  if (key.tab) return [{ input: '', name: key.shift ? 'backTab' : 'tab' }];
  const name = NAMED.find(([flag]) => key[flag] === true)?.[1];
  if (name !== undefined) return [{ input: '', name }];
  if (key.ctrl) return [{ input, ctrl: true }];
  return [...input].map((char) => (char === '\r' || char === '\n' ? { input: '', name: 'enter' as const } : { input: char }));
}
