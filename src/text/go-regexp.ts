/**
 * Go's regular expressions (RE2) as JavaScript's, and what Go says of what is none: regexp/syntax parse.go. Not refused are those that
 * only grow too large.
 */

/** The pattern as JavaScript has it; Go's error (`error parsing regexp: …`) where it is none. */
export function parseGoRegExp(pattern: string, flags = ''): RegExp | { readonly problem: string } {
  try {
    return new RegExp(new Translation(pattern).all(), `u${flags}`);
  } catch (error) {
    if (error instanceof Misuse) return { problem: `error parsing regexp: ${error.message}` };
    throw error;
  }
}

class Misuse extends Error {
  constructor(what: string, where: string) {
    super(`${what}: \`${where}\``);
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};
/** Perl's, which are of ASCII alone. */
const PERL: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\D',
  s: '\\t\\n\\f\\r ',
  S: '\\x00-\\x08\\x0B\\x0E-\\x1F!-\\u{10FFFF}',
  w: '0-9A-Za-z_',
  W: '\\W',
};
const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const MAX_REPEAT = 1000;
const NO_GROUP = '(?:)';
const TEXT_BEGIN = '(?:^)';
const TEXT_END = '(?:$)';
const PLACES: Readonly<Record<string, string>> = { A: TEXT_BEGIN, z: TEXT_END, b: '(?:\\b)', B: '(?:\\B)' };

