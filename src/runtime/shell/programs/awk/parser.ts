/** awk's language: source text → tree. POSIX awk with the few extensions that busybox and mawk share. */

import { BUILTINS, KEYWORDS, type Token, tokens } from './lexer.js';

export type Expression =
  | { readonly e: 'number'; readonly value: number }
  | { readonly e: 'string'; readonly value: string }
  | { readonly e: 'regex'; readonly source: string }
  | { readonly e: 'variable'; readonly name: string }
  | { readonly e: 'element'; readonly name: string; readonly index: readonly Expression[] }
  | { readonly e: 'field'; readonly index: Expression }
  | { readonly e: 'assign'; readonly operator: string; readonly to: Expression; readonly value: Expression }
  | { readonly e: 'unary'; readonly operator: string; readonly value: Expression }
  | { readonly e: 'step'; readonly operator: '++' | '--'; readonly prefix: boolean; readonly value: Expression }
  | { readonly e: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly e: 'in'; readonly index: readonly Expression[]; readonly name: string }
  | { readonly e: 'choose'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly e: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly e: 'getline'; readonly to?: Expression; readonly from?: Expression; readonly command?: boolean };

export type Statement =
  | { readonly s: 'block'; readonly body: readonly Statement[] }
  | { readonly s: 'expression'; readonly value: Expression }
  | { readonly s: 'print'; readonly args: readonly Expression[]; readonly formatted: boolean; readonly redirect?: string; readonly target?: Expression }
  | { readonly s: 'if'; readonly test: Expression; readonly then: Statement; readonly otherwise?: Statement }
  | { readonly s: 'while'; readonly test: Expression; readonly body: Statement; readonly first: boolean }
  | { readonly s: 'for'; readonly init?: Statement; readonly test?: Expression; readonly update?: Statement; readonly body: Statement }
  | { readonly s: 'forin'; readonly variable: string; readonly name: string; readonly body: Statement }
  | { readonly s: 'delete'; readonly name: string; readonly index?: readonly Expression[] }
  | { readonly s: 'next' | 'break' | 'continue' }
  | { readonly s: 'exit' | 'return'; readonly value?: Expression };

export interface Awk {
  readonly begin: readonly Statement[];
  readonly end: readonly Statement[];
  readonly rules: readonly { readonly pattern?: Expression; readonly until?: Expression; readonly action?: Statement }[];
  readonly functions: ReadonlyMap<string, { readonly parameters: readonly string[]; readonly body: Statement }>;
}

const REDIRECTIONS = ['>', '>>', '|'];
const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='];
const COMPARISONS = ['<', '<=', '==', '!=', '>=', '>'];
const COMPARISONS_IN_PRINT = COMPARISONS.filter((one) => one !== '>');
const SIGNS = ['!', '-', '+'];
const STEPS = ['++', '--'] as const;

/** Throws a SyntaxError whose message is the token that cannot be there. */
export function parseAwk(source: string): Awk {
  return new Parser(tokens(source)).program();
}

class Parser {
  private at = 0;
  constructor(private readonly list: readonly Token[]) {}

  program(): Awk {
    const begin: Statement[] = [];
    const end: Statement[] = [];
    const rules: { pattern?: Expression; until?: Expression; action?: Statement }[] = [];
    const functions = new Map<string, { parameters: readonly string[]; body: Statement }>();
    for (this.skipTerminators(); this.peek().t !== 'end'; this.skipTerminators()) {
      if (this.accept('BEGIN')) {
        this.skipNewlines();
        begin.push(this.block());
      } else if (this.accept('END')) {
        this.skipNewlines();
        end.push(this.block());
      } else if (this.accept('function') || this.accept('func')) {
        const name = this.take().text;
        functions.set(name, { parameters: this.parameters(), body: this.block() });
      } else if (this.is('{')) rules.push({ action: this.block() });
      else {
        const pattern = this.expression();
        const until = this.accept(',') ? this.expression() : undefined;
        rules.push({ pattern, ...(until === undefined ? {} : { until }), ...(this.is('{') ? { action: this.block() } : {}) });
      }
    }
    return { begin, end, rules, functions };
  }

