/** The Common Expression Language as it is written: text to a tree (cel-spec langdef.md). Macros are expanded when the tree is run. */

export type Node =
  | { readonly op: 'literal'; readonly value: Literal; readonly at: number }
  | { readonly op: 'name'; readonly name: string; readonly at: number }
  | { readonly op: 'select'; readonly of: Node; readonly field: string; readonly isOptional: boolean; readonly at: number }
  | { readonly op: 'index'; readonly of: Node; readonly key: Node; readonly isOptional: boolean; readonly at: number }
  | { readonly op: 'call'; readonly name: string; readonly target?: Node; readonly args: readonly Node[]; readonly at: number }
  | { readonly op: 'list'; readonly items: readonly Entry[]; readonly at: number }
  | { readonly op: 'map'; readonly entries: readonly (Entry & { readonly key: Node })[]; readonly at: number };

interface Entry {
  readonly value: Node;
  /** `[?x]`: left out when there is none. */
  readonly isOptional: boolean;
}
export type Literal = bigint | number | string | boolean | null | Uint8Array | { readonly uint: bigint };

/** A text that is no expression; `at` is where. */
export class CelSyntaxError extends Error {
  constructor(
    message: string,
    readonly at: number,
    /** What was wrong before, and passed over. */
    readonly before: readonly CelSyntaxError[] = [],
  ) {
    super(message);
  }
}

interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
  readonly value?: Literal;
}

const SPACE = /(?:[ \t\r\n\f]+|\/\/[^\n]*)*/y;
const NUMBER = /(?:0x[0-9a-fA-F]+u?|(?:\d+\.\d+|\d+(?=[eE])|\.\d+)(?:[eE][+-]?\d+)?|\d+u?)/iy;
const STRING = /([rRbB]{0,2})("""[\s\S]*?(?<!\\)"""|'''[\s\S]*?(?<!\\)'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const SIGN = /&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()[\]{}]/y;

/** What is no token is noted in `wrong`, and left out. */
function tokens(text: string, wrong: CelSyntaxError[]): readonly Token[] {
  const out: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  for (;;) {
    take(SPACE);
    const start = at;
    if (at >= text.length) return [...out, { kind: 'end', text: '<EOF>', at }];
    const string = take(STRING);
    if (string !== null) {
      out.push({ kind: 'string', text: string[0], at: start, value: unquote(string[1] as string, string[2] as string, start) });
      continue;
    }
    const number = /[\d.]/.test(text[at] as string) && (text[at] !== '.' || /\d/.test(text[at + 1] ?? '')) ? take(NUMBER) : null;
    if (number !== null) {
      out.push({ kind: 'number', text: number[0], at: start, value: numberOf(number[0]) });
      continue;
    }
    const name = take(NAME);
    const sign = name === null ? take(SIGN) : null;
    const found = name ?? sign;
    if (found === null) {
      const unknown = /["']/.test(text[at] as string) ? (/^[^\n]*/.exec(text.slice(at)) as RegExpExecArray)[0] : [...text.slice(at)][0];
      wrong.push(new CelSyntaxError(`Syntax error: token recognition error at: '${unknown}'`, at));
      at += (unknown as string).length;
      continue;
    }
    out.push({ kind: name === null ? 'sign' : 'name', text: found[0], at: start });
  }
}

function numberOf(text: string): Literal {
  if (/^0x/i.test(text) || /^\d+u?$/i.test(text)) return /u$/i.test(text) ? { uint: BigInt(text.slice(0, -1)) } : BigInt(text);
  return Number(text);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
};

function unquote(prefix: string, quoted: string, at: number): Literal {
  const size = quoted.startsWith('"""') || quoted.startsWith("'''") ? 3 : 1;
  const body = quoted.slice(size, -size);
  const text = /r/i.test(prefix)
    ? body
    : body.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/gs, (_, hex, four, eight, octal, one) => {
        if (one !== undefined) {
          if (ESCAPES[one] === undefined) throw new CelSyntaxError(`Syntax error: token recognition error at: '${quoted}'`, at);
          return ESCAPES[one];
        }
        return String.fromCodePoint(octal === undefined ? Number.parseInt(hex ?? four ?? eight, 16) : Number.parseInt(octal, 8));
      });
  return /b/i.test(prefix) ? new TextEncoder().encode(text) : text;
}

