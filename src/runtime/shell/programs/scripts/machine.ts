/** Runs a parsed program one instruction at a time; between two of them all it is can be written down as JSON. */
import { FOREVER } from '../../../process.js';
import type { ProgramContext, Wait } from '../../program.js';
import type { Code, Instruction } from './compile.js';
import { exceptionIn, isException, pythonError } from './exceptions.js';
import type { Language } from './expression.js';
import {
  type Big,
  bytesIn,
  type Callable,
  type Expression,
  type FunctionLiteral,
  isBig,
  isBound,
  isClass,
  isFloat,
  isList,
  isObject,
  isRecord,
  NotSimulated,
  nodeVersion,
  repeated,
  ScriptError,
  SMALL,
  type Value,
} from './values.js';

export interface ScriptState {
  pc: number;
  vars: Record<string, Value>;
  loops: Record<number, { items: readonly Value[] | Big; at: number }>;
  timers: { due: number; start: number; every?: number }[];
  /** Functions that have been called and not yet returned: where they were called, and what their names meant there. */
  frames?: { pc: number; saved: Record<string, Value | undefined>; to?: Expression; until?: number }[];
  /** What was raised and is being handled. */
  error?: string;
  /** What is called at a signal, by its name without SIG; null: it is ignored. */
  handlers?: Record<string, Callable | null>;
  /** It waits for a signal. */
  isPaused?: boolean;
  /** What is answered to the request that is being handled. */
  response?: { status: number; headers: Record<string, string>; body: string; logs?: boolean };
  /** Handlers of requests, by port: a function, or a class. */
  servers?: Record<number, number | string>;
  /** Classes by name, objects by number. */
  classes?: Record<string, ClassState>;
  objects?: Record<number, { readonly class: string; fields: Record<string, Value> }>;
  until?: number;
  /** What stands in files and standard input has been read up to here. */
  line?: string;
}

interface ClassState {
  readonly bases: readonly string[];
  /** Where their code is. */
  readonly methods: Readonly<Record<string, number>>;
  fields: Record<string, Value>;
}

/** What a language's own functions may do. */
export interface Hands {
  readonly context: ProgramContext;
  readonly state: ScriptState;
  readonly language: Language;
  /** Stops until then. */
  sleep(milliseconds: number): void;
  /** Stops until a signal has been handled. */
  pause(): void;
  /** Python's `text % args`. */
  percent(text: string, args: readonly Value[]): Value;
  exit(code: number): never;
  timer(start: number, milliseconds: number, repeats: boolean): void;
  /** Names of an object's classes, the built-in ones last; none: it is no object. */
  classesOf(value: Value): readonly string[];
  fieldOf(value: Value, name: string): Value | undefined;
  text(value: Value): string;
  isTrue(value: Value): boolean;
}

/** A function of the language by its dotted name, or a method by `.name` with its object first; undefined: there is none that podsim knows. */
export type Functions = (name: string, args: readonly Value[], named: Readonly<Record<string, Value>>, hands: Hands) => Value | undefined;

/** An interpreter of its own takes about so much. */
const OWN_MEMORY = 9_437_184;

/** It wants more memory than there is. */
class TooMuch extends Error {}

class Exit extends Error {
  constructor(readonly code: number) {
    super();
  }
}

/** What node has without asking for it, and podsim has not. */
const NODE_GLOBALS: ReadonlySet<string> = new Set('Promise Buffer URL fetch async class globalThis Array Object Map Set'.split(' '));

/** Instructions in a row before others get their turn. */
const STEPS_PER_TURN = 5000;

export class ScriptMachine implements Hands {
  constructor(
    readonly context: ProgramContext,
    readonly language: Language,
    private readonly code: Code,
    readonly state: ScriptState,
    private readonly functions: Functions,
    readonly text: (value: Value) => string,
  ) {
    this.literals = new Map([...code.functions].map(([literal, at]) => [at, literal as FunctionLiteral]));
  }

  /** Until it ends or waits. Throws {@link ScriptError} and {@link NotSimulated}. */
  run(): number | Wait {
    const { context, state } = this;
    try {
      for (let steps = 0; ; steps += 1) {
        if (context.broken) return 141;
        if (state.until !== undefined) {
          if (context.now < state.until) return { wait: 'time', until: state.until as ProgramContext['now'] };
          delete state.until;
        }
        if (steps > STEPS_PER_TURN) return { wait: 'time', until: context.now, worked: STEPS_PER_TURN / 10 };
        const instruction = this.code.list[state.pc];
        const isOver = instruction === undefined || instruction.i === 'end';
        if (isOver && (state.frames ?? []).length > 0) {
          this.leave(null);
          continue;
        }
        if (isOver) {
          const timer = state.timers.sort((a, b) => a.due - b.due)[0];
          if (timer === undefined) return state.servers === undefined ? 0 : { wait: 'forever' };
          if (context.now < timer.due) return { wait: 'time', until: timer.due as ProgramContext['now'] };
          if (timer.every === undefined) state.timers.shift();
          else timer.due += Math.max(1, timer.every);
          state.pc = timer.start;
          continue;
        }
        state.pc += 1;
        try {
          this.step(instruction);
        } catch (error) {
          this.fail(error, state.pc - 1);
        }
      }
    } catch (error) {
      if (error instanceof Exit) return error.code;
      if (!(error instanceof TooMuch)) throw error;
      context.uses(Number.MAX_SAFE_INTEGER, 1_000_000_000);
      return { wait: 'time', until: FOREVER };
    }
  }

