/** Reads JSONPath templates: the grammar and the errors of k8s.io/client-go/util/jsonpath/parser.go. */
import { TextError } from './text-error.js';

export type Node =
  | { readonly type: 'list'; readonly nodes: readonly Node[] }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'constant'; readonly value: number | boolean }
  | { readonly type: 'identifier'; readonly name: string }
  | { readonly type: 'array'; readonly params: ArrayParams }
  | { readonly type: 'filter'; readonly left: readonly Node[]; readonly right: readonly Node[]; readonly operator: string }
  | { readonly type: 'union'; readonly lists: readonly (readonly Node[])[] }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' };

/** `[from:to:step]`; `[n]` is `[n:n+1]` with `isIndex`, so that `[-1]` reaches the end. */
export interface ArrayParams {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly step: number | undefined;
  readonly isIndex: boolean;
}

/** Texts and expressions in turn. Throws TextError. */
export function parseJsonPathNodes(text: string): readonly Node[] {
  return new Parser([...text]).template();
}

/** The nodes of what would stand between braces. */
function parseAction(text: string): readonly Node[] {
  const first = parseJsonPathNodes(`{${text}}`)[0];
  return first?.type === 'list' ? first.nodes : [];
}

const isTerminator = (char: string | undefined): boolean => char === undefined || ' \t\r\n.,[]$@{}'.includes(char);
const isWordChar = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{Nd}_]/u.test(char);
const isDigit = (char: string | undefined): boolean => char !== undefined && /\p{Nd}/u.test(char);

class Parser {
  private at = 0;
  constructor(private readonly chars: readonly string[]) {}

  private peek(ahead = 0): string | undefined {
    return this.chars[this.at + ahead];
  }
  private startsWith(text: string): boolean {
    return [...text].every((char, i) => this.peek(i) === char);
  }
  private slice(from: number, to = this.at): string {
    return this.chars.slice(from, to).join('');
  }

  template(): Node[] {
    const nodes: Node[] = [];
    let from = 0;
    for (;;) {
      const char = this.peek();
      if (char !== undefined && char !== '{') {
        this.at++;
        continue;
      }
      if (this.at > from) nodes.push({ type: 'text', text: this.slice(from) });
      if (char === undefined) return nodes;
      this.at++;
      nodes.push({ type: 'list', nodes: this.action() });
      from = this.at;
    }
  }

  /** Everything up to the closing brace. */
  private action(): Node[] {
    const nodes: Node[] = [];
    for (;;) {
      if (this.startsWith('}')) {
        this.at++;
        return nodes;
      }
      if (this.startsWith('[?(')) {
        nodes.push(this.filter());
        continue;
      }
      if (this.startsWith('..')) {
        if (nodes.at(-1)?.type === 'recursive') throw new TextError('invalid multiple recursive descent');
        this.at += 2;
        nodes.push({ type: 'recursive' });
        if (isWordChar(this.peek())) nodes.push(this.field());
        continue;
      }
      const char = this.peek();
      if (char === undefined || char === '\n' || char === '\r') throw new TextError('unclosed action');
      if (char === ' ' || char === '@' || char === '$') this.at++;
      else if (char === '[') nodes.push(...this.array());
      else if (char === '"' || char === "'") nodes.push(this.quoted(char));
      else if (char === '.') {
        this.at++;
        nodes.push(this.field());
      } else if (char === '+' || char === '-' || isDigit(char)) nodes.push(this.number());
      else if (isWordChar(char)) nodes.push(this.identifier());
      else throw new TextError(`unrecognized character in action: ${unicode(char)}`);
    }
  }

  /** Up to a terminator that no backslash precedes. */
  private field(): Node {
    const from = this.at;
    while (!isTerminator(this.peek())) this.at += this.peek() === '\\' ? 2 : 1;
    this.at = Math.min(this.at, this.chars.length);
    const name = this.slice(from);
    return name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') };
  }