  private peek(): Token {
    return this.list[this.at] as Token;
  }
  private take(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }
  private is(text: string): boolean {
    return this.peek().text === text && (this.peek().t === 'op' || this.peek().t === 'name');
  }
  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }
  /** Which of them it is; it is taken. */
  private acceptAny<T extends string>(texts: readonly T[]): T | undefined {
    const found = texts.find((text) => this.is(text));
    if (found !== undefined) this.at += 1;
    return found;
  }
  private expect(text: string): void {
    if (!this.accept(text)) throw this.wrong(this.peek());
  }
  private wrong({ text }: Token): SyntaxError {
    return new SyntaxError(text === '' ? 'Unexpected end of string' : text);
  }
  private skipNewlines(): void {
    while (this.peek().t === 'newline') this.at += 1;
  }
  private skipTerminators(): void {
    while (this.peek().t === 'newline' || this.is(';')) this.at += 1;
  }
  private isAtEnd(): boolean {
    const { t } = this.peek();
    return t === 'newline' || t === 'end' || this.is(';') || this.is('}');
  }

  private parameters(): readonly string[] {
    const names: string[] = [];
    this.at += 1;
    while (!this.is(')')) {
      names.push(this.take().text);
      this.accept(',');
      this.skipNewlines();
    }
    this.at += 1;
    this.skipNewlines();
    return names;
  }

  private block(): Statement {
    this.expect('{');
    const body: Statement[] = [];
    for (this.skipTerminators(); !this.is('}'); this.skipTerminators()) body.push(this.statement());
    this.expect('}');
    return { s: 'block', body };
  }
  /** What a condition or a loop is about: one statement, or none. */
  private body(): Statement {
    this.skipNewlines();
    return this.accept(';') ? { s: 'block', body: [] } : this.statement();
  }
  private statement(): Statement {
    if (this.is('{')) return this.block();
    if (this.accept('if')) return this.condition();
    if (this.accept('while')) return { s: 'while', test: this.inParentheses(), body: this.body(), first: true };
    if (this.accept('for')) return this.loop();
    const result = this.accept('do') ? this.doWhile() : this.simple();
    this.endStatement();
    return result;
  }
  private endStatement(): void {
    if (!this.isAtEnd()) throw new SyntaxError(this.peek().text);
    // The brace is its block's.
    if (this.peek().t === 'newline' || this.is(';')) this.at += 1;
  }
  private inParentheses(): Expression {
    this.expect('(');
    const inside = this.expression();
    this.expect(')');
    return inside;
  }
  private condition(): Statement {
    const test = this.inParentheses();
    const then = this.body();
    const back = this.at;
    this.skipTerminators();
    if (this.accept('else')) return { s: 'if', test, then, otherwise: this.body() };
    this.at = back;
    return { s: 'if', test, then };
  }
  private doWhile(): Statement {
    const body = this.body();
    this.skipTerminators();
    this.expect('while');
    return { s: 'while', test: this.inParentheses(), body, first: false };
  }
  private loop(): Statement {
    this.expect('(');
    if (this.peek().t === 'name' && this.list[this.at + 1]?.text === 'in' && this.list[this.at + 3]?.text === ')') {
      const variable = this.take().text;
      this.at += 1;
      const name = this.take().text;
      this.at += 1;
      return { s: 'forin', variable, name, body: this.body() };
    }
    const init = this.is(';') ? undefined : this.simple();
    this.expect(';');
    this.skipNewlines();
    const test = this.is(';') ? undefined : this.expression();
    this.expect(';');
    this.skipNewlines();
    const update = this.is(')') ? undefined : this.simple();
    this.expect(')');
    return {
      s: 'for',
      body: this.body(),
      ...(init === undefined ? {} : { init }),
      ...(test === undefined ? {} : { test }),
      ...(update === undefined ? {} : { update }),
    };
  }
  private simple(): Statement {
    const jump = this.acceptAny(['next', 'break', 'continue']);
    if (jump !== undefined) return { s: jump };
    const leave = this.acceptAny(['exit', 'return']);
    if (leave !== undefined) return this.isAtEnd() ? { s: leave } : { s: leave, value: this.expression() };
    if (this.accept('delete')) {
      const name = this.take().text;
      return this.accept('[') ? { s: 'delete', name, index: this.expressions(']') } : { s: 'delete', name };
    }
    const print = this.acceptAny(['print', 'printf']);
    if (print !== undefined) return this.print(print === 'printf');
    return { s: 'expression', value: this.expression() };
  }

  private print(formatted: boolean): Statement {
    const args = this.printed();
    const redirect = this.acceptAny(REDIRECTIONS);
    return redirect === undefined ? { s: 'print', args, formatted } : { s: 'print', args, formatted, redirect, target: this.concatenation() };
  }
  private printed(): readonly Expression[] {
    const isOver = () => this.isAtEnd() || REDIRECTIONS.some((one) => this.is(one));
    const back = this.at;
    if (this.accept('(')) {
      // `print (a, b)` or `print (a)(b)`: decided by what follows the closing parenthesis.
      const inside = this.expressions(')');
      if (isOver() && inside.length > 0) return inside;
      if (!isOver()) this.at = back;
    }
    const args: Expression[] = [];
    while (!isOver()) {
      args.push(this.ternary(true));
      if (!this.accept(',')) break;
      this.skipNewlines();
    }
    return args;
  }
  private expressions(close: string): Expression[] {
    const out: Expression[] = [];
    this.skipNewlines();
    while (!this.is(close)) {
      out.push(this.expression());
      this.skipNewlines();
      if (!this.accept(',')) break;
      this.skipNewlines();
    }
    this.expect(close);
    return out;
  }

  private expression(): Expression {
    return this.ternary(false);
  }
  /** `inPrint`: where `>` is a redirection. */
  private ternary(inPrint: boolean): Expression {
    const test = this.or(inPrint);
    if (this.accept('?')) {
      this.skipNewlines();
      const yes = this.ternary(inPrint);
      this.skipNewlines();
      this.expect(':');
      this.skipNewlines();
      return { e: 'choose', test, yes, no: this.ternary(inPrint) };
    }
    const operator = isPlace(test) ? this.acceptAny(ASSIGNMENTS) : undefined;
    if (operator === undefined) return test;
    this.skipNewlines();
    return { e: 'assign', operator: operator.replace('**', '^'), to: test, value: this.ternary(inPrint) };
  }
  private or(inPrint: boolean): Expression {
    return this.binary(['||'], () => this.and(inPrint), true);
  }
  private and(inPrint: boolean): Expression {
    return this.binary(['&&'], () => this.membership(inPrint), true);
  }
  private membership(inPrint: boolean): Expression {
    let left = this.matching(inPrint);
    while (this.accept('in')) left = { e: 'in', index: [left], name: this.take().text };
    return left;
  }
  private matching(inPrint: boolean): Expression {
    return this.binary(['~', '!~'], () => this.comparison(inPrint));
  }
  private comparison(inPrint: boolean): Expression {
    const left = this.concatenation();
    const operator = this.acceptAny(inPrint ? COMPARISONS_IN_PRINT : COMPARISONS);
    if (operator !== undefined) return { e: 'binary', operator, left, right: this.concatenation() };
    if (!this.is('|') || this.list[this.at + 1]?.text !== 'getline') return left;
    this.at += 2;
    return { e: 'getline', from: left, command: true, ...this.getlineTarget() };
  }
  private concatenation(): Expression {
    let left = this.sum();
    while (this.startsOperand()) left = { e: 'binary', operator: ' ', left, right: this.sum() };
    return left;
  }
  private startsOperand(): boolean {
    const { t, text } = this.peek();
    if (t === 'name') return !KEYWORDS.has(text) || text === 'getline';
    if (t === 'op') return ['$', '!', '(', '-', '+', '++', '--'].includes(text);
    return t === 'number' || t === 'string' || t === 'regex' || t === 'call';
  }
  private sum(): Expression {
    return this.binary(['+', '-'], () => this.product());
  }
  private product(): Expression {
    return this.binary(['*', '/', '%'], () => this.unary());
  }
  /** Operators of one rank, from the left. */
  private binary(operators: readonly string[], operand: () => Expression, mayBreakLine = false): Expression {
    let left = operand();
    for (let operator = this.acceptAny(operators); operator !== undefined; operator = this.acceptAny(operators)) {
      if (mayBreakLine) this.skipNewlines();
      left = { e: 'binary', operator, left, right: operand() };
    }
    return left;
  }
  private unary(): Expression {
    const operator = this.acceptAny(SIGNS);
    return operator === undefined ? this.power() : { e: 'unary', operator, value: this.unary() };
  }
  private power(): Expression {
    const left = this.postfix();
    if (this.acceptAny(['^', '**']) === undefined) return left;
    return { e: 'binary', operator: '^', left, right: this.is('-') ? this.unary() : this.power() };
  }
  private postfix(): Expression {
    const value = this.primary();
    const operator = isPlace(value) ? this.acceptAny(STEPS) : undefined;
    return operator === undefined ? value : { e: 'step', operator, prefix: false, value };
  }
  private primary(): Expression {
    const token = this.take();
    switch (token.t) {
      case 'number':
        return { e: 'number', value: Number(token.text) };
      case 'string':
        return { e: 'string', value: token.text };
      case 'regex':
        return { e: 'regex', source: token.text };
      case 'call':
        this.at += 1;
        return { e: 'call', name: token.text, args: this.expressions(')') };
      case 'name':
        return this.named(token);
      case 'op':
        return this.prefixed(token);
      default:
        throw this.wrong(token);
    }
  }
  private named(token: Token): Expression {
    const { text: name } = token;
    if (BUILTINS.has(name)) return { e: 'call', name, args: this.accept('(') ? this.expressions(')') : [] };
    if (name === 'getline') {
      const target = this.getlineTarget();
      return { e: 'getline', ...target, ...(this.accept('<') ? { from: this.primary() } : {}) };
    }
    if (KEYWORDS.has(name)) throw this.wrong(token);
    return this.accept('[') ? { e: 'element', name, index: this.expressions(']') } : { e: 'variable', name };
  }
  private prefixed(token: Token): Expression {
    const { text } = token;
    if (text === '$') return { e: 'field', index: this.primary() };
    if (text === '++' || text === '--') return { e: 'step', operator: text, prefix: true, value: this.primary() };
    if (text === '(') return this.grouped();
    if (SIGNS.includes(text)) return { e: 'unary', operator: text, value: this.unary() };
    throw this.wrong(token);
  }
  private grouped(): Expression {
    const inside = this.expressions(')');
    if (inside.length > 1) {
      this.expect('in');
      return { e: 'in', index: inside, name: this.take().text };
    }
    // A grouped expression is no place to assign to, but `($1)++` hardly matters.
    return inside[0] ?? { e: 'string', value: '' };
  }
  /** Where getline puts what it reads; nothing: into `$0`. */
  private getlineTarget(): { readonly to?: Expression } {
    const { t, text } = this.peek();
    return (t === 'name' && !KEYWORDS.has(text)) || this.is('$') ? { to: this.primary() } : {};
  }
}

const isPlace = ({ e }: Expression): boolean => e === 'variable' || e === 'element' || e === 'field';
