/** Expressions of python, perl and node, as far as one-liners go: one parser, with each language's words and precedences. */
import { type Expression, NotSimulated, type Parameter, type Statement, type Value } from './values.js';

export type Language = 'python' | 'perl' | 'node';

export interface Token {
  readonly t: 'number' | 'string' | 'name' | 'op' | 'text' | 'match' | 'end';
  readonly text: string;
  /** Of a string with variables in it. */
  readonly parts?: readonly Expression[];
  readonly flags?: string;
  readonly replacement?: string;
  /** A line's end came before it. */
  readonly afterLine: boolean;
  readonly pos: number;
}

const OPERATORS =
  '=== !== **= //= >>> <=> ... => ++ -- ** // == != <= >= && || ?? += -= *= /= %= .= =~ !~ -> .. :: << >> + - * / % < > = ! ~ & | ^ ? : ; , . ( ) [ ] { } @ \\'.split(
    ' ',
  );
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v', '\n': '' };

export function tokenize(source: string, language: Language): Token[] {
  const out: Token[] = [];
  let at = 0;
  let afterLine = false;
  const push = (token: Omit<Token, 'afterLine' | 'pos'>, pos: number): void => {
    out.push({ ...token, afterLine, pos });
    afterLine = false;
  };
  /** Whether an operand may stand here: then `/` begins a pattern. */
  const wantsOperand = (): boolean => {
    const last = out.at(-1);
    return (
      last === undefined ||
      (last.t === 'op' && !')]}'.includes(last.text)) ||
      (last.t === 'name' && /^(if|unless|and|or|not|split|grep|while|return|print)$/.test(last.text))
    );
  };
  const delimited = (open: string): string => {
    const close = { '{': '}', '(': ')', '[': ']', '<': '>' }[open] ?? open;
    let text = '';
    let depth = 1;
    for (; at < source.length; at += 1) {
      const char = source[at] as string;
      if (char === '\\') text += char + (source[++at] ?? '');
      else if (char === close && --depth === 0) {
        at += 1;
        return text;
      } else {
        if (char === open) depth += 1;
        text += char;
      }
    }
    throw new NotSimulated('a string without an end');
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const blank = /^(?:\s|\\\n)+/.exec(rest)?.[0];
    if (blank !== undefined) {
      if (blank.includes('\n')) afterLine = true;
      at += blank.length;
      continue;
    }
    const comment = (language === 'node' ? /^(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/ : /^#[^\n]*/).exec(rest)?.[0];
    if (comment !== undefined) {
      at += comment.length;
      continue;
    }
    const pos = at;
    const quote = (language === 'python' ? /^([fFrRbBuU]{0,2})("""|'''|"|')/ : language === 'node' ? /^()(["'`])/ : /^()(["'])/).exec(rest);
    if (quote !== null) {
      at += quote[0].length;
      const [, prefix = '', mark = ''] = quote;
      let body: string;
      if (mark.length === 3) {
        const end = source.indexOf(mark, at);
        if (end < 0) throw new NotSimulated('a string without an end');
        body = source.slice(at, end);
        at = end + 3;
      } else body = delimited(mark);
      push(
        stringToken(
          body,
          language,
          /f/i.test(prefix) || (language === 'node' && mark === '`') || (language === 'perl' && mark === '"'),
          /r/i.test(prefix) || (language === 'perl' && mark === "'"),
        ),
        pos,
      );
      continue;
    }
    const generic = language === 'perl' ? /^(qq|q|qw|m|s|tr|y)(?=[^\w\s,;=)])/.exec(rest) : null;
    if (generic !== null && !(out.at(-1)?.text === '->' || out.at(-1)?.text === '{')) {
      at += generic[0].length;
      const open = source[at++] as string;
      const first = delimited(open);
      if (generic[1] === 'q' || generic[1] === 'qq') push(stringToken(first, language, generic[1] === 'qq', generic[1] === 'q'), pos);
      else if (generic[1] === 'm' || generic[1] === 's') {
        let replacement: string | undefined;
        if (generic[1] === 's') {
          if ('{(['.includes(open)) at = source.indexOf(open, at) + 1;
          replacement = delimited(open);
        }
        const flags = /^[a-z]*/.exec(source.slice(at))?.[0] ?? '';
        at += flags.length;
        push({ t: 'match', text: first, flags, ...(replacement === undefined ? {} : { replacement }) }, pos);
      } else throw new NotSimulated(`${generic[1]}${open}…`);
      continue;
    }
    if (language === 'perl' && rest[0] === '/' && wantsOperand()) {
      at += 1;
      const pattern = delimited('/');
      const flags = /^[a-z]*/.exec(source.slice(at))?.[0] ?? '';
      at += flags.length;
      push({ t: 'match', text: pattern, flags }, pos);
      continue;
    }
    const number = /^(?:0x[\da-f]+|\d[\d_]*(?:\.(?!\.)\d*)?(?:e[+-]?\d+)?|\.\d+)/i.exec(rest)?.[0];
    const name = (language === 'perl' ? /^(?:[$@%]\w+|\$[$_&!,;|0]|[$@]\{\w+\}|[A-Za-z_][\w:]*)/ : /^[A-Za-z_$][\w$]*/).exec(rest)?.[0];
    const operator = OPERATORS.find((one) => rest.startsWith(one) && !(language === 'node' && one === '//') && !(language !== 'python' && one === '//='));
    const text = number ?? name ?? operator;
    if (text === undefined) throw new NotSimulated(JSON.stringify(rest.slice(0, 10)));
    at += text.length;
    push({ t: number !== undefined ? 'number' : name !== undefined ? 'name' : 'op', text }, pos);
  }
  push({ t: 'end', text: '' }, at);
  return out;
}

/** A string; with variables in it, its pieces. */
function stringToken(
  body: string,
  language: Language,
  interpolates: boolean,
  isRaw: boolean,
): { t: 'string' | 'text'; text: string; parts?: readonly Expression[] } {
  const plain = (text: string): string =>
    isRaw
      ? language === 'perl'
        ? text.replace(/\\([\\'])/g, '$1')
        : text
      : text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|[\s\S])/g, (_, code: string) =>
          code.length > 1 ? String.fromCodePoint(Number.parseInt(code.replace(/[xu{}]/g, ''), 16)) : (ESCAPES[code] ?? code),
        );
  const hole =
    language === 'python' ? /\{\{|\}\}|\{([^{}]+)\}/g : language === 'node' ? /\$\{([^}]*)\}/g : /\\.|([$]\w+(?:\{\w+\}|\[\w+\])?|\$\{\w+\}|\$[$&]|@\w+)/gs;
  if (!interpolates || !hole.test(body)) return { t: 'string', text: plain(body) };
  hole.lastIndex = 0;
  const parts: Expression[] = [];
  const literal = (text: string): void => {
    if (text !== '') parts.push({ k: 'literal', value: plain(text) });
  };
  let from = 0;
  let text = '';
  for (const match of body.matchAll(hole)) {
    text += body.slice(from, match.index);
    from = match.index + match[0].length;
    if (match[1] === undefined) {
      text += match[0] === '{{' ? '{' : match[0] === '}}' ? '}' : match[0];
      continue;
    }
    literal(text);
    text = '';
    const [inner = '', format] = language === 'python' ? (/^(.*?)(?::([^:'"]*))?$/s.exec(match[1].replace(/=$/, '')) ?? []).slice(1) : [match[1]];
    const value = parseExpression(inner.replace(/^\$\{(\w+)\}$/, '$$$1'), language);
    parts.push(format === undefined ? value : { k: 'call', of: { k: 'name', name: 'format' }, args: [value, { k: 'literal', value: format }], named: {} });
  }
  literal(text + body.slice(from));
  return { t: 'text', text: '', parts };
}

function parseExpression(source: string, language: Language): Expression {
  const parser = new ExpressionParser(tokenize(source, language), language);
  const value = parser.expression();
  if (parser.peek().t !== 'end') throw new NotSimulated(parser.peek().text);
  return value;
}

const BINARY: Readonly<Record<Language, readonly (readonly string[])[]>> = {
  python: [
    ['or'],
    ['and'],
    ['in', 'not in', 'is', 'is not', '<', '<=', '>', '>=', '==', '!='],
    ['|'],
    ['^'],
    ['&'],
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/', '//', '%'],
  ],
  node: [['??', '||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!=', '===', '!=='], ['<', '<=', '>', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']],
  perl: [
    ['or'],
    ['and'],
    ['..'],
    ['||', '//'],
    ['&&'],
    ['==', '!=', 'eq', 'ne', '<=>', 'cmp'],
    ['<', '<=', '>', '>=', 'lt', 'gt', 'le', 'ge'],
    ['+', '-', '.'],
    ['*', '/', '%', 'x'],
    ['=~', '!~'],
  ],
};
const ASSIGN: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '%=', '.=', '//=', '**=']);
/** Perl functions that take what follows without parentheses, and how much: a list or one operand. */
const LISTS: ReadonlySet<string> = new Set(['print', 'say', 'printf', 'join', 'die', 'warn', 'push', 'sprintf']);
const NAMED_UNARY: ReadonlySet<string> = new Set([
  'sleep',
  'exit',
  'uc',
  'lc',
  'length',
  'int',
  'sqrt',
  'abs',
  'defined',
  'chomp',
  'bpi',
  'select',
  'hostname',
  'time',
  'reverse',
  'ucfirst',
  'rand',
]);

/** Recursive descent over the tokens; statements are the languages' own affair, and read on from where it stands. */
export class ExpressionParser {
  private at = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly language: Language,
    /** Statements of a function's body, for languages that have such literals. */
    private readonly body?: (parser: ExpressionParser) => readonly Statement[],
  ) {}

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }
  is(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.t === 'op' || token.t === 'name');
  }
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }
  expect(text: string): void {
    if (!this.accept(text)) throw new NotSimulated(this.peek().t === 'end' ? `the end, where ${text} is expected` : this.peek().text);
  }
  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  expression(): Expression {
    const value = this.choice();
    const { text, t } = this.peek();
    if (t !== 'op' || !ASSIGN.has(text)) return value;
    if (value.k !== 'name' && value.k !== 'index' && value.k !== 'member') throw new NotSimulated(text);
    this.at += 1;
    return { k: 'assign', to: value, operator: text, value: this.expression() };
  }

  /** Expressions with commas between them are one list (python's tuples). */
  tuple(): Expression {
    const first = this.expression();
    if (!this.is(',')) return first;
    const items = [first.k === 'assign' ? first.value : first];
    while (this.accept(',') && this.peek().t !== 'end' && !this.is(';')) items.push(this.expression());
    const list: Expression = { k: 'list', items };
    return first.k === 'assign' ? { ...first, value: list } : list;
  }

  /** `a, b = …` stands here: what is assigned to. */
  targets(): readonly Expression[] | undefined {
    let depth = 0;
    let commas = 0;
    for (let ahead = 0; ; ahead += 1) {
      const { t, text } = this.peek(ahead);
      if (t === 'end' || text === ';') return undefined;
      if (t === 'op' && '([{'.includes(text)) depth += 1;
      else if (t === 'op' && ')]}'.includes(text)) depth -= 1;
      else if (t === 'op' && depth === 0 && text === ',') commas += 1;
      else if (t === 'op' && depth === 0 && text === '=') break;
    }
    if (commas === 0) return undefined;
    const out: Expression[] = [];
    do out.push(this.choice());
    while (this.accept(','));
    this.expect('=');
    return out;
  }

  /** `for name in of if test` behind a value. */
  private comprehension(value: Expression, key?: Expression): Expression {
    this.expect('for');
    const names: string[] = [];
    do names.push(this.next().text);
    while (this.accept(','));
    this.expect('in');
    const of = this.binary(0);
    const test = this.accept('if') ? this.binary(0) : undefined;
    if (this.is('for')) throw new NotSimulated('for in for');
    return { k: 'comprehension', value, names, of, ...(key === undefined ? {} : { key }), ...(test === undefined ? {} : { test }) };
  }

  choice(): Expression {
    const value = this.binary(0);
    if (this.language === 'python') {
      if (!this.is('if') || this.peek().afterLine) return value;
      this.at += 1;
      const test = this.binary(0);
      this.expect('else');
      return { k: 'choose', test, yes: value, no: this.choice() };
    }
    if (!this.accept('?')) return value;
    const yes = this.expression();
    this.expect(':');
    return { k: 'choose', test: value, yes, no: this.expression() };
  }

  private operatorOf(level: readonly string[]): string | undefined {
    const token = this.peek();
    if (token.t !== 'op' && token.t !== 'name') return undefined;
    if (token.text === 'not' && level.includes('not in') && this.peek(1).text === 'in') return 'not in';
    if (token.text === 'is' && level.includes('is') && this.peek(1).text === 'not') return 'is not';
    return level.includes(token.text) ? token.text : undefined;
  }

  private binary(depth: number): Expression {
    const level = BINARY[this.language][depth];
    if (level === undefined) return this.unary();
    if (this.language === 'python' && depth === 2 && this.accept('not')) return { k: 'unary', operator: '!', of: this.binary(depth) };
    let left = this.binary(depth + 1);
    let chained: Expression | undefined;
    for (let operator = this.operatorOf(level); operator !== undefined; operator = this.operatorOf(level)) {
      this.at += operator.split(' ').length;
      const right = this.binary(depth + 1);
      // `a < b < c` of python compares b twice.
      if (this.language === 'python' && depth === 2 && chained !== undefined)
        left = { k: 'binary', operator: 'and', left, right: { k: 'binary', operator, left: chained, right } };
      else left = { k: 'binary', operator, left, right };
      chained = right;
    }
    return left;
  }

  private unary(): Expression {
    for (const operator of ['!', '-', '+', '~', 'not', 'typeof'])
      if ((operator !== 'typeof' || this.language === 'node') && this.accept(operator))
        return { k: 'unary', operator: operator === 'not' ? '!' : operator, of: this.unary() };
    for (const operator of ['++', '--']) if (this.accept(operator)) return { k: 'step', to: this.unary(), operator, isPrefix: true };
    const base = this.postfix(this.primary());
    if (!this.accept('**')) return base;
    return { k: 'binary', operator: '**', left: base, right: this.unary() };
  }

  private postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      if ((this.is('++') || this.is('--')) && this.language !== 'python') value = { k: 'step', to: value, operator: this.next().text, isPrefix: false };
      else if (this.language !== 'perl' && this.accept('.')) value = { k: 'member', of: value, name: this.next().text };
      else if (this.is('(') && (this.language !== 'perl' || value.k === 'name') && value.k !== 'literal') value = this.call(value);
      else if (this.accept('[')) {
        value = this.indexed(value);
      } else if (this.language === 'perl' && value.k === 'name' && value.name.startsWith('$') && this.is('{')) {
        this.at += 1;
        const key = this.peek().t === 'name' && this.peek(1).text === '}' ? ({ k: 'literal', value: this.next().text } as const) : this.expression();
        this.expect('}');
        value = { k: 'index', of: value, at: key };
      } else return value;
    }
  }

  private indexed(of: Expression): Expression {
    const part = (): Expression | undefined => (this.is(':') || this.is(']') ? undefined : this.expression());
    const from = part();
    if (this.language !== 'python' || !this.accept(':')) {
      this.expect(']');
      if (from === undefined) throw new NotSimulated('[]');
      return { k: 'index', of, at: from };
    }
    const to = part();
    this.expect(']');
    return { k: 'slice', of, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }

  private call(of: Expression): Expression {
    this.expect('(');
    const args: Expression[] = [];
    const named: Record<string, Expression> = {};
    while (!this.is(')')) {
      if (this.language === 'python' && this.peek().t === 'name' && this.peek(1).text === '=' && this.peek(1).t === 'op') {
        const name = this.next().text;
        this.at += 1;
        named[name] = this.expression();
      } else args.push(this.item());
      if (!this.accept(',')) break;
    }
    this.expect(')');
    return { k: 'call', of, args, named };
  }

  /** In brackets: a value, or what a comprehension makes. */
  private item(): Expression {
    const value = this.expression();
    return this.language === 'python' && this.is('for') ? this.comprehension(value) : value;
  }

  private items(close: string): Expression[] {
    const out: Expression[] = [];
    while (!this.is(close)) {
      out.push(this.item());
      if (!this.accept(',')) break;
    }
    this.expect(close);
    return out;
  }

  /** `name => …`, `(a, b) => …`, `function (a) { … }`; undefined: something else stands here. */
  private functionLiteral(): Expression | undefined {
    if (this.language !== 'node' || this.body === undefined) return undefined;
    const start = this.at;
    this.accept('async');
    const parameters: Parameter[] = [];
    const isNamed = this.accept('function');
    if (isNamed && this.peek().t === 'name') this.at += 1;
    if (!isNamed && this.peek().t === 'name' && this.peek(1).text === '=>') parameters.push({ name: this.next().text });
    else if (this.accept('(')) {
      while (this.peek().t === 'name') {
        const { text: name } = this.next();
        parameters.push(this.accept('=') ? { name, value: this.expression() } : { name });
        if (!this.accept(',')) break;
      }
      if (!this.accept(')')) {
        this.at = start;
        return undefined;
      }
    } else if (!isNamed) {
      this.at = start;
      return undefined;
    }
    if (!isNamed && !this.accept('=>')) {
      this.at = start;
      return undefined;
    }
    if (this.is('{')) return { k: 'function', parameters, body: this.body(this) };
    return { k: 'function', parameters, body: [{ s: 'return', value: this.expression() }] };
  }

  private primary(): Expression {
    const literal = (value: Value): Expression => ({ k: 'literal', value });
    const own = this.functionLiteral();
    if (own !== undefined) return own;
    const token = this.next();
    switch (token.t) {
      case 'number': {
        const text = token.text.replaceAll('_', '');
        return literal(this.language === 'python' && /[.e]/i.test(text) && !/^0x/i.test(text) ? { float: Number(text) } : Number(text));
      }
      case 'string': {
        // Strings that stand next to each other are one (python).
        let text = token.text;
        while (this.language === 'python' && this.peek().t === 'string' && !this.peek().afterLine) text += this.next().text;
        return literal(text);
      }
      case 'text':
        return { k: 'text', parts: token.parts ?? [] };
      case 'match':
        return { k: 'match', pattern: token.text, flags: token.flags ?? '', ...(token.replacement === undefined ? {} : { replacement: token.replacement }) };
      case 'name':
        return this.named(token.text);
      case 'op':
        if (token.text === '(') {
          const inside = this.items(')');
          return inside.length === 1 && this.peek(-1).text !== ',' ? (inside[0] as Expression) : { k: 'list', items: inside };
        }
        if (token.text === '[') {
          const inside = this.items(']');
          return inside.length === 1 && inside[0]?.k === 'comprehension' ? inside[0] : { k: 'list', items: inside };
        }
        if (token.text === '{') {
          const pairs: [Expression, Expression][] = [];
          while (!this.is('}')) {
            const key = this.peek().t === 'name' && this.language === 'node' ? literal(this.next().text) : this.expression();
            this.expect(':');
            const value = this.expression();
            if (this.language === 'python' && this.is('for')) {
              const made = this.comprehension(value, key);
              this.expect('}');
              return made;
            }
            pairs.push([key, value]);
            if (!this.accept(',')) break;
          }
          this.expect('}');
          return { k: 'record', pairs };
        }
        break;
      default:
        break;
    }
    throw new NotSimulated(token.t === 'end' ? 'an unfinished program' : token.text);
  }

  private named(name: string): Expression {
    const constant = { True: true, true: true, False: false, false: false, None: null, null: null, undefined: null }[name];
    if (constant !== undefined) return { k: 'literal', value: constant };
    if (this.language === 'python' && name === 'lambda') {
      const parameters: Parameter[] = [];
      while (!this.is(':')) {
        parameters.push({ name: this.next().text });
        if (!this.accept(',')) break;
      }
      this.expect(':');
      return { k: 'function', parameters, body: [{ s: 'return', value: this.expression() }] };
    }
    if (this.language === 'node' && (name === 'new' || name === 'await')) return this.postfix(this.primary());
    if (this.language === 'perl') {
      if (name === 'my' || name === 'our' || name === 'local') return this.primary();
      const startsCall = !this.is('(') && (LISTS.has(name) || NAMED_UNARY.has(name));
      if (startsCall) {
        const isEnd =
          this.peek().t === 'end' ||
          [';', '}', ')', ',', 'if', 'unless', 'while', 'until', 'for', 'foreach', 'and', 'or', '.', '?', ':', '<', '>', '=='].includes(this.peek().text);
        const args: Expression[] = [];
        if (!isEnd && LISTS.has(name)) {
          if (name !== 'join' && (this.is('STDERR') || this.is('STDOUT'))) args.push({ k: 'name', name: this.next().text });
          do args.push(this.choice());
          while (this.accept(','));
        } else if (!isEnd) args.push(this.binary(7));
        return { k: 'call', of: { k: 'name', name }, args, named: {} };
      }
    }
    return { k: 'name', name };
  }
}
