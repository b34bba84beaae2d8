/** What Go says of a text that is no RFC 3339 time (time.Parse). */
import { quote } from './flags.js';

const LAYOUT = '2006-01-02T15:04:05Z07:00';
/** The elements of the layout, and what each takes; a word takes itself. */
const ELEMENTS: readonly (readonly [string, RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d(?:[.,]\d+)?/],
  ['Z07:00', /^(?:Z|[-+]\d\d:\d\d)/],
];
const RANGES: Readonly<Record<string, readonly [string, number, number]>> = {
  '01': ['month', 1, 12],
  '15': ['hour', 0, 23],
  '04': ['minute', 0, 59],
  '05': ['second', 0, 59],
};

export function timeError(text: string): string {
  let rest = text;
  for (const [element, taken] of ELEMENTS) {
    const found = taken.exec(rest)?.[0];
    if (found === undefined) return `parsing time ${quote(text)} as ${quote(LAYOUT)}: cannot parse ${quote(rest)} as ${quote(element)}`;
    const [name, least, most] = RANGES[element] ?? [];
    const value = Number.parseInt(found, 10);
    if (name !== undefined && (value < (least as number) || value > (most as number))) return `parsing time ${quote(text)}: ${name} out of range`;
    rest = rest.slice(found.length);
  }
  return rest === '' ? `parsing time ${quote(text)}: day out of range` : `parsing time ${quote(text)}: extra text: ${quote(rest)}`;
}