  /** Goes on at whoever handles the failure, or passes it on. */
  private fail(error: unknown, at: number): void {
    const { state } = this;
    if (!(error instanceof ScriptError) || this.depth > 0) throw error;
    for (let pc = at; ; ) {
      const found = this.handlerAt(pc);
      if (found !== undefined) {
        state.error = error.message;
        state.pc = found;
        return;
      }
      const frame = state.frames?.pop();
      if (frame === undefined) throw error;
      this.restore(frame.saved);
      pc = frame.pc - 1;
    }
  }

  private handlerAt(pc: number): number | undefined {
    return this.code.tries.find(({ from, to }) => pc >= from && pc < to)?.handler;
  }

  private readonly literals: ReadonlyMap<number, FunctionLiteral>;
  /** What the function that is being worked out within an expression has come to. */
  private returned: { readonly value: Value } | undefined;
  /** How many functions are being worked out within an expression. */
  private depth = 0;

  /** The classes an object's attributes are looked for in, one after the other. */
  private lineOf(name: string): readonly string[] {
    const known = this.state.classes?.[name];
    return known === undefined ? [name] : [name, ...known.bases.flatMap((base) => this.lineOf(base))];
  }

  /** A method, and whose it is. */
  methodOf(classes: readonly string[], name: string): { readonly at: number; readonly owner: string } | undefined {
    for (const owner of classes) {
      const at = this.state.classes?.[owner]?.methods[name];
      if (at !== undefined) return { at, owner };
    }
    return undefined;
  }

  /** Where `of.name(…)` leads: a method with its object before the arguments. `known`: what `of` is, if that has been worked out. */
  private boundOf(x: Expression, known?: Value): { readonly at: number; readonly owner: string; readonly self: Value } | undefined {
    if (this.language !== 'python' || x.k !== 'member') return undefined;
    if (isSuper(x.of)) {
      const owner = String(this.state.vars[OWNER] ?? '');
      const found = this.methodOf(this.lineOf(owner).slice(1), x.name);
      return found === undefined ? undefined : { ...found, self: this.state.vars['self'] ?? null };
    }
    if (known === undefined && this.pathOf(x.of) !== undefined) return undefined;
    const self = known ?? this.evaluate(x.of);
    const name = isObject(self) ? this.state.objects?.[self.object]?.class : undefined;
    const found = name === undefined ? undefined : this.methodOf(this.lineOf(name), x.name);
    return found === undefined ? undefined : { ...found, self };
  }

  /** What kind of object it is, its classes' built-in ones too. */
  classesOf(value: Value): readonly string[] {
    return isObject(value) ? this.lineOf(this.state.objects?.[value.object]?.class ?? '') : [];
  }

  fieldOf(value: Value, name: string): Value | undefined {
    return isObject(value) ? this.state.objects?.[value.object]?.fields[name] : undefined;
  }

  /** A new object; its `__init__` has run. */
  create(name: string, args: readonly Value[], named: Readonly<Record<string, Value>> = {}, fields: Readonly<Record<string, Value>> = {}): Value {
    this.state.objects ??= {};
    const number = Object.keys(this.state.objects).length + 1;
    if (number > MOST_OBJECTS) throw new NotSimulated('so many objects');
    this.state.objects[number] = { class: name, fields: { ...fields } };
    const self = { object: number };
    const init = this.methodOf(this.lineOf(name), '__init__');
    if (init !== undefined) this.invoke(init.at, [self, ...args], named, init.owner);
    else this.state.objects[number].fields['args'] = args;
    return self;
  }

  /** Gives a function's parameters and own names their values; what they meant before. */
  private bind(literal: FunctionLiteral, args: readonly Value[], named: Readonly<Record<string, Value>>, owner?: string): Record<string, Value | undefined> {
    const { vars } = this.state;
    const values = literal.parameters.map(({ name, value, isRest }, i) =>
      isRest === true ? args.slice(i) : (args[i] ?? named[name] ?? (value === undefined ? null : this.evaluate(value))),
    );
    const names = [OWNER, ...literal.parameters.map(({ name }) => name), ...(literal.locals ?? [])].flatMap((name) => [name, `=${name}`]);
    const saved = Object.fromEntries(names.map((name) => [name, Object.hasOwn(vars, name) ? vars[name] : undefined]));
    for (const name of names) delete vars[name];
    if (owner !== undefined) vars[OWNER] = owner;
    for (const [i, { name }] of literal.parameters.entries()) this.spread([name], values[i] as Value);
    return saved;
  }

  private restore(saved: Readonly<Record<string, Value | undefined>>): void {
    for (const [name, value] of Object.entries(saved))
      if (value === undefined) delete this.state.vars[name];
      else this.state.vars[name] = value;
  }

  /** The end of a function that a statement has called. */
  private leave(value: Value): void {
    const frame = this.state.frames?.pop();
    if (frame === undefined) return;
    this.restore(frame.saved);
    this.state.pc = frame.pc;
    if (frame.until !== undefined) this.state.until = frame.until;
    if (frame.to !== undefined) this.assign(frame.to, value);
  }

