/** Values that read themselves in Go (json.Unmarshaler): quantities, times, int-or-string, bytes. Errors are Go's texts. */

import { jsonKind } from '../../api/json-patch.js';
import { formatQuantity, parseQuantity } from '../../api/quantity.js';
import { formatMicroTime, formatTime, parseTime } from '../../api/time.js';
import { RFC3339, RFC3339_MICRO, timeError } from '../../text/go-time.js';

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
const INT64_END = 2 ** 63;

export const isInteger = (value: number, format: string | undefined): boolean =>
  Number.isInteger(value) && (format === 'int32' ? value >= INT32_MIN && value <= INT32_MAX : value >= -INT64_END && value < INT64_END);

export function readIntOrString(value: unknown): Read {
  if (typeof value === 'string') return { value };
  if (typeof value === 'number') return isInteger(value, 'int32') ? { value } : { mismatch: `number ${value}`, type: 'int32' };
  return { mismatch: jsonKind(value), type: 'int32' };
}

const MICROS = /\.\d{6}(?:[Zz]|[+-]\d\d:\d\d)$/;

export function readTime(value: unknown, micro: boolean): Read {
  if (typeof value !== 'string') return { mismatch: jsonKind(value), type: 'string' };
  const at = parseTime(value);
  const layout = micro ? RFC3339_MICRO : RFC3339;
  if (at === undefined || (micro && !MICROS.test(value))) return { error: timeError(value, layout) };
  // A Time of ours is in milliseconds: what is finer is kept as it is written.
  return { value: micro ? formatMicroTime(at).replace(/\d{3}Z$/, `${value.slice(0, value.search(MICROS) + 7).slice(-3)}Z`) : formatTime(at) };
}

const BASE64 = /^[A-Za-z0-9+/]$/;

/** Where Go's decoder gives up (encoding/base64 decodeQuantum): line breaks count, and stand anywhere. */
function corruptAt(text: string): number | undefined {
  const isBreak = (at: number) => text[at] === '\n' || text[at] === '\r';
  const afterBreaks = (from: number): number => {
    let at = from;
    while (isBreak(at)) at++;
    return at;
  };
  let filled = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (isBreak(at)) continue;
    if (BASE64.test(char)) {
      filled = (filled + 1) % 4;
      continue;
    }
    if (char !== '=' || filled < 2) return at;
    let next = afterBreaks(at + 1);
    if (filled === 2) {
      if (next >= text.length) return text.length;
      if (text[next] !== '=') return next - 1;
      next = afterBreaks(next + 1);
    }
    return next < text.length ? next : undefined;
  }
  return filled === 0 ? undefined : text.length - filled;
}

/** base64.StdEncoding; the text is kept as it is (re-encoded it would be the same). */
export function readBytes(value: unknown): Read {
  // A list is read as one of numbers.
  if (Array.isArray(value)) {
    const wrong: unknown = value.find((item) => typeof item !== 'number');
    return wrong === undefined ? { value: Buffer.from(value as readonly number[]).toString('base64') } : { mismatch: jsonKind(wrong), type: 'uint8' };
  }
  if (typeof value !== 'string') return { mismatch: jsonKind(value), type: '[]uint8' };
  const corrupt = corruptAt(value);
  if (corrupt !== undefined) return { error: `illegal base64 data at input byte ${corrupt}` };
  return { value: value.replace(/[\r\n]/g, '') };
}
