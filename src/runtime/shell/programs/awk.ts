/**
 * awk(1): gathers its input, then runs the program over it in one go. A command it starts (system, pipes) cannot run meanwhile: the
 * program is left, the command is run, and the program run again from its beginning with one more answer in its memo; what it has
 * written by then is not written again.
 */
import { FileError } from '../../process.js';
import { errorText } from '../kernel.js';
import { formatPrintf } from '../printf.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { type Awk, type Expression, escaped, parseAwk, type Statement } from './awk-parser.js';
import { busyboxUsage } from './busybox.js';
import { type InputState, newInput, readInputs } from './input.js';
import { posixRegExp } from './regex.js';

type Value = string | number | { readonly text: string; readonly number: number };
type Scope = Map<string, Value | Map<string, Value>>;

/** Statements an awk program may run: it cannot be suspended. */
const MAX_STEPS = 500_000;
/** And so many more for each character of its input. */
const STEPS_FOR_INPUT = 50;

/** The program waits for a command. */
class NeedsCommand extends Error {
  constructor(
    readonly command: string,
    readonly options: { readonly stdin?: string; readonly capture?: boolean },
  ) {
    super();
  }
}
class Next extends Error {}
/** It has no end. */
class Endless extends Error {}
class Exit extends Error {}
class Break extends Error {}
class Continue extends Error {}
class Return extends Error {
  constructor(readonly value: Value) {
    super();
  }
}

const numeric = (text: string): number | undefined => (/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : undefined);
/** Text from outside: a number if it looks like one. */
const fromInput = (text: string): Value => {
  const number = numeric(text);
  return number === undefined ? text : { text, number };
};
const toNumber = (value: Value | undefined): number => {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'object') return value.number;
  return Number.parseFloat(/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(value)?.[0] ?? '0') || 0;
};
const isTrue = (value: Value): boolean => (typeof value === 'string' ? value !== '' : typeof value === 'number' ? value !== 0 : value.number !== 0);

interface AwkState extends InputState {
  inputs: { name: string; text: string }[];
  current: string;
  /** The command that is running. */
  command?: { readonly pid: number; readonly capture: boolean };
  /** Commands that have ended, in order. */
  memo: { readonly status: number; readonly output: string }[];
  /** Chance numbers drawn so far. */
  draws: number[];
  /** How much has been written so far: pieces, in order. */
  effects: number;
}

export const awk: Program = {
  name: 'awk',
  aliases: ['gawk', 'mawk', 'nawk'],
  run(context): number | Wait {
    const state = (context.state ?? { ...newInput(), inputs: [], current: '', memo: [], draws: [], effects: 0 }) as AwkState;
    context.state = state;
    const args = [...context.args];
    let separator: string | undefined;
    const given: string[] = [];
    let source: string | undefined;
    while (args[0] !== undefined && /^-./.test(args[0])) {
      const arg = args.shift() as string;
      if (arg === '--') break;
      const value = (): string => (arg.length > 2 ? arg.slice(2) : (args.shift() ?? ''));
      if (arg.startsWith('-F')) separator = value();
      else if (arg.startsWith('-v')) given.push(value());
      else if (arg.startsWith('-f')) {
        const name = value();
        try {
          source = `${source === undefined ? '' : `${source}\n`}${context.files.read(context.path(name))}`;
        } catch (error) {
          context.err(`awk: ${name}: ${errorText(error)}\n`);
          return 2;
        }
      }
    }
    source ??= args.shift();
    if (source === undefined) {
      context.err(context.flavour === 'ash' ? busyboxUsage(context) : 'usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n');
      return context.flavour === 'ash' ? 1 : 2;
    }
    let program: Awk;
    try {
      program = parseAwk(source);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      context.err(
        context.flavour === 'ash'
          ? 'awk: cmd. line:1: Unexpected token\n'
          : error.message === 'Unexpected end of string'
            ? `awk: line ${source.split('\n').length + 1}: missing } near end of file\n`
            : `awk: line 1: syntax error at or near ${error.message}\n`,
      );
      return context.flavour === 'ash' ? 1 : 2;
    }
    const operands = args.filter((arg) => arg !== '' && !/^[A-Za-z_]\w*=/.test(arg));
    const assignments = args.filter((arg) => /^[A-Za-z_]\w*=/.test(arg));
    const needsInput = program.rules.length > 0 || program.end.length > 0 || /getline/.test(source);
    if (needsInput) {
      const wait = readInputs(context, operands, state, (text, ended, name) => {
        state.current += text;
        if (ended) {
          state.inputs.push({ name: name === '-' ? '' : name, text: state.current });
          state.current = '';
        }
        return true;
      });
      if (wait !== undefined) return wait;
    }
    if (state.command !== undefined) {
      const { pid, capture } = state.command;
      const status = context.child(pid);
      if (status === undefined) return { wait: 'children', pids: [pid] };
      state.memo.push({ status, output: capture ? context.captured(pid) : '' });
      delete state.command;
    }
    // A file that is not there ends busybox's awk at once.
    if (state.failed && context.flavour === 'ash') return 1;
    try {
      const code = interpret(remembering(context, state), program, state, separator, [...given, ...assignments], [context.name, ...args]);
      return code === 0 && state.failed ? 2 : code;
    } catch (error) {
      if (!(error instanceof NeedsCommand)) throw error;
      const { command, options } = error;
      const pid = context.spawn(['sh', '-c', command], options);
      state.command = { pid, capture: options.capture === true };
      return { wait: 'children', pids: [pid] };
    }
  },
};

