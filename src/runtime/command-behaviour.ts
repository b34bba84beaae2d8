/**
 * A first reading of commands, without a shell: `sleep`, `echo`, `true`, `false`, `exit`, and `sh -c` with those joined by
 * `;`, `&&`, `||` and `while true` loops. The script is compiled to a list of instructions when it starts; the process is its
 * place in the list. The `shell` behaviour is asked first where there is one.
 */
import { RuntimeError } from '../api/cri.js';
import type { Time } from '../api/time.js';
import { type Behaviour, FOREVER, type ProcessHost, type ProcessSpec, type ProcessState, type StepResult } from './process.js';

type Instruction =
  | { readonly do: 'echo'; readonly text: string }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'exit'; readonly code?: number }
  | { readonly do: 'status'; readonly code: number }
  | { readonly do: 'jump'; readonly to: number; readonly when?: 'ok' | 'failed' };

interface CommandProcess {
  readonly code: readonly Instruction[];
  readonly at: number;
  readonly pc: number;
  readonly status: number;
  /** Reads its input and nothing else (`sh` with a terminal). */
  readonly waits?: boolean;
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash']);
/** Programs it lets pass: they end at once, well. */
const MAX_STEPS = 200_000;

export const commandBehaviour: Behaviour = {
  name: 'command',
  start(spec, host) {
    const program = baseName(spec.argv[0] ?? '');
    const code = SHELLS.has(program) ? compileShell(spec, host) : compileProgram(spec.argv, spec.env);
    if (code === undefined) return undefined;
    if (!host.hasProgram(program)) return undefined;
    return processOf({
      code,
      at: host.now,
      pc: 0,
      status: 0,
      ...(code.length === 0 && SHELLS.has(program) && (spec.tty || spec.stdin) ? { waits: true } : {}),
    });
  },
  run(process, host) {
    return advance(process.state as CommandProcess, host);
  },
  signal(process, signal, host) {
    const state = process.state as CommandProcess;
    const number = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 }[signal];
    // The kernel gives process 1 of a pid namespace no default handlers: what it does not catch it does not notice.
    if (host.isInit || number === undefined) return { ...advance(state, host) };
    return { state: process, exit: { code: 128 + number, signal: number } };
  },
  input(process, data, host) {
    const state = process.state as CommandProcess;
    if (state.waits === true && data === undefined) return { state: process, exit: { code: 0 } };
    return advance(state, host);
  },
  usage: () => ({ memory: 512 * 1024, cpu: 10_000 }),
};

/**
 * What nothing else can read: a program that the image has ends at once, well; in an image nobody describes anything may be
 * there, and runs until it is stopped; what an image does not have cannot be started.
 */
export function lastBehaviour(isDescribed: (repository: string) => boolean): Behaviour {
  return {
    name: 'program',
    start(spec, host) {
      const program = spec.argv[0] ?? '';
      if (!host.hasProgram(baseName(program)))
        throw new RuntimeError(
          `exec: "${program}": ${program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH'}`,
        );
      const runsOn = !isDescribed(host.image) && host.isInit;
      return { behaviour: 'program', state: { runsOn }, ...(runsOn ? { lazyUntil: FOREVER } : {}) };
    },
    run: (process) => ((process.state as { runsOn: boolean }).runsOn ? { state: process } : { state: process, exit: { code: 0 } }),
    signal(process, signal, host) {
      if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') return { state: process, exit: { code: 0, at: host.now } };
      return { state: process };
    },
    serve: (process, port, request, host) => {
      if (!(process.state as { runsOn: boolean }).runsOn || !host.declaredPorts.includes(port)) return undefined;
      return { takes: 1, steadyUntil: FOREVER, ...(request.type === 'http' ? { status: 200, body: '' } : {}) };
    },
  };
}

const processOf = (state: CommandProcess): ProcessState => ({ behaviour: 'command', state });
const baseName = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

function advance(state: CommandProcess, host: ProcessHost): StepResult {
  let { pc, status, at } = state;
  const result = (extra: Omit<StepResult, 'state'>): StepResult => ({ state: processOf({ ...state, pc, status, at }), ...extra });
  if (state.waits === true) return result({});
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const instruction = state.code[pc];
    if (instruction === undefined) return result({ exit: { code: status, at: at as Time, steady: true } });
    switch (instruction.do) {
      case 'echo':
        host.write('stdout', instruction.text, at as Time);
        status = 0;
        pc++;
        break;
      case 'sleep':
        if (at + instruction.ms > host.now) {
          const wake = Math.min(at + instruction.ms, FOREVER) as Time;
          return result({ ...(wake >= FOREVER ? {} : { next: wake }), ...(isEndless(state.code, pc) ? { lazyUntil: FOREVER } : {}) });
        }
        at += instruction.ms;
        status = 0;
        pc++;
        break;
      case 'status':
        status = instruction.code;
        pc++;
        break;
      case 'jump':
        if (instruction.when === undefined && instruction.to <= pc && !sleepsBetween(state.code, instruction.to, pc)) return result({ lazyUntil: FOREVER });
        pc = instruction.when === undefined || (instruction.when === 'ok') === (status === 0) ? instruction.to : pc + 1;
        break;
      case 'exit':
        return result({ exit: { code: instruction.code ?? status, at: at as Time, steady: true } });
    }
  }
  return result({ next: host.now, lazyUntil: FOREVER });
}

