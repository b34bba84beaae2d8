/** jq's filters as a tree (jq 1.7's grammar, without modules and alternative patterns). */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Filter =
  | { readonly f: 'identity' | 'recurse' }
  | { readonly f: 'value'; readonly value: Json }
  /** `of.name`, `of[at]`; `at` is worked out over what came in. */
  | { readonly f: 'index'; readonly of: Filter; readonly at: Filter }
  | { readonly f: 'each'; readonly of: Filter }
  | { readonly f: 'slice'; readonly of: Filter; readonly from?: Filter; readonly to?: Filter }
  | { readonly f: 'try'; readonly of: Filter; readonly otherwise?: Filter }
  | { readonly f: 'pipe' | 'comma'; readonly left: Filter; readonly right: Filter }
  | { readonly f: 'binary'; readonly operator: string; readonly left: Filter; readonly right: Filter }
  | { readonly f: 'minus'; readonly of: Filter }
  | { readonly f: 'array'; readonly of?: Filter }
  | { readonly f: 'object'; readonly pairs: readonly (readonly [Filter, Filter])[] }
  | { readonly f: 'text'; readonly parts: readonly (string | Filter)[]; readonly format?: string }
  | { readonly f: 'if'; readonly test: Filter; readonly yes: Filter; readonly no: Filter }
  | { readonly f: 'call'; readonly name: string; readonly args: readonly Filter[] }
  | { readonly f: 'variable'; readonly name: string }
  | { readonly f: 'as'; readonly of: Filter; readonly pattern: Pattern; readonly body: Filter }
  | { readonly f: 'reduce'; readonly of: Filter; readonly pattern: Pattern; readonly first: Filter; readonly update: Filter }
  | { readonly f: 'foreach'; readonly of: Filter; readonly pattern: Pattern; readonly first: Filter; readonly update: Filter; readonly extract?: Filter }
  /** A parameter with `$` is a value, the others are filters. */
  | { readonly f: 'def'; readonly name: string; readonly params: readonly string[]; readonly body: Filter; readonly rest: Filter }
  | { readonly f: 'label'; readonly name: string; readonly body: Filter }
  | { readonly f: 'break'; readonly name: string };

/** What a value is taken apart into: a name, or what is in an array or below keys (a key may name its value too). */
export type Pattern =
  | string
  | { readonly items: readonly Pattern[] }
  | { readonly members: readonly (readonly [key: Filter, own: string | undefined, pattern: Pattern | undefined])[] };

export class JqSyntaxError extends Error {}

