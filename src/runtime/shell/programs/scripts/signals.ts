/** Signals that python and node programs handle themselves (Lib/signal, process.on). */
import { SIGNALS } from '../../kernel.js';
import type { Entry } from './functions.js';
import type { Hands } from './machine.js';
import { type Callable, isCallable, isRecord, type Value } from './values.js';

const numbered = (number: Value): string | undefined => Object.keys(SIGNALS).find((name) => SIGNALS[name] === number);

/** Python's `signal` module. */
export const PYTHON_SIGNALS: readonly Entry[] = [
  ...Object.entries(SIGNALS).map(([name, number]): Entry => [`signal.SIG${name}`, () => number]),
  ['signal.SIG_IGN', () => ({ action: 'SIG_IGN' })],
  ['signal.SIG_DFL', () => ({ action: 'SIG_DFL' })],
  [
    'signal.Signals()',
    ({ first }) => {
      const signal = numbered(first);
      return signal === undefined ? undefined : { name: `SIG${signal}`, value: first };
    },
  ],
  [
    'signal.signal()',
    ({ first, second, hands }) => {
      handle(hands, numbered(first), second);
      return null;
    },
  ],
  [
    'signal.pause()',
    ({ hands }) => {
      hands.pause();
      return null;
    },
  ],
];

/** `process.on('SIGTERM', …)`. */
export function nodeSignals(hands: Hands, [event = null, handler = null]: readonly Value[]): null {
  if (typeof event === 'string' && event.startsWith('SIG')) handle(hands, event.slice(3), handler);
  return null;
}

function handle({ state }: Hands, signal: string | undefined, handler: Value): void {
  if (signal === undefined) return;
  const { [signal]: _, ...others } = state.handlers ?? {};
  const isIgnored = isRecord(handler) && handler['action'] === 'SIG_IGN';
  state.handlers = isCallable(handler) ? { ...others, [signal]: handler } : isIgnored ? { ...others, [signal]: null } : others;
}

/** What a program does at a signal: null, nothing; undefined, what the kernel does. */
export const handlerOf = (handlers: Readonly<Record<string, Callable | null>> | undefined, signal: string): Callable | null | undefined =>
  handlers?.[signal.replace(/^SIG/, '')];
