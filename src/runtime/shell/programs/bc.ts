/**
 * bc(1) (POSIX): numbers of any length with so many digits behind the point, variables, if, while and for. Without functions of
 * one's own and without the mathematics of `-l`, which only sets the scale here.
 */
import type { Program } from '../program.js';
import { gather } from './input.js';
import { parseOptions } from './options.js';

/** `digits` with the point `scale` from the right. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

type Expression =
  | { readonly e: 'number'; readonly text: string }
  | { readonly e: 'name'; readonly name: string }
  | { readonly e: 'unary'; readonly operator: '-' | '!'; readonly of: Expression }
  | { readonly e: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly e: 'assign'; readonly name: string; readonly operator: string; readonly value: Expression }
  | { readonly e: 'step'; readonly name: string; readonly by: 1 | -1; readonly isPrefix: boolean }
  | { readonly e: 'call'; readonly name: string; readonly of: Expression };

type Statement =
  | { readonly s: 'show'; readonly value: Expression }
  | { readonly s: 'text'; readonly text: string }
  | { readonly s: 'print'; readonly items: readonly (Expression | string)[] }
  | { readonly s: 'if'; readonly test: Expression; readonly then: readonly Statement[]; readonly otherwise: readonly Statement[] }
  | { readonly s: 'for'; readonly init?: Expression; readonly test?: Expression; readonly update?: Expression; readonly body: readonly Statement[] }
  | { readonly s: 'break' | 'quit' };

/** The calculation goes on with the next line; the text is what bc says. */
class Failure extends Error {}
class Break extends Error {}
class Quit extends Error {}

/** Steps after which it is no calculation any more. */
const MOST_STEPS = 1_000_000;
/** Digits a line has before it is broken with a backslash. */
const WIDTH = 69;
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '<=', '>=', '!=', '<', '>'], ['+', '-'], ['*', '/', '%'], ['^']];
const ASSIGN: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);

function tokenize(source: string): string[] {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\\\n/g, '');
  const out: string[] = [];
  const pattern = /"[^"]*"|[0-9A-F]*\.?[0-9A-F]+|[0-9A-F]+\.|[a-z][a-z0-9_]*|#[^\n]*|\+\+|--|[-+*/%^=<>!]=|&&|\|\||[-+*/%^=<>!(){};,\n]|[ \t\r]+|[\s\S]/g;
  for (const [token] of text.matchAll(pattern)) if (!/^[ \t\r]|^#/.test(token)) out.push(token);
  return out;
}

class Parser {
  private at = 0;
  constructor(private readonly tokens: readonly string[]) {}

