/**
 * python, perl and node as far as one-liners and short scripts go: printing, sleeping, loops, functions, environment, files, requests. What is not
 * understood is said to be not simulated, and ends with 1. Servers (`python -m http.server`, `node server.js`) are the image catalogue's.
 */
import { byteLength } from '../../../../api/bytes.js';
import type { ServedAnswer, ServedRequest } from '../../../process.js';
import { errorText, SIGNALS } from '../../kernel.js';
import type { Program, ProgramContext, Wait } from '../../program.js';
import { compile } from './compile.js';
import type { Language } from './expression.js';
import { type Functions, ScriptMachine, type ScriptState } from './machine.js';
import { nodeFunctions, nodeText } from './node.js';
import { perlFunctions, perlText } from './perl.js';
import { pythonFunctions, pythonText } from './python.js';
import { handlerOf } from './signals.js';
import { parseProgram } from './statements.js';
import { NotSimulated, nodeVersion, perlVersion, pythonVersion, ScriptError, type Value } from './values.js';

interface Invocation {
  readonly source: string;
  readonly vars?: Readonly<Record<string, Value>>;
  /** perl -n and -p: the program runs for each line of these. */
  readonly loop?: { readonly files: readonly string[]; readonly prints: boolean };
}

interface State extends ScriptState {
  /** Lines of perl -n that are still to come. */
  input?: string[];
}

/** `lasts`: a program of its own that podsim does not understand is taken for a server, which runs until it is stopped. */
function runScript(
  context: ProgramContext,
  language: Language,
  invocation: Invocation,
  functions: Functions,
  text: (value: Value) => string,
  lasts = false,
): number | Wait {
  const state = (context.state ?? { pc: 0, vars: { ...invocation.vars }, loops: {}, timers: [] }) as State;
  context.state = state;
  try {
    const code = compile(parseProgram(invocation.source, language));
    const machine = new ScriptMachine(context, language, code, state, functions, text);
    const { loop } = invocation;
    if (loop === undefined) return machine.run();
    if (state.input === undefined) {
      const all: string[] = [];
      if (loop.files.length === 0) {
        for (let piece = context.read(); piece !== undefined; piece = context.read()) {
          if (piece === '') return { wait: 'stdin' };
          state.line = (state.line ?? '') + piece;
        }
        all.push(state.line ?? '');
      } else for (const name of loop.files) all.push(context.files.read(context.path(name)));
      state.input = all.flatMap((one) => one.match(/[^\n]*\n|[^\n]+/g) ?? []);
      state.pc = code.list.length;
    }
    for (;;) {
      if (state.pc >= code.list.length) {
        const next = state.input.shift();
        if (next === undefined) return 0;
        state.vars['$_'] = state.vars['$\\'] === undefined ? next : next.replace(/\n$/, '');
        state.pc = 0;
      }
      const result = machine.run();
      if (typeof result !== 'number' || result !== 0) return result;
      if (loop.prints) context.out(perlText(state.vars['$_'] ?? '') + (state.vars['$\\'] === undefined ? '' : '\n'));
      state.pc = code.list.length;
    }
  } catch (error) {
    if (error instanceof ScriptError) {
      context.err(error.message);
      return error.code;
    }
    if (!(error instanceof NotSimulated)) throw error;
    context.err(
      `podsim: ${context.name}: this program is not simulated (at: ${error.message.slice(0, 60)})${lasts ? '; it does nothing until it is stopped' : ''}\n`,
    );
    return lasts ? { wait: 'forever' } : 1;
  }
}

/** Calls the program's own handler of a signal, if it has one. */
function signalled(context: ProgramContext, language: Language, source: string | undefined, signal: string): boolean {
  const state = context.state as State | undefined;
  const handler = handlerOf(state?.handlers, signal);
  if (state === undefined || handler === undefined) return false;
  if (handler === null || source === undefined) return true;
  const code = compile(parseProgram(source, language));
  const machine = new ScriptMachine(context, language, code, state, language === 'python' ? pythonFunctions : nodeFunctions, TEXTS[language]);
  const number = SIGNALS[signal.replace(/^SIG/, '')] ?? 0;
  machine.interrupt(handler, language === 'python' ? [number, null] : [signal, number]);
  return true;
}
const TEXTS = { python: pythonText, node: nodeText, perl: perlText } as const;

/** The source in a file, or what the interpreter says when it cannot be read. */
function scriptFile(context: ProgramContext, name: string, problem: (why: string) => string, code: number): string | number {
  try {
    return context.files.read(context.path(name));
  } catch (error) {
    context.err(problem(errorText(error)));
    return code;
  }
}

