/** Expressions: parsed to JSON, worked out over a row or, with an aggregate in them, over a group of rows. */
import { type Dialect, type Token, tokenize } from './tokens.js';
import { compare, isTrue, SqlError, type Value } from './values.js';

export type Expression =
  | { readonly k: 'value'; readonly value: Value }
  | { readonly k: 'column'; readonly table?: string; readonly name: string; readonly at: number }
  | { readonly k: 'all'; readonly table?: string }
  | { readonly k: 'binary'; readonly op: string; readonly a: Expression; readonly b: Expression }
  | { readonly k: 'not' | 'minus'; readonly a: Expression }
  | { readonly k: 'in'; readonly a: Expression; readonly list: readonly Expression[]; readonly not: boolean }
  | { readonly k: 'between'; readonly a: Expression; readonly from: Expression; readonly to: Expression; readonly not: boolean }
  | { readonly k: 'like'; readonly a: Expression; readonly pattern: Expression; readonly not: boolean; readonly anyCase: boolean }
  | { readonly k: 'null'; readonly a: Expression; readonly not: boolean }
  | { readonly k: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly distinct: boolean; readonly at: number }
  | { readonly k: 'case'; readonly cases: readonly (readonly [Expression, Expression])[]; readonly otherwise?: Expression };

/** Tokens on their way through a parser. */
export class Reader {
  readonly tokens: readonly Token[];
  at = 0;
  constructor(
    readonly source: string,
    readonly dialect: Dialect,
  ) {
    this.tokens = tokenize(source, dialect);
  }
  get token(): Token {
    return this.tokens[this.at] as Token;
  }
  get isOver(): boolean {
    return this.token.kind === 'end';
  }
  /** Whether these words or signs come next; then they are read. */
  takes(...words: readonly string[]): boolean {
    for (const [i, word] of words.entries()) {
      const token = this.tokens[this.at + i];
      if ((token?.kind !== 'word' && token?.kind !== 'sign') || token.text.toUpperCase() !== word) return false;
    }
    this.at += words.length;
    return true;
  }
  is(word: string): boolean {
    return (this.token.kind === 'word' || this.token.kind === 'sign') && this.token.text.toUpperCase() === word;
  }
  needs(word: string): void {
    if (!this.takes(word)) throw this.wrong();
  }
  wrong(): SqlError {
    const { at, to } = this.token;
    return SqlError.syntax(this.dialect, this.source, at, to);
  }
  name(): string {
    const { kind, text } = this.token;
    if (kind !== 'word' && kind !== 'name') throw this.wrong();
    this.at += 1;
    return kind === 'word' && this.dialect === 'postgres' ? text.toLowerCase() : text;
  }
  /** `schema.name`: the schema is the dialect's own affair. */
  qualified(): { readonly schema?: string; readonly name: string; readonly at: number } {
    const { at } = this.token;
    const first = this.name();
    return this.takes('.') ? { schema: first, name: this.name(), at } : { name: first, at };
  }
  list<T>(read: () => T): T[] {
    const out = [read()];
    while (this.takes(',')) out.push(read());
    return out;
  }
  text(from: number, to = this.at): string {
    return this.source.slice((this.tokens[from] as Token).at, (this.tokens[to - 1] as Token).to);
  }
}

const LEVELS: readonly (readonly string[])[] = [
  ['OR', '||or'],
  ['AND', '&&'],
  ['NOT'],
  ['=', '<>', '!=', '<', '>', '<=', '>=', '<=>', 'IS', 'LIKE', 'ILIKE', 'IN', 'BETWEEN', 'NOT', 'REGEXP', 'RLIKE', '~', '~*'],
  ['||'],
  ['+', '-'],
  ['*', '/', '%', 'DIV', 'MOD'],
];

export function parseExpression(r: Reader, level = 0): Expression {
  if (level === 2) return r.takes('NOT') ? { k: 'not', a: parseExpression(r, 2) } : parseExpression(r, 3);
  if (level === LEVELS.length) return unary(r);
  let a = parseExpression(r, level + 1);
  if (level === 3) return comparison(r, a);
  const signs = LEVELS[level] as readonly string[];
  for (;;) {
    const op = r.token.text.toUpperCase();
    if ((r.token.kind !== 'sign' && r.token.kind !== 'word') || !signs.includes(op) || (op === '||' && level !== 4)) return a;
    r.at += 1;
    a = { k: 'binary', op: op === '&&' ? 'AND' : op, a, b: parseExpression(r, level + 1) };
  }
}

