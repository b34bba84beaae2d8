/** Go templates as kubectl's go-template printers run them: package text/template (exec.go) over JSON values. */

import { isInt } from './go-printf.js';
import { FUNCTION_NAMES, FUNCTIONS, isMap, isTrue, printed, typeName, type Value } from './go-template-functions.js';
import {
  type Command,
  commandText,
  type Operand,
  operandText,
  type Pipe,
  parseTemplate,
  pipeText,
  type Statement,
  type Template,
} from './go-template-parser.js';
import { TextError } from './text-error.js';

export interface GoTemplate {
  /** `out` is what was printed before the error, if there is one. */
  execute(data: unknown): { readonly out: string; readonly error: string | undefined };
}

/** cli-runtime's name for its templates, as errors show it. */
const NAME = 'output';
/** More templates within templates than this are too many. */
const MAX_DEPTH = 10_000;

/** Throws TextError. `missingKeyIsError`: kubectl's --allow-missing-template-keys=false. */
export function parseGoTemplate(text: string, options: { readonly missingKeyIsError?: boolean } = {}): GoTemplate {
  const template = parseTemplate(NAME, text, FUNCTION_NAMES);
  return {
    execute(data) {
      const run = new Execution(template, data, options.missingKeyIsError === true);
      try {
        run.walk(template.body, { value: data, type: typeName(data) });
        return { out: run.out, error: undefined };
      } catch (error) {
        if (error instanceof TextError) return { out: run.out, error: error.message };
        if (error instanceof RangeError) return { out: run.out, error: `template: ${NAME}: exceeded maximum template depth (${MAX_DEPTH})` };
        throw error;
      }
    },
  };
}

/** What `.` is; `type` is its static Go type, which errors name: `interface {}` for what came out of a map or list. */
interface Dot {
  readonly value: Value;
  readonly type: string;
}
/** No value came down the pipeline. */
const NOTHING = Symbol('nothing');
class Break extends Error {}
class Continue extends Error {}

class Execution {
  out = '';
  private variables: { name: string; value: Value }[];
  /** What errors point at. */
  private node: { readonly at: number; readonly text: string } = { at: 0, text: '' };

  constructor(
    private readonly template: Template,
    data: Value,
    private readonly missingKeyIsError: boolean,
  ) {
    this.variables = [{ name: '$', value: data }];
  }

  private fail(message: string): TextError {
    const { at, text } = this.node;
    const before = this.template.text.slice(0, at);
    const newline = before.lastIndexOf('\n');
    const bytes = (part: string): number => new TextEncoder().encode(part).length;
    const column = newline < 0 ? bytes(before) : bytes(before.slice(newline + 1));
    return new TextError(`template: ${NAME}:${before.split('\n').length}:${column}: executing "${NAME}" at <${text}>: ${message}`);
  }

  walk(body: readonly Statement[], dot: Dot): void {
    for (const statement of body) this.statement(statement, dot);
  }

  private statement(statement: Statement, dot: Dot): void {
    switch (statement.type) {
      case 'text':
        this.out += statement.text;
        return;
      case 'action': {
        const value = this.pipeline(statement.pipe, dot);
        if (statement.pipe.variables.length === 0) this.out += value === undefined || value === null ? '<no value>' : printed(value);
        return;
      }
      case 'if':
      case 'with': {
        const mark = this.variables.length;
        const value = this.pipeline(statement.pipe, dot);
        if (isTrue(value)) this.walk(statement.body, statement.type === 'with' ? { value, type: typeName(value) } : dot);
        else this.walk(statement.otherwise, dot);
        this.variables.length = mark;
        return;
      }
      case 'range':
        this.range(statement, dot);
        return;
      case 'template': {
        const body = this.template.defined.get(statement.name);
        this.node = { at: statement.at, text: `{{template "${statement.name}"${statement.pipe === undefined ? '' : ` ${pipeText(statement.pipe)}`}}}` };
        if (body === undefined) throw this.fail(`template "${statement.name}" not defined`);
        const value = statement.pipe === undefined ? undefined : this.pipeline(statement.pipe, dot);
        const outer = this.variables;
        this.variables = [{ name: '$', value }];
        this.walk(body, { value, type: typeName(value) });
        this.variables = outer;
        return;
      }
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
    }
  }

  private range(statement: Extract<Statement, { type: 'if' | 'range' | 'with' }>, dot: Dot): void {
    const mark = this.variables.length;
    const value = this.pipeline(statement.pipe, dot);
    const { variables, isAssign } = statement.pipe;
    const inner = this.variables.length;
    let entries: readonly (readonly [Value, Value])[];
    if (Array.isArray(value)) entries = value.map((item, i) => [BigInt(i), item as Value] as const);
    else if (isMap(value))
      entries = Object.keys(value)
        .sort()
        .map((key) => [key, value[key]] as const);
    else if (isInt(value)) entries = Array.from({ length: Number(value) }, (_, i) => [BigInt(i), BigInt(i)] as const);
    else if (value === undefined || value === null) entries = [];
    else throw this.fail(`range can't iterate over ${printed(value)}`);
    for (const [key, item] of entries) {
      const set = (name: string | undefined, to: Value) => {
        if (name === undefined) return;
        if (isAssign) this.assign(name, to);
        else (this.variables.findLast((variable) => variable.name === name) as { value: Value }).value = to;
      };
      if (variables.length > 1) set(variables[0], key);
      set(variables.at(-1), item);
      const type = isInt(value) ? 'int' : 'interface {}';
      try {
        this.walk(statement.body, { value: item, type });
      } catch (error) {
        if (error instanceof Break) break;
        if (!(error instanceof Continue)) throw error;
      }
      this.variables.length = inner;
    }
    if (entries.length === 0) this.walk(statement.otherwise, dot);
    this.variables.length = mark;
  }