  /** A statement that only calls a function: it can wait in it. */
  private enter(value: Expression): boolean {
    const [call, to] = value.k === 'assign' && value.operator === '=' ? [value.value, value.to] : [value];
    // What is called on the way is called once.
    const isChain = call.k === 'call' && call.of.k === 'member' && hasCall(call.of.of) && !isSuper(call.of.of) && this.pathOf(call.of.of) === undefined;
    if (isChain && to !== undefined) return false;
    const known = isChain && call.of.k === 'member' ? this.evaluate(call.of.of) : undefined;
    const bound = call.k === 'call' ? this.boundOf(call.of, known) : undefined;
    if (isChain && bound === undefined) {
      this.call(call, known);
      return true;
    }
    const literal = bound !== undefined ? this.literals.get(bound.at) : call.k === 'call' ? this.functionOf(call.of) : undefined;
    if (literal === undefined || call.k !== 'call') return false;
    const named = Object.fromEntries(Object.entries(call.named).map(([name, one]) => [name, this.evaluate(one)]));
    const given = call.args.map((arg) => this.evaluate(arg));
    const saved = this.bind(literal, bound === undefined ? given : [bound.self, ...given], named, bound?.owner);
    this.state.frames ??= [];
    if (this.state.frames.length > MOST_FRAMES) throw new ScriptError('RecursionError: maximum recursion depth exceeded\n');
    this.state.frames.push({ pc: this.state.pc, saved, ...(to === undefined ? {} : { to }) });
    this.state.pc = this.code.functions.get(literal) as number;
    return true;
  }

  /** Calls a handler in the middle of whatever the program does; then it goes on, and sleeps to the end. */
  interrupt(handler: Callable, args: readonly Value[]): void {
    const { state } = this;
    const at = typeof handler === 'number' ? handler : handler.method;
    const literal = this.literals.get(at);
    if (literal === undefined) return;
    const saved = typeof handler === 'number' ? this.bind(literal, args, {}) : this.bind(literal, [handler.self, ...args], {}, handler.owner);
    state.frames ??= [];
    state.frames.push({ pc: state.pc, saved, ...(state.until === undefined || state.isPaused === true ? {} : { until: state.until }) });
    delete state.until;
    delete state.isPaused;
    state.pc = at;
  }

  private functionOf(x: Expression): FunctionLiteral | undefined {
    const value = x.k === 'name' && Object.hasOwn(this.state.vars, x.name) ? this.state.vars[x.name] : undefined;
    return typeof value === 'number' ? this.literals.get(value) : undefined;
  }

  /** Runs a function to its end, within an expression or for a request. */
  invoke(at: number, args: readonly Value[], named: Readonly<Record<string, Value>> = {}, owner?: string): Value {
    const { state } = this;
    const literal = this.literals.get(at);
    if (literal === undefined) throw new NotSimulated('a call');
    if (this.depth > MOST_DEPTH) throw new ScriptError('RecursionError: maximum recursion depth exceeded\n');
    const { pc, until } = state;
    const saved = this.bind(literal, args, named, owner);
    this.depth += 1;
    state.pc = at;
    try {
      for (let steps = 0; ; steps += 1) {
        if (steps > STEPS_PER_TURN * 20) throw new NotSimulated('so long a function');
        const instruction = this.code.list[state.pc];
        if (instruction === undefined || instruction.i === 'end') return null;
        state.pc += 1;
        try {
          this.step(instruction);
        } catch (error) {
          const found = error instanceof ScriptError ? this.handlerAt(state.pc - 1) : undefined;
          if (found === undefined) throw error;
          state.error = (error as ScriptError).message;
          state.pc = found;
        }
        const { returned } = this;
        if (returned !== undefined) {
          this.returned = undefined;
          return returned.value;
        }
        if (state.until !== until) throw new NotSimulated('waiting in a function whose value is used');
      }
    } finally {
      this.depth -= 1;
      state.pc = pc;
      this.restore(saved);
    }
  }

  sleep(milliseconds: number): void {
    this.state.until = this.context.now + Math.max(0, milliseconds);
  }
  pause(): void {
    this.state.isPaused = true;
    this.sleep(FOREVER - this.context.now);
  }
  percent(text: string, args: readonly Value[]): Value {
    return this.functions('.percent()', [text, ...args], {}, this) ?? null;
  }
  exit(code: number): never {
    throw new Exit(code & 255);
  }
  timer(start: number, milliseconds: number, repeats: boolean): void {
    this.state.timers.push({ due: this.context.now + milliseconds, start, ...(repeats ? { every: milliseconds } : {}) });
  }

  /** A large value has come to be, beside all that is kept; the kernel may have none left to give. */
  private held(value: Value): Value {
    if (!isBig(value)) return value;
    const bytes = OWN_MEMORY + value.bytes + Object.values(this.state.vars).reduce((sum: number, one) => sum + bytesIn(one), 0);
    if (bytes > (this.context.host.memoryLimit ?? Number.POSITIVE_INFINITY)) throw new TooMuch();
    this.context.uses(bytes, 1_000_000);
    return value;
  }