function comparison(r: Reader, first: Expression): Expression {
  let a = first;
  for (;;) {
    if (r.takes('IS')) {
      const not = r.takes('NOT');
      if (r.takes('NULL')) a = { k: 'null', a, not };
      else {
        const value = r.takes('TRUE');
        if (!value) r.needs('FALSE');
        const is: Expression = { k: 'binary', op: '=', a, b: { k: 'value', value } };
        a = not ? { k: 'not', a: is } : is;
      }
      continue;
    }
    const back = r.at;
    const not = r.takes('NOT');
    if (r.takes('IN')) {
      r.needs('(');
      const list = r.list(() => parseExpression(r));
      r.needs(')');
      a = { k: 'in', a, list, not };
    } else if (r.takes('BETWEEN')) {
      const from = parseExpression(r, 4);
      r.needs('AND');
      a = { k: 'between', a, from, to: parseExpression(r, 4), not };
    } else if (r.is('LIKE') || r.is('ILIKE')) {
      const anyCase = r.dialect === 'mysql' || r.is('ILIKE');
      r.at += 1;
      a = { k: 'like', a, pattern: parseExpression(r, 4), not, anyCase };
    } else {
      r.at = back;
      const op = r.token.text.toUpperCase();
      if (
        !(r.token.kind === 'sign'
          ? ['=', '<>', '!=', '<', '>', '<=', '>=', '<=>', '~', '~*'].includes(op)
          : r.token.kind === 'word' && /^(REGEXP|RLIKE)$/.test(op))
      )
        return a;
      r.at += 1;
      a = { k: 'binary', op, a, b: parseExpression(r, 4) };
    }
  }
}

function unary(r: Reader): Expression {
  if (r.takes('-')) return { k: 'minus', a: unary(r) };
  if (r.takes('+')) return unary(r);
  let a = primary(r);
  while (r.takes('::')) {
    const type = r.name();
    if (r.takes('(')) while (!r.takes(')')) r.at += 1;
    a = { k: 'call', name: 'cast', args: [a, { k: 'value', value: type }], distinct: false, at: 0 };
  }
  return a;
}

/** Words that are values by themselves. */
const MOMENTS: ReadonlySet<string> = new Set('CURRENT_TIMESTAMP CURRENT_DATE CURRENT_TIME CURRENT_USER LOCALTIMESTAMP'.split(' '));
const USERS: ReadonlySet<string> = new Set('USER SESSION_USER CURRENT_ROLE CURRENT_CATALOG CURRENT_SCHEMA'.split(' '));
const RESERVED: ReadonlySet<string> = new Set(
  'SELECT FROM WHERE GROUP ORDER BY LIMIT OFFSET HAVING JOIN ON INNER LEFT RIGHT CROSS AND OR AS INTO VALUES SET UNION CREATE TABLE INSERT UPDATE DELETE DROP DESC ASC WHEN THEN ELSE END IN IS LIKE'.split(
    ' ',
  ),
);

function primary(r: Reader): Expression {
  const { kind, text, at } = r.token;
  const upper = text.toUpperCase();
  if (kind === 'number' || kind === 'text') {
    r.at += 1;
    return { k: 'value', value: kind === 'number' && !text.includes('.') ? Number(text) : text };
  }
  if (r.takes('(')) {
    const inner = parseExpression(r);
    r.needs(')');
    return inner;
  }
  if (r.takes('*')) return { k: 'all' };
  if (kind === 'word') {
    if (upper === 'NULL' || upper === 'TRUE' || upper === 'FALSE') {
      r.at += 1;
      return { k: 'value', value: upper === 'NULL' ? null : upper === 'TRUE' };
    }
    if (r.takes('CASE')) return caseOf(r);
    if (text.startsWith('@@')) {
      r.at += 1;
      while (r.takes('.')) r.at += 1;
      const name = r.source.slice(at, (r.tokens[r.at - 1] as Token).to).replace(/^@@(global\.|session\.)?/i, '');
      return { k: 'call', name: 'variable', args: [{ k: 'value', value: name }], distinct: false, at };
    }
    if ((MOMENTS.has(upper) || (r.dialect === 'postgres' && USERS.has(upper))) && r.tokens[r.at + 1]?.text !== '(') {
      r.at += 1;
      return { k: 'call', name: text.toLowerCase(), args: [], distinct: false, at };
    }
    if (RESERVED.has(upper)) throw r.wrong();
  } else if (kind !== 'name') throw r.wrong();
  const name = r.name();
  if (kind === 'word' && r.takes('(')) {
    if (name.toLowerCase() === 'cast') {
      const a = parseExpression(r);
      r.needs('AS');
      const type = r.name();
      while (!r.takes(')')) r.at += 1;
      return { k: 'call', name: 'cast', args: [a, { k: 'value', value: type }], distinct: false, at };
    }
    const distinct = r.takes('DISTINCT');
    const args = r.is(')') ? [] : r.list(() => parseExpression(r));
    r.needs(')');
    return { k: 'call', name: name.toLowerCase(), args, distinct, at };
  }
  if (!r.takes('.')) return { k: 'column', name, at };
  return r.takes('*') ? { k: 'all', table: name } : { k: 'column', table: name, name: r.name(), at };
}