const OPERAND_OR_END = "{'[', '{', '(', ')', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const OPERAND = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const BINARY: readonly (readonly string[])[] = [['||'], ['&&'], ['<', '<=', '>=', '>', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];
const LITERALS: ReadonlySet<string> = new Set(['true', 'false', 'null']);
const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** A word that is no name of its own, though it may be a field's. */
export const isReservedInCel = (name: string): boolean => RESERVED.has(name);

/** Of a variable. */
export const isCelIdentifier = (name: string): boolean => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !RESERVED.has(name) && !LITERALS.has(name) && name !== 'in';

export function parseCel(text: string): Node {
  const wrong: CelSyntaxError[] = [];
  const parser = new Parser(tokens(text, wrong));
  let node: Node;
  try {
    node = parser.expression();
    parser.finish();
  } catch (error) {
    throw error instanceof CelSyntaxError ? new CelSyntaxError(error.message, error.at, wrong) : error;
  }
  const last = wrong.pop();
  if (last !== undefined) throw new CelSyntaxError(last.message, last.at, wrong);
  return node;
}

/** Types whose names are of several parts. */
export const DOTTED_TYPES: readonly string[] = ['google.protobuf.Duration', 'google.protobuf.Timestamp', 'net.CIDR', 'net.IP'];

/** `a.b.c`. */
function pathOf(node: Node): string | undefined {
  if (node.op === 'name') return node.name;
  const of = node.op === 'select' && !node.isOptional ? pathOf(node.of) : undefined;
  return of === undefined ? undefined : `${of}.${(node as { readonly field: string }).field}`;
}

class Parser {
  private i = 0;
  constructor(private readonly all: readonly Token[]) {}

  private get token(): Token {
    return this.all[this.i] as Token;
  }

  finish(): void {
    // What would stand alone but for one token more.
    if (this.token.kind !== 'end') throw this.unexpected('<EOF>', this.all[this.i + 1]?.kind === 'end' ? 'extraneous input' : undefined);
  }

  expression(): Node {
    const condition = this.binary(0);
    if (!this.is('?')) return condition;
    const { at } = this.next();
    const then = this.binary(0);
    this.expect(':');
    return { op: 'call', name: '?:', args: [condition, then, this.expression()], at };
  }

  private binary(level: number): Node {
    const signs = BINARY[level];
    if (signs === undefined) return this.unary();
    let left = this.binary(level + 1);
    while (signs.includes(this.token.text) && this.token.kind !== 'string') {
      const { text, at } = this.next();
      left = { op: 'call', name: text, args: [left, this.binary(level + 1)], at };
    }
    return left;
  }

  private unary(): Node {
    const { at, text } = this.token;
    if (this.is('!')) {
      this.next();
      return { op: 'call', name: '!', args: [this.unary()], at };
    }
    if (!this.is('-')) return this.member();
    this.next();
    const { value, kind } = this.token;
    if (kind === 'number' && (typeof value === 'bigint' || typeof value === 'number')) {
      this.next();
      return this.members({ op: 'literal', value: -value as bigint | number, at });
    }
    return { op: 'call', name: `${text}_`, args: [this.unary()], at };
  }

  private member(): Node {
    return this.members(this.primary());
  }