const literal = (char: string): string => (/[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\u{${(char.codePointAt(0) as number).toString(16)}}` : char);
const isOneChar = (text: string): boolean => [...text].length === 1;
/** The character, and it in its other case. */
const bothCases = (char: string): string => [...new Set([char, char.toLowerCase(), char.toUpperCase()])].filter(isOneChar).map(literal).join('');

class Translation {
  private at = 0;
  /** `i`, `m`, `s`, `U`, as they are here, and as they were before each group that is open. */
  private flags = '';
  private readonly open: string[] = [];

  constructor(private readonly pattern: string) {}

  all(): string {
    let out = '';
    /** What a repetition would repeat: nothing, something, or a repetition that begins there. */
    let last: 'nothing' | 'something' | number = 'nothing';
    while (this.at < this.pattern.length) {
      const start = this.at;
      const repeat = this.repetition();
      if (repeat !== undefined) {
        const text = this.pattern.slice(start, this.at);
        if (typeof last === 'number') throw new Misuse('invalid nested repetition operator', this.pattern.slice(last, this.at));
        if (last === 'nothing') throw new Misuse('missing argument to repetition operator', text);
        out += repeat;
        last = start;
        continue;
      }
      const char = this.char();
      const part: string = char === '(' ? this.group() : this.one(char, start);
      out += part;
      if (part !== NO_GROUP) last = char === '(' || char === '|' ? 'nothing' : 'something';
      else if (typeof last === 'number') last = 'something';
    }
    if (this.open.length > 0) throw new Misuse('missing closing )', this.pattern);
    return out;
  }

  private one(char: string, start: number): string {
    switch (char) {
      case ')': {
        const before = this.open.pop();
        if (before === undefined) throw new Misuse('unexpected )', this.pattern);
        this.flags = before;
        return char;
      }
      case '|':
        return char;
      case '[':
        return this.charClass(start);
      case '\\':
        return this.escape(start);
      case '.':
        return this.flags.includes('s') ? '[^]' : '[^\\n]';
      case '^':
        return this.flags.includes('m') ? '(?:(?<![^\\n]))' : TEXT_BEGIN;
      case '$':
        return this.flags.includes('m') ? '(?:(?![^\\n]))' : TEXT_END;
    }
    return this.literal(char);
  }

  private literal(char: string): string {
    const cases = this.flags.includes('i') ? bothCases(char) : char;
    return cases === char ? literal(char) : `[${cases}]`;
  }

  /** The next one. */
  private char(): string {
    const char = String.fromCodePoint(this.pattern.codePointAt(this.at) as number);
    this.at += char.length;
    return char;
  }

  private rest(): string {
    return this.pattern.slice(this.at);
  }

  private repetition(): string | undefined {
    const found = /^(?:[*+?]|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})\??/.exec(this.rest());
    if (found === null) return undefined;
    const [text, least, , most] = found;
    if (Math.max(Number(least ?? 0), Number(most ?? 0)) > MAX_REPEAT || (most !== undefined && Number(least) > Number(most)))
      throw new Misuse('invalid repeat count', text.replace(/\?$/, ''));
    this.at += text.length;
    // Ungreedy: what asks for less gets more.
    return !this.flags.includes('U') ? text : text.length > 1 && text.endsWith('?') ? text.slice(0, -1) : `${text}?`;
  }

  /** After `(`; NO_GROUP where only flags are set. */
  private group(): string {
    const rest = this.rest();
    if (!rest.startsWith('?')) {
      this.open.push(this.flags);
      return '(';
    }
    const named = /^\?P?</.exec(rest);
    if (named !== null) {
      const end = rest.indexOf('>');
      const name = end < 0 ? '' : rest.slice(named[0].length, end);
      if (!/^\w+$/.test(name)) throw new Misuse('invalid named capture', `(${end < 0 ? rest : rest.slice(0, end + 1)}`);
      this.at += end + 1;
      this.open.push(this.flags);
      // Nobody asks for a group by its name, and JavaScript has fewer names.
      return '(';
    }
    const [text = '', on = '', off = '', end] = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest) ?? [];
    if (end === undefined) throw new Misuse('invalid or unsupported Perl syntax', `(${/^\?[imsU]*(?:-[imsU]*)?.?/su.exec(rest)?.[0]}`);
    this.at += text.length;
    if (end === ':') this.open.push(this.flags);
    this.flags = [...this.flags, ...on].filter((flag) => !off.includes(flag)).join('');
    return end === ':' ? '(?:' : NO_GROUP;
  }

  /** After `\`. */
  private escape(start: number): string {
    const next = this.pattern[this.at] ?? '';
    if (Object.hasOwn(PLACES, next)) {
      this.at++;
      return PLACES[next] as string;
    }
    if (next === 'Q') {
      const end = this.pattern.indexOf('\\E', this.at);
      const text = this.pattern.slice(this.at + 1, end < 0 ? undefined : end);
      this.at = end < 0 ? this.pattern.length : end + 2;
      return [...text].map((char) => this.literal(char)).join('');
    }
    const set = this.set(start);
    return set === undefined ? this.literal(this.escaped(start)) : `[${set}]`;
  }

  /** `\d`, `\pL`: as a part of a class; undefined: it is one character. */
  private set(start: number): string | undefined {
    const next = this.pattern[this.at] ?? '';
    if (Object.hasOwn(PERL, next)) {
      this.at++;
      return PERL[next];
    }
    if (next !== 'p' && next !== 'P') return undefined;
    const [text = '', one = '', caret = '', name = one] = /^[pP](?:([^{])|\{(\^?)([^}]*)\})/u.exec(this.rest()) ?? [];
    const property = /^(?:L[CulmotL]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfsno]?|Any|ASCII)$/.test(name) ? name : `Script=${name}`;
    try {
      new RegExp(`\\p{${property}}`, 'u');
    } catch {
      throw new Misuse('invalid character class range', text === '' ? this.pattern.slice(start) : `\\${text}`);
    }
    this.at += text.length;
    return `\\${(next === 'P') === (caret === '') ? 'P' : 'p'}{${property}}`;
  }

  /** One character, escaped. */
  private escaped(start: number): string {
    const rest = this.rest();
    if (rest === '') throw new Misuse('trailing backslash at end of expression', '');
    const code = /^(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]+)\}|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/.exec(rest);
    const value = code === null ? undefined : Number.parseInt(code[1] ?? code[2] ?? (code[3] as string), code[3] === undefined ? 16 : 8);
    if (code !== null && value !== undefined && value <= 0x10ffff) {
      this.at += code[0].length;
      return String.fromCodePoint(value);
    }
    const char = this.char();
    if (Object.hasOwn(CONTROLS, char)) return String.fromCodePoint(CONTROLS[char] as number);
    if (/^[\x00-\x7F]$/.test(char) && !/[0-9A-Za-z]/.test(char)) return char;
    throw new Misuse('invalid escape sequence', this.pattern.slice(start, this.at));
  }

  /** After `[`. */
  private charClass(start: number): string {
    let out = '[';
    if (this.pattern[this.at] === '^') {
      this.at++;
      out += '^';
    }
    for (let isFirst = true; isFirst || this.pattern[this.at] !== ']'; isFirst = false) {
      const named = /^\[:(.*?):\]/s.exec(this.rest());
      if (named !== null) {
        out += this.posix(named[0], named[1] as string);
        continue;
      }
      const begin = this.at;
      const set = this.pattern[begin] === '\\' ? this.setAt(begin) : undefined;
      if (set !== undefined) {
        out += set;
        continue;
      }
      const low = this.member(start);
      if (this.pattern[this.at] !== '-' || this.at + 1 >= this.pattern.length || this.pattern[this.at + 1] === ']') {
        out += this.range(low, low);
        continue;
      }
      this.at++;
      const high = this.member(start);
      if ((high.codePointAt(0) as number) < (low.codePointAt(0) as number))
        throw new Misuse('invalid character class range', this.pattern.slice(begin, this.at));
      out += this.range(low, high);
    }
    this.at++;
    return `${out}]`;
  }

  /** With the other case of its letters, where that does not matter. */
  private range(low: string, high: string): string {
    const [from, to] = [low.codePointAt(0) as number, high.codePointAt(0) as number];
    const text = from === to ? literal(low) : `${literal(low)}-${literal(high)}`;
    if (!this.flags.includes('i')) return text;
    if (from === to) return bothCases(low);
    const others = [...LETTERS].filter((char) => from <= (char.codePointAt(0) as number) && (char.codePointAt(0) as number) <= to);
    return text + others.map(bothCases).join('');
  }

  private posix(text: string, name: string): string {
    const isNegated = name.startsWith('^');
    const chars = CLASSES[isNegated ? name.slice(1) : name];
    if (chars === undefined) throw new Misuse('invalid character class range', text);
    this.at += text.length;
    if (!isNegated) return chars;
    const set = new RegExp(`[${chars}]`, 'u');
    const others = Array.from({ length: 0x80 }, (_, code) => String.fromCodePoint(code)).filter((char) => !set.test(char));
    return `${others.map(literal).join('')}\\u{80}-\\u{10FFFF}`;
  }

  private setAt(begin: number): string | undefined {
    this.at++;
    const set = this.set(begin);
    if (set === undefined) this.at = begin;
    return set;
  }

  /** A character of the class that begins at `start`. */
  private member(start: number): string {
    if (this.at >= this.pattern.length) throw new Misuse('missing closing ]', this.pattern.slice(start));
    const begin = this.at;
    const char = this.char();
    return char === '\\' ? this.escaped(begin) : char;
  }
}