function caseOf(r: Reader): Expression {
  const subject = r.is('WHEN') ? undefined : parseExpression(r);
  const cases: [Expression, Expression][] = [];
  while (r.takes('WHEN')) {
    const when = parseExpression(r);
    r.needs('THEN');
    cases.push([subject === undefined ? when : { k: 'binary', op: '=', a: subject, b: when }, parseExpression(r)]);
  }
  const otherwise = r.takes('ELSE') ? parseExpression(r) : undefined;
  r.needs('END');
  return { k: 'case', cases, ...(otherwise === undefined ? {} : { otherwise }) };
}

const AGGREGATES: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max', 'group_concat', 'string_agg']);

/** What an expression can see. */
export interface Scope {
  readonly dialect: Dialect;
  column(expression: Extract<Expression, { k: 'column' }>): Value;
  /** Functions of the server and the session. */
  call(name: string, args: readonly Value[], at: number): Value;
  /** Rows of the group, for aggregates; absent: there is none. */
  readonly group?: readonly Scope[];
}

export function hasAggregate(x: Expression): boolean {
  switch (x.k) {
    case 'call':
      return AGGREGATES.has(x.name) || x.args.some(hasAggregate);
    case 'binary':
      return hasAggregate(x.a) || hasAggregate(x.b);
    case 'not':
    case 'minus':
    case 'null':
      return hasAggregate(x.a);
    case 'case':
      return x.cases.some(([when, then]) => hasAggregate(when) || hasAggregate(then)) || (x.otherwise !== undefined && hasAggregate(x.otherwise));
    default:
      return false;
  }
}

export function evaluate(x: Expression, scope: Scope): Value {
  const { dialect } = scope;
  switch (x.k) {
    case 'value':
      return x.value;
    case 'column':
      return scope.column(x);
    case 'all':
      return null;
    case 'minus': {
      const value = evaluate(x.a, scope);
      return value === null ? null : -Number(value);
    }
    case 'not': {
      const value = evaluate(x.a, scope);
      return value === null ? null : !isTrue(value);
    }
    case 'null':
      return (evaluate(x.a, scope) === null) !== x.not;
    case 'in': {
      const a = evaluate(x.a, scope);
      const found = x.list.some((one) => compare(dialect, a, evaluate(one, scope)) === 0);
      return a === null ? null : found !== x.not;
    }
    case 'between': {
      const a = evaluate(x.a, scope);
      const [from, to] = [compare(dialect, a, evaluate(x.from, scope)), compare(dialect, a, evaluate(x.to, scope))];
      return from === null || to === null ? null : (from >= 0 && to <= 0) !== x.not;
    }
    case 'like': {
      const [a, pattern] = [evaluate(x.a, scope), evaluate(x.pattern, scope)];
      if (a === null || pattern === null) return null;
      const source = String(pattern).replace(
        /\\([%_])|[.*+?^${}()|[\]\\]|%|_/g,
        (char, escaped: string | undefined) => escaped ?? (char === '%' ? '[\\s\\S]*' : char === '_' ? '[\\s\\S]' : `\\${char}`),
      );
      return new RegExp(`^${source}$`, x.anyCase ? 'i' : '').test(String(a)) !== x.not;
    }
    case 'case': {
      const found = x.cases.find(([when]) => isTrue(evaluate(when, scope)));
      return found !== undefined ? evaluate(found[1], scope) : x.otherwise === undefined ? null : evaluate(x.otherwise, scope);
    }
    case 'call':
      if (AGGREGATES.has(x.name)) return aggregate(x, scope);
      return scope.call(
        x.name,
        x.args.map((one) => evaluate(one, scope)),
        x.at,
      );
    case 'binary':
      return binary(x.op, x, scope);
  }
}

