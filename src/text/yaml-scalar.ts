/** What a plain YAML scalar means to kubectl (resolve.go of go.yaml.in/yaml/v2, YAML 1.1): read by yaml.ts, avoided by yaml-emitter.ts. */

/** The words of YAML 1.1 that are no strings. */
export const NULLS: readonly string[] = ['', '~', 'null', 'Null', 'NULL'];
export const TRUES: readonly string[] = ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'];
export const FALSES: readonly string[] = ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'];
const NOT_FINITE = /^(\.nan|\.NaN|\.NAN|[+-]?\.(inf|Inf|INF))$/;
const WORDS: ReadonlySet<string> = new Set([...NULLS, ...TRUES, ...FALSES]);

const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const BASE_60 = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/;
const DATE = /^(\d{4})-(\d\d?)-(\d\d?)(?:([Tt ])(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))?)?$/;

/** An integer in Go's syntax (`0x1F`, `017`, `0b1`, `1_000`) that fits 64 bits; numbers too large to be exact come as the nearest. */
export function yamlInt(text: string): number | undefined {
  const match = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9]\d*))$/.exec(text.replaceAll('_', ''));
  if (match === null) return undefined;
  const [, sign, hex, octal, binary, decimal] = match;
  const value = BigInt(hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o${octal}` : binary !== undefined ? `0b${binary}` : (decimal as string));
  // ParseInt takes a sign, ParseUint takes none.
  if (value >= (sign === '' ? 2n ** 64n : sign === '-' ? 2n ** 63n + 1n : 2n ** 63n)) return undefined;
  return Number(sign === '-' ? -value : value);
}

/** A decimal float that does not overflow. `.5`, `1.`, `08`, `1e3`. */
export function yamlFloat(text: string): number | undefined {
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '');
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether `text` unquoted would be read (by some reader) as something else than this string, so that it must be quoted. */
export function isAmbiguous(text: string): boolean {
  if (WORDS.has(text)) return true;
  const first = text.charCodeAt(0);
  const isNumberLike = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!isNumberLike) return false;
  if (NOT_FINITE.test(text) || yamlFloat(text) !== undefined) return true;
  // `.` leads to floats only.
  if (first === 46) return false;
  return yamlInt(text) !== undefined || BASE_60.test(text) || isTimestamp(text);
}

/** The date or time a plain scalar is to goyaml.v3, as its JSON has it: RFC 3339. undefined: it is none. */
export function yamlTime(text: string): string | undefined {
  const match = isTimestamp(text) ? /^(\d+)-(\d+)-(\d+)(?:[Tt ](\d+):(\d+):(\d+)(?:[.,](\d+))?(Z|[-+]\d\d:\d\d)?)?$/.exec(text) : null;
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const two = (part: string | undefined): string => (part ?? '').padStart(2, '0');
  const rest = fraction.slice(0, 9).replace(/0+$/, '');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${rest === '' ? '' : `.${rest}`}${/^[-+]00:00$/.test(zone) ? 'Z' : zone}`;
}

function isTimestamp(text: string): boolean {
  const match = DATE.exec(text);
  if (match === null) return false;
  const [, year, month, day, separator, hour, minute, second, zoneHour, zoneMinute] = match;
  const n = (part: string | undefined): number => Number(part ?? 0);
  // With a blank there is no zone, with a T there must be one.
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text.slice(10));
  if (separator !== undefined && (separator === ' ') === hasZone) return false;
  if (n(month) < 1 || n(month) > 12 || n(day) < 1 || n(day) > daysIn(n(year), n(month))) return false;
  return n(hour) < 24 && n(minute) < 60 && n(second) < 60 && n(zoneHour) <= 24 && n(zoneMinute) <= 60;
}

const daysIn = (year: number, month: number): number =>
  month === 2 ? ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