  private identifier(): Node {
    const from = this.at;
    while (!isTerminator(this.peek())) this.at++;
    const name = this.slice(from);
    return name === 'true' || name === 'false' ? { type: 'constant', value: name === 'true' } : { type: 'identifier', name };
  }

  private number(): Node {
    const from = this.at++;
    while (this.peek() === '.' || isDigit(this.peek())) this.at++;
    const text = this.slice(from);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new TextError(`cannot parse number ${text}`);
    return { type: 'constant', value: Number(text) };
  }

  private quoted(end: string): Node {
    const from = this.at++;
    for (;;) {
      const char = this.peek();
      if (char === undefined || char === '\n') throw new TextError('unterminated quoted string');
      this.at++;
      if (char === end && this.peek(-2) !== '\\') break;
    }
    const text = this.slice(from);
    return { type: 'text', text: unquote(text.slice(1, -1), text) };
  }

  private array(): readonly Node[] {
    const from = this.at;
    for (;;) {
      const char = this.peek();
      if (char === undefined || char === '\n') throw new TextError('unterminated array');
      this.at++;
      if (char === ']') break;
    }
    const inner = this.slice(from + 1, this.at - 1);
    const text = inner === '*' ? ':' : inner;
    const parts = text.split(',');
    if (parts.length > 1) return [{ type: 'union', lists: parts.map((part) => parseAction(`[${part.replace(/^ +| +$/g, '')}]`)) }];
    const key = /^'([^']*)'$/.exec(text);
    if (key !== null) return parseAction(`.${key[1]}`);
    return [{ type: 'array', params: arrayParams(text) }];
  }

  private filter(): Node {
    this.at += 3;
    const from = this.at;
    let quote: string | undefined;
    let isClosed = false;
    for (;;) {
      const char = this.peek();
      if (char === undefined || char === '\n') throw new TextError('unterminated filter');
      this.at++;
      if (char === '"' || char === "'") {
        if (quote === undefined) quote = char;
        else if (char === quote && this.peek(-2) !== '\\') isClosed = true;
      } else if (char === ')' && (quote === undefined) === !isClosed) break;
    }
    if (this.peek() !== ']') throw new TextError('unclosed array expect ]');
    const text = this.slice(from, this.at - 1);
    this.at++;
    const match = /^([^!<>=]+)([!<>=]+)(.+)$/s.exec(text);
    if (match === null) return { type: 'filter', left: parseAction(text), right: [], operator: 'exists' };
    return { type: 'filter', left: parseAction(match[1] as string), right: parseAction(match[3] as string), operator: match[2] as string };
  }
}

function arrayParams(text: string): ArrayParams {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (match === null) throw new TextError(`invalid array index ${text}`);
  const read = (part: string | undefined): number | undefined => {
    if (part === undefined || part === '') return undefined;
    if (!/^-?\d+$/.test(part)) throw new TextError(`array index ${part} is not a number`);
    return Number(part);
  };
  const from = read(match[1]);
  // No colon at all: one element. `[]` is `[0:1]` with an unknown start.
  const isIndex = match[2] === undefined;
  return { from, to: isIndex ? (from ?? 0) + 1 : read(match[2]?.slice(1)), step: read(match[3]?.slice(1)), isIndex };
}

/** strconv.UnquoteChar over a text in either kind of quotes. */
function unquote(inner: string, whole: string): string {
  return inner.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|[\s\S])?/gu, (_: string, code: string | undefined): string => {
    const simple = code === undefined ? undefined : ESCAPES[code];
    if (simple !== undefined) return simple;
    if (code !== undefined && code === whole[0]) return code;
    if (code !== undefined && /^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (code !== undefined && /^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    throw new TextError(`unquote string ${whole} error invalid syntax`);
  });
}
const ESCAPES: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };

/** Go's %#U: `U+0025 '%'`. */
const unicode = (char: string): string => `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')} '${char}'`;