  private members(start: Node): Node {
    let node = start;
    for (;;) {
      const { at } = this.token;
      if (this.is('.')) {
        this.next();
        const isOptional = this.takes('?');
        const field = this.name();
        if (!isOptional && this.is('(')) node = { op: 'call', name: field, target: node, at: this.token.at, args: this.args() };
        else {
          const path = isOptional ? undefined : pathOf(node);
          const name = `${path}.${field}`;
          node = DOTTED_TYPES.includes(name) ? { op: 'name', name, at: start.at } : { op: 'select', of: node, field, isOptional, at };
        }
      } else if (this.is('[')) {
        this.next();
        const isOptional = this.takes('?');
        const key = this.expression();
        this.expect(']');
        node = { op: 'index', of: node, key, isOptional, at };
      } else if (this.is('{') && pathOf(node) !== undefined) {
        // A message: nothing here has a type that one could make.
        throw new CelSyntaxError(`undeclared reference to '${pathOf(node)}' (in container '')`, at);
      } else return node;
    }
  }

  private primary(): Node {
    const token = this.token;
    const { at, text } = token;
    if (token.value !== undefined) {
      this.next();
      return { op: 'literal', value: token.value, at };
    }
    if (this.is('(')) {
      this.next();
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.is('[')) return { op: 'list', items: this.entries(']', () => ({})), at };
    if (this.is('{')) {
      const entries = this.entries('}', () => {
        const key = this.expression();
        this.expect(':');
        return { key };
      });
      return { op: 'map', entries, at };
    }
    const isRooted = this.takes('.');
    if (this.token.kind !== 'name') throw this.unexpected(OPERAND, this.isOperand(this.all[this.i + 1]) ? 'extraneous input' : undefined);
    if (!isRooted && LITERALS.has(text)) {
      this.next();
      return { op: 'literal', value: text === 'null' ? null : text === 'true', at };
    }
    if (RESERVED.has(this.token.text)) throw new CelSyntaxError(`reserved identifier: ${this.token.text}`, at);
    const name = this.name();
    return this.is('(') ? { op: 'call', name, at: this.token.at, args: this.args() } : { op: 'name', name, at };
  }

  private args(): readonly Node[] {
    return this.listed(')', () => this.expression());
  }

  private entries<T extends object>(end: string, key: () => T): readonly (Entry & T)[] {
    return this.listed(end, () => {
      const isOptional = this.takes('?');
      const keyed = key();
      return { ...keyed, value: this.expression(), isOptional };
    });
  }

  private listed<T>(end: string, one: () => T): readonly T[] {
    this.next();
    if (end === ')' && this.token.kind === 'end') throw this.unexpected(OPERAND_OR_END);
    const out: T[] = [];
    while (!this.is(end)) {
      out.push(one());
      if (!this.takes(',')) break;
      // A list or map may end in a comma, so that it is the bracket that is not there.
      if (end !== ')' && this.token.kind === 'end') throw this.missing(end);
    }
    if (!this.takes(end)) throw end === ')' ? this.missing(end) : this.unexpected(`{'${end}', ','}`);
    return out;
  }

  private name(): string {
    if (this.token.kind !== 'name' || LITERALS.has(this.token.text)) throw this.unexpected('IDENTIFIER');
    return this.next().text;
  }

  private is(sign: string): boolean {
    return this.token.kind === 'sign' && this.token.text === sign;
  }

  private takes(sign: string): boolean {
    const is = this.is(sign);
    if (is) this.next();
    return is;
  }

  private next(): Token {
    return this.all[this.i++] as Token;
  }

  private expect(sign: string): void {
    if (!this.takes(sign)) throw sign === ')' ? this.missing(sign) : this.unexpected(`'${sign}'`);
  }

  private missing(sign: string): CelSyntaxError {
    return new CelSyntaxError(`Syntax error: missing '${sign}' at '${this.token.text}'`, this.token.at);
  }

  private isOperand(token: Token | undefined): boolean {
    return token !== undefined && (token.value !== undefined || token.kind === 'name' || (token.kind === 'sign' && '[{(.-!'.includes(token.text)));
  }

  private unexpected(wanted: string, what = 'mismatched input'): CelSyntaxError {
    return new CelSyntaxError(`Syntax error: ${what} '${this.token.text}' expecting ${wanted}`, this.token.at);
  }
}