  private assign(name: string, value: Value): void {
    const variable = this.variables.findLast((known) => known.name === name);
    if (variable === undefined) throw this.fail(`undefined variable: ${name}`);
    variable.value = value;
  }

  private pipeline(pipe: Pipe, dot: Dot): Value {
    this.node = { at: pipe.at, text: pipeText(pipe) };
    let value: Value = NOTHING;
    for (const command of pipe.commands) value = this.command(command, dot, value);
    for (const name of pipe.variables) {
      if (pipe.isAssign) this.assign(name, value);
      else this.variables.push({ name, value });
    }
    return value;
  }

  private command(command: Command, dot: Dot, final: Value): Value {
    const first = command.args[0] as Operand;
    const hasArgs = command.args.length > 1 || final !== NOTHING;
    if (first.type === 'function') return this.call(first, command, dot, final);
    if (first.type === 'field' || first.type === 'variable' || first.type === 'chain') return this.operand(first, dot, hasArgs);
    this.node = nodeOf(first);
    if (hasArgs) throw this.fail(`can't give argument to non-function ${first.type === 'pipe' ? pipeText(first.pipe) : operandText(first)}`);
    if (first.type === 'nil') throw this.fail('nil is not a command');
    return this.operand(first, dot, false);
  }

  private operand(operand: Operand, dot: Dot, hasArgs: boolean): Value {
    switch (operand.type) {
      case 'dot':
        return dot.value;
      case 'nil':
        return null;
      case 'bool':
      case 'number':
      case 'string':
        return operand.value;
      case 'pipe':
        return this.pipeline(operand.pipe, dot);
      case 'function':
        return this.call(operand, { args: [operand], at: operand.at }, dot, NOTHING);
      case 'field':
        this.node = nodeOf(operand);
        return this.fields(dot, operand.names, hasArgs);
      case 'variable': {
        this.node = nodeOf(operand);
        const value = this.variables.findLast((variable) => variable.name === operand.name)?.value;
        if (operand.names.length > 0) return this.fields({ value, type: typeName(value) }, operand.names, hasArgs);
        if (hasArgs) throw this.fail(`can't give argument to non-function ${operandText(operand)}`);
        return value;
      }
      case 'chain': {
        this.node = nodeOf(operand);
        if (operand.of.type === 'nil') throw this.fail(`indirection through explicit nil in ${operandText(operand)}`);
        const value = this.operand(operand.of, dot, false);
        return this.fields({ value, type: typeName(value) }, operand.names, hasArgs);
      }
    }
  }

  private fields(receiver: Dot, names: readonly string[], hasArgs: boolean): Value {
    let { value, type } = receiver;
    names.forEach((name, i) => {
      if (value === undefined) {
        if (this.missingKeyIsError) throw this.fail(`nil data; no entry for key "${name}"`);
        return;
      }
      if (value === null) throw this.fail(`nil pointer evaluating ${type === '<nil>' ? 'interface {}' : type}.${name}`);
      if (!isMap(value)) throw this.fail(`can't evaluate field ${name} in type ${type}`);
      if (hasArgs && i === names.length - 1) throw this.fail(`${name} is not a method but has arguments`);
      if (!Object.hasOwn(value, name) || value[name] === undefined) {
        if (this.missingKeyIsError) throw this.fail(`map has no entry for key "${name}"`);
        value = undefined;
      } else value = value[name];
      type = 'interface {}';
    });
    return value;
  }

  private call(node: Extract<Operand, { type: 'function' }>, command: Command, dot: Dot, final: Value): Value {
    this.node = nodeOf(node);
    const { name } = node;
    const operands = command.args.slice(1);
    const count = operands.length + (final === NOTHING ? 0 : 1);
    if (name === 'and' || name === 'or') {
      if (count === 0) throw this.fail(`wrong number of args for ${name}: want at least 1 got 0`);
      let value: Value;
      for (const operand of operands) {
        value = this.argument(operand, dot);
        if (isTrue(value) === (name === 'or')) return value;
      }
      return final === NOTHING ? value : final;
    }
    const called = FUNCTIONS[name];
    if (called === undefined) throw this.fail(`"${name}" is not a defined function`);
    const { least, most, strings = [] } = called;
    if (count < least || count > most) throw this.fail(`wrong number of args for ${name}: want ${most === least ? least : `at least ${least}`} got ${count}`);
    const args = operands.map((operand, i) => {
      const value = this.argument(operand, dot, strings.includes(i));
      if (strings.includes(i)) this.requireString(value);
      return value;
    });
    if (final !== NOTHING) {
      if (strings.includes(args.length)) this.requireString(final);
      args.push(final);
    }
    try {
      const [first] = operands;
      return called.call(args, first === undefined ? String(final) : nodeOf(first).text);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      this.node = { at: command.at, text: commandText(command) };
      throw this.fail(`error calling ${name}: ${error.message}`);
    }
  }

  private argument(operand: Operand, dot: Dot, isString = false): Value {
    this.node = nodeOf(operand);
    if (isString && (operand.type === 'number' || operand.type === 'bool')) throw this.fail(`expected string; found ${operandText(operand)}`);
    if (operand.type === 'nil' && isString) throw this.fail('cannot assign nil to string');
    return this.operand(operand, dot, false);
  }

  private requireString(value: Value): void {
    if (typeof value === 'string') return;
    if (value === undefined || value === null) throw this.fail('invalid value; expected string');
    throw this.fail(`wrong type for value; expected string; got ${typeName(value)}`);
  }
}

const nodeOf = (operand: Operand): { at: number; text: string } => ({
  at: operand.at,
  text: operand.type === 'pipe' ? pipeText(operand.pipe) : operandText(operand),
});
