/** How tones and marks look, as characters and as colours. */
import type { Mark, Tone } from './model.js';

export interface Look {
  /** One column of a bar, where the terminal shows Unicode, and where it does not. */
  readonly block: string;
  readonly ascii: string;
  /** chalk's name of the foreground colour. */
  readonly ink: 'green' | 'yellow' | 'red' | 'cyan' | 'magenta' | 'gray' | 'redBright';
  /** Of the SVG: fill, and text on it. */
  readonly fill: string;
  readonly on: string;
  readonly words: string;
}

export const LOOKS: Readonly<Record<Tone, Look>> = {
  good: { block: '█', ascii: '#', ink: 'green', fill: '#2da44e', on: '#ffffff', words: 'running, True' },
  waiting: { block: '░', ascii: '.', ink: 'yellow', fill: '#f2cc60', on: '#4d3800', words: 'on its way' },
  trouble: { block: '▒', ascii: '~', ink: 'magenta', fill: '#bf7af0', on: '#ffffff', words: 'held up' },
  failed: { block: 'x', ascii: 'x', ink: 'red', fill: '#cf222e', on: '#ffffff', words: 'ended badly' },
  done: { block: '=', ascii: '=', ink: 'cyan', fill: '#54aeff', on: '#04294f', words: 'ended well' },
  ending: { block: '▓', ascii: '%', ink: 'redBright', fill: '#fb8f44', on: '#4d1f00', words: 'terminating' },
  off: { block: '·', ascii: '-', ink: 'gray', fill: '#d8dee4', on: '#424a53', words: 'False' },
  unknown: { block: '?', ascii: '?', ink: 'gray', fill: '#ffffff', on: '#57606a', words: 'not on record' },
};

/** What a mark is on its container's line; undefined: the bar shows it. The later in the list the more important. */
export function letterOf({ kind, reason, type }: Mark): string | undefined {
  if (kind === 'signal') return reason === 'SIGKILL' ? 'K' : 'T';
  if (kind === 'probe') return '!';
  if (kind === 'hook') return 'h';
  if (kind === 'container' && type === 'Warning') return 'x';
  return undefined;
}

export const LETTERS: Readonly<Record<string, string>> = {
  h: 'hook',
  '!': 'probe failed',
  x: 'exit code not 0',
  T: 'stop signal (SIGTERM)',
  K: 'SIGKILL',
};
