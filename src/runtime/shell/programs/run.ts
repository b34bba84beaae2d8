/** xargs, chroot, nsenter, timeout, nohup, nice, time, watch, setsid, tini, gosu: programs that run other programs. */
import { after, milliseconds, type Time } from '../../../api/time.js';
import { errorText, signalName } from '../kernel.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { parseOptions } from './options.js';

const cannotRun = (context: ProgramContext, command: string, code: number): string =>
  context.flavour === 'ash'
    ? `${context.name}: can't execute '${command}': ${code === 126 ? 'Permission denied' : 'No such file or directory'}\n`
    : context.name === 'timeout' || context.name === 'nohup' || context.name === 'chroot'
      ? `${context.name}: failed to run command '${command}': ${code === 126 ? 'Permission denied' : 'No such file or directory'}\n`
      : `${context.name}: ${/\//.test(command) ? command : `'${command}'`}: ${code === 126 ? 'Permission denied' : 'No such file or directory'}\n`;

/** Starts a command once and ends as it ends. */
function runs(context: ProgramContext, command: readonly string[], options: { readonly ignores?: readonly string[] } = {}): number | Wait {
  let state = context.state as { pid: number } | undefined;
  if (state === undefined) {
    const pid = context.spawn(command, options);
    const code = context.child(pid);
    if (code === 127 || code === 126) {
      context.err(cannotRun(context, command[0] ?? '', code));
      return code;
    }
    state = { pid };
    context.state = state;
  }
  return context.child(state.pid) ?? { wait: 'children', pids: [state.pid] };
}