  private step(instruction: Instruction): void {
    const { state } = this;
    switch (instruction.i) {
      case 'do':
        if (this.depth > 0 || !this.enter(instruction.value)) this.evaluate(instruction.value);
        return;
      case 'return': {
        const value = instruction.value === undefined ? null : this.evaluate(instruction.value);
        if (this.depth > 0) this.returned = { value };
        else if ((state.frames ?? []).length > 0) this.leave(value);
        else state.pc = this.code.list.length;
        return;
      }
      case 'raise':
        throw this.raised(instruction.value);
      case 'catch': {
        const { type, text } = exceptionIn(state.error ?? '');
        const kinds = this.lineOf(type);
        if (instruction.types.length > 0 && !instruction.types.some((one) => kinds.some((kind) => isException(kind, one)))) {
          state.pc = instruction.to;
          return;
        }
        if (instruction.name !== undefined) state.vars[instruction.name] = { exception: type, text };
        return;
      }
      case 'jump':
        state.pc = instruction.to;
        return;
      case 'unless':
        if (!this.isTrue(this.evaluate(instruction.test))) state.pc = instruction.to;
        return;
      case 'begin': {
        const value = this.evaluate(instruction.of);
        const items = isBig(value) ? value : this.itemsOf(value);
        state.loops[instruction.slot] = { items, at: 0 };
        return;
      }
      case 'each': {
        const loop = state.loops[instruction.slot];
        if (loop === undefined || loop.at >= loop.items.length) {
          state.pc = instruction.to;
          return;
        }
        this.spread(instruction.names, elementOf(loop.items, loop.at++));
        return;
      }
      default:
        return;
    }
  }

  /** What a loop goes over: an opened file gives its lines. */
  private itemsOf(value: Value): readonly Value[] {
    if (isList(value)) return value;
    if (typeof value === 'string' && this.language !== 'perl') return [...value];
    if (!isRecord(value)) return [value];
    return typeof value['text'] === 'string' && 'path' in value ? value['text'].split(/(?<=\n)/) : Object.keys(value);
  }

  /** `a, b = value`. */
  private spread(names: readonly string[], value: Value): void {
    const [only] = names;
    const put = (name: string, one: Value): void => {
      this.state.vars[name] = one;
      this.share(name, one);
    };
    if (names.length === 1 && only !== undefined) put(only, value);
    else for (const [i, name] of names.entries()) put(name, (isList(value) ? value[i] : undefined) ?? null);
  }

  /**
   * A list that has two names is one list to python and node, and two here: whoever changes it by one of them is not simulated.
   * `=name` says so of a name.
   */
  private share(name: string, value: Value): void {
    if (this.language === 'perl') return;
    if (isChangeable(value)) this.state.vars[`=${name}`] = true;
    else delete this.state.vars[`=${name}`];
  }

  private changes(x: Expression): void {
    const name = rootOf(x);
    // What an object has is one for all who have the object.
    if (name !== undefined && (isObject(this.state.vars[name] ?? null) || isClass(this.state.vars[name] ?? null))) return;
    if (name !== undefined && this.state.vars[`=${name}`] === true) throw new NotSimulated(`${name} changed, which has another name`);
  }

  /** `raise X("text")`, `raise X`, `raise`. */
  private raised(value: Expression | undefined): ScriptError {
    if (value === undefined) return new ScriptError(this.state.error ?? '');
    const call = value.k === 'call' ? value : undefined;
    const of = call?.of ?? value;
    const own = of.k === 'name' ? this.state.vars[of.name] : undefined;
    if (own !== undefined && isClass(own)) {
      const text = call?.args[0] === undefined ? '' : this.text(this.evaluate(call.args[0]));
      return pythonError(own.class, text);
    }
    if (of.k === 'name' && own === undefined) {
      const text = call?.args[0] === undefined ? '' : this.text(this.evaluate(call.args[0]));
      return pythonError(of.name, text);
    }
    const found = this.evaluate(value);
    return isRecord(found) ? pythonError(String(found['exception']), String(found['text'])) : new ScriptError('');
  }

  isTrue(value: Value): boolean {
    if (isFloat(value)) return value.float !== 0;
    if (isBig(value)) return true;
    if (isList(value)) return this.language === 'node' || value.length > 0;
    if (isRecord(value)) return this.language === 'node' || isObject(value) || Object.keys(value).length > 0;
    return this.language === 'perl' ? value !== null && value !== '' && value !== '0' && value !== 0 && value !== false : Boolean(value);
  }

  number(value: Value): number {
    if (isFloat(value)) return value.float;
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (this.language === 'perl') return isList(value) ? value.length : Number.parseFloat(String(value ?? 0)) || 0;
    if (this.language === 'node') return value === null ? Number.NaN : Number(value);
    throw new NotSimulated(`a number from ${this.text(value)}`);
  }

  /** `a.b.c` of names alone. */
  private pathOf(x: Expression): string | undefined {
    if (x.k === 'name') {
      const own = Object.hasOwn(this.state.vars, x.name) ? (this.state.vars[x.name] as Value) : undefined;
      // `const http = require('http')`
      return own === undefined ? x.name : isRecord(own) && typeof own['module'] === 'string' ? own['module'] : undefined;
    }
    if (x.k === 'call' && x.of.k === 'name' && x.of.name === 'require' && x.args[0]?.k === 'literal') return String(x.args[0].value).replace(/^node:/, '');
    if (x.k !== 'member') return undefined;
    const of = this.pathOf(x.of);
    return of === undefined ? undefined : `${of}.${x.name}`;
  }

