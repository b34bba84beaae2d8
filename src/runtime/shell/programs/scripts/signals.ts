/** Signals that python and node programs handle themselves (Lib/signal, process.on). */
import { SIGNALS } from '../../kernel.js';
import type { Hands } from './machine.js';
import { type Callable, isCallable, isRecord, type Value } from './values.js';

const numbered = (number: number): string | undefined => Object.keys(SIGNALS).find((name) => SIGNALS[name] === number);

/** Python's `signal` module; undefined: it is not about signals. */
export function pythonSignals(name: string, args: readonly Value[], hands: Hands): Value | undefined {
  const [first = null, second = null] = args;
  const [, constant] = /^signal\.SIG([A-Z]+\d?)$/.exec(name) ?? [];
  if (constant !== undefined) return SIGNALS[constant];
  switch (name) {
    case 'signal.SIG_IGN':
    case 'signal.SIG_DFL':
      return { action: name.slice(7) };
    case 'signal.Signals()': {
      const signal = typeof first === 'number' ? numbered(first) : undefined;
      return signal === undefined ? undefined : { name: `SIG${signal}`, value: first };
    }
    case 'signal.signal()':
      if (typeof first === 'number') handle(hands, numbered(first), second);
      return null;
    case 'signal.pause()':
      hands.pause();
      return null;
    default:
      return undefined;
  }
}

/** `process.on('SIGTERM', …)`. */
export function nodeSignals(hands: Hands, [event = null, handler = null]: readonly Value[]): void {
  if (typeof event === 'string' && event.startsWith('SIG')) handle(hands, event.slice(3), handler);
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
