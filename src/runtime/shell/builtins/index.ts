/** What the shell itself does, by name. */
import { writeFd } from '../descriptors.js';
import { exitShell, leave, unwind } from '../ending.js';
import { arithmetic, referent } from '../expand.js';
import { errorText, normalize } from '../kernel.js';
import { DEFAULT_PATH, load, lookUp } from '../loading.js';
import { formatPrintf } from '../printf.js';
import { exportedVariables, type Shell } from '../shell.js';
import { runCommand } from '../simple-command.js';
import type { Frame } from '../state.js';
import { expansionMessage } from '../substitution.js';
import { testArguments } from '../test-expression.js';
import { type Builtin, badNumber, lineZero, say } from './builtin.js';
import { describeType, sourceFile, typeOf } from './commands.js';
import { echo } from './echo.js';
import { killBuiltin, trap, wait } from './jobs.js';
import { mapfile } from './mapfile.js';
import { read } from './read.js';
import { setOptions } from './set.js';
import { ulimit } from './ulimit.js';
import { declare } from './variables.js';

const table: Readonly<Record<string, Builtin>> = {
  ':': { run: () => 0 },
  true: { run: () => 0 },
  false: { run: () => 1 },
  break: { run: (self, args) => breakLoop(self, args, 'break') },
  continue: { run: (self, args) => breakLoop(self, args, 'continue') },
  cd: { run: changeDirectory },
  pwd: { run: (self, args) => say(self, `${args.includes('-P') ? self.environment.host.files.realPath(self.process.cwd) : self.process.cwd}\n`) },
  echo: { run: echo },
  printf: {
    run: (self, args) => {
      if (args.length === 0) {
        if (self.shell.flavour === 'bash') writeFd(self.machine, self.environment, self.process, 2, 'printf: usage: printf [-v var] format [arguments]\n');
        else self.complain(self.shell.flavour === 'ash' ? 'usage: printf FORMAT [ARGUMENT...]' : 'printf: usage: printf format [arg ...]');
        return 2;
      }
      const target = args[0] === '-v' && self.shell.flavour === 'bash' ? args[1] : undefined;
      const words = target === undefined ? (args[0] === '--' ? args.slice(1) : args) : args.slice(2);
      const result = formatPrintf(words[0] ?? '', words.slice(1), self.shell.flavour);
      if (target !== undefined) self.setVariable(target, result.text);
      // dash writes when it is done, the others what they have before they complain.
      let from = 0;
      for (const { message, at } of result.errors) {
        if (target === undefined && self.shell.flavour !== 'dash') self.out(result.text.slice(from, at));
        if (self.shell.flavour !== 'dash') from = at;
        self.complain(self.shell.flavour === 'ash' ? message : `printf: ${message}`);
      }
      if (target === undefined) self.out(result.text.slice(from));
      return result.errors.length > 0 ? 1 : 0;
    },
  },
  test: {
    run: (self, args) => {
      try {
        return testArguments(args, self) ? 0 : 1;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        self.complain(error.message.replace(/^\[: /, 'test: '));
        return 2;
      }
    },
  },
  '[': {
    run: (self, args) => {
      if (args.at(-1) !== ']') {
        self.complain(self.shell.flavour === 'bash' ? "[: missing `]'" : self.shell.flavour === 'dash' ? '[: missing ]' : 'missing ]');
        return 2;
      }
      try {
        return testArguments(args.slice(0, -1), self) ? 0 : 1;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        if (self.shell.flavour === 'ash') writeFd(self.machine, self.environment, self.process, 2, `${self.shell.name}: ${error.message}\n`);
        else self.complain(error.message);
        return 2;
      }
    },
  },
  exit: {
    run: (self, args) => {
      if (self.shell.flavour === 'bash' && self.shell.interactive === true && self.machine.tty === true)
        writeFd(self.machine, self.environment, self.process, 2, 'exit\n');
      if (args[0] !== undefined && !/^-?\d+$/.test(args[0])) {
        self.complain(badNumber(self, `exit${self.shell.flavour === 'ash' && self.shell.command === true ? ': line 0' : ''}`, args[0]));
        exitShell(self.machine, self.environment, self.process, 2);
        return undefined;
      }
      const trapFrame = self.shell.stack.findLast((frame) => frame.t === 'trap');
      exitShell(
        self.machine,
        self.environment,
        self.process,
        args[0] === undefined ? (trapFrame?.t === 'trap' ? trapFrame.status : self.shell.status) : Number(args[0]),
      );
      return undefined;
    },
  },
  return: {
    run: (self, args) => {
      const { shell, machine, process } = self;
      // dash keeps the whole number.
      const status = args[0] === undefined ? shell.status : shell.flavour === 'dash' ? Number(args[0]) : Number(args[0]) & 255;
      const at = shell.stack.findLastIndex((frame) => frame.t === 'function' || frame.t === 'source');
      if (at < 0) {
        if (shell.flavour === 'bash') {
          self.complain("return: can only `return' from a function or sourced script");
          return 2;
        }
        exitShell(machine, self.environment, process, status);
        return undefined;
      }
      unwind(process, at);
      shell.status = status;
      return undefined;
    },
  },
  set: { run: setOptions },
  shift: {
    run: (self, args) => {
      const count = Number(args[0] ?? 1);
      if (!Number.isInteger(count) || count < 0) {
        self.complain(`shift: ${lineZero(self)}${self.shell.flavour === 'bash' ? `${args[0]}: numeric argument required` : `Illegal number: ${args[0]}`}`);
        if (self.shell.flavour === 'bash') return 1;
        exitShell(self.machine, self.environment, self.process, 2);
        return undefined;
      }
      if (count > self.shell.args.length) {
        if (self.shell.flavour === 'dash') {
          self.complain("shift: can't shift that many");
          exitShell(self.machine, self.environment, self.process, 2);
          return undefined;
        }
        return 1;
      }
      self.shell.args = self.shell.args.slice(count);
      return 0;
    },
  },
  unset: {
    run: (self, args) => {
      const functions = args.includes('-f');
      let status = 0;
      for (const given of args.filter((arg) => !/^-[fvn]$/.test(arg))) {
        const name = args.includes('-n') ? given : referent(self.shell.vars, given);
        const element = /^(\w+)\[(.+)\]$/.exec(name);
        if (element) delete self.shell.vars[element[1] as string]?.list?.[element[2] as string];
        else if (functions) delete self.shell.functions[name];
        else if (self.shell.vars[name]?.readonly === true) {
          self.complain(self.shell.flavour === 'bash' ? `unset: ${name}: cannot unset: readonly variable` : `unset: ${lineZero(self)}${name}: is read only`);
          status = 1;
          if (self.shell.flavour !== 'bash' && self.shell.interactive !== true) {
            exitShell(self.machine, self.environment, self.process, 2);
            return undefined;
          }
        } else if (self.shell.vars[name] === undefined && self.shell.flavour === 'bash') delete self.shell.functions[name];
        else delete self.shell.vars[name];
      }
      return status;
    },
  },
  export: { run: (self, args) => declare(self, args, 'export') },
  readonly: { run: (self, args) => declare(self, args, 'readonly') },
  local: { run: (self, args) => declare(self, args, 'local') },
  declare: { flavours: ['bash'], run: (self, args) => declare(self, args, 'declare') },
  typeset: { flavours: ['bash'], run: (self, args) => declare(self, args, 'declare') },
  let: {
    flavours: ['bash', 'ash'],
    run: (self, args) => {
      try {
        const x = self.expansion();
        const results = args.map((arg) => arithmetic(arg, x));
        for (const [name, value] of Object.entries(x.assigned)) self.setVariable(name, value);
        return results.at(-1) === 0n ? 1 : 0;
      } catch (error) {
        self.complain(`${self.shell.flavour === 'bash' ? 'let: ' : ''}${expansionMessage(self.shell, error)}`);
        return 1;
      }
    },
  },
  eval: {
    run: (self, args) => {
      const source = args.filter((arg, i) => !(i === 0 && arg === '--')).join(' ');
      if (source.trim() === '') return 0;
      self.run(source, undefined, 'eval');
      return self.shell.status;
    },
  },
  '.': { run: sourceFile },
  source: { flavours: ['bash', 'ash'], run: sourceFile },
  exec: {
    run: (self, args) => {
      const { machine, process, environment, shell } = self;
      const words = [...args];
      if (words[0] === '--') words.shift();
      if (words[0] === '-a') words.splice(0, 2);
      const found = lookUp(environment, process.cwd, self.value('PATH') ?? DEFAULT_PATH, words[0] as string);
      if (found.kind === 'none') {
        const status = found.why === 'missing' || found.why === 'path' ? 127 : 126;
        const text =
          status === 126 ? 'Permission denied' : shell.flavour === 'bash' ? (words[0]?.includes('/') ? 'No such file or directory' : 'not found') : 'not found';
        self.complain(shell.flavour === 'bash' && status === 127 ? `exec: ${words[0]}: ${text}` : `exec: ${lineZero(self)}${words[0]}: ${text}`);
        exitShell(machine, environment, process, status);
        return undefined;
      }
      const env = exportedVariables(shell, process.cwd);
      const ignored = Object.entries(shell.traps)
        .filter(([, action]) => action === '')
        .map(([signal]) => signal);
      load(machine, environment, process, found, words, env);
      if (process.program !== undefined && ignored.length > 0) process.program.ignores = ignored;
      return undefined;
    },
  },
  command: {
    run: (self, args) => {
      if (args[0] === '-v' || args[0] === '-V') {
        const name = args[1] ?? '';
        const kind = typeOf(self, name);
        if (kind === undefined) {
          if (args[0] === '-V') self.complain(self.shell.flavour === 'bash' ? `command: ${name}: not found` : `${name}: not found`);
          return self.shell.flavour === 'bash' ? 1 : 127;
        }
        self.out(args[0] === '-v' ? `${kind.startsWith('/') ? kind : name}\n` : describeType(self, name, kind));
        return 0;
      }
      const words = args[0] === '-p' ? args.slice(1) : args;
      if (words.length === 0) return 0;
      runCommand(self, words, {}, {}, { noFunctions: true });
      return self.shell.stack.at(-1)?.t === 'restore' ? self.shell.status : undefined;
    },
  },
  type: {
    run: (self, args) => {
      let status = 0;
      for (const name of args.filter((arg) => !/^-\w+$/.test(arg))) {
        const kind = typeOf(self, name);
        if (kind === undefined) {
          if (!args.includes('-t')) self.shell.flavour === 'bash' ? self.complain(`type: ${name}: not found`) : self.out(`${name}: not found\n`);
          status = self.shell.flavour === 'bash' ? 1 : 127;
        } else if (args.includes('-t')) self.out(`${kind.startsWith('/') ? 'file' : kind}\n`);
        else self.out(describeType(self, name, kind));
      }
      return status;
    },
  },
  read: { run: read },
  mapfile: { flavours: ['bash'], run: (self, args) => mapfile(self, 'mapfile', args) },
  readarray: { flavours: ['bash'], run: (self, args) => mapfile(self, 'readarray', args) },
  trap: { run: trap },
  wait: { run: wait },
  kill: { run: killBuiltin },
  jobs: {
    run: (self) => {
      for (const job of self.shell.jobs)
        self.out(
          self.shell.flavour !== 'bash'
            ? `[${job.id}]${self.shell.flavour === 'dash' ? ' ' : ''}${job.id === self.shell.jobs.length ? '+' : '-'}${self.shell.flavour === 'dash' ? ' ' : '  '}${(self.machine.procs[job.pid]?.exit === undefined ? 'Running' : 'Done').padEnd(27)}\n`
            : `[${job.id}]${job.id === self.shell.jobs.length ? '+' : '-'}  ${self.machine.procs[job.pid]?.exit === undefined ? 'Running' : 'Done'}                 ${job.text}${self.machine.procs[job.pid]?.exit === undefined ? ' &' : ''}\n`,
        );
      return 0;
    },
  },
  fg: { run: (self) => (self.shell.bang === undefined ? 1 : wait(self, [String(self.shell.bang)])) },
  bg: { run: () => 0 },
  umask: {
    run: (self, args) => {
      if (args[0] === undefined) self.out(`${self.process.umask.toString(8).padStart(4, '0')}\n`);
      else self.process.umask = Number.parseInt(args[0], 8) & 0o777;
      return 0;
    },
  },
  ulimit: { run: ulimit },
  hash: { run: (self) => (self.shell.flavour === 'bash' ? say(self, 'hash: hash table empty\n') : 0) },
  times: { run: (self) => say(self, '0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n') },
  alias: {
    run: (self, args) => {
      for (const arg of args) {
        const equals = arg.indexOf('=');
        if (equals > 0) self.shell.aliases[arg.slice(0, equals)] = arg.slice(equals + 1);
      }
      return 0;
    },
  },
  unalias: {
    run: (self, args) => {
      for (const name of args) delete self.shell.aliases[name];
      return 0;
    },
  },
  shopt: { flavours: ['bash'], run: () => 0 },
  disown: { flavours: ['bash'], run: () => 0 },
  getopts: { run: getopts },
};

export const builtins: ReadonlyMap<string, Builtin> = new Map(Object.entries(table));

function breakLoop(self: Shell, args: readonly string[], how: 'break' | 'continue'): number {
  const { shell, process } = self;
  let levels = Number(args[0] ?? 1);
  if (!Number.isInteger(levels) || levels < 1) {
    self.complain(self.shell.flavour === 'bash' ? `${how}: ${args[0]}: loop count out of range` : `Illegal number: ${args[0]}`);
    return 1;
  }
  const isLoop = (frame: Frame): boolean => frame.t === 'while' || frame.t === 'for' || frame.t === 'cfor' || frame.t === 'select';
  const boundary = shell.stack.findLastIndex((frame) => frame.t === 'function' || frame.t === 'source');
  const loops = shell.stack.map((frame, i) => (isLoop(frame) && i > boundary ? i : -1)).filter((i) => i >= 0);
  if (loops.length === 0) {
    if (shell.flavour === 'bash') self.complain(`${how}: only meaningful in a \`for', \`while', or \`until' loop`);
    return 0;
  }
  levels = Math.min(levels, loops.length);
  const at = loops[loops.length - levels] as number;
  unwind(process, at + 1);
  const loop = shell.stack[at] as Frame;
  shell.status = 0;
  if (how === 'break') {
    shell.stack.pop();
    leave(process, loop);
  } else if (loop.t === 'while') loop.inBody = true;
  return 0;
}

const isDirectory = (self: Shell, path: string): boolean => self.environment.host.files.stat(path)?.type === 'directory';

/** Why one cannot change to a directory; undefined: one can. */
function whyNot({ environment }: Shell, path: string): string | undefined {
  try {
    return environment.host.files.look(path).type === 'directory' ? undefined : 'Not a directory';
  } catch (error) {
    return errorText(error);
  }
}

function changeDirectory(self: Shell, args: readonly string[]): number {
  const { process, shell } = self;
  const names = args.filter((arg) => arg !== '-P' && arg !== '-L' && arg !== '--');
  if (names.length > 1 && shell.flavour === 'bash') {
    self.complain('cd: too many arguments');
    return 1;
  }
  const name = names[0] ?? self.value('HOME') ?? '/';
  const target = name === '-' ? (self.value('OLDPWD') ?? '') : name;
  // CDPATH names directories to look in first; where it was found is said.
  const isSearched = !/^(\/|\.\.?(\/|$))/.test(target);
  const found = isSearched
    ? (self.value('CDPATH') ?? '').split(':').find((one) => one !== '' && isDirectory(self, normalize(process.cwd, `${one}/${target}`)))
    : undefined;
  const path = normalize(process.cwd, found === undefined ? target : `${found}/${target}`);
  const why = whyNot(self, path);
  if (why !== undefined) {
    self.complain(
      shell.flavour === 'bash'
        ? `cd: ${name}: ${why}`
        : shell.flavour === 'dash'
          ? `cd: can't cd to ${name}`
          : `cd: ${lineZero(self)}can't cd to ${name}: ${why}`,
    );
    return shell.flavour === 'bash' ? 1 : 2;
  }
  self.setVariable('OLDPWD', process.cwd);
  // dash and ash put the two together with a slash more, and keep it in PWD: two at the beginning mean something of their own (POSIX 4.13).
  const stays = process.cwd.startsWith('//') && !target.startsWith('/');
  const isDoubled = shell.flavour !== 'bash' && ((found !== undefined && /^\/+$/.test(found)) || stays);
  process.cwd = isDoubled ? `/${path}` : path;
  if (name === '-' || found !== undefined) self.out(`${process.cwd}\n`);
  return 0;
}

function getopts(self: Shell, args: readonly string[]): number {
  const { shell } = self;
  const spec = args[0] ?? '';
  const name = args[1] ?? '';
  const words = args.length > 2 ? args.slice(2) : shell.args;
  let index = Number(self.value('OPTIND') ?? 1);
  let offset = shell.getopts ?? 1;
  const word = words[index - 1];
  if (word === undefined || !/^-./.test(word) || word === '--') {
    if (word === '--') self.setVariable('OPTIND', String(index + 1));
    self.setVariable(name, '?');
    shell.getopts = 1;
    return 1;
  }
  const letter = word[offset] as string;
  offset += 1;
  const advance = (): void => {
    if (offset >= word.length) {
      index += 1;
      offset = 1;
    }
  };
  const at = spec.replace(/^:/, '').indexOf(letter);
  const silent = spec.startsWith(':');
  let result = letter;
  delete shell.vars['OPTARG'];
  if (at < 0 || letter === ':') {
    advance();
    result = '?';
    if (silent) self.setVariable('OPTARG', letter);
    else
      writeFd(
        self.machine,
        self.environment,
        self.process,
        2,
        shell.flavour === 'bash' ? `${shell.name}: illegal option -- ${letter}\n` : `Illegal option -${letter}\n`,
      );
  } else if (spec.replace(/^:/, '')[at + 1] === ':') {
    const value = offset < word.length ? word.slice(offset) : words[index];
    index += offset < word.length ? 1 : 2;
    offset = 1;
    if (value === undefined) {
      index = words.length + 1;
      result = silent ? ':' : '?';
      if (silent) self.setVariable('OPTARG', letter);
      else
        writeFd(
          self.machine,
          self.environment,
          self.process,
          2,
          shell.flavour === 'bash' ? `${shell.name}: option requires an argument -- ${letter}\n` : `No arg for -${letter} option\n`,
        );
    } else self.setVariable('OPTARG', value);
  } else advance();
  shell.getopts = offset;
  self.setVariable('OPTIND', String(index));
  self.setVariable(name, result);
  return 0;
}