  evaluate(x: Expression): Value {
    const { state } = this;
    switch (x.k) {
      case 'literal':
        return x.value;
      case 'text':
        return x.parts.map((part) => this.text(this.evaluate(part))).join('');
      case 'name': {
        if (Object.hasOwn(state.vars, x.name)) return state.vars[x.name] as Value;
        if (this.language === 'perl' && /^[$@%]/.test(x.name)) return this.functions(x.name, [], {}, this) ?? (x.name.startsWith('@') ? [] : '');
        const found = this.functions(x.name, [], {}, this);
        if (found === undefined) throw this.unknown(x.name);
        return found;
      }
      case 'list':
        return x.items.flatMap((item) => {
          const value = this.evaluate(item);
          return this.language === 'perl' && isList(value) ? value : [value];
        });
      case 'record':
        return Object.fromEntries(x.pairs.map(([key, value]) => [this.text(this.evaluate(key)), this.evaluate(value)]));
      case 'unary': {
        if (x.operator === 'typeof') return typeof this.evaluate(x.of);
        const value = this.evaluate(x.of);
        if (x.operator === '!') return this.language === 'perl' ? (this.isTrue(value) ? '' : 1) : !this.isTrue(value);
        const n = this.number(value) * (x.operator === '-' ? -1 : 1);
        return isFloat(value) ? { float: n } : x.operator === '~' ? ~n : n;
      }
      case 'choose':
        return this.evaluate(this.isTrue(this.evaluate(x.test)) ? x.yes : x.no);
      case 'binary':
        return this.binary(x.operator, x.left, x.right);
      case 'assign': {
        if (x.operator !== '=') return this.assign(x.to, this.calculate(x.operator.slice(0, -1), this.evaluate(x.to), this.evaluate(x.value)));
        const value = this.assign(x.to, this.assigned(x.to, x.value));
        const other = rootOf(x.value);
        if (x.to.k === 'name') this.share(x.to.name, other === undefined ? null : value);
        else if (other !== undefined) this.share(other, value);
        if (other !== undefined && Object.hasOwn(state.vars, other) && isChangeable(value)) this.share(other, value);
        return value;
      }
      case 'step': {
        const old = Object.hasOwn(state.vars, x.to.k === 'name' ? x.to.name : '') || x.to.k !== 'name' ? this.number(this.evaluate(x.to)) : 0;
        const value = old + (x.operator === '++' ? 1 : -1);
        this.assign(x.to, value);
        return x.isPrefix ? value : old;
      }
      case 'match':
        return this.match({ k: 'name', name: '$_' }, x);
      case 'member': {
        const path = this.pathOf(x);
        const known = path === undefined ? undefined : this.functions(path, [], {}, this);
        if (known !== undefined) return known;
        if (path !== undefined) throw this.unknown(path);
        const of = this.evaluate(x.of);
        if (isObject(of) || isClass(of)) return this.attribute(of, x.name);
        if (isRecord(of)) return of[x.name] ?? null;
        if (x.name === 'length' && (typeof of === 'string' || isList(of) || isBig(of))) return of.length;
        throw this.unknown(`.${x.name}`);
      }
      case 'index': {
        const path = this.pathOf(x.of);
        const of =
          this.language === 'perl' && x.of.k === 'name'
            ? this.container(x.of.name)
            : path === undefined
              ? this.evaluate(x.of)
              : (this.functions(path, [], {}, this) ?? null);
        const at = this.evaluate(x.at);
        if (this.language === 'python' && (isList(of) || typeof of === 'string') && (this.number(at) >= of.length || this.number(at) < -of.length))
          throw pythonError('IndexError', `${isList(of) ? 'list' : 'string'} index out of range`);
        if (isBig(of)) return elementOf(of, this.number(at) < 0 ? of.length + this.number(at) : this.number(at));
        if (isList(of)) return of[this.number(at) < 0 ? of.length + this.number(at) : this.number(at)] ?? null;
        if (typeof of === 'string') return of.at(this.number(at)) ?? null;
        if (isRecord(of)) {
          const found = of[this.text(at)];
          if (found === undefined && this.language === 'python')
            throw new ScriptError(`Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nKeyError: '${this.text(at)}'\n`);
          return found ?? null;
        }
        throw new NotSimulated('[');
      }
      case 'function':
        return this.code.functions.get(x) ?? null;
      case 'class': {
        const methods = Object.fromEntries(Object.entries(x.methods).map(([name, literal]) => [name, this.code.functions.get(literal) as number]));
        const bases = x.bases.map((base) => base.split('.').at(-1) as string);
        const fields = Object.fromEntries(x.fields.map(([name, value]) => [name, this.evaluate(value)]));
        state.classes = { ...state.classes, [x.name]: { bases, methods, fields } };
        return { class: x.name };
      }
      case 'comprehension':
        return this.comprehension(x);
      case 'slice': {
        const of = this.evaluate(x.of);
        const [from, to] = [x.from, x.to].map((one) => (one === undefined ? undefined : this.number(this.evaluate(one))));
        if (typeof of !== 'string' && !isList(of)) throw new NotSimulated('[:]');
        return of.slice(from, to);
      }
      case 'call':
        return this.call(x);
    }
  }

  private attribute(of: { readonly object: number } | { readonly class: string }, name: string): Value {
    const own = 'object' in of ? this.state.objects?.[of.object] : undefined;
    const classes = this.lineOf(own?.class ?? ('class' in of ? of.class : ''));
    if (name === '__class__') return { class: classes[0] as string };
    if (name === '__name__') return classes[0] as string;
    const found = own?.fields[name] ?? classes.map((one) => this.state.classes?.[one]?.fields[name]).find((one) => one !== undefined);
    if (found !== undefined) return found;
    const method = this.methodOf(classes, name);
    if (method !== undefined && 'object' in of) return { method: method.at, owner: method.owner, self: { object: of.object } };
    const built = this.functions(`.${name}`, ['object' in of ? { object: of.object } : null], {}, this);
    if (built !== undefined) return built;
    throw pythonError(
      'AttributeError',
      own === undefined ? `type object '${classes[0]}' has no attribute '${name}'` : `'${own.class}' object has no attribute '${name}'`,
    );
  }

