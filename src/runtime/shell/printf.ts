/** printf(1): the format is used again while arguments remain. */
import { joinBytes, textOfByte } from '../../api/bytes.js';
import { unescapeEcho } from './escapes.js';
import type { Flavour } from './state.js';

/** A complaint, and how much of the text stood before it. */
export interface PrintfError {
  readonly message: string;
  readonly at: number;
}

export function formatPrintf(format: string, args: readonly string[], flavour: Flavour): { readonly text: string; readonly errors: readonly PrintfError[] } {
  const errors: PrintfError[] = [];
  const fail = (message: string): void => {
    errors.push({ message, at: out.length });
  };
  let out = '';
  let at = 0;
  let stopped = false;
  const next = (): string | undefined => args[at++];
  const number = (text: string | undefined): number => {
    if (text === undefined) return 0;
    if (text === '') {
      if (flavour === 'ash') fail("invalid number ''");
      return 0;
    }
    if (/^['"]/.test(text)) return text.codePointAt(1) ?? 0;
    if (/^[+-]?0[xX][0-9a-fA-F]+$/.test(text)) return Number(text);
    if (/^[+-]?0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
    const parsed = Number(text);
    if (!Number.isNaN(parsed) && text.trim() !== '') return parsed;
    const start = /^\s*[+-]?\d/.test(text);
    fail(
      flavour === 'bash'
        ? `${text}: invalid number`
        : flavour === 'ash'
          ? `invalid number '${text}'`
          : start
            ? `${text}: not completely converted`
            : `${text}: expected numeric value`,
    );
    return flavour === 'ash' ? 0 : Number.parseFloat(text) || 0;
  };
  do {
    const before = at;
    for (let i = 0; i < format.length && !stopped; i += 1) {
      const char = format[i] as string;
      if (char === '\\') {
        const piece = /^\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])/.exec(format.slice(i))?.[0] ?? '\\';
        if (flavour === 'dash' && /^\\x/.test(piece)) out += piece;
        else if (/^\\[0-7]/.test(piece)) out += textOfByte(Number.parseInt(piece.slice(1), 8) & 255);
        else if (piece === '\\"' || piece === "\\'") out += piece[1];
        else {
          const result = unescapeEcho(piece);
          out += result.text;
          stopped = result.stopped;
        }
        i += piece.length - 1;
        continue;
      }
      if (char !== '%') {
        out += char;
        continue;
      }
      const spec = /^%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?([hlLqjzt]*)([diouxXeEfFgGcsbq%])/.exec(format.slice(i));
      if (!spec) {
        fail(flavour === 'bash' ? `\`${format[i + 1] ?? ''}': invalid format character` : `%${format[i + 1] ?? ''}: invalid directive`);
        return { text: out, errors };
      }
      i += spec[0].length - 1;
      const conversion = spec[5] as string;
      if (conversion === '%') {
        out += '%';
        continue;
      }
      let flags = spec[1] as string;
      let width = spec[2] === '*' ? number(next()) : Number(spec[2] ?? 0);
      if (width < 0) {
        flags += '-';
        width = -width;
      }
      const precision = spec[3] === undefined ? undefined : spec[3] === '*' ? number(next()) : Number(spec[3] === '' ? 0 : spec[3]);
      let text: string;
      switch (conversion) {
        case 's':
          text = next() ?? '';
          if (precision !== undefined) text = text.slice(0, precision);
          break;
        case 'q':
          text = (next() ?? '').replace(/[^\w@%+=:,./-]/g, '\\$&') || "''";
          break;
        case 'b': {
          const result = unescapeEcho((next() ?? '').replace(/\\([1-7][0-7]{0,2})/g, '\\0$1'));
          text = result.text;
          stopped = result.stopped;
          break;
        }
        case 'c':
          text = (next() ?? '').slice(0, 1);
          break;
        case 'd':
        case 'i': {
          const value = Math.trunc(number(next()));
          text = String(Math.abs(value));
          if (precision !== undefined) text = text.padStart(precision, '0');
          const sign = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
          text = flags.includes('0') && !flags.includes('-') && precision === undefined ? sign + text.padStart(width - sign.length, '0') : sign + text;
          break;
        }
        case 'u':
        case 'o':
        case 'x':
        case 'X': {
          const value = BigInt.asUintN(64, BigInt(Math.trunc(number(next()))));
          text = value.toString(conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16);
          if (conversion === 'X') text = text.toUpperCase();
          if (precision !== undefined) text = text.padStart(precision, '0');
          if (flags.includes('#') && value !== 0n) text = (conversion === 'o' ? '0' : conversion === 'u' ? '' : `0${conversion}`) + text;
          if (flags.includes('0') && !flags.includes('-')) text = text.padStart(width, '0');
          break;
        }
        default: {
          const value = number(next());
          const digits = precision ?? 6;
          const magnitude = Math.abs(value);
          if (conversion === 'e' || conversion === 'E') text = magnitude.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
          else if (conversion === 'g' || conversion === 'G') text = String(Number(magnitude.toPrecision(digits === 0 ? 1 : digits)));
          else text = magnitude.toFixed(digits);
          if (conversion === 'E' || conversion === 'G') text = text.toUpperCase();
          const sign = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
          text = flags.includes('0') && !flags.includes('-') ? sign + text.padStart(width - sign.length, '0') : sign + text;
        }
      }
      out += flags.includes('-') ? text.padEnd(width) : text.padStart(width);
    }
    if (at === before) break;
  } while (at < args.length && !stopped);
  return { text: joinBytes(out), errors };
}
