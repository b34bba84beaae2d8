/**
 * YAML text → tokens: libyaml's scanner as kubectl has it (go.yaml.in/yaml/v2 scannerc.go). What it refuses and the line it
 * names are what people see when a manifest is wrong, so it looks for simple keys and indentation exactly as that one does.
 */

export type TokenType =
  | 'streamStart'
  | 'streamEnd'
  | 'versionDirective'
  | 'tagDirective'
  | 'documentStart'
  | 'documentEnd'
  | 'blockSequenceStart'
  | 'blockMappingStart'
  | 'blockEnd'
  | 'flowSequenceStart'
  | 'flowSequenceEnd'
  | 'flowMappingStart'
  | 'flowMappingEnd'
  | 'blockEntry'
  | 'flowEntry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly type: TokenType;
  /** Of its first character; lines count from 0. */
  readonly line: number;
  /** Text of a scalar, name of an anchor, suffix of a tag, prefix of a tag directive. */
  readonly value: string;
  /** Handle of a tag or tag directive. */
  readonly handle: string;
  /** A scalar without quotes or block indicator. */
  readonly isPlain: boolean;
  /** A scalar behind `>`. */
  readonly isFolded?: boolean;
}

/** What is wrong, and on which line (from 0); `isScanner` errors are counted from 1 when printed. */
export class YamlError extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly contextLine: number,
    readonly isScanner: boolean,
  ) {
    super(message);
  }
}

interface SimpleKey {
  isPossible: boolean;
  isRequired: boolean;
  token: number;
  at: number;
  line: number;
  column: number;
}

const MAX_DEPTH = 10_000;
const SIMPLE_KEY_LENGTH = 1024;

const NUL = 0;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const NEL = 0x85;
const LS = 0x2028;
const PS = 0x2029;
const BOM = 0xfeff;

const isBreak = (code: number): boolean => code === LF || code === CR || code === NEL || code === LS || code === PS;
const isBlank = (code: number): boolean => code === SPACE || code === TAB;
const isBlankOrEnd = (code: number): boolean => code === NUL || isBlank(code) || isBreak(code);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isAlpha = (char: string): boolean => /[0-9A-Za-z_-]/.test(char);