  /** `$x{k}` is of `%x`, `$x[0]` of `@x`, and `$x` itself may be a reference. */
  private container(name: string): Value {
    const bare = name.slice(1);
    return (
      this.state.vars[`%${bare}`] ??
      this.state.vars[`@${bare}`] ??
      this.functions(`%${bare}`, [], {}, this) ??
      this.functions(`@${bare}`, [], {}, this) ??
      this.state.vars[name] ??
      null
    );
  }

  private unknown(name: string): Error {
    if (this.language === 'python' && /^[A-Za-z_]\w*$/.test(name))
      return new ScriptError(`Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nNameError: name '${name}' is not defined\n`);
    if (this.language === 'node' && /^[A-Za-z_$]\w*$/.test(name) && !NODE_GLOBALS.has(name))
      return new ScriptError(`[eval]:1\n\nReferenceError: ${name} is not defined\n    at [eval]:1:1\n\nNode.js v${nodeVersion(this.context)}\n`);
    return new NotSimulated(name);
  }

  private comprehension(x: Extract<Expression, { k: 'comprehension' }>): Value {
    const of = this.evaluate(x.of);
    const items = this.itemsOf(of);
    const saved = Object.fromEntries(x.names.map((name) => [name, this.state.vars[name]]));
    const out: Value[] = [];
    const pairs: Record<string, Value> = {};
    for (const item of items) {
      this.spread(x.names, item);
      if (x.test !== undefined && !this.isTrue(this.evaluate(x.test))) continue;
      if (x.key === undefined) out.push(this.evaluate(x.value));
      else pairs[this.text(this.evaluate(x.key))] = this.evaluate(x.value);
    }
    this.restore(saved);
    return x.key === undefined ? out : pairs;
  }

  /** `known`: what the method is of, if that has been worked out. */
  private call(x: Extract<Expression, { k: 'call' }>, known?: Value): Value {
    const isOfValue = this.language === 'python' && x.of.k === 'member' && !isSuper(x.of.of) && this.pathOf(x.of.of) === undefined;
    const self = known ?? (isOfValue && x.of.k === 'member' ? this.evaluate(x.of.of) : undefined);
    const bound = this.boundOf(x.of, self);
    const own = bound === undefined ? this.functionOf(x.of) : undefined;
    const given = x.of.k === 'name' ? this.state.vars[x.of.name] : undefined;
    if (bound !== undefined || (given !== undefined && isClass(given))) {
      const words = x.args.map((arg) => this.evaluate(arg));
      const named = Object.fromEntries(Object.entries(x.named).map(([name, value]) => [name, this.evaluate(value)]));
      if (bound !== undefined) return this.invoke(bound.at, [bound.self, ...words], named, bound.owner);
      if (given !== undefined && isClass(given)) return this.create(given.class, words, named);
    }
    if (given !== undefined && isBound(given)) return this.invoke(given.method, [given.self, ...x.args.map((arg) => this.evaluate(arg))], {}, given.owner);
    if (x.of.k === 'member' && isSuper(x.of.of)) return null;
    if (own !== undefined)
      return this.invoke(
        this.code.functions.get(own) as number,
        x.args.map((arg) => this.evaluate(arg)),
        Object.fromEntries(Object.entries(x.named).map(([name, value]) => [name, this.evaluate(value)])),
      );
    const path = this.pathOf(x.of);
    const args = x.args.flatMap((arg) => {
      // The names STDERR and STDOUT of print stand for themselves.
      if (arg.k === 'name' && /^STD(ERR|OUT)$/.test(arg.name)) return [arg.name];
      const value = this.evaluate(arg);
      return this.language === 'perl' && isList(value) ? value : [value];
    });
    const named = Object.fromEntries(Object.entries(x.named).map(([name, value]) => [name, this.evaluate(value)]));
    if (path !== undefined) {
      const [target] = x.args;
      if (this.language === 'perl' && path === 'push' && target?.k === 'name') return this.append(target, args.slice(isListed(this.evaluate(target))));
      const result = this.functions(`${path}()`, args, named, this);
      if (result === undefined) throw this.unknown(path);
      return this.held(result);
    }
    if (x.of.k !== 'member') throw new NotSimulated('a call');
    if ((this.language === 'python' && x.of.name === 'append') || (this.language === 'node' && x.of.name === 'push')) {
      const length = this.append(x.of.of, args);
      return this.language === 'python' ? null : length;
    }
    const result = this.functions(`.${x.of.name}()`, [self ?? this.evaluate(x.of.of), ...args], named, this);
    if (result === undefined) throw new NotSimulated(`.${x.of.name}()`);
    return this.held(result);
  }

  /** Puts values at a list's end; its length then. */
  private append(to: Expression, values: readonly Value[]): number {
    const old = this.evaluate(to);
    if (!isList(old)) throw new NotSimulated('.append()');
    this.changes(to);
    this.assign(to, [...old, ...values]);
    return old.length + values.length;
  }