const python: Program = {
  name: 'python3',
  aliases: ['python', 'python3.11', 'python3.12', 'python3.13'],
  yields: true,
  // SIGTERM it leaves to the kernel, which gives none to process 1.
  handles: { SIGINT: 130 },
  run(context) {
    const given = pythonSource(context);
    if (typeof given === 'number') return given;
    if (given.source === undefined) return readAll(context, (source) => runScript(context, 'python', { source }, pythonFunctions, pythonText));
    return runScript(context, 'python', { source: given.source }, pythonFunctions, pythonText, given.isFile);
  },
  signal(context, signal) {
    if ((context.state as ScriptState | undefined)?.handlers === undefined) return false;
    const given = pythonSource(context);
    return signalled(context, 'python', typeof given === 'number' ? undefined : given.source, signal);
  },
  serve(context, request) {
    const given = pythonSource(context);
    const state = context.state as ScriptState | undefined;
    const [handler] = Object.values(state?.servers ?? {});
    if (state === undefined || typeof handler !== 'string' || typeof given === 'number' || given.source === undefined) return undefined;
    return request.type === 'http' ? handled(context, state, given.source, handler, request) : { takes: 1 };
  },
};

/** What python is to run: a source (absent: standard input is), or what it ends with. */
function pythonSource(context: ProgramContext): { readonly source?: string; readonly isFile?: boolean } | number {
  const args = [...context.args];
  while (/^-[uBEsSIOq]+$/.test(args[0] ?? '')) args.shift();
  const [first, second] = args;
  if (first === '-V' || first === '--version') {
    context.out(`Python ${pythonVersion(context)}\n`);
    return 0;
  }
  if (first === undefined || first === '-') return {};
  if (first === '-c') {
    if (second !== undefined) return { source: second };
    context.err(
      "Argument expected for the -c option\nusage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python3 -h' for more information.\n",
    );
    return 2;
  }
  if (first.startsWith('-')) {
    context.err(`podsim: ${context.name} ${first}${second === undefined ? '' : ` ${second}`} is not simulated\n`);
    return 1;
  }
  const source = scriptFile(
    context,
    first,
    (why) => `${context.name}: can't open file '${context.path(first)}': [Errno ${why === 'No such file or directory' ? 2 : 13}] ${why}\n`,
    2,
  );
  return typeof source === 'number' ? source : { source, isFile: true };
}

/** One request to a handler class: its `do_GET` and its like, and the line http.server logs (http/server.py). */
function handled(
  context: ProgramContext,
  state: ScriptState,
  source: string,
  handler: string,
  request: Extract<ServedRequest, { type: 'http' }>,
): ServedAnswer {
  const { method, path, headers, body, from } = request;
  state.response = { status: 200, headers: {}, body: '' };
  state.vars['=body'] = body;
  const objects = Object.keys(state.objects ?? {}).length;
  const machine = new ScriptMachine(context, 'python', compile(parseProgram(source, 'python')), state, pythonFunctions, pythonText);
  const log = (text: string): void => context.err(`${from} - - [${context.clock('%d/%b/%Y %H:%M:%S')}] ${text}\n`);
  try {
    const self = machine.create(
      handler,
      [],
      {},
      {
        path,
        command: method,
        client_address: [from, 48_214],
        request_version: 'HTTP/1.1',
        requestline: `${method} ${path} HTTP/1.1`,
        headers: { ...(body === '' ? {} : { 'Content-Length': String(byteLength(body)) }), ...headers },
      },
    );
    const found = machine.methodOf(machine.classesOf(self), `do_${method}`);
    if (found === undefined) {
      log(`code 501, message Unsupported method ('${method}')`);
      state.response = { status: 501, headers: { 'Content-Type': 'text/html;charset=utf-8' }, body: '', logs: true };
    } else machine.invoke(found.at, [self], {}, found.owner);
    const own = machine.methodOf(machine.classesOf(self), 'log_message');
    const line = [`${method} ${path} HTTP/1.1`, String(state.response.status), '-'];
    if (state.response.logs === true && own === undefined) log(`"${line[0]}" ${line[1]} ${line[2]}`);
    else if (state.response.logs === true && own !== undefined) machine.invoke(own.at, [self, '"%s" %s %s', ...line], {}, own.owner);
  } catch (error) {
    if (!(error instanceof ScriptError) && !(error instanceof NotSimulated)) throw error;
    const where = `${'-'.repeat(40)}\n`;
    context.err(
      error instanceof ScriptError
        ? `${where}Exception occurred during processing of request from ('${from}', 48214)\n${error.message}${where}`
        : `podsim: ${context.name}: this handler is not simulated (at: ${error.message.slice(0, 60)})\n`,
    );
  }
  // What was made for this request goes with it.
  for (const number of Object.keys(state.objects ?? {})) if (Number(number) > objects) delete state.objects?.[Number(number)];
  const { status, headers: answered, body: text } = state.response;
  delete state.response;
  delete state.vars['=body'];
  return { status, headers: { Server: `BaseHTTP/0.6 Python/${pythonVersion(context)}`, ...answered }, body: text, takes: 2 };
}

/** A program that comes on standard input is run when it is whole. */
function readAll(context: ProgramContext, run: (source: string) => number | Wait): number | Wait {
  const state = context.state as { source?: string; isWhole?: boolean; inner?: unknown } | undefined;
  const own = state ?? { source: '' };
  if (own.isWhole !== true) {
    for (let piece = context.read(); piece !== undefined; piece = context.read()) {
      if (piece === '') {
        context.state = own;
        return { wait: 'stdin' };
      }
      own.source = (own.source ?? '') + piece;
    }
    own.isWhole = true;
  }
  context.state = own.inner;
  const result = run(own.source ?? '');
  own.inner = context.state;
  context.state = own;
  return result;
}