/** A context that leaves out what an earlier run of the same program has already written and drawn. */
function remembering(context: ProgramContext, state: AwkState): ProgramContext {
  let done = 0;
  let drawn = 0;
  const once = (work: () => void): void => {
    done += 1;
    if (done <= state.effects) return;
    state.effects = done;
    work();
  };
  const files = Object.create(context.files, {
    write: { value: (...args: Parameters<typeof context.files.write>) => once(() => context.files.write(...args)) },
  });
  const host = Object.create(context.host, { random: { value: () => (state.draws[drawn++] ??= context.host.random()) } });
  return Object.create(context, {
    out: { value: (text: string) => once(() => context.out(text)) },
    err: { value: (text: string) => once(() => context.err(text)) },
    files: { value: files },
    host: { value: host },
  }) as ProgramContext;
}

function interpret(
  context: ProgramContext,
  program: Awk,
  { inputs, memo }: Pick<AwkState, 'inputs' | 'memo'>,
  separator: string | undefined,
  assignments: readonly string[],
  argv: readonly string[],
): number {
  const globals: Scope = new Map<string, Value | Map<string, Value>>([
    ['FS', ' '],
    ['OFS', ' '],
    ['ORS', '\n'],
    ['RS', '\n'],
    ['NR', 0],
    ['FNR', 0],
    ['NF', 0],
    ['SUBSEP', '\x1c'],
    ['RSTART', 0],
    ['RLENGTH', -1],
    ['CONVFMT', '%.6g'],
    ['OFMT', '%.6g'],
    ['FILENAME', ''],
    ['ARGC', argv.length],
    ['ARGV', new Map(argv.map((word, i) => [String(i), fromInput(word)]))],
    ['ENVIRON', new Map(Object.entries(context.env).map(([name, value]) => [name, fromInput(value)]))],
  ]);
  if (separator !== undefined) globals.set('FS', separator === 't' ? '\t' : plainText(separator));
  for (const text of assignments) globals.set(text.slice(0, text.indexOf('=')), fromInput(plainText(text.slice(text.indexOf('=') + 1))));
  const scopes: Scope[] = [];
  let fields: string[] = [];
  let line = '';
  let steps = 0;
  const mostSteps = MAX_STEPS + STEPS_FOR_INPUT * inputs.reduce((sum, { text }) => sum + text.length, 0);
  const count = (): void => {
    steps += 1;
    if (steps > mostSteps) throw new Endless();
  };
  let code = 0;
  const written = new Set<string>();
  /** Commands that are written to run when they are closed. */
  const piped = new Map<string, string>();
  let commands = 0;
  const run = (command: string, options: { readonly stdin?: string; readonly capture?: boolean }): AwkState['memo'][number] => {
    const known = memo[commands];
    if (known === undefined) throw new NeedsCommand(command, options);
    commands += 1;
    return known;
  };
  const close = (name: string): number => {
    const text = piped.get(name);
    opened.delete(name);
    if (text === undefined) return written.delete(name) ? 0 : -1;
    piped.delete(name);
    return run(name, { stdin: text }).status;
  };
  const ranges = new Set<number>();

  const textOf = (value: Value | undefined, format = 'CONVFMT'): string => {
    if (value === undefined) return '';
    if (typeof value === 'string') return value;
    if (typeof value === 'object') return value.text;
    if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value);
    return formatPrintf(String(globals.get(format)), [String(value)], context.flavour).text;
  };
  const scopeOf = (name: string): Scope => (scopes.at(-1)?.has(name) === true ? (scopes.at(-1) as Scope) : globals);
  const get = (name: string): Value => {
    const value = scopeOf(name).get(name);
    return value === undefined || value instanceof Map ? '' : value;
  };
  const arrayOf = (name: string): Map<string, Value> => {
    const scope = scopeOf(name);
    const value = scope.get(name);
    if (value instanceof Map) return value;
    const fresh = new Map<string, Value>();
    scope.set(name, fresh);
    return fresh;
  };
  const expressionOf = (expression: Expression): RegExp =>
    posixRegExp(expression.e === 'regex' ? expression.source : textOf(evaluate(expression)), { extended: true });
  const keyOf = (index: readonly Expression[]): string => index.map((one) => textOf(evaluate(one))).join(String(globals.get('SUBSEP')));

  function split(text: string, by: string): string[] {
    if (by === ' ') {
      const trimmed = text.trim();
      return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
    }
    if (text === '') return [];
    if (by === '') return [...text];
    return text.split(by.length === 1 ? by : posixRegExp(by, { extended: true }));
  }
  function setLine(text: string): void {
    line = text;
    fields = split(text, textOf(get('FS')));
    globals.set('NF', fields.length);
  }
  function rebuild(): void {
    line = fields.join(textOf(get('OFS')));
  }
  function setField(n: number, text: string): void {
    if (n === 0) {
      setLine(text);
      return;
    }
    while (fields.length < n) fields.push('');
    fields[n - 1] = text;
    globals.set('NF', fields.length);
    rebuild();
  }
  function assign(to: Expression, value: Value): Value {
    if (to.e === 'variable') {
      scopeOf(to.name).set(to.name, value);
      if (to.name === 'NF') {
        const count = toNumber(value);
        while (fields.length < count) fields.push('');
        fields.length = count;
        rebuild();
      }
    } else if (to.e === 'element') arrayOf(to.name).set(keyOf(to.index), value);
    else if (to.e === 'field') setField(toNumber(evaluate(to.index)), textOf(value));
    return value;
  }
  function compare(left: Value, right: Value): number {
    const number = (value: Value): boolean => typeof value !== 'string';
    if ((number(left) || left === '') && (number(right) || right === '') && !(left === '' && right === '')) return toNumber(left) - toNumber(right);
    const [a, b] = [textOf(left), textOf(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  function evaluate(x: Expression): Value {
    count();
    switch (x.e) {
      case 'number':
      case 'string':
        return x.value;
      case 'regex':
        return posixRegExp(x.source, { extended: true }).test(line) ? 1 : 0;
      case 'variable':
        return get(x.name);
      case 'element': {
        const array = arrayOf(x.name);
        const key = keyOf(x.index);
        if (!array.has(key)) array.set(key, '');
        return array.get(key) as Value;
      }
      case 'field': {
        const n = toNumber(evaluate(x.index));
        return fromInput(n === 0 ? line : (fields[n - 1] ?? ''));
      }
      case 'assign': {
        const value = evaluate(x.value);
        if (x.operator === '=') return assign(x.to, typeof value === 'object' ? { ...value } : value);
        return assign(x.to, calculate(x.operator.slice(0, -1), toNumber(evaluate(x.to)), toNumber(value)));
      }
      case 'unary': {
        const value = evaluate(x.value);
        return x.operator === '!' ? (isTrue(value) ? 0 : 1) : x.operator === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'step': {
        const old = toNumber(evaluate(x.value));
        const value = x.operator === '++' ? old + 1 : old - 1;
        assign(x.value, value);
        return x.prefix ? value : old;
      }
      case 'binary':
        return binary(x.operator, x.left, x.right);
      case 'in':
        return arrayOf(x.name).has(keyOf(x.index)) ? 1 : 0;
      case 'choose':
        return isTrue(evaluate(x.test)) ? evaluate(x.yes) : evaluate(x.no);
      case 'call':
        return call(x.name, x.args);
      case 'getline':
        return getline(x);
    }
  }
  function calculate(operator: string, a: number, b: number): number {
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
        if (b === 0) {
          context.err(context.flavour === 'ash' ? 'awk: cmd. line:1: Division by zero\n' : 'awk: division by zero\n');
          code = context.flavour === 'ash' ? 1 : 2;
          throw new Exit();
        }
        return operator === '/' ? a / b : a % b;
    }
  }
  function binary(operator: string, left: Expression, right: Expression): Value {
    switch (operator) {
      case '&&':
        return isTrue(evaluate(left)) && isTrue(evaluate(right)) ? 1 : 0;
      case '||':
        return isTrue(evaluate(left)) || isTrue(evaluate(right)) ? 1 : 0;
      case '~':
        return expressionOf(right).test(textOf(evaluate(left))) ? 1 : 0;
      case '!~':
        return expressionOf(right).test(textOf(evaluate(left))) ? 0 : 1;
      case ' ':
        return textOf(evaluate(left)) + textOf(evaluate(right));
      case '<':
        return compare(evaluate(left), evaluate(right)) < 0 ? 1 : 0;
      case '<=':
        return compare(evaluate(left), evaluate(right)) <= 0 ? 1 : 0;
      case '>':
        return compare(evaluate(left), evaluate(right)) > 0 ? 1 : 0;
      case '>=':
        return compare(evaluate(left), evaluate(right)) >= 0 ? 1 : 0;
      case '==':
        return compare(evaluate(left), evaluate(right)) === 0 ? 1 : 0;
      case '!=':
        return compare(evaluate(left), evaluate(right)) !== 0 ? 1 : 0;
      default:
        return calculate(operator, toNumber(evaluate(left)), toNumber(evaluate(right)));
    }
  }
  function substitute(args: readonly Expression[], all: boolean): number {
    const test = expressionOf(args[0] as Expression);
    const replacement = textOf(evaluate(args[1] as Expression));
    const target: Expression = args[2] ?? { e: 'field', index: { e: 'number', value: 0 } };
    let count = 0;
    const result = textOf(evaluate(target)).replace(new RegExp(test.source, `${test.flags.replace('g', '')}${all ? 'g' : ''}`), (match) => {
      count += 1;
      return replacement.replace(/\\\\|\\&|&/g, (mark) => (mark === '&' ? match : mark.slice(1)));
    });
    if (count > 0) assign(target, result);
    return count;
  }
  function format(args: readonly Expression[]): string {
    // Numbers keep all their digits: CONVFMT is for texts.
    const [first, ...rest] = args.map((one) => {
      const value = evaluate(one);
      return typeof value === 'number' ? String(value) : textOf(value);
    });
    return awkFormat(first ?? '', rest, context);
  }
  function call(name: string, args: readonly Expression[]): Value {
    const own = program.functions.get(name);
    if (own !== undefined) {
      if (scopes.length > 200) throw new Exit();
      const scope: Scope = new Map();
      own.parameters.forEach((parameter, i) => {
        const arg = args[i];
        const array = arg?.e === 'variable' ? scopeOf(arg.name).get(arg.name) : undefined;
        if (array instanceof Map) scope.set(parameter, array);
        else scope.set(parameter, arg === undefined ? '' : evaluate(arg));
      });
      scopes.push(scope);
      try {
        execute(own.body);
        return '';
      } catch (error) {
        if (error instanceof Return) return error.value;
        throw error;
      } finally {
        scopes.pop();
      }
    }
    const value = (i: number): Value => (args[i] === undefined ? '' : evaluate(args[i] as Expression));
    switch (name) {
      case 'length': {
        const arg = args[0];
        if (arg?.e === 'variable' && scopeOf(arg.name).get(arg.name) instanceof Map) return arrayOf(arg.name).size;
        return arg === undefined ? line.length : textOf(value(0)).length;
      }
      case 'substr': {
        const text = textOf(value(0));
        // A start before the text counts as its start (onetrue-awk, mawk and busybox; POSIX says otherwise).
        const from = Math.max(1, Math.round(toNumber(value(1))));
        const count = args[2] === undefined ? Number.POSITIVE_INFINITY : Math.round(toNumber(value(2)));
        return text.slice(from - 1, Math.max(0, from - 1 + count));
      }
      case 'index':
        return textOf(value(0)).indexOf(textOf(value(1))) + 1;
      case 'split': {
        const target = args[1];
        if (target?.e !== 'variable') return 0;
        const text = textOf(value(0));
        const by = args[2];
        const parts =
          by?.e === 'regex'
            ? text === ''
              ? []
              : text.split(posixRegExp(by.source, { extended: true }))
            : split(text, by === undefined ? textOf(get('FS')) : textOf(evaluate(by)));
        const array = arrayOf(target.name);
        array.clear();
        parts.forEach((part, i) => {
          array.set(String(i + 1), fromInput(part));
        });
        return parts.length;
      }
      case 'sub':
        return substitute(args, false);
      case 'gsub':
        return substitute(args, true);
      case 'match': {
        const match = expressionOf(args[1] as Expression).exec(textOf(value(0)));
        globals.set('RSTART', match === null ? 0 : match.index + 1);
        globals.set('RLENGTH', match === null ? -1 : match[0].length);
        return match === null ? 0 : match.index + 1;
      }
      case 'sprintf':
        return format(args);
      case 'tolower':
        return textOf(value(0)).toLowerCase();
      case 'toupper':
        return textOf(value(0)).toUpperCase();
      case 'int':
        return Math.trunc(toNumber(value(0)));
      case 'sin':
        return Math.sin(toNumber(value(0)));
      case 'cos':
        return Math.cos(toNumber(value(0)));
      case 'atan2':
        return Math.atan2(toNumber(value(0)), toNumber(value(1)));
      case 'exp':
        return Math.exp(toNumber(value(0)));
      case 'log':
        return Math.log(toNumber(value(0)));
      case 'sqrt':
        return Math.sqrt(toNumber(value(0)));
      case 'rand':
        return context.host.random();
      case 'system':
        return run(textOf(value(0)), {}).status;
      case 'close':
        return close(textOf(value(0)));
      case 'systime':
        return Math.floor(context.now / 1000);
      case 'strftime':
        return new Date(context.now).toISOString();
      default:
        return 0;
    }
  }

  // Records, one after the other.
  const records: { readonly name: string; readonly text: string; readonly file: number }[] = [];
  let cursor = 0;
  const fill = (): void => {
    const by = textOf(get('RS'));
    for (const [file, { name, text }] of inputs.entries()) {
      const parts = by === '' ? text.replace(/^\n+|\n+$/g, '').split(/\n\n+/) : text.split(by.length === 1 ? by : posixRegExp(by, { extended: true }));
      if (parts.at(-1) === '') parts.pop();
      for (const part of parts) records.push({ name, text: part, file });
    }
  };
  const advance = (): string | undefined => {
    const record = records[cursor];
    if (record === undefined) return undefined;
    if (cursor === 0 || records[cursor - 1]?.file !== record.file) globals.set('FNR', 0);
    cursor += 1;
    globals.set('FILENAME', record.name);
    globals.set('NR', toNumber(get('NR')) + 1);
    globals.set('FNR', toNumber(get('FNR')) + 1);
    return record.text;
  };
  const opened = new Map<string, string[]>();
  function getline(x: Extract<Expression, { e: 'getline' }>): Value {
    let text: string | undefined;
    if (x.from === undefined) text = advance();
    else {
      const name = textOf(evaluate(x.from));
      if (!opened.has(name)) {
        try {
          const text = x.command === true ? run(name, { capture: true }).output : context.files.read(context.path(name));
          const lines = text.split('\n');
          if (lines.at(-1) === '') lines.pop();
          opened.set(name, lines);
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          return -1;
        }
      }
      text = opened.get(name)?.shift();
    }
    if (text === undefined) return 0;
    if (x.to === undefined) setLine(text);
    else assign(x.to, fromInput(text));
    return 1;
  }

  function execute(statement: Statement): void {
    count();
    switch (statement.s) {
      case 'block':
        for (const one of statement.body) execute(one);
        return;
      case 'expression':
        evaluate(statement.value);
        return;
      case 'print': {
        const text = statement.formatted
          ? format(statement.args)
          : `${statement.args.length === 0 ? line : statement.args.map((one) => textOf(evaluate(one), 'OFMT')).join(textOf(get('OFS')))}${textOf(get('ORS'))}`;
        if (statement.target === undefined) context.out(text);
        else {
          const name = textOf(evaluate(statement.target));
          if (name === '/dev/stderr') context.err(text);
          else if (statement.redirect === '|') piped.set(name, (piped.get(name) ?? '') + text);
          else if (name === '/dev/stdout' || name === '-') context.out(text);
          else {
            try {
              context.files.write(context.path(name), text, { append: statement.redirect === '>>' || written.has(name), at: context.now });
              written.add(name);
            } catch (error) {
              context.err(`awk: can't open '${name}': ${errorText(error)}\n`);
              code = 1;
              throw new Exit();
            }
          }
        }
        return;
      }
      case 'if':
        if (isTrue(evaluate(statement.test))) execute(statement.then);
        else if (statement.otherwise !== undefined) execute(statement.otherwise);
        return;
      case 'while':
        if (!statement.first) if (!once(statement.body)) return;
        while (isTrue(evaluate(statement.test))) if (!once(statement.body)) return;
        return;
      case 'for':
        if (statement.init !== undefined) execute(statement.init);
        while (statement.test === undefined || isTrue(evaluate(statement.test))) {
          if (!once(statement.body)) return;
          if (statement.update !== undefined) execute(statement.update);
        }
        return;
      case 'forin':
        for (const key of [...arrayOf(statement.name).keys()]) {
          scopeOf(statement.variable).set(statement.variable, fromInput(key));
          if (!once(statement.body)) return;
        }
        return;
      case 'delete':
        if (statement.index === undefined) arrayOf(statement.name).clear();
        else arrayOf(statement.name).delete(keyOf(statement.index));
        return;
      case 'next':
        throw new Next();
      case 'break':
        throw new Break();
      case 'continue':
        throw new Continue();
      case 'exit':
        if (statement.value !== undefined) code = toNumber(evaluate(statement.value)) & 255;
        throw new Exit();
      case 'return':
        throw new Return(statement.value === undefined ? '' : evaluate(statement.value));
    }
  }
  /** A loop's body; false: break. */
  function once(body: Statement): boolean {
    try {
      execute(body);
    } catch (error) {
      if (error instanceof Break) return false;
      if (!(error instanceof Continue)) throw error;
    }
    return true;
  }

  let exited = false;
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (error instanceof Exit) exited = true;
      else if (error instanceof Endless) {
        context.err(`podsim: awk has taken ${mostSteps} steps and goes on; podsim ends it\n`);
        code = 2;
        exited = true;
      } else if (error instanceof SyntaxError) {
        context.err(`awk: ${error.message}\n`);
        code = 2;
        exited = true;
      } else if (!(error instanceof Next || error instanceof Break || error instanceof Continue || error instanceof Return)) throw error;
    }
  };
  guarded(() => {
    for (const statement of program.begin) execute(statement);
  });
  if (!exited && (program.rules.length > 0 || program.end.length > 0)) {
    fill();
    for (let text = advance(); text !== undefined && !exited && !context.broken; text = advance()) {
      setLine(text);
      guarded(() => {
        program.rules.forEach((rule, i) => {
          let chosen = rule.pattern === undefined;
          if (rule.pattern !== undefined && rule.until !== undefined) {
            if (!ranges.has(i) && isTrue(evaluate(rule.pattern))) ranges.add(i);
            chosen = ranges.has(i);
            if (chosen && isTrue(evaluate(rule.until))) ranges.delete(i);
          } else if (rule.pattern !== undefined) chosen = isTrue(evaluate(rule.pattern));
          if (!chosen) return;
          if (rule.action === undefined) context.out(`${line}${textOf(get('ORS'))}`);
          else execute(rule.action);
        });
      });
    }
  }
  if (steps <= mostSteps)
    guarded(() => {
      for (const statement of program.end) execute(statement);
    });
  for (const name of [...piped.keys()]) close(name);
  return code;
}

const plainText = (text: string): string => text.replace(/\\(.)/gs, (_, char: string) => escaped(char));

/** printf of awk: one pass over the arguments, `%c` takes a character of a text. */
function awkFormat(template: string, args: readonly string[], context: ProgramContext): string {
  const rest = [...args];
  return template.replace(
    /%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+))?([a-zA-Z%])/g,
    (_, flags: string, width: string | undefined, precision: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const w = width === '*' ? rest.shift() : width;
      const p = precision === '*' ? rest.shift() : precision;
      const value = rest.shift() ?? '';
      const number = /[diouxXeEfFgG]/.test(kind);
      const text =
        kind === 'i' || kind === 'd' ? String(Math.trunc(toNumber(value))) : number ? (numeric(value) === undefined ? String(toNumber(value)) : value) : value;
      return formatPrintf(
        `%${flags}${w ?? ''}${p === undefined ? '' : `.${p}`}${kind === 'i' ? 'd' : kind}`,
        [kind === 'c' && numeric(value) !== undefined && value.length > 1 ? String.fromCharCode(Number(value)) : text],
        context.flavour,
      ).text;
    },
  );
}