  /** A perl scalar takes a list's length, `my ($a) = …` is left out; others take what there is. */
  private assigned(to: Expression, value: Expression): Value {
    const found = this.evaluate(value);
    if (this.language === 'perl' && to.k === 'name' && to.name.startsWith('@') && !isList(found)) return [found];
    return this.language === 'perl' && to.k === 'name' && to.name.startsWith('$') && isList(found) ? found.length : found;
  }

  private assign(to: Expression, value: Value): Value {
    const { vars } = this.state;
    if (to.k === 'index' || to.k === 'member') this.changes(to);
    if (to.k === 'name') vars[to.name] = value;
    else if (to.k === 'list') {
      if (!isList(value)) throw new NotSimulated('an assignment');
      to.items.forEach((one, i) => {
        this.assign(one, value[i] ?? null);
      });
    } else if (to.k === 'member' && this.language === 'python' && this.isOfObject(to.of)) {
      const of = this.evaluate(to.of);
      const own = isObject(of) ? this.state.objects?.[of.object] : isClass(of) ? this.state.classes?.[of.class] : undefined;
      if (own !== undefined) own.fields[to.name] = value;
    } else if (to.k === 'index' && to.of.k === 'member') {
      const old = this.evaluate(to.of);
      const at = this.evaluate(to.at);
      this.assign(to.of, isList(old) ? old.with(this.number(at), value) : { ...(old as Readonly<Record<string, Value>>), [this.text(at)]: value });
    } else if (to.k === 'member' && to.of.k === 'name') vars[to.of.name] = { ...(vars[to.of.name] as Readonly<Record<string, Value>>), [to.name]: value };
    else if (to.k === 'index' && to.of.k === 'name') {
      const name = this.language === 'perl' ? `%${to.of.name.slice(1)}` : to.of.name;
      const old = vars[name] ?? {};
      const at = this.evaluate(to.at);
      vars[name] = isList(old) ? old.with(this.number(at), value) : { ...(old as Readonly<Record<string, Value>>), [this.text(at)]: value };
    } else throw new NotSimulated('an assignment');
    return value;
  }

  private isOfObject(x: Expression): boolean {
    const value = x.k === 'name' ? this.state.vars[x.name] : this.evaluate(x);
    return value !== undefined && (isObject(value) || isClass(value));
  }

  private match(of: Expression, x: Extract<Expression, { k: 'match' }>): Value {
    const text = this.text(this.evaluate(of));
    let pattern: RegExp;
    try {
      pattern = new RegExp(x.pattern, `u${[...x.flags].filter((flag) => 'gims'.includes(flag)).join('')}`);
    } catch {
      throw new NotSimulated(`/${x.pattern}/`);
    }
    if (x.replacement === undefined) {
      const found = pattern.exec(text);
      found?.slice(1).forEach((group, i) => {
        this.state.vars[`$${i + 1}`] = group ?? '';
      });
      return found === null ? '' : 1;
    }
    const replacement = x.replacement.replace(/\\(\d)|\$(\d|&)/g, (_, a: string | undefined, b: string | undefined) => `$${a ?? b}`);
    const isChanged = pattern.test(text);
    pattern.lastIndex = 0;
    this.assign(of, text.replace(pattern, replacement));
    return isChanged ? 1 : '';
  }

  private binary(operator: string, left: Expression, right: Expression): Value {
    if (operator === '=~' || operator === '!~') {
      if (right.k !== 'match') throw new NotSimulated(operator);
      const found = this.match(left, right);
      return operator === '=~' ? found : this.isTrue(found) ? '' : 1;
    }
    const a = this.evaluate(left);
    if (operator === '&&' || operator === 'and') return this.isTrue(a) ? this.evaluate(right) : a;
    if (operator === '||' || operator === 'or') return this.isTrue(a) ? a : this.evaluate(right);
    if (operator === '??' || (operator === '//' && this.language === 'perl')) return a === null || a === '' ? this.evaluate(right) : a;
    return this.calculate(operator, a, this.evaluate(right));
  }

