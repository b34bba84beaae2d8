/** JSON as Go's encoding/json writes it: keys sorted by bytes, empty maps and lists closed at once, `<`, `>` and `&` escaped. */

export interface GoJsonOptions {
  /** One level of indentation (MarshalIndent); absent: compact. */
  readonly indent?: string;
  /** Keys in the order they have, as structs are written. */
  readonly keepOrder?: boolean;
}

export function goJson(value: unknown, options: GoJsonOptions = {}): string {
  return write(value, options.indent, options.keepOrder === true, '\n');
}

/** Written by hand, because JavaScript objects put keys like `10` first and in numeric order. */
function write(value: unknown, indent: string | undefined, keepOrder: boolean, newline: string): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = indent === undefined ? '' : newline + indent;
  const outer = indent === undefined ? '' : newline;
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[${inner}${value.map((item) => write(item, indent, keepOrder, inner)).join(`,${inner}`)}${outer}]`;
  }
  const map = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  if (keys.length === 0) return '{}';
  // Keys like `10` are never a struct's: such a map is sorted in any case, for JavaScript has lost its order.
  if (!keepOrder || keys.some((key) => /^\d/.test(key))) keys.sort(byBytes);
  const colon = indent === undefined ? ':' : ': ';
  return `{${inner}${keys.map((key) => quote(key) + colon + write(map[key], indent, keepOrder, inner)).join(`,${inner}`)}${outer}}`;
}

/** What is not itself between quotes: most texts have nothing of it. */
const SPECIAL = /[^ !#-%'-;=?-[\]-~]/;
const OF_HTML = /[<>&\u2028\u2029]/g;

/** Between quotes, with what HTML minds escaped. */
export function quote(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(OF_HTML, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Order of UTF-8, which is that of code points; UTF-16 differs only where surrogates are. */
export function byBytes(a: string, b: string): number {
  if (/[\ud800-\udfff]/.test(a) || /[\ud800-\udfff]/.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