/** The program that node is to run; a number: what it ends with. */
function nodeSource(context: ProgramContext): string | number | undefined {
  const [first, second = ''] = context.args;
  if (first === undefined || first === '-') return undefined;
  if (first === '-e' || first === '--eval') return second;
  if (first === '-p' || first === '--print' || first === '-pe') return `console.log(${second.replace(/;\s*$/, '')})`;
  if (first.startsWith('-')) {
    context.err(`podsim: node ${first} is not simulated\n`);
    return 1;
  }
  const path = context.path(first);
  const problem = `node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '${path}'\n    at Function._resolveFilename (node:internal/modules/cjs/loader:1225:15) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v${nodeVersion(context)}\n`;
  return scriptFile(context, first, () => problem, 1);
}

const node: Program = {
  name: 'node',
  aliases: ['nodejs'],
  yields: true,
  run(context) {
    if (context.args[0] === '-v' || context.args[0] === '--version') {
      context.out(`v${nodeVersion(context)}\n`);
      return 0;
    }
    const isFile = context.args[0]?.startsWith('-') === false;
    const run = (source: string): number | Wait => runScript(context, 'node', { source }, nodeFunctions, nodeText, isFile);
    const source = nodeSource(context);
    return source === undefined ? readAll(context, run) : typeof source === 'number' ? source : run(source);
  },
  signal(context, signal) {
    if ((context.state as ScriptState | undefined)?.handlers === undefined) return false;
    const source = nodeSource(context);
    return signalled(context, 'node', typeof source === 'string' ? source : undefined, signal);
  },
  serve(context, request) {
    const state = context.state as ScriptState | undefined;
    const source = nodeSource(context);
    const [handler] = Object.values(state?.servers ?? {});
    if (state === undefined || typeof handler !== 'number' || typeof source !== 'string') return undefined;
    if (request.type !== 'http') return { takes: 1 };
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
    state.response = { status: 200, headers: {}, body: '' };
    const machine = new ScriptMachine(context, 'node', compile(parseProgram(source, 'node')), state, nodeFunctions, nodeText);
    try {
      const remote = { remoteAddress: `::ffff:${request.from}` };
      machine.invoke(handler, [{ url: request.path, method: request.method, headers, socket: remote, connection: remote }, { response: true }]);
    } catch (error) {
      if (!(error instanceof ScriptError) && !(error instanceof NotSimulated)) throw error;
      context.err(error instanceof ScriptError ? error.message : `podsim: node: this handler is not simulated (at: ${error.message.slice(0, 60)})\n`);
      state.response = { status: 500, headers: {}, body: '' };
    }
    const answer = { ...state.response, takes: 2 };
    delete state.response;
    return answer;
  },
};

/** `-wle CODE`, `-ne`, `-pe`, `-Mmodule`, `-i` not. */
const perl: Program = {
  name: 'perl',
  aliases: ['perl5.34.0'],
  yields: true,
  run(context) {
    const args = [...context.args];
    const sources: string[] = [];
    let loops = false;
    let prints = false;
    const vars: Record<string, Value> = {};
    for (let arg = args[0]; arg !== undefined && /^-./.test(arg); arg = args[0]) {
      args.shift();
      if (arg === '--') break;
      if (arg === '-v') {
        const [, minor, patch] = perlVersion(context).split('.');
        context.out(`\nThis is perl 5, version ${minor}, subversion ${patch} (v5.${minor}.${patch}) built for x86_64-linux-gnu\n`);
        return 0;
      }
      if (/^-[MmIC0]/.test(arg)) continue;
      for (const letter of arg.slice(1)) {
        if (letter === 'e' || letter === 'E') sources.push(args.shift() ?? '');
        else if (letter === 'n') loops = true;
        else if (letter === 'p') loops = prints = true;
        else if (letter === 'l') vars['$\\'] = '\n';
        else if (!'wWtTsaU'.includes(letter)) {
          context.err(`podsim: perl -${letter} is not simulated\n`);
          return 1;
        }
      }
    }
    if (sources.length === 0) {
      const [name] = args;
      if (name === undefined || name === '-') return readAll(context, (source) => runScript(context, 'perl', { source, vars }, perlFunctions, perlText));
      const source = scriptFile(context, name, (why) => `Can't open perl script "${name}": ${why}\n`, 2);
      return typeof source === 'number' ? source : runScript(context, 'perl', { source, vars }, perlFunctions, perlText);
    }
    const invocation: Invocation = {
      source: sources.join('\n'),
      vars: { ...vars, ...(loops ? {} : { '@ARGV': args }) },
      ...(loops ? { loop: { files: args, prints } } : {}),
    };
    return runScript(context, 'perl', invocation, perlFunctions, perlText);
  },
};

export const scriptPrograms: readonly Program[] = [perl, python, node];
