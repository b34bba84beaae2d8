/**
 * fmt.Sprintf, Sprint and Sprintln of template values: null, booleans, strings, lists and maps as in JSON; whole numbers are
 * int64, others float64; a bigint is Go's int, and {@link GoFloat} a float64 that may be whole.
 */
import { goFloat, goQuoted, goSyntaxOf, goValue, sortedKeys } from './go-format.js';

/** A float literal of a template. */
export class GoFloat {
  constructor(readonly value: number) {}
}

/** `%v`. */
export function printed(value: unknown): string {
  if (value instanceof GoFloat) return goFloat(value.value);
  return typeof value === 'bigint' ? value.toString() : goValue(value);
}

/** Whether it is of one of Go's integer types. */
export const isInt = (value: unknown): value is bigint | number =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63);

/** Spaces between operands where neither is a string. */
export function sprint(values: readonly unknown[]): string {
  return values.map((value, i) => (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string' ? ' ' : '') + printed(value)).join('');
}
export const sprintln = (values: readonly unknown[]): string => `${values.map(printed).join(' ')}\n`;

export function typeName(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return isInt(value) ? 'int64' : 'float64';
  if (value instanceof GoFloat) return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0;
  let isReordered = false;
  const out = format.replace(
    /%([+\-# 0]*)(\[\d+\])?(\*|\d+)?(?:\.(\*|\d+)?)?(\[\d+\])?([\s\S])?/gu,
    (
      whole: string,
      flags: string,
      firstIndex: string | undefined,
      width: string | undefined,
      precision: string | undefined,
      lastIndex: string | undefined,
      verb,
    ) => {
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      const index = lastIndex ?? firstIndex;
      if (index !== undefined) {
        next = Number(index.slice(1, -1)) - 1;
        isReordered = true;
        if (next < 0 || next >= values.length) return `%!${verb}(BADINDEX)`;
      }
      const star = (text: string | undefined): number | undefined => (text === '*' ? Number(values[next++]) : text === undefined ? undefined : Number(text));
      const hasPrecision = whole.includes('.');
      const wide = star(width);
      const precise = hasPrecision ? (star(precision) ?? 0) : undefined;
      if (next >= values.length) return `%!${verb}(MISSING)`;
      return one(verb as string, values[next++], flags, wide, precise);
    },
  );
  const extra = isReordered ? [] : values.slice(next);
  return extra.length === 0
    ? out
    : `${out}%!(EXTRA ${extra.map((value) => (value === null || value === undefined ? '<nil>' : `${typeName(value)}=${printed(value)}`)).join(', ')})`;
}

function one(verb: string, given: unknown, flags: string, width: number | undefined, precision: number | undefined): string {
  const value = given instanceof GoFloat ? given.value : given;
  const text = body(verb, isInt(given) ? BigInt(given) : value, flags, precision, given);
  if (text === undefined) return value === null || value === undefined ? `%!${verb}(<nil>)` : `%!${verb}(${typeName(given)}=${printed(given)})`;
  return pad(text, flags, width, isNumber(value) && !Number.isNaN(value));
}

const isNumber = (value: unknown): boolean => typeof value === 'bigint' || typeof value === 'number' || value instanceof GoFloat;

function pad(text: string, flags: string, width: number | undefined, isNumeric: boolean): string {
  const missing = (width === undefined ? 0 : Math.abs(width)) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-') || (width ?? 0) < 0) return text + ' '.repeat(missing);
  if (!flags.includes('0') || !isNumeric) return (flags.includes('0') ? '0' : ' ').repeat(missing) + text;
  const sign = /^[+-]/.test(text) ? (text[0] as string) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

/** undefined: the verb does not suit the value. */
function body(verb: string, value: unknown, flags: string, precision: number | undefined, given: unknown): string | undefined {
  const plus = (text: string): string =>
    flags.includes('+') && !text.startsWith('-') ? `+${text}` : flags.includes(' ') && !text.startsWith('-') ? ` ${text}` : text;
  if (verb !== 'v' && verb !== 'T' && typeof value === 'object' && value !== null) return container(verb, value, flags, precision);
  switch (verb) {
    case 'v':
      if (flags.includes('#')) return typeof value === 'bigint' ? value.toString() : value === null || value === undefined ? '<nil>' : goSyntaxOf(value);
      return isNumber(value) ? plus(printed(given)) : printed(value);
    case 'T':
      return typeName(given);
    case 't':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 's':
      return typeof value === 'string' ? cut(value, precision) : undefined;
    case 'q':
      if (typeof value === 'bigint') return `'${String.fromCodePoint(Number(value))}'`;
      if (typeof value !== 'string') return undefined;
      return flags.includes('#') && !value.includes('`') ? `\`${value}\`` : goQuoted(cut(value, precision));
    case 'd':
      return typeof value === 'bigint' ? plus(value.toString()) : undefined;
    case 'b':
    case 'o':
    case 'x':
    case 'X':
      return radix(verb, value, flags);
    case 'c':
      return typeof value === 'bigint' ? String.fromCodePoint(Number(value)) : undefined;
    case 'U':
      return typeof value === 'bigint' ? `U+${value.toString(16).toUpperCase().padStart(4, '0')}` : undefined;
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
      return typeof value === 'number' ? plus(float(verb, value, precision)) : undefined;
    default:
      return undefined;
  }
}

/** Lists and maps take any verb, and pass it on. */
function container(verb: string, value: object, flags: string, precision: number | undefined): string {
  const inner = (item: unknown): string => one(verb, item, flags, undefined, precision);
  if (Array.isArray(value)) return `[${value.map(inner).join(' ')}]`;
  const map = value as Readonly<Record<string, unknown>>;
  return `map[${sortedKeys(map)
    .map((key) => `${inner(key)}:${inner(map[key])}`)
    .join(' ')}]`;
}

const cut = (text: string, precision: number | undefined): string => (precision === undefined ? text : [...text].slice(0, precision).join(''));

function radix(verb: string, value: unknown, flags: string): string | undefined {
  if (typeof value === 'string' && (verb === 'x' || verb === 'X')) {
    const hex = [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return verb === 'X' ? hex.toUpperCase() : hex;
  }
  if (typeof value !== 'bigint') return undefined;
  const digits = value.toString(verb === 'b' ? 2 : verb === 'o' ? 8 : 16);
  const prefix = flags.includes('#') ? (verb === 'b' ? '0b' : verb === 'o' ? '0' : verb === 'X' ? '0X' : '0x') : '';
  const text = digits.startsWith('-') ? `-${prefix}${digits.slice(1)}` : prefix + digits;
  return verb === 'X' ? text.toUpperCase() : text;
}

function float(verb: string, value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return goFloat(value);
  const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
  switch (verb) {
    case 'f':
    case 'F':
      return value.toFixed(precision ?? 6);
    case 'e':
      return exponent(value.toExponential(precision ?? 6));
    case 'E':
      return exponent(value.toExponential(precision ?? 6)).toUpperCase();
    default: {
      if (precision === undefined) return verb === 'G' ? goFloat(value).toUpperCase() : goFloat(value);
      const digits = Math.max(1, precision);
      const scale = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
      const text =
        scale < -4 || scale >= digits ? exponent(value.toExponential(digits - 1).replace(/\.?0+e/, 'e')) : trimZeros(value.toFixed(digits - 1 - scale));
      return verb === 'G' ? text.toUpperCase() : text;
    }
  }
}

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