  get isOver(): boolean {
    return this.at >= this.tokens.length;
  }
  private accept(...texts: string[]): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || !texts.includes(token)) return undefined;
    this.at += 1;
    return token;
  }
  private expect(text: string): void {
    if (this.accept(text) === undefined) throw new Failure('syntax error');
  }
  /** Behind a fault: the next line. */
  skipLine(): void {
    while (!this.isOver && this.tokens[this.at] !== '\n') this.at += 1;
  }

  statements(end?: string): Statement[] {
    const out: Statement[] = [];
    while (!this.isOver && this.tokens[this.at] !== end) if (this.accept(';', '\n') === undefined) out.push(...this.statement());
    if (end !== undefined) this.expect(end);
    return out;
  }
  /** One statement or, at the top, all of a line. */
  line(): Statement[] {
    while (this.accept(';', '\n') !== undefined);
    const out: Statement[] = [];
    while (!this.isOver && this.tokens[this.at] !== '\n') if (this.accept(';') === undefined) out.push(...this.statement());
    return out;
  }

  private body(): readonly Statement[] {
    while (this.accept('\n') !== undefined);
    return this.statement();
  }

  private statement(): readonly Statement[] {
    const token = this.tokens[this.at] as string;
    if (this.accept('{') !== undefined) return this.statements('}');
    if (this.accept('break') !== undefined) return [{ s: 'break' }];
    if (this.accept('quit', 'halt') !== undefined) return [{ s: 'quit' }];
    if (token.startsWith('"')) {
      this.at += 1;
      return [{ s: 'text', text: token.slice(1, -1) }];
    }
    if (this.accept('print') !== undefined) {
      const items: (Expression | string)[] = [];
      do {
        const item = this.tokens[this.at];
        if (item?.startsWith('"') === true) {
          this.at += 1;
          items.push(item.slice(1, -1));
        } else items.push(this.expression());
      } while (this.accept(',') !== undefined);
      return [{ s: 'print', items }];
    }
    if (this.accept('if') !== undefined) {
      const test = this.inParentheses();
      const then = this.body();
      const mark = this.at;
      while (this.accept('\n', ';') !== undefined);
      if (this.accept('else') !== undefined) return [{ s: 'if', test, then, otherwise: this.body() }];
      this.at = mark;
      return [{ s: 'if', test, then, otherwise: [] }];
    }
    if (this.accept('while') !== undefined) return [{ s: 'for', test: this.inParentheses(), body: this.body() }];
    if (this.accept('for') !== undefined) {
      this.expect('(');
      const part = (end: string): Expression | undefined => {
        const value = this.tokens[this.at] === end ? undefined : this.expression();
        this.expect(end);
        return value;
      };
      const [init, test, update] = [part(';'), part(';'), part(')')];
      const parts = { ...(init === undefined ? {} : { init }), ...(test === undefined ? {} : { test }), ...(update === undefined ? {} : { update }) };
      return [{ s: 'for', ...parts, body: this.body() }];
    }
    return [{ s: 'show', value: this.expression() }];
  }

  private inParentheses(): Expression {
    this.expect('(');
    const value = this.expression();
    this.expect(')');
    return value;
  }

  private expression(): Expression {
    const name = this.tokens[this.at];
    const operator = this.tokens[this.at + 1];
    if (name !== undefined && /^[a-z]/.test(name) && operator !== undefined && ASSIGN.has(operator)) {
      this.at += 2;
      return { e: 'assign', name, operator: operator.slice(0, -1), value: this.expression() };
    }
    return this.binary(0);
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary();
    if (level === 1 && this.accept('!') !== undefined) return { e: 'unary', operator: '!', of: this.binary(level) };
    let left = this.binary(level + 1);
    // A power is worked out from the right.
    for (let operator = this.accept(...operators); operator !== undefined; operator = this.accept(...operators))
      left = { e: 'binary', operator, left, right: this.binary(operator === '^' ? level : level + 1) };
    return left;
  }

  private unary(): Expression {
    if (this.accept('-') !== undefined) return { e: 'unary', operator: '-', of: this.unary() };
    const step = this.accept('++', '--');
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Failure('syntax error');
    if (step !== undefined) return { e: 'step', name: token, by: step === '++' ? 1 : -1, isPrefix: true };
    if (token === '(') {
      const value = this.expression();
      this.expect(')');
      return value;
    }
    if (/^[0-9A-F.]/.test(token)) return { e: 'number', text: token };
    if (!/^[a-z]/.test(token)) throw new Failure('syntax error');
    if (this.accept('(') !== undefined) {
      const of = this.expression();
      this.expect(')');
      return { e: 'call', name: token, of };
    }
    const after = this.accept('++', '--');
    return after === undefined ? { e: 'name', name: token } : { e: 'step', name: token, by: after === '++' ? 1 : -1, isPrefix: false };
  }
}

const ten = (n: number): bigint => 10n ** BigInt(n);
const ZERO: Decimal = { digits: 0n, scale: 0 };
const ONE: Decimal = { digits: 1n, scale: 0 };
/** The same number with so many digits behind the point; the rest is cut off. */
const scaled = ({ digits, scale }: Decimal, to: number): Decimal => ({ digits: to >= scale ? digits * ten(to - scale) : digits / ten(scale - to), scale: to });
const whole = (n: Decimal): number => Number(scaled(n, 0).digits);

class Calculator {
  private readonly vars = new Map<string, Decimal>();
  private steps = 0;
  constructor(
    scale: number,
    private readonly out: (text: string) => void,
  ) {
    this.vars.set('scale', { digits: BigInt(scale), scale: 0 });
  }

