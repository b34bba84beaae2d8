/** Values that read themselves in Go (json.Unmarshaler): quantities, times, int-or-string, bytes. Errors are Go's texts. */

import { jsonKind } from '../../api/json-patch.js';
import { formatQuantity, parseQuantity } from '../../api/quantity.js';
import { formatMicroTime, formatTime, parseTime } from '../../api/time.js';

/** The value as it is stored, or why it cannot be read. `typed`: the error names the place, as a json.UnmarshalTypeError does. */
export type Read = { readonly value: unknown } | { readonly error: string } | { readonly mismatch: string; readonly type: string };

export function readQuantity(value: unknown): Read {
  // Quantity.UnmarshalJSON reads the literal, whatever it is; only null is zero.
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : typeof value === 'boolean' ? String(value) : '{';
  const parsed = parseQuantity(text);
  return typeof parsed === 'string' ? { error: parsed } : { value: formatQuantity(parsed) };
}

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

export const isInteger = (value: number, format: string | undefined): boolean =>
  Number.isInteger(value) && (format !== 'int32' || (value >= INT32_MIN && value <= INT32_MAX));

export function readIntOrString(value: unknown): Read {
  if (typeof value === 'string') return { value };
  if (typeof value === 'number') return isInteger(value, 'int32') ? { value } : { mismatch: `number ${value}`, type: 'int32' };
  return { mismatch: jsonKind(value), type: 'int32' };
}

const RFC3339 = '2006-01-02T15:04:05Z07:00';
const RFC3339_MICRO = '2006-01-02T15:04:05.000000Z07:00';

export function readTime(value: unknown, micro: boolean): Read {
  if (typeof value !== 'string') return { mismatch: jsonKind(value), type: 'string' };
  const at = parseTime(value);
  const layout = micro ? RFC3339_MICRO : RFC3339;
  if (at === undefined || (micro && !/\.\d{6}(?:[Zz]|[+-]\d\d:\d\d)$/.test(value))) return { error: timeError(value, layout) };
  return { value: micro ? formatMicroTime(at) : formatTime(at) };
}

/** The parts of the layouts above, in order: Go names the first that does not fit. */
const PARTS: readonly (readonly [string, RegExp])[] = [
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

function timeError(text: string, layout: string): string {
  const quoted = JSON.stringify(text);
  const head = `parsing time ${quoted} as ${JSON.stringify(layout)}: `;
  let rest = text;
  for (const [part, pattern] of PARTS) {
    const match = pattern.exec(rest);
    if (match === null) return `${head}cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`;
    rest = rest.slice(match[0].length);
  }
  const fraction = /^\.\d+/.exec(rest);
  if (layout === RFC3339_MICRO && fraction?.[0].length !== 7) return `${head}cannot parse ${JSON.stringify(rest)} as ".000000"`;
  rest = rest.slice(fraction?.[0].length ?? 0);
  const zone = /^(?:Z|[+-]\d\d:\d\d)/.exec(rest);
  if (zone === null) return `${head}cannot parse ${JSON.stringify(rest)} as "Z07:00"`;
  rest = rest.slice(zone[0].length);
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
  return `parsing time ${quoted}: ${outOfRange(text)} out of range`;
}

function outOfRange(text: string): string {
  const month = Number(text.slice(5, 7));
  if (month < 1 || month > 12) return 'month';
  if (Number(text.slice(11, 13)) > 23) return 'hour';
  if (Number(text.slice(14, 16)) > 59) return 'minute';
  return Number(text.slice(17, 19)) > 59 ? 'second' : 'day';
}

const BASE64 = /^[A-Za-z0-9+/]$/;

/** base64.StdEncoding; the text is kept as it is (re-encoded it would be the same). */
export function readBytes(value: unknown): Read {
  if (typeof value !== 'string') return { mismatch: jsonKind(value), type: '[]uint8' };
  const text = value.replaceAll('\n', '').replaceAll('\r', '');
  const body = text.replace(/={1,2}$/, '');
  for (let i = 0; i < body.length; i++) if (!BASE64.test(body[i] as string)) return { error: `illegal base64 data at input byte ${i}` };
  if (text.length % 4 !== 0 || body.length % 4 === 1) return { error: `illegal base64 data at input byte ${body.length - (body.length % 4)}` };
  return { value: text };
}
