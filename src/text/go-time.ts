/** What Go says of a text that is no RFC 3339 time (time.Parse). */

export const RFC3339 = '2006-01-02T15:04:05Z07:00';
/** With microseconds, all six digits of them. */
export const RFC3339_MICRO = '2006-01-02T15:04:05.000000Z07:00';

/** The elements both layouts begin with, and what each takes. */
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
  ['05', /^\d\d/],
];
const RANGES: Readonly<Record<string, readonly [string, number, number]>> = {
  '01': ['month', 1, 12],
  '15': ['hour', 0, 23],
  '04': ['minute', 0, 59],
  '05': ['second', 0, 59],
};

/** The first thing that does not fit; a text that fits names a day that its month has not. */
export function timeError(text: string, layout = RFC3339): string {
  const quoted = JSON.stringify(text);
  const unfit = (rest: string, element: string): string =>
    `parsing time ${quoted} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`;
  let rest = text;
  for (const [element, taken] of ELEMENTS) {
    const found = taken.exec(rest)?.[0];
    if (found === undefined) return unfit(rest, element);
    const [name, least = 0, most = 0] = RANGES[element] ?? [];
    if (name !== undefined && (Number(found) < least || Number(found) > most)) return `parsing time ${quoted}: ${name} out of range`;
    rest = rest.slice(found.length);
  }
  const fraction = /^[.,]\d+/.exec(rest)?.[0] ?? '';
  if (layout === RFC3339_MICRO && fraction.length !== 7) return unfit(rest, '.000000');
  rest = rest.slice(fraction.length);
  const zone = /^(?:Z|[-+]\d\d:\d\d)/.exec(rest)?.[0];
  if (zone === undefined) return unfit(rest, 'Z07:00');
  rest = rest.slice(zone.length);
  return rest === '' ? `parsing time ${quoted}: day out of range` : `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
}
