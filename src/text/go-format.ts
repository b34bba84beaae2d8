/** JSON values as Go's fmt prints them: `%v`, `%#v`, `%q`, for templates, JSONPath and the errors that show what they were given. */
import { byBytes } from './go-json-writer.js';

/** strconv.Quote: printable runes as they are, the rest escaped. */
export function goQuoted(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const short = SHORT[char];
    if (short !== undefined) out += short;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (isPrintable(char)) out += char;
    else out += code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `${out}"`;
}
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
const isPrintable = (char: string): boolean => char === ' ' || !/[\p{C}\p{Z}]/u.test(char);

/** A float64 by `%v`: the shortest text, with an exponent below 1e-4 and from 1e+06 on. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value === 0 || (exponent >= -4 && exponent < 6)) return String(value);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Whether unstructured content has this number as an int64. */
const isInt = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 63;

/** `%v`. Whole numbers are int64, as unstructured content has them. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return !isInt(value) ? goFloat(value) : BigInt(value).toString();
  if (Array.isArray(value)) return `[${value.map((item) => goValue(item)).join(' ')}]`;
  if (typeof value === 'object') {
    const map = value as Readonly<Record<string, unknown>>;
    return `map[${sortedKeys(map)
      .map((key) => `${key}:${goValue(map[key])}`)
      .join(' ')}]`;
  }
  return String(value);
}

/** `%#v` of unstructured content; `mapType` is that of its maps. */
export function goSyntaxOf(value: unknown, mapType = 'map[string]interface {}'): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuoted(value);
  if (typeof value === 'number') return isInt(value) ? BigInt(value).toString() : goFloat(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goSyntaxOf(item, mapType)).join(', ')}}`;
  if (typeof value === 'object') {
    const map = value as Readonly<Record<string, unknown>>;
    return `${mapType}{${sortedKeys(map)
      .map((key) => `${goQuoted(key)}:${goSyntaxOf(map[key], mapType)}`)
      .join(', ')}}`;
  }
  return String(value);
}

/** The keys of a map that are there, in the order Go prints them. */
export const sortedKeys = (map: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(map)
    .filter((key) => map[key] !== undefined)
    .sort(byBytes);