/** Indicators a plain scalar cannot begin with. */
const INDICATORS = new Set([...'-?:,[]{}#&*!|>\'"%@`'].map((char) => char.charCodeAt(0)));
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '/': '/',
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export class Scanner {
  private at = 0;
  private line = 0;
  private column = 0;
  private tokens: Token[] = [];
  private head = 0;
  /** Tokens handed out. */
  private parsed = 0;
  private hasStarted = false;
  private hasEnded = false;
  private flowLevel = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  private isSimpleKeyAllowed = false;
  private readonly simpleKeys: SimpleKey[] = [];
  /** Which of them a token may be: upstream loses sight of a flow collection that is a key when it ends, and so do we. */
  private readonly keyByToken = new Map<number, SimpleKey>();

  constructor(private readonly text: string) {}

  /** The next token, left where it is. */
  peek(): Token {
    if (this.head >= this.tokens.length || this.simpleKeys.length > 0) this.fetchMore();
    return this.tokens[this.head] as Token;
  }
  skip(): void {
    this.head++;
    this.parsed++;
    if (this.head > 1000) {
      this.tokens = this.tokens.slice(this.head);
      this.head = 0;
    }
  }

  private fail(message: string, contextLine = this.line): YamlError {
    return new YamlError(message, this.line, contextLine, true);
  }

  // --- characters

  private code(ahead = 0): number {
    const at = this.at + ahead;
    return at < this.text.length ? this.text.charCodeAt(at) : NUL;
  }
  private forward(count = 1): void {
    this.at += count;
    this.column += count;
  }
  /** The line break here, as it counts in a scalar: `\n`, or the Unicode separators as they are. */
  private readBreak(): string {
    const code = this.code();
    this.at += code === CR && this.code(1) === LF ? 2 : 1;
    this.column = 0;
    this.line++;
    return code === LS ? '\u2028' : code === PS ? '\u2029' : '\n';
  }
  private isDocumentIndicator(): boolean {
    if (this.column !== 0) return false;
    const code = this.code();
    return (code === 45 || code === 46) && this.code(1) === code && this.code(2) === code && isBlankOrEnd(this.code(3));
  }

  // --- tokens

  private push(type: TokenType, more: Partial<Token> = {}, line = this.line): void {
    this.tokens.push({ type, line, value: '', handle: '', isPlain: false, ...more });
  }
  private insert(number: number, type: TokenType, line: number): void {
    this.tokens.splice(this.head + number - this.parsed, 0, { type, line, value: '', handle: '', isPlain: false });
  }

  private fetchMore(): void {
    for (;;) {
      // A key that may begin at the head has to be seen through to its colon first.
      const key = this.head < this.tokens.length ? this.keyByToken.get(this.parsed) : undefined;
      if (this.head < this.tokens.length && (key === undefined || !this.isValid(key))) return;
      this.fetch();
    }
  }

  private fetch(): void {
    if (!this.hasStarted) {
      this.hasStarted = true;
      this.simpleKeys.push(noKey());
      this.isSimpleKeyAllowed = true;
      this.push('streamStart');
      return;
    }
    this.toNextToken();
    this.unroll(this.column);
    const code = this.code();
    if (this.at >= this.text.length) this.fetchStreamEnd();
    else if (this.column === 0 && code === 37) this.fetchDirective();
    else if (this.isDocumentIndicator()) this.fetchDocumentIndicator(code === 45 ? 'documentStart' : 'documentEnd');
    else if (!this.fetchIndicated(code)) this.fetchPlain(code);
  }

  /** What its first character announces; false: nothing does. */
  private fetchIndicated(code: number): boolean {
    const isApart = isBlankOrEnd(this.code(1));
    if (code === 91) this.fetchFlowStart('flowSequenceStart');
    else if (code === 123) this.fetchFlowStart('flowMappingStart');
    else if (code === 93) this.fetchFlowEnd('flowSequenceEnd');
    else if (code === 125) this.fetchFlowEnd('flowMappingEnd');
    else if (code === 44) this.fetchFlowEntry();
    else if (code === 45 && isApart) this.fetchBlockEntry();
    else if (code === 63 && (this.flowLevel > 0 || isApart)) this.fetchKey();
    else if (code === 58 && (this.flowLevel > 0 || isApart)) this.fetchValue();
    else if (code === 42) this.fetchAnchor('alias');
    else if (code === 38) this.fetchAnchor('anchor');
    else if (code === 33) this.fetchTag();
    else if ((code === 124 || code === 62) && this.flowLevel === 0) this.fetchBlockScalar(code === 124);
    else if (code === 39 || code === 34) this.fetchQuoted(code);
    else return false;
    return true;
  }

  private fetchPlain(code: number): void {
    const next = this.code(1);
    const isAllowed =
      !(isBlankOrEnd(code) || INDICATORS.has(code)) ||
      (code === 45 && !isBlank(next)) ||
      (this.flowLevel === 0 && (code === 63 || code === 58) && !isBlankOrEnd(next));
    if (!isAllowed) throw this.fail('found character that cannot start any token');
    this.saveSimpleKey();
    this.isSimpleKeyAllowed = false;
    this.scanPlain();
  }

  /** Past blanks, comments and line breaks. Tabs are no blanks where a key may begin. */
  private toNextToken(): void {
    for (;;) {
      if (this.column === 0 && this.code() === BOM) this.forward();
      for (let code = this.code(); code === SPACE || ((this.flowLevel > 0 || !this.isSimpleKeyAllowed) && code === TAB); code = this.code()) this.forward();
      if (this.code() === 35) this.toLineEnd();
      if (this.at >= this.text.length || !isBreak(this.code())) return;
      this.readBreak();
      if (this.flowLevel === 0) this.isSimpleKeyAllowed = true;
    }
  }
  private toLineEnd(): void {
    while (this.at < this.text.length && !isBreak(this.code())) this.forward();
  }

  // --- simple keys and indentation

  private isValid(key: SimpleKey): boolean {
    if (!key.isPossible) return false;
    if (key.line >= this.line && key.at + SIMPLE_KEY_LENGTH >= this.at) return true;
    if (key.isRequired) throw this.fail("could not find expected ':'", key.line);
    key.isPossible = false;
    return false;
  }
  private saveSimpleKey(): void {
    if (!this.isSimpleKeyAllowed) return;
    const isRequired = this.flowLevel === 0 && this.indent === this.column;
    const { at, line, column } = this;
    this.removeSimpleKey();
    const token = this.parsed + this.tokens.length - this.head;
    const key = { isPossible: true, isRequired, token, at, line, column };
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    this.keyByToken.set(token, key);
  }
  private removeSimpleKey(): void {
    const key = this.simpleKeys.at(-1) as SimpleKey;
    if (key.isPossible && key.isRequired) throw this.fail("could not find expected ':'", key.line);
    if (key.isPossible) this.keyByToken.delete(key.token);
    key.isPossible = false;
  }
  /** `number`: before which token the collection begins; undefined: here. */
  private roll(column: number, type: TokenType, line: number, number?: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > MAX_DEPTH) throw this.fail(`exceeded max depth of ${MAX_DEPTH}`);
    if (number === undefined) this.push(type, {}, line);
    else this.insert(number, type, line);
  }
  private unroll(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push('blockEnd');
      this.indent = this.indents.pop() as number;
    }
  }

  // --- one method for each kind of token

  private fetchStreamEnd(): void {
    if (this.hasEnded) {
      this.push('streamEnd');
      return;
    }
    this.hasEnded = true;
    if (this.column !== 0) {
      this.column = 0;
      this.line++;
    }
    this.unroll(-1);
    this.removeSimpleKey();
    this.isSimpleKeyAllowed = false;
    this.push('streamEnd');
  }
  private fetchDocumentIndicator(type: TokenType): void {
    this.unroll(-1);
    this.removeSimpleKey();
    this.isSimpleKeyAllowed = false;
    this.push(type);
    this.forward(3);
  }
  private fetchFlowStart(type: TokenType): void {
    this.saveSimpleKey();
    this.simpleKeys.push({ ...noKey(), token: this.parsed + this.tokens.length - this.head });
    this.flowLevel++;
    if (this.flowLevel > MAX_DEPTH) throw this.fail(`exceeded max depth of ${MAX_DEPTH}`);
    this.isSimpleKeyAllowed = true;
    this.push(type);
    this.forward();
  }
  private fetchFlowEnd(type: TokenType): void {
    this.removeSimpleKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      this.keyByToken.delete((this.simpleKeys.pop() as SimpleKey).token);
    }
    this.isSimpleKeyAllowed = false;
    this.push(type);
    this.forward();
  }
  private fetchFlowEntry(): void {
    this.removeSimpleKey();
    this.isSimpleKeyAllowed = true;
    this.push('flowEntry');
    this.forward();
  }
  private fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.isSimpleKeyAllowed) throw this.fail('block sequence entries are not allowed in this context');
      this.roll(this.column, 'blockSequenceStart', this.line);
    }
    this.removeSimpleKey();
    this.isSimpleKeyAllowed = true;
    this.push('blockEntry');
    this.forward();
  }
  private fetchKey(): void {
    if (this.flowLevel === 0) {
      if (!this.isSimpleKeyAllowed) throw this.fail('mapping keys are not allowed in this context');
      this.roll(this.column, 'blockMappingStart', this.line);
    }
    this.removeSimpleKey();
    this.isSimpleKeyAllowed = this.flowLevel === 0;
    this.push('key');
    this.forward();
  }
  private fetchValue(): void {
    const key = this.simpleKeys.at(-1) as SimpleKey;
    if (this.isValid(key)) {
      this.insert(key.token, 'key', key.line);
      this.roll(key.column, 'blockMappingStart', key.line, key.token);
      key.isPossible = false;
      this.keyByToken.delete(key.token);
      this.isSimpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.isSimpleKeyAllowed) throw this.fail('mapping values are not allowed in this context');
        this.roll(this.column, 'blockMappingStart', this.line);
      }
      this.isSimpleKeyAllowed = this.flowLevel === 0;
    }
    this.push('value');
    this.forward();
  }
  private fetchAnchor(type: 'alias' | 'anchor'): void {
    this.saveSimpleKey();
    this.isSimpleKeyAllowed = false;
    const { line } = this;
    this.forward();
    const from = this.at;
    while (isAlpha(this.text[this.at] ?? '')) this.forward();
    const after = this.code();
    if (this.at === from || !(isBlankOrEnd(after) || '?:,]}%@`'.includes(String.fromCharCode(after))))
      throw this.fail('did not find expected alphabetic or numeric character', line);
    this.push(type, { value: this.text.slice(from, this.at) }, line);
  }

  private fetchDirective(): void {
    this.unroll(-1);
    this.removeSimpleKey();
    this.isSimpleKeyAllowed = false;
    const { line } = this;
    this.forward();
    const name = this.word();
    if (name === '') throw this.fail('could not find expected directive name', line);
    if (!isBlankOrEnd(this.code())) throw this.fail('found unexpected non-alphabetical character', line);
    this.skipBlanks();
    if (name === 'YAML') {
      const version = /^\d+\.\d+/.exec(this.text.slice(this.at, this.at + 20))?.[0];
      if (version === undefined) throw this.fail('did not find expected version number', line);
      this.forward(version.length);
      this.push('versionDirective', { value: version }, line);
    } else if (name === 'TAG') {
      const handle = this.tagHandle(true, line);
      if (!isBlank(this.code())) throw this.fail('did not find expected whitespace', line);
      this.skipBlanks();
      const value = this.tagUri('', line);
      if (!isBlankOrEnd(this.code())) throw this.fail('did not find expected whitespace or line break', line);
      this.push('tagDirective', { handle, value }, line);
    } else throw this.fail('found unknown directive name', line);
    this.skipBlanks();
    if (this.code() === 35) this.toLineEnd();
    if (this.at < this.text.length && !isBreak(this.code())) throw this.fail('did not find expected comment or line break', line);
    if (this.at < this.text.length) this.readBreak();
  }
  private word(): string {
    const from = this.at;
    while (isAlpha(this.text[this.at] ?? '')) this.forward();
    return this.text.slice(from, this.at);
  }
  private skipBlanks(): void {
    while (isBlank(this.code())) this.forward();
  }

  private fetchTag(): void {
    this.saveSimpleKey();
    this.isSimpleKeyAllowed = false;
    const { line } = this;
    let handle = '';
    let value: string;
    if (this.code(1) === 60) {
      this.forward(2);
      value = this.tagUri('', line);
      if (this.code() !== 62) throw this.fail("did not find the expected '>'", line);
      this.forward();
    } else {
      handle = this.tagHandle(false, line);
      if (handle.length > 1 && handle.endsWith('!')) value = this.tagUri('', line);
      else {
        value = this.tagUri(handle, line);
        handle = '!';
        // `!` alone has no handle.
        if (value === '') [handle, value] = ['', '!'];
      }
    }
    if (!isBlankOrEnd(this.code()) && !(this.flowLevel > 0 && this.code() === 44)) throw this.fail('did not find expected whitespace or line break', line);
    this.push('tag', { handle, value }, line);
  }
  private tagHandle(isDirective: boolean, line: number): string {
    if (this.code() !== 33) throw this.fail("did not find expected '!'", line);
    const from = this.at;
    this.forward();
    this.word();
    if (this.code() === 33) this.forward();
    else if (isDirective && this.text.slice(from, this.at) !== '!') throw this.fail("did not find expected '!'", line);
    return this.text.slice(from, this.at);
  }
  /** `head`: what was taken for a handle and is part of the suffix. */
  private tagUri(head: string, line: number): string {
    let uri = head.slice(1);
    const hasHead = head.length > 1;
    while (/[0-9A-Za-z_;/?:@&=+$,.!~*'()[\]%-]/.test(this.text[this.at] ?? '')) {
      if (this.code() === 37) {
        const hex = /^(%[\da-fA-F]{2})+/.exec(this.text.slice(this.at, this.at + 12))?.[0];
        if (hex === undefined) throw this.fail('did not find URI escaped octet', line);
        uri += decodeURIComponent(hex);
        this.forward(hex.length);
      } else {
        uri += this.text[this.at];
        this.forward();
      }
    }
    if (uri === '' && !hasHead && head === '') throw this.fail('did not find expected tag URI', line);
    return uri;
  }

  private fetchBlockScalar(isLiteral: boolean): void {
    this.removeSimpleKey();
    this.isSimpleKeyAllowed = true;
    const { line } = this;
    this.forward();
    let chomping = '';
    let increment = 0;
    for (let i = 0; i < 2; i++) {
      const code = this.code();
      if (chomping === '' && (code === 43 || code === 45)) chomping = String.fromCharCode(code);
      else if (increment === 0 && isDigit(code)) {
        if (code === 48) throw this.fail('found an indentation indicator equal to 0', line);
        increment = code - 48;
      } else break;
      this.forward();
    }
    this.skipBlanks();
    if (this.code() === 35) this.toLineEnd();
    if (this.at < this.text.length) {
      if (!isBreak(this.code())) throw this.fail('did not find expected comment or line break', line);
      this.readBreak();
    }
    let indent = increment === 0 ? 0 : Math.max(this.indent, 0) + increment;
    const parts: string[] = [];
    let leadingBreak = '';
    let { breaks, found } = this.blockBreaks(indent, line);
    indent = found;
    let hadLeadingBlank = false;
    while (this.column === indent && this.at < this.text.length) {
      const startsBlank = isBlank(this.code());
      // Folding joins two lines that both begin with text.
      if (!isLiteral && leadingBreak === '\n' && !hadLeadingBlank && !startsBlank) parts.push(breaks === '' ? ' ' : '');
      else parts.push(leadingBreak);
      parts.push(breaks);
      hadLeadingBlank = startsBlank;
      const from = this.at;
      this.toLineEnd();
      parts.push(this.text.slice(from, this.at));
      leadingBreak = this.at < this.text.length ? this.readBreak() : '';
      ({ breaks } = this.blockBreaks(indent, line));
    }
    if (chomping !== '-') parts.push(leadingBreak);
    if (chomping === '+') parts.push(breaks);
    this.push('scalar', { value: parts.join(''), isFolded: !isLiteral }, line);
  }

  /** Empty lines, and with `indent` 0 the indentation of what follows. */
  private blockBreaks(indent: number, contextLine: number): { breaks: string; found: number } {
    let breaks = '';
    let widest = 0;
    for (;;) {
      while ((indent === 0 || this.column < indent) && this.code() === SPACE) this.forward();
      widest = Math.max(widest, this.column);
      if ((indent === 0 || this.column < indent) && this.code() === TAB)
        throw this.fail('found a tab character where an indentation space is expected', contextLine);
      if (this.at >= this.text.length || !isBreak(this.code())) break;
      breaks += this.readBreak();
    }
    return { breaks, found: indent === 0 ? Math.max(widest, this.indent + 1, 1) : indent };
  }

  private fetchQuoted(quote: number): void {
    this.saveSimpleKey();
    this.isSimpleKeyAllowed = false;
    const { line } = this;
    this.forward();
    const parts: string[] = [];
    for (;;) {
      if (this.isDocumentIndicator()) throw this.fail('found unexpected document indicator', line);
      if (this.at >= this.text.length) throw this.fail('found unexpected end of stream', line);
      let isEscapedBreak = false;
      let from = this.at;
      const flush = () => {
        if (this.at > from) parts.push(this.text.slice(from, this.at));
      };
      for (let code = this.code(); !isBlankOrEnd(code); code = this.code()) {
        if (code === quote) {
          if (quote === 34 || this.code(1) !== 39) break;
          flush();
          parts.push("'");
          this.forward(2);
          from = this.at;
        } else if (code === 92 && quote === 34) {
          flush();
          if (isBreak(this.code(1))) {
            this.forward();
            this.readBreak();
            isEscapedBreak = true;
            from = this.at;
            break;
          }
          parts.push(this.escape(line));
          from = this.at;
        } else this.forward();
      }
      flush();
      if (this.code() === quote) break;
      parts.push(this.foldedBlanks(isEscapedBreak));
    }
    this.forward();
    this.push('scalar', { value: parts.join('') }, line);
  }

  private escape(contextLine: number): string {
    const char = this.text[this.at + 1] ?? '';
    const simple = ESCAPES[char];
    if (simple !== undefined) {
      this.forward(2);
      return simple;
    }
    const length = HEX_LENGTH[char];
    if (length === undefined) throw this.fail('found unknown escape character', contextLine);
    this.forward(2);
    const hex = this.text.slice(this.at, this.at + length);
    if (!new RegExp(`^[\\da-fA-F]{${length}}$`).test(hex)) throw this.fail('did not find expected hexdecimal number', contextLine);
    const code = Number.parseInt(hex, 16);
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) throw this.fail('found invalid Unicode character escape code', contextLine);
    this.forward(length);
    return String.fromCodePoint(code);
  }

  /** Blanks and breaks within quotes: on one line as they are, else folded. */
  private foldedBlanks(isAfterBreak: boolean): string {
    let hasBreak = isAfterBreak;
    let first = '';
    let others = '';
    const from = this.at;
    let blanks = '';
    for (let code = this.code(); this.at < this.text.length && (isBlank(code) || isBreak(code)); code = this.code()) {
      if (isBlank(code)) {
        this.forward();
        if (!hasBreak) blanks = this.text.slice(from, this.at);
      } else if (hasBreak) others += this.readBreak();
      else {
        first = this.readBreak();
        hasBreak = true;
      }
    }
    if (!hasBreak) return blanks;
    return first === '\n' ? others || ' ' : first + others;
  }

  private scanPlain(): void {
    const { line } = this;
    const indent = this.indent + 1;
    const parts: string[] = [];
    let blanks = '';
    let hasBreak = false;
    let first = '';
    let others = '';
    for (;;) {
      if (this.isDocumentIndicator() || this.code() === 35) break;
      const from = this.at;
      for (let code = this.code(); !isBlankOrEnd(code); code = this.code()) {
        if (code === 58 && isBlankOrEnd(this.code(1))) break;
        if (this.flowLevel > 0 && (code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125)) break;
        this.forward();
      }
      if (this.at > from) {
        if (hasBreak) parts.push(first === '\n' ? others || ' ' : first + others);
        else if (blanks !== '') parts.push(blanks);
        [hasBreak, first, others, blanks] = [false, '', '', ''];
        parts.push(this.text.slice(from, this.at));
      }
      if (this.at >= this.text.length || !(isBlank(this.code()) || isBreak(this.code()))) break;
      const blanksFrom = this.at;
      for (let code = this.code(); this.at < this.text.length && (isBlank(code) || isBreak(code)); code = this.code()) {
        if (isBlank(code)) {
          if (hasBreak && this.column < indent && code === TAB) throw this.fail('found a tab character that violates indentation', line);
          this.forward();
          if (!hasBreak) blanks = this.text.slice(blanksFrom, this.at);
        } else if (hasBreak) others += this.readBreak();
        else {
          blanks = '';
          first = this.readBreak();
          hasBreak = true;
        }
      }
      if (this.flowLevel === 0 && this.column < indent) break;
    }
    this.push('scalar', { value: parts.join(''), isPlain: true }, line);
    if (hasBreak) this.isSimpleKeyAllowed = true;
  }
}

const noKey = (): SimpleKey => ({ isPossible: false, isRequired: false, token: 0, at: 0, line: 0, column: 0 });