function binary(op: string, { a: left, b: right }: Extract<Expression, { k: 'binary' }>, scope: Scope): Value {
  const { dialect } = scope;
  const a = evaluate(left, scope);
  if (op === 'AND' || op === 'OR') {
    if (a !== null && isTrue(a) === (op === 'OR')) return op === 'OR';
    const b = evaluate(right, scope);
    if (b !== null && isTrue(b) === (op === 'OR')) return op === 'OR';
    return a === null || b === null ? null : op === 'AND';
  }
  const b = evaluate(right, scope);
  if (op === '<=>') return (a === null && b === null) || compare(dialect, a, b) === 0;
  if (a === null || b === null) return null;
  if (op === '||') return dialect === 'mysql' ? isTrue(a) || isTrue(b) : `${a}${b}`;
  if (/^(REGEXP|RLIKE|~\*?)$/.test(op)) return new RegExp(String(b), op === '~' ? '' : 'i').test(String(a));
  const order = compare(dialect, a, b) as number;
  switch (op) {
    case '=':
      return order === 0;
    case '<>':
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
  const [x, y] = [Number(a), Number(b)];
  if (dialect === 'postgres' && (Number.isNaN(x) || Number.isNaN(y))) throw new SqlError(`operator does not exist: text ${op} text`);
  if (/^(\/|%|DIV|MOD)$/.test(op) && y === 0) {
    if (dialect === 'postgres') throw new SqlError('division by zero');
    return null;
  }
  const isDecimal = typeof a === 'string' || typeof b === 'string';
  const digits = Math.max(...[a, b].map((one) => (/\.(\d+)$/.exec(String(one))?.[1] ?? '').length));
  const kept = (value: number): Value => (isDecimal && digits > 0 ? value.toFixed(digits) : Number.isInteger(value) ? value : Number(value.toPrecision(15)));
  if (op === '+') return kept(x + y);
  if (op === '-') return kept(x - y);
  if (op === '*') return kept(x * y);
  if (op === '%' || op === 'MOD') return x % y;
  if (op === 'DIV') return Math.trunc(x / y);
  // MySQL divides decimals; PostgreSQL whole numbers as C does.
  if (dialect === 'mysql') return (x / y).toFixed(digits + 4);
  return Number.isInteger(x) && Number.isInteger(y) && !isDecimal ? Math.trunc(x / y) : quotient(a, b);
}

function aggregate({ name, args, distinct }: Extract<Expression, { k: 'call' }>, { dialect, group = [] }: Scope): Value {
  const first = args[0] ?? { k: 'all' as const };
  if (name === 'count' && first.k === 'all') return group.length;
  const all = group.map((scope) => evaluate(first, scope)).filter((value) => value !== null);
  const values = distinct ? [...new Set(all)] : all;
  if (name === 'count') return values.length;
  if (name === 'group_concat') return values.length === 0 ? null : values.join(',');
  if (name === 'string_agg') return values.length === 0 ? null : values.join(String(evaluate(args[1] as Expression, group[0] as Scope)));
  if (values.length === 0) return null;
  if (name === 'min' || name === 'max')
    return values.reduce((best, value) => ((compare(dialect, value, best) ?? 0) * (name === 'min' ? -1 : 1) > 0 ? value : best));
  const digits = Math.max(...values.map((value) => (/\.(\d+)$/.exec(String(value))?.[1] ?? '').length));
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  if (name === 'sum') return digits > 0 ? sum.toFixed(digits) : sum;
  return dialect === 'mysql' ? (sum / values.length).toFixed(digits + 4) : quotient(digits > 0 ? sum.toFixed(digits) : sum, values.length);
}

/** PostgreSQL's numeric quotient: sixteen digits behind the point, the last one rounded. */
function quotient(a: Value, b: Value): string {
  const scaled = (value: Value): bigint => {
    const [whole = '0', part = ''] = String(value).split('.');
    return BigInt(whole + part.padEnd(20, '0').slice(0, 20));
  };
  const [x, y] = [scaled(a), scaled(b)];
  const digits = ((x < 0n ? -x : x) * 10n ** 17n) / (y < 0n ? -y : y);
  const text = String((digits + 5n) / 10n).padStart(17, '0');
  return `${x < 0n !== y < 0n ? '-' : ''}${text.slice(0, -16)}.${text.slice(-16)}`;
}
