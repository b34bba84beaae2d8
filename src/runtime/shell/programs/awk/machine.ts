/** Runs an awk program over its input, from BEGIN to END. */
import type { ProgramContext } from '../../program.js';
import { posixRegExp } from '../regex.js';
import { builtins } from './builtins.js';
import { Break, Continue, Endless, Exit, Next, Return } from './control.js';
import { awkFormat } from './format.js';
import { escaped } from './lexer.js';
import type { Awk, Expression, Statement } from './parser.js';
import { CurrentRecord, type InputFile, Records } from './record.js';
import { type Ended, Streams } from './streams.js';
import { fromInput, isTrue, type Scope, toNumber, type Value } from './values.js';
import { Variables } from './variables.js';

/** Statements an awk program may run: it cannot be suspended. */
const MAX_STEPS = 500_000;
/** And so many more for each character of its input. */
const STEPS_FOR_INPUT = 50;
/** Functions that call each other deeper than this end the program. */
const MAX_DEPTH = 200;

type Of<E extends Expression['e']> = Extract<Expression, { e: E }>;
type StatementOf<S extends Statement['s']> = Extract<Statement, { s: S }>;

export interface MachineOptions {
  readonly context: ProgramContext;
  readonly program: Awk;
  readonly inputs: readonly InputFile[];
  /** How the commands ended that the program has run before. */
  readonly memo: readonly Ended[];
  /** `-F`. */
  readonly separator: string | undefined;
  /** `NAME=VALUE`, of `-v` and of the operands. */
  readonly assignments: readonly string[];
  readonly argv: readonly string[];
}

export class Machine {
  readonly context: ProgramContext;
  readonly variables: Variables;
  readonly record: CurrentRecord;
  readonly streams: Streams;
  private readonly program: Awk;
  private readonly records: Records;
  /** Rules of two patterns that are between the two. */
  private readonly ranges = new Set<Awk['rules'][number]>();
  private readonly mostSteps: number;
  private steps = 0;
  private code = 0;
  private hasExited = false;