  run(statements: readonly Statement[]): void {
    for (const statement of statements) {
      this.steps += 1;
      if (this.steps > MOST_STEPS) throw new Failure('podsim: too many steps');
      switch (statement.s) {
        case 'show': {
          const { value } = statement;
          const result = this.evaluate(value);
          if (value.e !== 'assign') this.out(`${this.text(result)}\n`);
          break;
        }
        case 'text':
          this.out(statement.text);
          break;
        case 'print':
          for (const item of statement.items)
            this.out(typeof item === 'string' ? item.replace(/\\n/g, '\n').replace(/\\t/g, '\t') : this.text(this.evaluate(item)));
          break;
        case 'if':
          this.run(this.isTrue(statement.test) ? statement.then : statement.otherwise);
          break;
        case 'for':
          this.loop(statement);
          break;
        case 'break':
          throw new Break();
        case 'quit':
          throw new Quit();
      }
    }
  }

  private loop({ init, test, update, body }: Extract<Statement, { s: 'for' }>): void {
    if (init !== undefined) this.evaluate(init);
    try {
      while (test === undefined || this.isTrue(test)) {
        this.steps += 1;
        if (this.steps > MOST_STEPS) throw new Failure('podsim: too many steps');
        this.run(body);
        if (update !== undefined) this.evaluate(update);
      }
    } catch (error) {
      if (!(error instanceof Break)) throw error;
    }
  }

  private isTrue(x: Expression): boolean {
    return this.evaluate(x).digits !== 0n;
  }
  private variable(name: string): Decimal {
    return this.vars.get(name) ?? (/^[io]base$/.test(name) ? { digits: 10n, scale: 0 } : ZERO);
  }

  private evaluate(x: Expression): Decimal {
    switch (x.e) {
      case 'number':
        return this.literal(x.text);
      case 'name':
        return this.variable(x.name);
      case 'unary': {
        const of = this.evaluate(x.of);
        return x.operator === '-' ? { ...of, digits: -of.digits } : of.digits === 0n ? ONE : ZERO;
      }
      case 'assign': {
        const value = this.evaluate(x.value);
        const result = x.operator === '' ? value : this.calculate(x.operator, this.variable(x.name), value);
        this.vars.set(x.name, result);
        return result;
      }
      case 'step': {
        const old = this.variable(x.name);
        const next = this.calculate('+', old, { digits: BigInt(x.by), scale: 0 });
        this.vars.set(x.name, next);
        return x.isPrefix ? next : old;
      }
      case 'binary':
        return this.calculate(x.operator, this.evaluate(x.left), this.evaluate(x.right));
      case 'call':
        return this.call(x.name, this.evaluate(x.of));
    }
  }

  private literal(text: string): Decimal {
    const base = whole(this.variable('ibase'));
    const [integer = '', fraction = ''] = text.split('.');
    // A single digit has its full value in any base, others at most the base's highest.
    const worth = (digit: string): bigint => BigInt(text.length === 1 ? Number.parseInt(digit, 16) : Math.min(base - 1, Number.parseInt(digit, 16)));
    if (base === 10 && !/[A-F]/.test(text)) return { digits: BigInt(integer + fraction || '0'), scale: fraction.length };
    const digits = [...(integer + fraction)].reduce((sum, digit) => sum * BigInt(base) + worth(digit), 0n);
    return { digits: (digits * ten(fraction.length)) / BigInt(base) ** BigInt(fraction.length), scale: fraction.length };
  }