  private calculate(operator: string, a: Value, b: Value): Value {
    const { language } = this;
    const answer = (is: boolean): Value => (language === 'perl' ? (is ? 1 : '') : is);
    const both = typeof a === 'string' && typeof b === 'string';
    switch (operator) {
      case '+':
        if (language === 'node' && (typeof a === 'string' || typeof b === 'string')) return this.text(a) + this.text(b);
        if (language === 'python' && both) return a + b;
        if (language === 'python' && (typeof a === 'string' || typeof b === 'string'))
          throw new ScriptError(
            `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nTypeError: ${typeof a === 'string' ? `can only concatenate str (not "${typeName(b)}") to str` : `unsupported operand type(s) for +: '${typeName(a)}' and 'str'`}\n`,
          );
        if (isBig(a) || isBig(b)) return this.held({ bytes: bytesIn(a) + bytesIn(b), length: lengthOf(a) + lengthOf(b) });
        if (isList(a) && isList(b)) return [...a, ...b];
        return this.arithmetic(operator, a, b);
      case '.':
        return this.text(a) + this.text(b);
      case 'x':
        return this.held(repeated(this.text(a), this.number(b)));
      case '*':
        if (language === 'python' && typeof b === 'string') return this.calculate('*', b, a);
        if (language === 'python' && typeof a === 'string') return this.held(repeated(a, this.number(b)));
        if (language === 'python' && isBig(a)) return this.held({ bytes: a.bytes * this.number(b), length: a.length * this.number(b) });
        if (language === 'python' && isList(a)) {
          const length = a.length * Math.max(0, this.number(b));
          // A list holds pointers to what is in it.
          return length > SMALL ? this.held({ bytes: 8 * length, length }) : Array.from({ length: Math.max(0, this.number(b)) }, () => a).flat();
        }
        return this.arithmetic(operator, a, b);
      case '%':
        if (language === 'python' && typeof a === 'string') return this.percent(a, isList(b) ? b : [b]);
        return this.arithmetic(operator, a, b);
      case '..':
        return Array.from({ length: Math.max(0, Math.min(100_000, this.number(b) - this.number(a) + 1)) }, (_, i) => this.number(a) + i);
      case 'in':
      case 'not in': {
        const found =
          typeof b === 'string'
            ? b.includes(this.text(a))
            : isList(b)
              ? b.some((one) => this.text(one) === this.text(a))
              : isRecord(b) && Object.hasOwn(b, this.text(a));
        return found === (operator === 'in');
      }
      case '==':
      case '===':
      case 'is':
        return answer(language === 'perl' ? this.number(a) === this.number(b) : this.isSame(a, b));
      case '!=':
      case '!==':
      case 'is not':
        return answer(language === 'perl' ? this.number(a) !== this.number(b) : !this.isSame(a, b));
      case 'eq':
        return answer(this.text(a) === this.text(b));
      case 'ne':
        return answer(this.text(a) !== this.text(b));
      case '<':
      case '<=':
      case '>':
      case '>=':
      case 'lt':
      case 'gt':
      case 'le':
      case 'ge': {
        const isText = /[lg]/.test(operator) || (both && language !== 'perl');
        const [x, y] = isText ? [this.text(a), this.text(b)] : [this.number(a), this.number(b)];
        return answer({ '<': x < y, lt: x < y, '<=': x <= y, le: x <= y, '>': x > y, gt: x > y, '>=': x >= y, ge: x >= y }[operator]);
      }
      default:
        return this.arithmetic(operator, a, b);
    }
  }

  private isSame(a: Value, b: Value): boolean {
    if (isFloat(a) || isFloat(b)) return this.number(a) === this.number(b);
    return typeof a === typeof b && JSON.stringify(a) === JSON.stringify(b);
  }

  private arithmetic(operator: string, a: Value, b: Value): Value {
    const [x, y] = [this.number(a), this.number(b)];
    const isPython = this.language === 'python';
    if (y === 0 && /^(\/|\/\/|%)$/.test(operator) && this.language !== 'node')
      throw new ScriptError(
        isPython
          ? 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nZeroDivisionError: division by zero\n'
          : `Illegal ${operator === '%' ? 'modulus zero' : 'division by zero'} at -e line 1.\n`,
        isPython ? 1 : 255,
      );
    const result = {
      '+': x + y,
      '-': x - y,
      '*': x * y,
      '/': x / y,
      '//': Math.floor(x / y),
      '%': this.language === 'node' ? x % y : x - y * Math.floor(x / y),
      '**': x ** y,
      '&': x & y,
      '|': x | y,
      '^': x ^ y,
      '<<': x * 2 ** y,
      '>>': Math.floor(x / 2 ** y),
      '<=>': Math.sign(x - y),
    }[operator];
    if (result === undefined) throw new NotSimulated(operator);
    return isPython && (operator === '/' || isFloat(a) || isFloat(b)) ? { float: result } : result;
  }
}

function elementOf(items: readonly Value[] | Big, at: number): Value {
  if (!isBig(items)) return items[at] ?? null;
  if (items.from === undefined) throw new NotSimulated('[');
  return items.from + at * (items.step ?? 1);
}

/** Of `a`, `a[1]` and `a.b`: `a`. */
const rootOf = (x: Expression): string | undefined => (x.k === 'name' ? x.name : x.k === 'index' || x.k === 'member' ? rootOf(x.of) : undefined);

const isSuper = (x: Expression): boolean => x.k === 'call' && x.of.k === 'name' && x.of.name === 'super';

const hasCall = (x: Expression): boolean => x.k === 'call' || ((x.k === 'member' || x.k === 'index') && hasCall(x.of));

/** What the language hands on by reference; not what stands for a module, a file, a request. */
const isChangeable = (value: Value): boolean =>
  isList(value) ||
  (isRecord(value) && !['module', 'exception', 'server', 'response', 'path', 'object', 'class', 'method', 'logger'].some((key) => key in value));

const lengthOf = (value: Value): number => (typeof value === 'string' || isList(value) || isBig(value) ? value.length : 0);
/** How many of the arguments of `push @list, …` are the list's own: they are laid out flat. */
const isListed = (list: Value): number => (isList(list) ? list.length : 0);

/** How deep functions may call each other. */
const MOST_FRAMES = 1000;
const MOST_DEPTH = 200;
const MOST_OBJECTS = 10_000;
/** Whose method is being run, for `super()`. */
const OWNER = '=class';

const typeName = (value: Value): string =>
  value === null
    ? 'NoneType'
    : isFloat(value)
      ? 'float'
      : isList(value)
        ? 'list'
        : typeof value === 'number'
          ? 'int'
          : typeof value === 'boolean'
            ? 'bool'
            : typeof value === 'string'
              ? 'str'
              : 'dict';