  constructor({ context, program, inputs, memo, separator, assignments, argv }: MachineOptions) {
    this.context = context;
    this.program = program;
    this.variables = new Variables(context.flavour, argv, context.env);
    if (separator !== undefined) this.variables.setGlobal('FS', separator === 't' ? '\t' : plainText(separator));
    for (const text of assignments) {
      const at = text.indexOf('=');
      this.variables.setGlobal(text.slice(0, at), fromInput(plainText(text.slice(at + 1))));
    }
    this.record = new CurrentRecord(this.variables);
    this.records = new Records(inputs, this.variables);
    this.streams = new Streams(context, memo);
    this.mostSteps = MAX_STEPS + STEPS_FOR_INPUT * inputs.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** The exit code. Throws NeedsCommand. */
  run(): number {
    const { program } = this;
    this.guarded(() => this.executeAll(program.begin));
    if (!this.hasExited && (program.rules.length > 0 || program.end.length > 0)) {
      for (let read = this.records.read(); read.status === 1 && !this.hasExited && !this.context.broken; read = this.records.read()) {
        this.record.text = read.text;
        this.guarded(() => this.applyRules());
      }
    }
    if (this.steps <= this.mostSteps) this.guarded(() => this.executeAll(program.end));
    this.streams.closeAll();
    return this.code;
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof Exit) this.exit(error.code ?? this.code);
      else if (error instanceof Endless) this.failed(`podsim: awk has taken ${this.mostSteps} steps and goes on; podsim ends it`);
      else if (error instanceof SyntaxError) this.failed(`awk: ${error.message}`);
      else if (!(error instanceof Next || error instanceof Break || error instanceof Continue || error instanceof Return)) throw error;
    }
  }
  private exit(code: number): void {
    this.code = code;
    this.hasExited = true;
  }
  private failed(message: string): void {
    this.context.err(`${message}\n`);
    this.exit(2);
  }

  private applyRules(): void {
    for (const rule of this.program.rules) {
      if (!this.isChosen(rule)) continue;
      if (rule.action === undefined) this.context.out(`${this.record.text}${this.variables.text('ORS')}`);
      else this.execute(rule.action);
    }
  }
  private isChosen(rule: Awk['rules'][number]): boolean {
    const { pattern, until } = rule;
    if (pattern === undefined) return true;
    if (until === undefined) return isTrue(this.evaluate(pattern));
    if (!this.ranges.has(rule) && isTrue(this.evaluate(pattern))) this.ranges.add(rule);
    if (!this.ranges.has(rule)) return false;
    if (isTrue(this.evaluate(until))) this.ranges.delete(rule);
    return true;
  }

  private count(): void {
    this.steps += 1;
    if (this.steps > this.mostSteps) throw new Endless();
  }

  private executeAll(statements: readonly Statement[]): void {
    for (const statement of statements) this.execute(statement);
  }
  private execute(statement: Statement): void {
    this.count();
    switch (statement.s) {
      case 'block':
        this.executeAll(statement.body);
        return;
      case 'expression':
        this.evaluate(statement.value);
        return;
      case 'print':
        this.print(statement);
        return;
      case 'if':
        if (isTrue(this.evaluate(statement.test))) this.execute(statement.then);
        else if (statement.otherwise !== undefined) this.execute(statement.otherwise);
        return;
      case 'while':
        if (!statement.first && !this.once(statement.body)) return;
        while (isTrue(this.evaluate(statement.test))) if (!this.once(statement.body)) return;
        return;
      case 'for':
        if (statement.init !== undefined) this.execute(statement.init);
        while (statement.test === undefined || isTrue(this.evaluate(statement.test))) {
          if (!this.once(statement.body)) return;
          if (statement.update !== undefined) this.execute(statement.update);
        }
        return;
      case 'forin':
        for (const key of [...this.variables.array(statement.name).keys()]) {
          this.variables.set(statement.variable, fromInput(key));
          if (!this.once(statement.body)) return;
        }
        return;
      case 'delete':
        if (statement.index === undefined) this.variables.array(statement.name).clear();
        else this.variables.array(statement.name).delete(this.keyOf(statement.index));
        return;
      case 'next':
        throw new Next();
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
      case 'exit':
        throw new Exit(statement.value === undefined ? undefined : toNumber(this.evaluate(statement.value)) & 255);
      case 'return':
        throw new Return(statement.value === undefined ? '' : this.evaluate(statement.value));
    }
  }
  /** A loop's body; false: break. */
  private once(body: Statement): boolean {
    try {
      this.execute(body);
    } catch (error) {
      if (error instanceof Break) return false;
      if (!(error instanceof Continue)) throw error;
    }
    return true;
  }
  private print({ args, formatted, redirect, target }: StatementOf<'print'>): void {
    const { variables } = this;
    const printed = () => (args.length === 0 ? this.record.text : args.map((one) => variables.textOf(this.evaluate(one), 'OFMT')).join(variables.text('OFS')));
    const text = formatted ? this.format(args) : `${printed()}${variables.text('ORS')}`;
    if (target === undefined) this.context.out(text);
    else this.streams.write(this.textOf(target), redirect, text);
  }

  evaluate(x: Expression): Value {
    this.count();
    switch (x.e) {
      case 'number':
      case 'string':
        return x.value;
      case 'regex':
        return posixRegExp(x.source, { extended: true }).test(this.record.text) ? 1 : 0;
      case 'variable':
        return this.variables.get(x.name);
      case 'element':
        return this.element(x);
      case 'field':
        return fromInput(this.record.field(toNumber(this.evaluate(x.index))));
      case 'assign':
        return this.assignment(x);
      case 'unary': {
        const value = this.evaluate(x.value);
        return x.operator === '!' ? (isTrue(value) ? 0 : 1) : x.operator === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'step': {
        const old = toNumber(this.evaluate(x.value));
        const value = x.operator === '++' ? old + 1 : old - 1;
        this.assign(x.value, value);
        return x.prefix ? value : old;
      }
      case 'binary':
        return this.binary(x);
      case 'in':
        return this.variables.array(x.name).has(this.keyOf(x.index)) ? 1 : 0;
      case 'choose':
        return isTrue(this.evaluate(x.test)) ? this.evaluate(x.yes) : this.evaluate(x.no);
      case 'call':
        return this.call(x);
      case 'getline':
        return this.getline(x);
    }
  }
  private textOf(x: Expression): string {
    return this.variables.textOf(this.evaluate(x));
  }
  private keyOf(index: readonly Expression[]): string {
    return index.map((one) => this.textOf(one)).join(this.variables.indexSeparator);
  }
  /** The regular expression that a value is, where one is wanted. */
  expressionOf(x: Expression): RegExp {
    return posixRegExp(x.e === 'regex' ? x.source : this.textOf(x), { extended: true });
  }
  /** Asking for an element makes it. */
  private element({ name, index }: Of<'element'>): Value {
    const array = this.variables.array(name);
    const key = this.keyOf(index);
    const known = array.get(key);
    if (known !== undefined) return known;
    array.set(key, '');
    return '';
  }
  private assignment({ operator, to, value }: Of<'assign'>): Value {
    const given = this.evaluate(value);
    if (operator === '=') return this.assign(to, given);
    return this.assign(to, this.calculate(operator.slice(0, -1), toNumber(this.evaluate(to)), toNumber(given)));
  }
  assign(to: Expression, value: Value): Value {
    if (to.e === 'variable') {
      this.variables.set(to.name, value);
      if (to.name === 'NF') this.record.resize(toNumber(value));
    } else if (to.e === 'element') this.variables.array(to.name).set(this.keyOf(to.index), value);
    else if (to.e === 'field') this.record.setField(toNumber(this.evaluate(to.index)), this.variables.textOf(value));
    return value;
  }
  private binary({ operator, left, right }: Of<'binary'>): Value {
    switch (operator) {
      case '&&':
        return isTrue(this.evaluate(left)) && isTrue(this.evaluate(right)) ? 1 : 0;
      case '||':
        return isTrue(this.evaluate(left)) || isTrue(this.evaluate(right)) ? 1 : 0;
      case '~':
        return this.expressionOf(right).test(this.textOf(left)) ? 1 : 0;
      case '!~':
        return this.expressionOf(right).test(this.textOf(left)) ? 0 : 1;
      case ' ':
        return this.textOf(left) + this.textOf(right);
      case '<':
        return this.compare(left, right) < 0 ? 1 : 0;
      case '<=':
        return this.compare(left, right) <= 0 ? 1 : 0;
      case '>':
        return this.compare(left, right) > 0 ? 1 : 0;
      case '>=':
        return this.compare(left, right) >= 0 ? 1 : 0;
      case '==':
        return this.compare(left, right) === 0 ? 1 : 0;
      case '!=':
        return this.compare(left, right) !== 0 ? 1 : 0;
      default:
        return this.calculate(operator, toNumber(this.evaluate(left)), toNumber(this.evaluate(right)));
    }
  }
  /** As numbers if neither is mere text; what is nothing goes with the other. */
  private compare(one: Expression, other: Expression): number {
    const left = this.evaluate(one);
    const right = this.evaluate(other);
    const isNumber = (value: Value): boolean => typeof value !== 'string';
    if ((isNumber(left) || left === '') && (isNumber(right) || right === '') && !(left === '' && right === '')) return toNumber(left) - toNumber(right);
    const [a, b] = [this.variables.textOf(left), this.variables.textOf(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  private calculate(operator: string, a: number, b: number): number {
    switch (operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '^':
        return a ** b;
      default:
        if (b !== 0) return operator === '/' ? a / b : a % b;
        this.context.err(this.context.flavour === 'ash' ? 'awk: cmd. line:1: Division by zero\n' : 'awk: division by zero\n');
        throw new Exit(this.context.flavour === 'ash' ? 1 : 2);
    }
  }

  private call({ name, args }: Of<'call'>): Value {
    const own = this.program.functions.get(name);
    if (own === undefined) return builtins.get(name)?.(this, args) ?? 0;
    if (this.variables.depth > MAX_DEPTH) throw new Exit();
    const scope: Scope = new Map();
    for (const [i, parameter] of own.parameters.entries()) scope.set(parameter, this.passed(args[i]));
    this.variables.enter(scope);
    try {
      this.execute(own.body);
      return '';
    } catch (error) {
      if (error instanceof Return) return error.value;
      throw error;
    } finally {
      this.variables.leave();
    }
  }
  /** Arrays are passed as they are, all else by its value. */
  private passed(arg: Expression | undefined): Value | Map<string, Value> {
    if (arg === undefined) return '';
    const array = arg.e === 'variable' ? this.variables.arrayIfAny(arg.name) : undefined;
    return array ?? this.evaluate(arg);
  }

  format(args: readonly Expression[]): string {
    // Numbers keep all their digits: CONVFMT is for texts.
    const [first = '', ...rest] = args.map((one) => {
      const value = this.evaluate(one);
      return typeof value === 'number' ? String(value) : this.variables.textOf(value);
    });
    return awkFormat(first, rest, this.context.flavour);
  }

  private getline({ from, to, command }: Of<'getline'>): Value {
    const read = from === undefined ? this.records.read() : this.streams.readLine(this.textOf(from), command === true);
    if (read.status !== 1) return read.status;
    if (to === undefined) this.record.text = read.text;
    else this.assign(to, fromInput(read.text));
    return read.status;
  }
}

/** As it is given on the command line, with what its backslashes stand for. */
const plainText = (text: string): string => text.replace(/\\(.)/gs, (_, char: string) => escaped(char));