const OPERATORS: readonly (readonly string[])[] = [
  ['//'],
  ['=', '|=', '+=', '-=', '*=', '/=', '//='],
  ['or'],
  ['and'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const TOKEN =
  /\s+|#[^\n]*|(\.\.|\/\/=|\|=|\+=|-=|\*=|\/=|==|!=|<=|>=|\/\/|\?\/\/|@\w+|\$\w+|\.[A-Za-z_]\w*|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|"|[.[\](){}|,:;=<>+\-*/%?])/;

export function parseFilter(source: string): Filter {
  const parser = new Parser(source);
  if (parser.peek() === '') return { f: 'identity' };
  const filter = parser.pipe();
  if (parser.peek() !== '') throw parser.wrong();
  return filter;
}

class Parser {
  private readonly token = new RegExp(TOKEN.source, 'y');
  private at = 0;
  private next: { readonly text: string; readonly end: number } | undefined;
  constructor(private readonly source: string) {}

  peek(): string {
    while (this.next === undefined) {
      if (this.at >= this.source.length) return '';
      this.token.lastIndex = this.at;
      const match = this.token.exec(this.source);
      if (match === null) throw this.wrong();
      if (match[1] === undefined) this.at = this.token.lastIndex;
      else this.next = { text: match[1], end: this.token.lastIndex };
    }
    return this.next.text;
  }
  private take(): string {
    const text = this.peek();
    this.at = this.next?.end ?? this.at;
    this.next = undefined;
    return text;
  }
  private accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.take();
    return true;
  }
  private expect(text: string): void {
    if (!this.accept(text)) throw this.wrong();
  }
  wrong(): JqSyntaxError {
    const text = this.next?.text ?? '';
    return new JqSyntaxError(
      text === ''
        ? 'syntax error, unexpected end of file'
        : `syntax error, unexpected ${/^[A-Za-z_$]/.test(text) ? 'IDENT' : /^\d/.test(text) ? 'LITERAL' : `'${text}'`}`,
    );
  }

  pipe(): Filter {
    if (this.accept('def')) return this.definition();
    if (this.accept('label')) {
      const name = this.take();
      this.expect('|');
      return { f: 'label', name, body: this.pipe() };
    }
    const left = this.comma();
    if (this.accept('as')) {
      const pattern = this.pattern();
      this.expect('|');
      return { f: 'as', of: left, pattern, body: this.pipe() };
    }
    return this.piped(left);
  }
  private piped(left: Filter): Filter {
    return this.accept('|') ? { f: 'pipe', left, right: this.pipe() } : left;
  }
  private definition(): Filter {
    const name = this.take();
    const params: string[] = [];
    if (this.accept('(')) {
      do params.push(this.take());
      while (this.accept(';'));
      this.expect(')');
    }
    this.expect(':');
    const body = this.pipe();
    this.expect(';');
    // A program may be nothing but definitions.
    const rest: Filter = this.peek() === '' ? { f: 'identity' } : this.pipe();
    return { f: 'def', name, params, body, rest };
  }
  private fold(f: 'reduce' | 'foreach'): Filter {
    const of = this.postfix();
    this.expect('as');
    const pattern = this.pattern();
    this.expect('(');
    const first = this.pipe();
    this.expect(';');
    const update = this.pipe();
    const extract = f === 'foreach' && this.accept(';') ? this.pipe() : undefined;
    this.expect(')');
    return f === 'reduce' ? { f, of, pattern, first, update } : { f, of, pattern, first, update, ...(extract === undefined ? {} : { extract }) };
  }
  private pattern(): Pattern {
    if (this.accept('[')) {
      const items: Pattern[] = [];
      do items.push(this.pattern());
      while (this.accept(','));
      this.expect(']');
      return { items };
    }
    if (!this.accept('{')) {
      if (!this.peek().startsWith('$')) throw this.wrong();
      return this.take();
    }
    const members: (readonly [Filter, string | undefined, Pattern | undefined])[] = [];
    do {
      const text = this.peek();
      let key: Filter;
      if (text === '"') key = this.text();
      else if (this.accept('(')) {
        key = this.pipe();
        this.expect(')');
      } else key = { f: 'value', value: this.take().replace(/^\$/, '') };
      const own = text.startsWith('$') ? text : undefined;
      members.push([key, own, this.accept(':') ? this.pattern() : undefined]);
    } while (this.accept(','));
    this.expect('}');
    return { members };
  }
  private comma(): Filter {
    let left = this.binary(0);
    while (this.accept(',')) left = { f: 'comma', left, right: this.binary(0) };
    return left;
  }
  private binary(level: number): Filter {
    const signs = OPERATORS[level];
    if (signs === undefined) return this.postfix();
    let left = this.binary(level + 1);
    while (signs.includes(this.peek())) left = { f: 'binary', operator: this.take(), left, right: this.binary(level === 0 ? 0 : level + 1) };
    return left;
  }

  private postfix(): Filter {
    let of = this.term();
    for (;;) {
      const text = this.peek();
      if (/^\.[A-Za-z_]/.test(text)) of = { f: 'index', of, at: { f: 'value', value: this.take().slice(1) } };
      else if (text === '.' && /^\.\s*["[]/.test(this.source.slice(this.at))) {
        this.take();
        if (this.peek() === '"') of = { f: 'index', of, at: this.text() };
      } else if (text === '[') of = this.bracket(of);
      else if (this.accept('?')) of = { f: 'try', of };
      else return of;
    }
  }
  private bracket(of: Filter): Filter {
    this.expect('[');
    if (this.accept(']')) return { f: 'each', of };
    const from = this.peek() === ':' ? undefined : this.pipe();
    if (!this.accept(':')) {
      this.expect(']');
      return { f: 'index', of, at: from as Filter };
    }
    const to = this.peek() === ']' ? undefined : this.pipe();
    this.expect(']');
    return { f: 'slice', of, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }

  private term(): Filter {
    const text = this.peek();
    if (text === '"') return this.text();
    if (text === '[') {
      this.take();
      if (this.accept(']')) return { f: 'array' };
      const of = this.pipe();
      this.expect(']');
      return { f: 'array', of };
    }
    if (text === '.') {
      this.take();
      if (this.peek() === '"') return { f: 'index', of: { f: 'identity' }, at: this.text() };
      return { f: 'identity' };
    }
    this.take();
    if (text === '..') return { f: 'recurse' };
    if (/^\.[A-Za-z_]/.test(text)) return { f: 'index', of: { f: 'identity' }, at: { f: 'value', value: text.slice(1) } };
    if (/^\d/.test(text)) return { f: 'value', value: Number(text) };
    if (text === '-') return { f: 'minus', of: this.postfix() };
    if (text === '(') {
      const inner = this.pipe();
      this.expect(')');
      return inner;
    }
    if (text === '{') return this.object();
    if (text.startsWith('$')) return { f: 'variable', name: text };
    if (text.startsWith('@'))
      return this.peek() === '"' ? { ...(this.text() as Extract<Filter, { f: 'text' }>), format: text } : { f: 'call', name: text, args: [] };
    if (text === 'if') return this.condition();
    if (text === 'reduce' || text === 'foreach') return this.fold(text);
    if (text === 'break') return { f: 'break', name: this.take() };
    if (text === 'try') {
      const of = this.postfix();
      return this.accept('catch') ? { f: 'try', of, otherwise: this.postfix() } : { f: 'try', of };
    }
    if (!/^[A-Za-z_]/.test(text) || /^(then|else|elif|end|as|def|and|or|label)$/.test(text)) {
      this.next = { text, end: this.at };
      throw this.wrong();
    }
    if (text === 'null' || text === 'true' || text === 'false') return { f: 'value', value: text === 'null' ? null : text === 'true' };
    const args: Filter[] = [];
    if (this.accept('(')) {
      do args.push(this.pipe());
      while (this.accept(';'));
      this.expect(')');
    }
    return { f: 'call', name: text, args };
  }
  private condition(): Filter {
    const test = this.pipe();
    this.expect('then');
    const yes = this.pipe();
    if (this.accept('elif')) return { f: 'if', test, yes, no: this.condition() };
    const no: Filter = this.accept('else') ? this.pipe() : { f: 'identity' };
    this.expect('end');
    return { f: 'if', test, yes, no };
  }
  private object(): Filter {
    const pairs: (readonly [Filter, Filter])[] = [];
    while (!this.accept('}')) {
      const text = this.peek();
      let key: Filter;
      let own: Filter | undefined;
      if (text === '"') {
        key = this.text();
        own = { f: 'index', of: { f: 'identity' }, at: key };
      } else if (this.accept('(')) {
        key = this.pipe();
        this.expect(')');
      } else {
        this.take();
        key = { f: 'value', value: text.replace(/^\$/, '') };
        own = text.startsWith('$') ? { f: 'variable', name: text } : { f: 'index', of: { f: 'identity' }, at: key };
      }
      if (this.accept(':')) {
        let value = this.binary(1);
        while (this.accept('|')) value = { f: 'pipe', left: value, right: this.binary(1) };
        pairs.push([key, value]);
      } else if (own === undefined) throw this.wrong();
      else pairs.push([key, own]);
      if (this.peek() !== '}') this.expect(',');
    }
    return { f: 'object', pairs };
  }

  /** A string, its `\(…)` worked out when it is used. */
  private text(): Filter {
    this.take();
    const parts: (string | Filter)[] = [];
    let text = '';
    for (;;) {
      const char = this.source[this.at];
      if (char === undefined) throw new JqSyntaxError('syntax error, unexpected end of file');
      this.at += 1;
      if (char === '"') break;
      if (char !== '\\') {
        text += char;
        continue;
      }
      const letter = this.source[this.at++] ?? '';
      if (letter === '(') {
        if (text !== '') parts.push(text);
        text = '';
        parts.push(this.pipe());
        this.expect(')');
      } else if (letter === 'u') {
        text += String.fromCharCode(Number.parseInt(this.source.slice(this.at, this.at + 4), 16));
        this.at += 4;
      } else text += { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[letter] ?? letter;
    }
    if (parts.length === 0) return { f: 'value', value: text };
    if (text !== '') parts.push(text);
    return { f: 'text', parts };
  }
}