/** Inside a loop that nothing leaves: its end need not be waited for. */
function isEndless(code: readonly Instruction[], pc: number): boolean {
  const back = code.findIndex((one, i) => i >= pc && one.do === 'jump' && one.when === undefined && one.to <= pc);
  if (back < 0) return false;
  const to = (code[back] as { to: number }).to;
  return !code.slice(to, back).some((one) => one.do === 'exit' || (one.do === 'jump' && (one.to > back || one.to < to)));
}
const sleepsBetween = (code: readonly Instruction[], from: number, to: number): boolean =>
  code.slice(from, to).some((one) => one.do === 'sleep' || one.do === 'exit');

function compileShell(spec: ProcessSpec, host: ProcessHost): readonly Instruction[] | undefined {
  const [, flag, script] = spec.argv;
  if (flag === undefined || (flag === '-i' && script === undefined)) return [];
  if (!/^-[a-z]*c[a-z]*$/.test(flag) || script === undefined) return undefined;
  return compileScript(script, spec.env, host);
}

/** Splits at `;`, newline, `&&`, `||` outside quotes; `while true; do … done` becomes a loop. */
function compileScript(script: string, env: Readonly<Record<string, string>>, host: ProcessHost): readonly Instruction[] {
  const code: Instruction[] = [];
  const loops: number[] = [];
  let join: '&&' | '||' | ';' = ';';
  for (const { words, next } of splitCommands(script, env)) {
    let rest = words;
    if (rest[0] === 'while' || rest[0] === 'until') {
      loops.push(code.length);
      join = ';';
      continue;
    }
    if (rest[0] === 'do' || rest[0] === 'then' || rest[0] === 'exec') rest = rest.slice(1);
    if (rest[0] === 'done') {
      const start = loops.pop();
      if (start !== undefined) code.push({ do: 'jump', to: start });
      join = next;
      continue;
    }
    if (rest.length > 0) {
      const body = compileProgram(rest, env) ?? [{ do: 'status', code: host.hasProgram(baseName(rest[0] ?? '')) || BUILTINS.has(rest[0] ?? '') ? 0 : 127 }];
      if (join !== ';') code.push({ do: 'jump', to: code.length + 1 + body.length, when: join === '&&' ? 'failed' : 'ok' });
      code.push(...body);
    }
    join = next;
  }
  return code;
}

const BUILTINS: ReadonlySet<string> = new Set(['cd', 'export', 'set', 'trap', ':', 'read', 'wait', 'umask', 'unset', '[', 'test', '.']);

function compileProgram(words: readonly string[], env: Readonly<Record<string, string>>): readonly Instruction[] | undefined {
  const program = baseName(words[0] ?? '');
  const args = words.slice(1);
  switch (program) {
    case 'true':
    case ':':
      return [{ do: 'status', code: 0 }];
    case 'false':
      return [{ do: 'status', code: 1 }];
    case 'exit':
      return words[0] === 'exit' ? [args[0] === undefined ? { do: 'exit' } : { do: 'exit', code: Number.parseInt(args[0], 10) & 255 }] : undefined;
    case 'sleep':
      return [{ do: 'sleep', ms: args.reduce((sum, arg) => sum + sleepOf(arg), 0) }];
    case 'echo':
      return args[0] === '-n' ? [{ do: 'echo', text: args.slice(1).join(' ') }] : [{ do: 'echo', text: `${args.join(' ')}\n` }];
    case 'env':
    case 'printenv':
      return args.length > 0
        ? undefined
        : [
            {
              do: 'echo',
              text: Object.entries(env)
                .map(([name, value]) => `${name}=${value}\n`)
                .join(''),
            },
          ];
    default:
      return undefined;
  }
}

function sleepOf(text: string): number {
  if (text === 'infinity' || text === 'inf') return FOREVER;
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text);
  if (match === null) return 0;
  return Math.min(Number(match[1]) * ({ '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] ?? ''] ?? 1) * 1000, FOREVER);
}

/** Words of simple commands with quotes taken away and `$NAME` filled in, and what joins each to the next. Redirections are dropped with their output. */
function splitCommands(script: string, env: Readonly<Record<string, string>>): { words: string[]; next: '&&' | '||' | ';' }[] {
  const out: { words: string[]; next: '&&' | '||' | ';' }[] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const end = (next: '&&' | '||' | ';'): void => {
    endWord();
    const target = words.findIndex((one) => one === '>' || one === '>>');
    if (target >= 0) words = ['true'];
    if (words.length > 0) out.push({ words, next });
    words = [];
  };
  for (let i = 0; i < script.length; i++) {
    const c = script[i] as string;
    if (c === "'") {
      const close = script.indexOf("'", i + 1);
      word = (word ?? '') + script.slice(i + 1, close < 0 ? undefined : close);
      i = close < 0 ? script.length : close;
    } else if (c === '"') {
      const close = script.indexOf('"', i + 1);
      word = (word ?? '') + expand(script.slice(i + 1, close < 0 ? undefined : close), env);
      i = close < 0 ? script.length : close;
    } else if (c === '&' && script[i + 1] === '&') {
      end('&&');
      i++;
    } else if (c === '|' && script[i + 1] === '|') {
      end('||');
      i++;
    } else if (c === ';' || c === '\n') end(';');
    else if (c === '>') {
      endWord();
      words.push('>');
      if (script[i + 1] === '>') i++;
    } else if (/\s/.test(c)) endWord();
    else if (c === '$') {
      const name = /^\$(?:\{(\w+)\}|(\w+))/.exec(script.slice(i));
      word = (word ?? '') + (name === null ? '$' : (env[name[1] ?? name[2] ?? ''] ?? ''));
      if (name !== null) i += name[0].length - 1;
    } else word = (word ?? '') + c;
    if (words.length === 1 && word === undefined && (words[0] === 'do' || words[0] === 'then')) words = [];
  }
  end(';');
  return out;
}

const expand = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, bare: string | undefined) => env[braced ?? bare ?? ''] ?? '');