const spanOf = (text: string): number | undefined => {
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 1000 * ({ '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as string] as number);
};

/** Names of namespaces and the letters that ask for them. */
const NAMESPACES = { m: 'mnt', u: 'uts', i: 'ipc', n: 'net', p: 'pid', C: 'cgroup', U: 'user', T: 'time' } as const;
const NSENTER = {
  all: 'a',
  target: 't=',
  mount: 'm',
  uts: 'u',
  ipc: 'i',
  net: 'n',
  pid: 'p',
  cgroup: 'C',
  user: 'U',
  time: 'T',
  root: 'r',
  wd: 'w',
  'no-fork': 'F',
};

/** nsenter(1): of another process's namespaces only the mounts make a difference here. */
const nsenter: Program = {
  name: 'nsenter',
  run(context) {
    const options = parseOptions(context, 't:muinpCUTarwF', NSENTER, { stopAtOperand: true });
    if (typeof options === 'number') return options;
    const state = context.state as { readonly pid: number } | undefined;
    if (state !== undefined) return context.child(state.pid) ?? { wait: 'children', pids: [state.pid] };
    const target = options.value('t');
    const asked = Object.entries(NAMESPACES).filter(([letter]) => options.has(letter) || (options.has('a') && letter !== 'U'));
    if (target === undefined) {
      context.err(`nsenter: no target PID specified for ${options.has('a') ? '--all' : `--${asked[0]?.[1] ?? 'mount'}`}\n`);
      return 1;
    }
    const root = `/proc/${target}/root`;
    const first = asked[0]?.[1] ?? 'mnt';
    if (![...context.others(), ...context.processes()].some(({ pid }) => String(pid) === target)) {
      context.err(`nsenter: cannot open /proc/${target}/ns/${first}: No such file or directory\n`);
      return 1;
    }
    const capabilities: readonly string[] = context.host.system?.capabilities ?? [];
    if (!capabilities.includes('ALL') && !capabilities.includes('SYS_ADMIN')) {
      context.err(
        capabilities.includes('SYS_PTRACE')
          ? `nsenter: reassociate to namespace 'ns/${first}' failed: Operation not permitted\n`
          : `nsenter: cannot open /proc/${target}/ns/${first}: Permission denied\n`,
      );
      return 1;
    }
    const words = options.operands.length > 0 ? options.operands : [context.env['SHELL'] ?? '/bin/sh'];
    const pid = context.spawn(words, asked.some(([letter]) => letter === 'm') ? { root } : {});
    const code = context.child(pid);
    if (code === 127 || code === 126) {
      context.err(`nsenter: failed to execute ${words[0]}: ${code === 126 ? 'Permission denied' : 'No such file or directory'}\n`);
      return code;
    }
    context.state = { pid };
    return context.child(pid) ?? { wait: 'children', pids: [pid] };
  },
};

/** chroot(8): another root for what it runs, a shell if nothing is named. */
const chroot: Program = {
  name: 'chroot',
  run(context) {
    const isSmall = context.flavour === 'ash';
    const options = parseOptions(context, '', isSmall ? {} : { userspec: 'u=', groups: 'g=', 'skip-chdir': 's' }, { stopAtOperand: true });
    if (typeof options === 'number') return isSmall ? options : 125;
    const state = context.state as { readonly pid: number } | undefined;
    if (state !== undefined) return context.child(state.pid) ?? { wait: 'children', pids: [state.pid] };
    const [directory, ...words] = options.operands;
    if (directory === undefined) {
      context.err(isSmall ? busyboxUsage(context) : "chroot: missing operand\nTry 'chroot --help' for more information.\n");
      return isSmall ? 1 : 125;
    }
    const refuse = (why: string): number => {
      context.err(`chroot: ${isSmall ? "can't" : 'cannot'} change root directory to '${directory}': ${why}\n`);
      return isSmall ? 1 : 125;
    };
    let root: string;
    try {
      if (context.files.look(context.path(directory)).type !== 'directory') return refuse('Not a directory');
      root = context.files.realPath(context.path(directory));
    } catch (error) {
      return refuse(errorText(error));
    }
    if (context.uid !== 0) return refuse('Operation not permitted');
    const argv = words.length > 0 ? words : [context.env['SHELL'] ?? '/bin/sh', '-i'];
    // The container's own root is no other one.
    const pid = context.spawn(argv, root === '/' ? {} : { root: `${context.root ?? ''}${root}` });
    const code = context.child(pid);
    if (code === 127 || code === 126) {
      context.err(cannotRun(context, argv[0] as string, code));
      return code;
    }
    context.state = { pid };
    return { wait: 'children', pids: [pid] };
  },
};

interface TimeoutState {
  readonly pid: number;
  until: Time;
  killed: boolean;
}

const timeout: Program = {
  name: 'timeout',
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context) {
    const options = parseOptions(
      context,
      's:k:t:v',
      { signal: 's=', 'kill-after': 'k=', foreground: 'foreground', 'preserve-status': 'p' },
      { stopAtOperand: true },
    );
    if (typeof options === 'number') return 125;
    const words = options.has('t') ? [options.value('t') as string, ...options.operands] : options.operands;
    const span = spanOf(words[0] ?? '');
    if (span === undefined || words.length < 2) {
      context.err(
        context.flavour === 'ash'
          ? `timeout: invalid number '${words[0] ?? ''}'\n`
          : `timeout: invalid time interval '${words[0] ?? ''}'\nTry 'timeout --help' for more information.\n`,
      );
      return context.flavour === 'ash' ? 1 : 125;
    }
    const signal = signalName(options.value('s') ?? 'TERM') ?? 'TERM';
    let state = context.state as TimeoutState | undefined;
    if (state === undefined) {
      const pid = context.spawn(words.slice(1));
      const code = context.child(pid);
      if (code === 127 || code === 126) {
        context.err(cannotRun(context, words[1] as string, code));
        return code;
      }
      state = { pid, until: span === 0 ? (8.64e15 as Time) : after(context.now, milliseconds(span)), killed: false };
      context.state = state;
    }
    const code = context.child(state.pid);
    if (code !== undefined) return state.killed && !options.has('p') ? overdue(context, signal, code) : code;
    if (context.now >= state.until) {
      context.kill(state.pid, state.killed ? 'KILL' : signal);
      const again = spanOf(options.value('k') ?? '');
      state.until = state.killed || again === undefined ? (8.64e15 as Time) : after(context.now, milliseconds(again));
      state.killed = true;
      const ended = context.child(state.pid);
      if (ended !== undefined) return options.has('p') ? ended : overdue(context, signal, ended);
    }
    return { wait: 'children', pids: [state.pid], until: state.until };
  },
};

/** What timeout itself ends with: busybox as the command did, whose process it has become; GNU with 124, or by the signal it could not outlive. */
function overdue(context: ProgramContext, signal: string, code: number): number {
  if (signal !== 'KILL') return context.flavour === 'ash' ? code : 124;
  context.kill(context.pid, 'KILL');
  return 137;
}

interface XargsState {
  pending: string;
  items?: string[];
  at: number;
  pid?: number;
  status: number;
}

/** Words as xargs splits them: blanks and newlines, quotes and backslashes. */
function words(text: string): string[] {
  const out: string[] = [];
  let current: string | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char === '\\' && i + 1 < text.length) current = (current ?? '') + text[++i];
    else if (char === '"' || char === "'") {
      const end = text.indexOf(char, i + 1);
      current = (current ?? '') + text.slice(i + 1, end < 0 ? undefined : end);
      i = end < 0 ? text.length : end;
    } else if (/\s/.test(char)) {
      if (current !== undefined) out.push(current);
      current = undefined;
    } else current = (current ?? '') + char;
  }
  if (current !== undefined) out.push(current);
  return out;
}

