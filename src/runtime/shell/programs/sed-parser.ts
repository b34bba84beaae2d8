/** sed's language: source text → a flat list of commands; blocks and labels are places in it. */
import { posixRegExp } from './regex.js';

export type Address =
  | { readonly line: number }
  | { readonly last: true }
  | { readonly pattern: RegExp }
  | { readonly step: readonly [number, number] }
  | { readonly plus: number }
  | { readonly multiple: number };

export interface SedCommand {
  readonly name: string;
  readonly from?: Address;
  readonly to?: Address;
  readonly negated: boolean;
  readonly pattern?: RegExp;
  readonly replacement?: string;
  readonly flags?: string;
  /** Text of a, i, c; file of r, w; exit code of q. */
  readonly text?: string;
  readonly map?: Readonly<Record<string, string>>;
  /** Where `{` goes on when it is not chosen, and b, t, T when they jump. */
  jump?: number;
}

export class SedError extends Error {}

/** `gnu`: what busybox does not know (`1~2`) is understood. */
export function parseSed(source: string, extended: boolean, gnu: boolean): readonly SedCommand[] {
  const out: SedCommand[] = [];
  const labels = new Map<string, number>();
  const jumps: { readonly command: SedCommand; readonly label: string }[] = [];
  const open: SedCommand[] = [];
  let at = 0;

  const skip = (what: RegExp): void => {
    while (at < source.length && what.test(source[at] as string)) at += 1;
  };
  const take = (what: RegExp): string => {
    const found = what.exec(source.slice(at))?.[0] ?? '';
    at += found.length;
    return found;
  };
  const delimited = (end: string, what: string): string => {
    let text = '';
    while (at < source.length && source[at] !== end) {
      const next = source[at + 1];
      if (source[at] === '\\' && next !== undefined) {
        // An escaped delimiter is the character itself.
        text += next === end && end !== '\\' ? (/[.*[\]^$]/.test(end) ? `\\${end}` : end) : `\\${next}`;
        at += 2;
      } else if (source[at] === '[' && what !== 'replacement') {
        const close = source.indexOf(']', at + (next === '^' ? 3 : 2));
        if (close > 0 && !source.slice(at, close).includes(end)) {
          text += source.slice(at, close + 1);
          at = close + 1;
        } else text += source[at++];
      } else text += source[at++];
    }
    if (at >= source.length) throw new SedError('unterminated');
    at += 1;
    return text;
  };
  const address = (): Address | undefined => {
    const step = gnu ? /^(\d+)~(\d+)/.exec(source.slice(at)) : null;
    if (step !== null) {
      at += step[0].length;
      return { step: [Number(step[1]), Number(step[2])] };
    }
    const number = take(/^\d+/);
    if (number !== '') {
      if (source[at] === '~') throw new SedError('unsupported command ~');
      return { line: Number(number) };
    }
    if (source[at] === '$') {
      at += 1;
      return { last: true };
    }
    if (source[at] !== '/' && source[at] !== '\\') return undefined;
    const end = source[at] === '/' ? '/' : (source[at + 1] ?? '');
    at += source[at] === '/' ? 1 : 2;
    const pattern = delimited(end, 'address');
    const ignoreCase = take(/^I/) !== '';
    return { pattern: posixRegExp(pattern, { extended, ignoreCase }) };
  };
  const endAddress = (): Address | undefined => {
    const plus = take(/^\+\d+/);
    if (plus !== '') return { plus: Number(plus) };
    const multiple = gnu ? take(/^~\d+/) : '';
    return multiple === '' ? address() : { multiple: Number(multiple.slice(1)) };
  };
  /** Text of a, i, c: the classic form begins on the next line and goes on after a backslash at a line's end. */
  const textOf = (): string => {
    skip(/[ \t]/);
    if (source[at] === '\\') {
      at += 1;
      skip(/[ \t]/);
      if (source[at] === '\n') at += 1;
    }
    let text = '';
    for (; at < source.length && source[at] !== '\n'; at += 1) {
      if (source[at] === '\\' && at + 1 < source.length) at += 1;
      text += source[at];
    }
    return text;
  };
  const substitution = (base: SedCommand): SedCommand => {
    const end = source[at++] ?? '';
    const pattern = delimited(end, 'pattern');
    const replacement = delimited(end, 'replacement');
    const flags = take(/^[gpiIeMm0-9]*/);
    const file = take(/^w[ \t]*[^\n]*/)
      .slice(1)
      .trim();
    if (file === '' && /^[^\s;}#]/.test(source.slice(at))) throw new SedError("unknown option to `s'");
    return {
      ...base,
      pattern: posixRegExp(pattern, { extended, ignoreCase: /i/i.test(flags), flags: /m/i.test(flags) ? 'gm' : 'g' }),
      replacement,
      flags,
      ...(file === '' ? {} : { text: file }),
    };
  };

  for (;;) {
    skip(/[\s;]/);
    if (at >= source.length) break;
    if (source[at] === '#') {
      skip(/[^\n]/);
      continue;
    }
    const from = address();
    let to: Address | undefined;
    skip(/[ \t]/);
    if (from !== undefined && source[at] === ',') {
      at += 1;
      skip(/\s/);
      to = endAddress();
      if (to === undefined) throw new SedError("unexpected `,'");
    }
    skip(/\s/);
    const negated = take(/^(?:!\s*)+/) !== '';
    const name = source[at++];
    if (name === undefined) throw new SedError('missing command');
    const base: SedCommand = { name, negated, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    let command = base;
    if (name === '{') open.push(base);
    else if (name === '}') {
      const opening = open.pop();
      if (opening === undefined) throw new SedError("unexpected `}'");
      opening.jump = out.length;
      continue;
    } else if (name === ':') {
      labels.set(take(gnu ? /^[ \t]*[^\s;]*/ : /^[ \t]*[^\n;]*/).trim(), out.length);
      continue;
    } else if (name === 'b' || name === 't' || name === 'T') jumps.push({ command: base, label: take(/^[ \t]*[^\s;}]*/).trim() });
    else if (name === 's') command = substitution(base);
    else if (name === 'y') {
      const end = source[at++] ?? '';
      const [left, right] = [delimited(end, 'y'), delimited(end, 'y')].map((text) => [...text.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1')]) as [
        string[],
        string[],
      ];
      if (left.length !== right.length) throw new SedError("strings for `y' command are different lengths");
      command = { ...base, map: Object.fromEntries(left.map((char, i) => [char, right[i] as string])) };
    } else if ('aic'.includes(name)) command = { ...base, text: textOf() };
    else if ('rRwW'.includes(name)) command = { ...base, text: take(/^[^\n]*/).trim() };
    else if (name === 'q' || name === 'Q') command = { ...base, text: take(/^[ \t]*\d*/).trim() };
    else if (!'pPdDnNhHgGxl=zF'.includes(name)) throw new SedError(`unknown command: \`${name}'`);
    out.push(command);
  }
  if (open.length > 0) throw new SedError("unmatched `{'");
  for (const { command, label } of jumps) {
    const target = label === '' ? out.length : labels.get(label);
    if (target === undefined) throw new SedError(gnu ? `can't find label for jump to \`${label}'` : `can't find label for jump to '${label}'`);
    command.jump = target;
  }
  return out;
}
