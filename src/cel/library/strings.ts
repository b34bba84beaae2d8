/** Of strings: the standard ones, cel-go ext/strings.go (version 2), and Kubernetes' regex.go. What they count is code points. */
import { parseGoRegExp } from '../../text/go-regexp.js';
import { CelError, isList, type Value } from '../values.js';
import { isInt, isText, type Library } from './function.js';
import { format } from './string-format.js';

function outOfRange(i: bigint): CelError {
  return new CelError(`index out of range: ${i}`);
}

function regex(pattern: string, complaint: string, flags?: string): RegExp {
  const parsed = parseGoRegExp(pattern, flags);
  if ('problem' in parsed) throw new CelError(`${complaint}${parsed.problem}`);
  return parsed;
}

/** Where `step` leads to the first of such places from `from` on; -1: there is none. */
function search(text: string, part: string, given: bigint | undefined, step: 1 | -1): bigint {
  const [all, wanted] = [[...text], [...part]];
  if (given === undefined && step < 0 && wanted.length > 0 && all.length < wanted.length) return -1n;
  const from = given ?? (step > 0 ? 0n : BigInt(wanted.length === 0 ? all.length : all.length - 1));
  if (wanted.length === 0) return from;
  if (from < 0n) throw outOfRange(from);
  if (from >= BigInt(all.length)) return -1n;
  const last = all.length - wanted.length;
  for (let i = step > 0 ? Number(from) : Math.min(Number(from), last); i >= 0 && i <= last; i += step)
    if (wanted.every((char, k) => all[i + k] === char)) return BigInt(i);
  return -1n;
}

function substring(text: string, start: bigint, end: bigint | undefined): string {
  const all = [...text];
  const size = BigInt(all.length);
  if (end !== undefined && start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > size) throw outOfRange(start);
  if (end !== undefined && (end < 0n || end > size)) throw outOfRange(end);
  return all.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

/** strings.SplitN. */
function split(text: string, by: string, limit = -1n): readonly string[] {
  const parts = by === '' ? [...text] : text.split(by);
  const kept = Number(limit);
  if (kept < 0 || parts.length <= kept) return parts;
  return kept === 0 ? [] : [...parts.slice(0, kept - 1), parts.slice(kept - 1).join(by)];
}

/** strings.Replace: nothing is before each character, and at the end. */
function replace(text: string, from: string, to: string, limit = -1n): string {
  const parts = from === '' ? ['', ...text, ''] : text.split(from);
  const count = limit < 0n ? parts.length : Number(limit);
  return parts.reduce((out, part, i) => out + (i === 0 ? '' : i <= count ? to : from) + part, '');
}

function join(list: readonly Value[], by = ''): string {
  return list
    .map((item) => {
      if (!isText(item)) throw new CelError(`join: invalid input: ${String(item)}`);
      return item;
    })
    .join(by);
}

const ESCAPES: Readonly<Record<string, string>> = { '\x07': 'a', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v', '\\': '\\', '"': '"' };
const isIntOrNone = (value: Value | undefined): value is bigint | undefined => value === undefined || isInt(value);
const isTextOrNone = (value: Value | undefined): value is string | undefined => value === undefined || isText(value);

export const strings: Library = {
  contains: (text, part) => (isText(text) && isText(part) ? text.includes(part) : undefined),
  startsWith: (text, start) => (isText(text) && isText(start) ? text.startsWith(start) : undefined),
  endsWith: (text, end) => (isText(text) && isText(end) ? text.endsWith(end) : undefined),
  matches: (text, pattern) => (isText(text) && isText(pattern) ? regex(pattern, '').test(text) : undefined),
  charAt: (text, i) => {
    if (!isText(text) || !isInt(i)) return undefined;
    const all = [...text];
    if (i < 0n || i > BigInt(all.length)) throw outOfRange(i);
    return all[Number(i)] ?? '';
  },
  lowerAscii: (text) => (isText(text) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : undefined),
  upperAscii: (text) => (isText(text) ? text.replace(/[a-z]+/g, (part) => part.toUpperCase()) : undefined),
  trim: (text) => (isText(text) ? text.trim() : undefined),
  replace: (text, from, to, limit) => (isText(text) && isText(from) && isText(to) && isIntOrNone(limit) ? replace(text, from, to, limit) : undefined),
  split: (text, by, limit) => (isText(text) && isText(by) && isIntOrNone(limit) ? split(text, by, limit) : undefined),
  substring: (text, start, end) => (isText(text) && isInt(start) && isIntOrNone(end) ? substring(text, start, end) : undefined),
  join: (list, by) => (isList(list) && isTextOrNone(by) ? join(list, by) : undefined),
  indexOf: (text, part, from) => (isText(text) && isText(part) && isIntOrNone(from) ? search(text, part, from, 1) : undefined),
  lastIndexOf: (text, part, from) => (isText(text) && isText(part) && isIntOrNone(from) ? search(text, part, from, -1) : undefined),
  format: (text, args) => (isText(text) && isList(args) ? format(text, args) : undefined),
  'strings.quote': (text) => (isText(text) ? `"${text.replace(/[\x07-\r\\"]/g, (char) => `\\${ESCAPES[char]}`)}"` : undefined),
  find: (text, pattern) => (isText(text) && isText(pattern) ? (regex(pattern, 'Illegal regex: ').exec(text)?.[0] ?? '') : undefined),
  findAll: (text, pattern, limit) => {
    if (!isText(text) || !isText(pattern) || !isIntOrNone(limit)) return undefined;
    const all = text.match(regex(pattern, 'Illegal regex: ', 'g')) ?? [];
    return limit !== undefined && limit >= 0n ? all.slice(0, Number(limit)) : all;
  },
};