const xargs: Program = {
  name: 'xargs',
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context) {
    const options = parseOptions(
      context,
      context.flavour === 'ash' ? 'rt0n:I:P:s:pxE:a:' : 'rt0n:I:L:P:s:d:pxiE:a:',
      { 'no-run-if-empty': 'r', 'max-args': 'n=', null: '0', 'max-procs': 'P=', replace: 'i', delimiter: 'd=', 'max-lines': 'L=' },
      { stopAtOperand: true },
    );
    if (typeof options === 'number') return options;
    const state = (context.state ?? { pending: '', at: 0, status: 0 }) as XargsState;
    context.state = state;
    if (state.items === undefined) {
      for (let text = context.read(); text !== undefined; text = context.read()) {
        if (text === '') return { wait: 'stdin' };
        state.pending += text;
      }
      const lines = (): string[] =>
        state.pending
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '');
      state.items = options.has('0')
        ? state.pending.split('\0').filter((item, i, all) => i < all.length - 1 || item !== '')
        : options.has('d')
          ? state.pending.replace(/\n$/, '').split((options.value('d') as string).replace('\\n', '\n'))
          : options.has('I') || options.has('i') || options.has('L')
            ? lines()
            : words(state.pending);
      state.pending = '';
    }
    const template = options.operands.length === 0 ? ['echo'] : options.operands;
    const mark = options.value('I') ?? (options.has('i') ? '{}' : undefined);
    const size = mark !== undefined || options.has('L') ? Number(options.value('L') ?? 1) : Number(options.value('n') ?? 5000);
    for (;;) {
      if (state.pid !== undefined) {
        const code = context.child(state.pid);
        if (code === undefined) return { wait: 'children', pids: [state.pid] };
        delete state.pid;
        if (code === 255) {
          context.err(`xargs: ${template[0]}: exited with status 255; aborting\n`);
          return 124;
        }
        if (code !== 0) state.status = code > 128 && code < 255 ? 125 : 123;
      }
      const first = state.at === 0;
      const items = state.items.slice(state.at, state.at + size);
      if (items.length === 0 && (!first || options.has('r') || mark !== undefined || (context.flavour === 'ash' && state.at > 0))) return state.status;
      state.at += Math.max(1, size);
      const given = options.has('L') ? items.flatMap(words) : items;
      const argv = mark === undefined ? [...template, ...given] : template.map((word) => word.replaceAll(mark, items[0] as string));
      if (options.has('t')) context.err(`${argv.join(' ')}\n`);
      const pid = context.spawn(argv, { stdin: '' });
      const code = context.child(pid);
      if (code === 127 || code === 126) {
        context.err(
          context.flavour === 'ash'
            ? `xargs: ${argv[0]}: ${code === 126 ? 'Permission denied' : 'No such file or directory'}\n`
            : `xargs: ${argv[0]}: ${code === 126 ? 'Permission denied' : 'No such file or directory'}\n`,
        );
        return code;
      }
      state.pid = pid;
    }
  },
};

interface WatchState {
  pid?: number;
  next: Time;
}

const watch: Program = {
  name: 'watch',
  handles: { SIGINT: 0, SIGTERM: 143 },
  run(context) {
    const options = parseOptions(context, 'n:td', { interval: 'n=', 'no-title': 't' }, { stopAtOperand: true });
    if (typeof options === 'number') return options;
    const span = Number(options.value('n') ?? 2) * 1000;
    const state = (context.state ?? { next: context.now }) as WatchState;
    context.state = state;
    if (state.pid !== undefined) {
      if (context.child(state.pid) === undefined) return { wait: 'children', pids: [state.pid] };
      delete state.pid;
    }
    if (context.now < state.next) return { wait: 'time', until: state.next };
    const stamp = new Date(context.now).toISOString().replace('T', ' ').slice(0, 19);
    context.out(`\x1b[H\x1b[J${options.has('t') ? '' : `Every ${(span / 1000).toFixed(1)}s: ${options.operands.join(' ')}${' '.repeat(20)}${stamp}\n\n`}`);
    state.next = after(context.now, milliseconds(span));
    state.pid = context.spawn(['sh', '-c', options.operands.join(' ')]);
    return { wait: 'children', pids: [state.pid] };
  },
};

/** What stands before the command: options with and without values. */
const passing = (
  name: string,
  skip: (args: readonly string[]) => number,
  options: { readonly aliases?: readonly string[]; readonly ignores?: readonly string[] } = {},
): Program => ({
  name,
  ...(options.aliases === undefined ? {} : { aliases: options.aliases }),
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context) {
    const command = context.args.slice(skip(context.args));
    if (command.length === 0) {
      context.err(`${context.name}: missing operand\n`);
      return 125;
    }
    return runs(context, command, options.ignores === undefined ? {} : { ignores: options.ignores });
  },
});
const afterOptions = (args: readonly string[]): number => {
  const at = args.findIndex((arg) => !arg.startsWith('-') || arg === '--');
  return at < 0 ? args.length : args[at] === '--' ? at + 1 : at;
};

const time: Program = {
  name: 'time',
  run(context) {
    const started = (context.state as { since?: number } | undefined)?.since ?? context.now;
    const result = runs(context, context.args.slice(afterOptions(context.args)));
    context.state = { ...(context.state as object), since: started };
    if (typeof result === 'number') {
      const seconds = (context.now - started) / 1000;
      context.err(`real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
    }
    return result;
  },
};

export const runPrograms: readonly Program[] = [
  nsenter,
  chroot,
  xargs,
  timeout,
  watch,
  time,
  passing('nohup', afterOptions, { ignores: ['HUP'] }),
  passing('nice', (args) => (args[0] === '-n' ? 2 : afterOptions(args)), { aliases: ['ionice', 'chrt'] }),
  passing('setsid', afterOptions, { aliases: ['stdbuf', 'unbuffer', 'tini', 'dumb-init', 'catatonit', 'sudo'] }),
  passing('gosu', () => 1, { aliases: ['su-exec'] }),
];
