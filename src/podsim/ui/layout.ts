/** Where everything goes on a screen of so many columns and lines, and how text is made to fit. Pure. */

import { widthOf } from '../../text/display-width.js';

export interface Layout {
  readonly width: number;
  /** Lines of pods, without the head; 0: none are shown. */
  readonly list: number;
  /** Lines of the tab. */
  readonly page: number;
  /** Lines of keys. */
  readonly keys: number;
}

/** Smaller than this nothing is shown. */
export const LEAST = { width: 40, height: 10 };

/** One line each: the header, the list's head, the tabs. */
export function layoutOf(columns: number, lines: number, pods: number, isZoomed: boolean): Layout {
  const keys = lines >= 14 ? 2 : 1;
  const left = lines - 2 - keys;
  if (isZoomed) return { width: columns, list: 0, page: left, keys };
  const most = Math.max(3, Math.floor((left - 1) * 0.45));
  const list = Math.min(most, Math.max(3, pods));
  return { width: columns, list, page: left - 1 - list, keys };
}

/** The first line that is shown, so that line `at` is among the `height` shown: as near the middle as can be. */
export const firstShown = (at: number, height: number, count: number): number => Math.max(0, Math.min(count - height, at - Math.floor(height / 2)));

/** A name is not cut shorter than this for the sake of further columns. */
const NAME = 20;

export interface Columns {
  /** Of each column that is shown. */
  readonly widths: readonly number[];
  /** Blanks between two of them. */
  readonly gap: number;
}

/** As many columns from the left as there is room for; long names give way, up to AGE. */
export function columnsOf(columns: readonly string[], rows: readonly (readonly string[])[], width: number): Columns {
  const widths = columns.map((column, i) => rows.reduce((most, cells) => Math.max(most, (cells[i] ?? '').length), column.length));
  const name = columns.indexOf('NAME');
  const least = columns.indexOf('AGE') + 1;
  const sum = (count: number, gap: number) => widths.slice(0, count).reduce((all, one) => all + one + gap, -gap);
  const gap = sum(least, 3) <= width ? 3 : 2;
  const total = (count: number) => sum(count, gap);
  const tooMuch = total(least) - width;
  if (tooMuch > 0 && name >= 0) widths[name] = Math.max(Math.min(NAME, widths[name] as number), (widths[name] as number) - tooMuch);
  let count = 1;
  while (count < columns.length && total(count + 1) <= width) count++;
  return { widths: widths.slice(0, count), gap };
}

/** A line of the list; what does not fit ends in `…`. */
export function rowText(cells: readonly string[], { widths, gap }: Columns, from = 0, to = widths.length): string {
  return widths
    .slice(from, to)
    .map((width, i) => fitted(cells[from + i] ?? '', width))
    .join(' '.repeat(gap));
}

const fitted = (text: string, width: number): string => (text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 1)}…`);

const TAB = 8;

/** Control characters as a terminal must not get them; tabs as blanks. */
export function harmless(line: string): string {
  const plain = line.includes('\u001b') ? line.replaceAll('\u001b', '^[') : line;
  let text = '';
  for (const char of plain) {
    if (char === '\t') text += ' '.repeat(TAB - (text.length % TAB));
    else text += char < ' ' || char === '\u007f' ? '?' : char;
  }
  return text;
}

/** Lines no longer than the width: broken between words, going on under the line's last column. */
export function wrapped(text: string, width: number): readonly string[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => wrappedLine(harmless(line), width));
}

function wrappedLine(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const indent = indentOf(line, width);
  const lines: string[] = [];
  let rest = line;
  for (let isFirst = true; rest !== ''; isFirst = false) {
    const room = isFirst ? width : width - indent;
    const cut = breakAt(rest, room, isFirst ? indent : 0);
    lines.push(`${isFirst ? '' : ' '.repeat(indent)}${rest.slice(0, cut).trimEnd()}`);
    rest = rest.slice(cut).trimStart();
  }
  return lines;
}

/** Where the last column begins, if that leaves room for it. */
function indentOf(line: string, width: number): number {
  const starts = [...line.slice(0, Math.floor(width * 0.6)).matchAll(/ {2,}(?=\S)/g)].map(({ index, 0: blanks }) => index + blanks.length);
  return starts.at(-1) ?? 0;
}

/** Where the text is cut so that what comes before takes at most so many columns: at a blank after `least`, if there is one. */
function breakAt(text: string, room: number, least: number): number {
  let end = 0;
  let used = 0;
  for (const char of text) {
    used += widthOf(char);
    if (used > room) break;
    end += char.length;
  }
  if (end === text.length) return end;
  const blank = text.lastIndexOf(' ', end);
  return blank > least ? blank : Math.max(1, end);
}
