/** Text on a terminal: how wide it is, lines that fit, the few colours. */
import type { ChalkInstance } from 'chalk';
import { widthOf } from '../../text/display-width.js';
import type { PodsimContext } from '../context.js';

/** What lines are laid out for when nobody says how wide the terminal is. */
const WIDTH = 96;

export interface Layout {
  readonly width: number;
  readonly colour: ChalkInstance;
  /** Paragraphs and bullets (`- `) as lines of at most `width` columns; `code` in backquotes is coloured where there are colours. */
  prose(text: string, indent?: number): string;
}

export async function layoutFor({ streams, env }: Pick<PodsimContext, 'streams' | 'env'>): Promise<Layout> {
  const { Chalk } = await import('chalk');
  const isPlain = !streams.outIsTTY || (env['NO_COLOR'] ?? '') !== '';
  const colour = new Chalk({ level: isPlain ? 0 : 1 });
  const width = Math.max(30, Math.min(streams.columns ?? WIDTH, WIDTH));
  return {
    width,
    colour,
    prose: (text, indent = 0) => {
      const lines = text.split('\n').flatMap((line) => wrap(line, width - indent));
      const laid = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');
      return isPlain ? laid : laid.replace(/`([^`]*)`/g, (_, code: string) => colour.cyan(code));
    },
  };
}

export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** At most so many columns; `…` at the end tells that something is left out. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Breaks at blanks; what stands in backquotes is kept together if it can be. Bullets hang, indented lines stay as they are. */
function wrap(line: string, width: number): readonly string[] {
  if (/^ /.test(line)) return [line];
  const hang = line.startsWith('- ') ? '  ' : '';
  const words = line.match(/(?:`[^`]*`|[^\s`])+/g) ?? [];
  const lines: string[] = [];
  let current = '';
  for (const word of words.flatMap((one) => (widthOf(one) > width - 4 ? one.split(' ') : [one]))) {
    const next = current === '' ? word : `${current} ${word}`;
    if (current !== '' && current.trim() !== '' && widthOf(next) > width) {
      lines.push(current);
      current = hang + word;
    } else current = next;
  }
  return [...lines, current];
}
