/** `'%d of %s'.format([1, 'a'])`: cel-go ext/formatting.go, in the locale en_US. */
import { goQuoted } from '../../text/go-format.js';
import { CelError, Duration, isList, isMap, Timestamp, TypeValue, typeOf, Uint, type Value } from '../values.js';
import { toText } from './conversions.js';
import { isInt, isText } from './function.js';

export function format(pattern: string, args: readonly Value[]): string {
  let next = 0;
  return pattern.replace(/%%|%(?:\.(\d*))?(.?)/gsu, (clause, digits: string | undefined, verb: string) => {
    if (clause === '%%') return '%';
    const i = next++;
    const value = args[i];
    if (value === undefined) throw new CelError(`index ${i} out of range`);
    if (clause === '%') throw new CelError('unexpected end of string');
    return formatOne(verb, value, digits);
  });
}

const NUMBERS: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);
const BASES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };
const WANTED: Readonly<Record<string, string>> = {
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  X: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
};

function formatOne(verb: string, value: Value, digits: string | undefined): string {
  const wanted = WANTED[verb];
  const inParsing = 'could not parse formatting clause: ';
  if (digits === '')
    throw new CelError(`${inParsing}error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax`);
  if (wanted === undefined) throw new CelError(`${inParsing}unrecognized formatting clause "${verb}"`);
  const text = clause(verb, value, Number(digits ?? 6));
  if (text === undefined) throw new CelError(`error during formatting: ${wanted}, was given ${typeOf(value)}`);
  return text;
}

/** undefined: not of such a value. */
function clause(verb: string, value: Value, digits: number): string | undefined {
  if (verb === 's') return shown(value);
  if (verb === 'f' || verb === 'e') {
    const number = isText(value) && NUMBERS.has(value) ? Number(value) : value;
    return typeof number === 'number' ? floating(verb, number, digits) : undefined;
  }
  const number = value instanceof Uint ? value.value : value;
  if (verb === 'd') return isInt(number) ? String(number) : undefined;
  if (verb === 'b' && typeof number === 'boolean') return number ? '1' : '0';
  const bytes = isText(number) ? Buffer.from(number) : number instanceof Uint8Array ? Buffer.from(number) : undefined;
  const isHex = verb === 'x' || verb === 'X';
  const text = isInt(number) ? number.toString(BASES[verb]) : isHex ? bytes?.toString('hex') : undefined;
  return verb === 'X' ? text?.toUpperCase() : text;
}

function floating(verb: 'f' | 'e', value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-∞' : '∞';
  if (verb === 'f') return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
  const [mantissa = '', power = ''] = value.toExponential(digits).split('e');
  const raised = [...Math.abs(Number(power)).toString().padStart(2, '0')].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  return `${mantissa}\u202f×\u202f10${Number(power) < 0 ? '⁻' : ''}${raised}`;
}

/** `%s`; undefined: of no such value. */
function shown(value: Value): string | undefined {
  if (isList(value)) return `[${value.map(within).join(', ')}]`;
  if (isMap(value)) {
    const entries = [...value].map(([key, item]): readonly [string, string] => [within(key), within(item)]);
    return `{${entries
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map((entry) => entry.join(':'))
      .join(', ')}}`;
  }
  if (value === null) return 'null';
  return value instanceof TypeValue ? value.name : toText(value);
}

/** Of a list or a map. */
function within(value: Value): string {
  if (isText(value)) return goQuoted(value);
  if (value instanceof Uint8Array) return `b${goQuoted(toText(value) as string)}`;
  if (value instanceof Timestamp) return `timestamp(${goQuoted(toText(value) as string)})`;
  if (value instanceof Duration) return `duration(${goQuoted(toText(value) as string)})`;
  if (typeof value === 'number') return Number.isFinite(value) ? value.toFixed(6) : goQuoted(floating('f', value, 6));
  const text = shown(value);
  if (text === undefined) throw new CelError(`error during formatting: no formatting function for ${typeOf(value)}`);
  return text;
}