  private calculate(operator: string, a: Decimal, b: Decimal): Decimal {
    const scale = whole(this.variable('scale'));
    const wide = Math.max(a.scale, b.scale);
    const [x, y] = [scaled(a, wide).digits, scaled(b, wide).digits];
    const answer = (is: boolean): Decimal => (is ? ONE : ZERO);
    switch (operator) {
      case '+':
        return { digits: x + y, scale: wide };
      case '-':
        return { digits: x - y, scale: wide };
      case '*':
        return scaled({ digits: a.digits * b.digits, scale: a.scale + b.scale }, Math.min(a.scale + b.scale, Math.max(scale, wide)));
      case '/':
        return this.divide(a, b, scale);
      case '%': {
        const to = Math.max(scale + b.scale, a.scale);
        const quotient = this.divide(a, b, scale);
        const back = scaled({ digits: quotient.digits * b.digits, scale: quotient.scale + b.scale }, to);
        return { digits: scaled(a, to).digits - back.digits, scale: to };
      }
      case '^': {
        const exponent = whole(b);
        const power: Decimal = { digits: a.digits ** BigInt(Math.abs(exponent)), scale: a.scale * Math.abs(exponent) };
        if (exponent < 0) return this.divide(ONE, power, scale);
        return scaled(power, Math.min(power.scale, Math.max(scale, a.scale)));
      }
      case '==':
        return answer(x === y);
      case '!=':
        return answer(x !== y);
      case '<':
        return answer(x < y);
      case '<=':
        return answer(x <= y);
      case '>':
        return answer(x > y);
      case '>=':
        return answer(x >= y);
      case '&&':
        return answer(x !== 0n && y !== 0n);
      default:
        return answer(x !== 0n || y !== 0n);
    }
  }

  private divide(a: Decimal, b: Decimal, scale: number): Decimal {
    if (b.digits === 0n) throw new Failure('divide by zero');
    const up = scale + b.scale - a.scale;
    return { digits: up >= 0 ? (a.digits * ten(up)) / b.digits : a.digits / (b.digits * ten(-up)), scale };
  }

  private call(name: string, of: Decimal): Decimal {
    if (name === 'length') return { digits: BigInt(Math.max(of.scale, (of.digits < 0n ? -of.digits : of.digits).toString().length)), scale: 0 };
    if (name === 'scale') return { digits: BigInt(of.scale), scale: 0 };
    if (name !== 'sqrt') throw new Failure(`podsim: ${name}() is not simulated`);
    if (of.digits < 0n) throw new Failure('square root of a negative number');
    const scale = Math.max(whole(this.variable('scale')), of.scale);
    return { digits: rootOf(scaled(of, 2 * scale).digits), scale };
  }

  private text(n: Decimal): string {
    const base = whole(this.variable('obase'));
    const sign = n.digits < 0n ? '-' : '';
    const digits = n.digits < 0n ? -n.digits : n.digits;
    if (digits === 0n) return '0';
    if (base !== 10 && base <= 16 && n.scale === 0) return broken(sign + digits.toString(base).toUpperCase());
    if (base !== 10) throw new Failure('podsim: this output base is not simulated');
    const text = digits.toString().padStart(n.scale + 1, '0');
    const integer = text.slice(0, text.length - n.scale);
    return broken(`${sign}${integer === '0' && n.scale > 0 ? '' : integer}${n.scale > 0 ? `.${text.slice(text.length - n.scale)}` : ''}`);
  }
}

const broken = (text: string): string => (text.length <= WIDTH ? text : (text.match(new RegExp(`.{1,${WIDTH - 1}}`, 'g')) ?? []).join('\\\n'));

/** Newton's method in whole numbers. */
function rootOf(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (let next = (root + n / root) >> 1n; next < root; next = (root + n / root) >> 1n) root = next;
  return root;
}

export const bc: Program = {
  name: 'bc',
  run(context) {
    const options = parseOptions(context, 'qlsiw', { quiet: 'q', mathlib: 'l', standard: 's' });
    if (typeof options === 'number') return options;
    const names = options.operands.length === 0 ? [] : [...options.operands, '-'];
    const state = gather(context, names);
    if ('wait' in state) return state;
    const calculator = new Calculator(options.has('l') ? 20 : 0, (text) => context.out(text));
    for (const { text } of state.texts) {
      const parser = new Parser(tokenize(text));
      while (!parser.isOver) {
        try {
          calculator.run(parser.line());
        } catch (error) {
          if (error instanceof Quit) return 0;
          if (!(error instanceof Failure)) throw error;
          // GNU's words; busybox has its own.
          context.err(
            error.message === 'syntax error'
              ? '(standard_in) 1: syntax error\n'
              : `Runtime error (func=(main), adr=3): ${DIVIDE[error.message] ?? error.message}\n`,
          );
          parser.skipLine();
        }
      }
    }
    return 0;
  },
};

const DIVIDE: Readonly<Record<string, string>> = { 'divide by zero': 'Divide by zero', 'square root of a negative number': 'Square root of a negative number' };
