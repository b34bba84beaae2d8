/** Words of a Go template: the scanner of package text/template/parse (lex.go), trim markers included. */
import { TextError } from './text-error.js';

export type TokenType =
  | 'text'
  | 'left'
  | 'right'
  | 'error'
  | 'eof'
  | 'bool'
  | 'char'
  | 'number'
  | 'string'
  | 'rawString'
  | 'space'
  | 'pipe'
  | '('
  | ')'
  | '='
  | ':='
  | ','
  | '.'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'nil'
  /** Any other printable ASCII character. */
  | 'other';

export interface Token {
  readonly type: TokenType;
  readonly value: string;
  /** Offset in the template. */
  readonly at: number;
  readonly line: number;
}

const KEYWORDS = ['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'];
const isSpace = (char: string | undefined): boolean => char !== undefined && ' \t\r\n'.includes(char);
const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{Nd}_]/u.test(char);

/** All tokens; the last is `eof` or `error` (whose value says what is wrong). */
export function scanTemplate(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  const push = (type: TokenType, value: string, start: number) => tokens.push({ type, value, at: start, line: lineAt(text, start) });
  const fail = (message: string, start: number = at) => {
    push('error', message, start);
    return tokens;
  };
  for (;;) {
    const open = text.indexOf('{{', at);
    const end = open < 0 ? text.length : open;
    let from = at;
    if (trimNext) while (from < end && isSpace(text[from])) from++;
    let to = end;
    const trimsLeft = open >= 0 && text[open + 2] === '-' && isSpace(text[open + 3]);
    if (trimsLeft) while (to > from && isSpace(text[to - 1])) to--;
    if (to > from) push('text', text.slice(from, to), from);
    if (open < 0) {
      push('eof', '', text.length);
      return tokens;
    }
    at = open + (trimsLeft ? 4 : 2);
    trimNext = false;
    if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at);
      if (close < 0) return fail('unclosed comment', open);
      at = close + 2;
      const trims = isSpace(text[at]) && text.startsWith('-}}', at + 1);
      if (!trims && !text.startsWith('}}', at)) return fail('comment ends before closing delimiter', open);
      at += trims ? 4 : 2;
      trimNext = trims;
      continue;
    }
    push('left', '{{', open);
    const inside = new ActionScanner(text, at, tokens);
    const done = inside.run();
    if (!done) return tokens;
    at = inside.at;
    trimNext = inside.trims;
  }
}

const lineAt = (text: string, at: number): number => {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
};

class ActionScanner {
  trims = false;
  private depth = 0;
  constructor(
    private readonly text: string,
    public at: number,
    private readonly tokens: Token[],
  ) {}

  private push(type: TokenType, start: number, value = this.text.slice(start, this.at)): true {
    this.tokens.push({ type, value, at: start, line: lineAt(this.text, start) });
    return true;
  }
  private fail(message: string, start = this.at): false {
    this.push('error', start, message);
    return false;
  }

  /** Up to the closing delimiter; false: an error token has been added. */
  run(): boolean {
    for (;;) {
      const { text, at } = this;
      const isTrim = isSpace(text[at]) && text.startsWith('-}}', at + 1);
      if (isTrim || text.startsWith('}}', at)) {
        if (this.depth > 0) return this.fail('unclosed left paren');
        this.at += isTrim ? 4 : 2;
        this.trims = isTrim;
        return this.push('right', isTrim ? at + 2 : at);
      }
      if (!this.next()) return false;
    }
  }

