/** jq's formats: `@csv`, `@base64` and so on. */
import type { Json } from './parser.js';
import { isArray, JqError, shown, textOf, typeOf } from './values.js';

/** undefined: there is none of that name. */
export function formatted(format: string, value: Json): string | undefined {
  const text = textOf(value);
  const row = (quote: (one: Json) => string, between: string): string => {
    if (!isArray(value)) throw new JqError(`${typeOf(value)} (${shown(value)}) cannot be ${format.slice(1)}-formatted, only an array can be`);
    return value.map(quote).join(between);
  };
  switch (format) {
    case '@text':
      return text;
    case '@json':
      return JSON.stringify(value);
    case '@base64':
      return Buffer.from(text, 'utf8').toString('base64');
    case '@base64d':
      return Buffer.from(text, 'base64').toString('utf8');
    case '@uri':
      return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
    case '@html':
      return text.replace(/[<>&'"]/g, (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' })[char] as string);
    case '@csv':
      return row((one) => (typeof one === 'string' ? `"${one.replace(/"/g, '""')}"` : one === null ? '' : String(one)), ',');
    case '@tsv':
      return row(
        (one) => (one === null ? '' : textOf(one).replace(/[\\\t\n\r]/g, (char) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[char] as string)),
        '\t',
      );
    case '@sh':
      return (isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? `'${one.replace(/'/g, `'\\''`)}'` : JSON.stringify(one))).join(' ');
    default:
      return undefined;
  }
}