  private next(): boolean {
    const { text } = this;
    const start = this.at;
    const char = text[start];
    if (char === undefined) return this.fail('unclosed action', start);
    this.at++;
    if (isSpace(char)) {
      while (isSpace(text[this.at]) && !text.startsWith('-}}', this.at + 1)) this.at++;
      return this.push('space', start);
    }
    if (char === '=') return this.push('=', start);
    if (char === ':') {
      if (text[this.at] !== '=') return this.fail('expected :=', start);
      this.at++;
      return this.push(':=', start);
    }
    if (char === '|') return this.push('pipe', start);
    if (char === '"' || char === "'" || char === '`') return this.quoted(char, start);
    if (char === '$') return this.word('variable', start);
    if (char === '.') {
      if (!/[0-9]/.test(text[this.at] ?? '')) return this.isTerminated() ? this.push('.', start) : this.word('field', start);
      this.at = start;
      return this.number();
    }
    if (/[0-9+-]/.test(char)) {
      this.at = start;
      return this.number();
    }
    if (isWord(char)) {
      this.at = start;
      return this.word('identifier', start);
    }
    if (char === '(') {
      this.depth++;
      return this.push('(', start);
    }
    if (char === ')') {
      this.depth--;
      return this.depth < 0 ? this.fail('unexpected right paren', start) : this.push(')', start);
    }
    if (char === ',') return this.push(',', start);
    if (/[!-~]/.test(char)) return this.push('other', start);
    return this.fail(`unrecognized character in action: ${unicode(String.fromCodePoint(text.codePointAt(start) as number))}`, start);
  }

  private quoted(quote: string, start: number): boolean {
    const name = quote === '"' ? 'quoted string' : quote === '`' ? 'raw quoted string' : 'character constant';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || (char === '\n' && quote !== '`')) return this.fail(`unterminated ${name}`, start);
      this.at++;
      if (char === '\\' && quote !== '`') {
        const escaped = this.text[this.at];
        if (escaped === undefined || escaped === '\n') return this.fail(`unterminated ${name}`, start);
        this.at++;
      } else if (char === quote) return this.push(quote === '"' ? 'string' : quote === '`' ? 'rawString' : 'char', start);
    }
  }

  /** Whether a word may end here. */
  private isTerminated(): boolean {
    const next = this.text[this.at];
    return next === undefined || isSpace(next) || '.,|:)('.includes(next) || this.text.startsWith('}}', this.at);
  }

  /** Identifiers, `.fields` and `$variables`. */
  private word(type: 'identifier' | 'field' | 'variable', start: number): boolean {
    while (this.at < this.text.length) {
      const char = String.fromCodePoint(this.text.codePointAt(this.at) as number);
      if (!isWord(char)) break;
      this.at += char.length;
    }
    if (!this.isTerminated()) {
      const char = String.fromCodePoint(this.text.codePointAt(this.at) as number);
      return this.fail(`bad character ${unicode(char)}`, start);
    }
    const value = this.text.slice(start, this.at);
    if (type !== 'identifier') return this.push(type, start);
    if (KEYWORDS.includes(value)) return this.push('keyword', start);
    return this.push(value === 'true' || value === 'false' ? 'bool' : value === 'nil' ? 'nil' : 'identifier', start);
  }

  private number(): boolean {
    const start = this.at;
    const match = /^[+-]?(0[xX][\da-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|[\d_]*)(\.[\d_]*)?([eEpP][+-]?[\d_]*)?i?/.exec(this.text.slice(start));
    this.at += (match?.[0] ?? '').length;
    if (isWord(this.text[this.at])) {
      this.at++;
      return this.fail(`bad number syntax: "${this.text.slice(start, this.at)}"`, start);
    }
    return this.push('number', start);
  }
}

const unicode = (char: string): string => `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')} '${char}'`;

/** strconv.Unquote of a Go string or character literal. */
export function unquoteGo(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner.replaceAll('\r', '');
  return inner.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|[\s\S])?/gu, (_: string, code: string | undefined): string => {
    const simple = code === undefined ? undefined : SIMPLE[code];
    if (simple !== undefined) return simple;
    if (code !== undefined && code === literal[0]) return code;
    if (code !== undefined && /^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (code !== undefined && /^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    throw new TextError('invalid syntax');
  });
}
const SIMPLE: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };
