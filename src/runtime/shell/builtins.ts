/** What the shell itself does. A builtin returns its status, or undefined when it has arranged for more to happen first. */
import { splitForRead } from './expand.js';
import { DEFAULT_PATH, execute, exitShell, exportedVariables, leave, load, lookUp, readFd, runCommand, type Shell, unwind, writeFd } from './interpreter.js';
import { deliver, errorText, normalize, SIGNALS, signalName } from './kernel.js';
import { formatPrintf } from './printf.js';
import type { Flavour, Frame, Variable } from './state.js';
import { testArguments } from './test-expression.js';

export interface Builtin {
  readonly flavours?: readonly Flavour[];
  run(self: Shell, args: readonly string[]): number | undefined;
}

const NAME = /^[A-Za-z_]\w*$/;

function say(self: Shell, text: string): number {
  self.out(text);
  return 0;
}

const badNumber = (self: Shell, who: string, text: string): string =>
  self.shell.flavour === 'bash'
    ? `${who}: ${text}: numeric argument required`
    : self.shell.flavour === 'dash'
      ? `${who}: Illegal number: ${text}`
      : `${who}: Illegal number: ${text}`;

function breakLoop(self: Shell, args: readonly string[], how: 'break' | 'continue'): number {
  const { shell, machine, process } = self;
  let levels = Number(args[0] ?? 1);
  if (!Number.isInteger(levels) || levels < 1) {
    self.complain(self.shell.flavour === 'bash' ? `${how}: ${args[0]}: loop count out of range` : `Illegal number: ${args[0]}`);
    return 1;
  }
  const isLoop = (frame: Frame): boolean => frame.t === 'while' || frame.t === 'for' || frame.t === 'cfor';
  const boundary = shell.stack.findLastIndex((frame) => frame.t === 'function' || frame.t === 'source');
  const loops = shell.stack.map((frame, i) => (isLoop(frame) && i > boundary ? i : -1)).filter((i) => i >= 0);
  if (loops.length === 0) return 0;
  levels = Math.min(levels, loops.length);
  const at = loops[loops.length - levels] as number;
  unwind(machine, process, at + 1);
  const loop = shell.stack[at] as Frame;
  shell.status = 0;
  if (how === 'break') {
    shell.stack.pop();
    leave(machine, process, loop);
  } else if (loop.t === 'while') loop.inBody = true;
  return 0;
}

function setOptions(self: Shell, args: readonly string[]): number {
  const { shell } = self;
  const longNames: Readonly<Record<string, string>> = {
    errexit: 'e',
    nounset: 'u',
    xtrace: 'x',
    noglob: 'f',
    noclobber: 'C',
    allexport: 'a',
    verbose: 'v',
    noexec: 'n',
    monitor: 'm',
    ignoreeof: 'ignoreeof',
    pipefail: 'pipefail',
    posix: 'posix',
    vi: 'vi',
    emacs: 'emacs',
    nolog: 'nolog',
    notify: 'b',
  };
  if (args.length === 0) {
    const quote = (text: string): string =>
      shell.flavour === 'bash' && !/[^\w@%+=:,./-]/.test(text) && text !== '' ? text : `'${text.replace(/'/g, `'\\''`)}'`;
    self.out(
      Object.keys(shell.vars)
        .sort()
        .map((name) => `${name}=${quote((shell.vars[name] as Variable).value)}\n`)
        .join(''),
    );
    return 0;
  }
  const rest = [...args];
  while (rest[0] !== undefined && /^[-+]./.test(rest[0])) {
    const flag = rest.shift() as string;
    if (flag === '--') {
      shell.args = rest;
      return 0;
    }
    for (const letter of flag.slice(1)) {
      if (letter !== 'o') {
        if (!/[abCefhkmnptuvxBEHPT]/.test(letter)) {
          self.complain(
            shell.flavour === 'bash'
              ? `set: -${letter}: invalid option`
              : shell.flavour === 'dash'
                ? `set: Illegal option -${letter}`
                : `set: illegal option -${letter}`,
          );
          if (shell.flavour === 'bash')
            writeFd(self.machine, self.environment, self.process, 2, 'set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n');
          return 2;
        }
        shell.options[letter] = flag.startsWith('-');
        continue;
      }
      const name = rest.shift();
      if (name === undefined) {
        const known = ['allexport', 'errexit', 'noclobber', 'noglob', 'nounset', 'pipefail', 'verbose', 'xtrace'];
        self.out(known.map((option) => `${option.padEnd(15)}\t${shell.options[longNames[option] as string] === true ? 'on' : 'off'}\n`).join(''));
        continue;
      }
      const option = longNames[name];
      if (option === undefined || (name === 'pipefail' && shell.flavour === 'dash')) {
        self.complain(
          shell.flavour === 'bash'
            ? `set: ${name}: invalid option name`
            : shell.flavour === 'dash'
              ? `set: Illegal option -o ${name}`
              : `set: illegal option -o ${name}`,
        );
        if (shell.flavour !== 'bash') exitShell(self.machine, self.environment, self.process, 2);
        return 2;
      }
      shell.options[option] = flag.startsWith('-');
    }
    if (flag === '-' || flag === '+') break;
  }
  if (rest.length > 0) shell.args = rest;
  return 0;
}

function declare(self: Shell, args: readonly string[], how: 'export' | 'readonly' | 'local' | 'declare'): number {
  const { shell } = self;
  let status = 0;
  const flags = args.filter((arg) => /^-\w+$/.test(arg)).join('');
  const names = args.filter((arg) => !/^-\w*$/.test(arg));
  if (names.length === 0 && how !== 'local') {
    const chosen = Object.keys(shell.vars)
      .sort()
      .filter((name) => (how === 'export' ? shell.vars[name]?.exported === true : how === 'readonly' ? shell.vars[name]?.readonly === true : true));
    const word = shell.flavour === 'bash' ? (how === 'readonly' ? 'declare -r' : how === 'export' ? 'declare -x' : 'declare --') : how;
    self.out(
      chosen
        .map(
          (name) =>
            `${word} ${name}=${shell.flavour === 'bash' ? `"${(shell.vars[name] as Variable).value.replace(/["\\$`]/g, '\\$&')}"` : `'${(shell.vars[name] as Variable).value.replace(/'/g, `'\\''`)}'`}\n`,
        )
        .join(''),
    );
    return 0;
  }
  const frame = shell.stack.findLast((candidate) => candidate.t === 'function');
  if (how === 'local' && frame === undefined) {
    self.complain(
      shell.flavour === 'bash' ? 'local: can only be used in a function' : shell.flavour === 'dash' ? 'local: not in a function' : 'local: not in a function',
    );
    return 1;
  }
  for (const item of names) {
    const equals = item.indexOf('=');
    const name = (equals < 0 ? item : item.slice(0, equals)).replace(/\+$/, '');
    if (!NAME.test(name)) {
      self.complain(
        shell.flavour === 'bash'
          ? `${how}: \`${item}': not a valid identifier`
          : shell.flavour === 'dash'
            ? `${how}: ${item}: bad variable name`
            : `${how}: ${item}: bad variable name`,
      );
      status = shell.flavour === 'bash' ? 1 : 2;
      continue;
    }
    if (frame?.t === 'function' && (how === 'local' || how === 'declare') && !(name in frame.locals)) {
      frame.locals[name] = shell.vars[name] === undefined ? null : { ...(shell.vars[name] as Variable) };
      if (equals < 0 && shell.flavour === 'bash') delete shell.vars[name];
    }
    if (how === 'declare' && flags.includes('A') && equals < 0) shell.vars[name] = { value: '', list: {} };
    if (equals >= 0) {
      const value = item.slice(equals + 1);
      if (!self.setVariable(name, item[equals - 1] === '+' ? (shell.vars[name]?.value ?? '') + value : value)) {
        status = 1;
        continue;
      }
    }
    const variable = shell.vars[name];
    if (how === 'export' || flags.includes('x')) {
      if (variable === undefined) shell.vars[name] = { value: '', exported: true };
      else variable.exported = !flags.includes('n');
    }
    if (how === 'readonly' || flags.includes('r')) {
      if (variable === undefined) shell.vars[name] = { value: '', readonly: true };
      else (shell.vars[name] as { readonly?: boolean }).readonly = true;
    }
  }
  return status;
}

function echo(self: Shell, args: readonly string[]): number {
  let newline = true;
  let escapes = self.shell.flavour === 'dash';
  let i = 0;
  if (self.shell.flavour === 'dash') {
    if (args[0] === '-n') {
      newline = false;
      i = 1;
    }
  } else
    for (; i < args.length && /^-[neE]+$/.test(args[i] as string); i += 1)
      for (const letter of (args[i] as string).slice(1)) {
        if (letter === 'n') newline = false;
        else escapes = letter === 'e';
      }
  let text = args.slice(i).join(' ');
  if (escapes) {
    const stop = unescapeEcho(text);
    text = stop.text;
    if (stop.stopped) newline = false;
  }
  self.out(newline ? `${text}\n` : text);
  return 0;
}

/** Backslash escapes of echo -e and printf %b. `\c` stops all output. */
export function unescapeEcho(text: string): { readonly text: string; readonly stopped: boolean } {
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] !== '\\' || i + 1 >= text.length) {
      out += text[i];
      continue;
    }
    i += 1;
    const simple: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };
    const char = text[i] as string;
    if (char === 'c') return { text: out, stopped: true };
    if (Object.hasOwn(simple, char)) out += simple[char];
    else if (char === '0') {
      const octal = /^[0-7]{0,3}/.exec(text.slice(i + 1))?.[0] ?? '';
      out += String.fromCharCode(Number.parseInt(octal === '' ? '0' : octal, 8) & 255);
      i += octal.length;
    } else if (char === 'x' && /^[0-9a-fA-F]/.test(text.slice(i + 1))) {
      const hex = /^[0-9a-fA-F]{1,2}/.exec(text.slice(i + 1))?.[0] as string;
      out += String.fromCharCode(Number.parseInt(hex, 16));
      i += hex.length;
    } else out += `\\${char}`;
  }
  return { text: out, stopped: false };
}

function changeDirectory(self: Shell, args: readonly string[]): number {
  const { process, shell, environment } = self;
  const names = args.filter((arg) => arg !== '-P' && arg !== '-L' && arg !== '--');
  if (names.length > 1 && shell.flavour === 'bash') {
    self.complain('cd: too many arguments');
    return 1;
  }
  const name = names[0] ?? self.value('HOME') ?? '/';
  const target = name === '-' ? (self.value('OLDPWD') ?? '') : name;
  const path = normalize(process.cwd, target);
  const stat = environment.host.files.stat(path);
  if (stat?.type !== 'directory') {
    const why = stat === undefined ? 'No such file or directory' : 'Not a directory';
    self.complain(
      shell.flavour === 'bash'
        ? `cd: ${name}: ${why}`
        : shell.flavour === 'dash'
          ? `cd: can't cd to ${name}`
          : `cd: ${shell.interactive === true ? '' : `line ${shell.name.includes('/') ? shell.line : 0}: `}can't cd to ${name}: ${why}`,
    );
    return shell.flavour === 'dash' ? 2 : 1;
  }
  self.setVariable('OLDPWD', process.cwd);
  process.cwd = path;
  if (name === '-') self.out(`${path}\n`);
  return 0;
}

function read(self: Shell, args: readonly string[]): number | undefined {
  const { shell, machine, process, environment } = self;
  let raw = false;
  let limit: number | undefined;
  let delimiter: string | undefined;
  let timeout: number | undefined;
  let array: string | undefined;
  let fd = 0;
  const names: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (/^-[a-zA-Z]/.test(arg)) {
      const letters = arg.slice(1);
      for (let k = 0; k < letters.length; k += 1) {
        const letter = letters[k] as string;
        if (letter === 'r') raw = true;
        else if (letter === 's' || letter === 'e') continue;
        else if ('pndtuNia'.includes(letter)) {
          const value = k + 1 < letters.length ? letters.slice(k + 1) : (args[++i] ?? '');
          if (letter === 'p') writeFd(machine, environment, process, 2, shell.interactive === true ? value : '');
          else if (letter === 'n' || letter === 'N') limit = Number(value);
          else if (letter === 'd') delimiter = value === '' ? '\0' : (value[0] as string);
          else if (letter === 't') timeout = Number(value);
          else if (letter === 'u') fd = Number(value);
          else if (letter === 'a') array = value;
          break;
        }
      }
    } else names.push(arg);
  }
  const until = (process as { readUntil?: number }).readUntil;
  const file = process.fds[fd];
  const partial = (process as { partial?: string }).partial ?? '';
  let line = partial;
  for (;;) {
    const ended = raw || limit !== undefined ? /\n/.test(line) : /(^|[^\\])(\\\\)*\n/.test(line);
    if (delimiter === undefined && ended) break;
    if (delimiter !== undefined && line.includes(delimiter)) break;
    if (limit !== undefined && line.length >= limit) break;
    const more = readFd(machine, environment, process, fd, delimiter === undefined, delimiter !== undefined || limit !== undefined ? 1 : undefined);
    if (more === undefined) {
      delete (process as { partial?: string }).partial;
      delete (process as { readUntil?: number }).readUntil;
      assignRead(self, line.replace(/\n$/, ''), names, raw, array);
      return 1;
    }
    if (more === '') {
      if (until !== undefined && machine.instant >= until) {
        delete (process as { partial?: string }).partial;
        delete (process as { readUntil?: number }).readUntil;
        return shell.flavour === 'bash' ? 142 : 1;
      }
      (process as { partial?: string }).partial = line;
      const end = until ?? (timeout === undefined ? undefined : machine.instant + timeout * 1000);
      if (end !== undefined) (process as { readUntil?: number }).readUntil = end;
      process.block = { on: 'read', file: file as number, ...(end === undefined ? {} : { until: end }) };
      // Called again with the same words: the command frame is put back by asking for it once more.
      shell.stack.push({ t: 'list', s: addReadAgain(self, args), n: 0, i: 0 });
      return undefined;
    }
    line += more;
  }
  delete (process as { partial?: string }).partial;
  delete (process as { readUntil?: number }).readUntil;
  const end = delimiter ?? '\n';
  let text = line.endsWith(end) ? line.slice(0, -1) : line;
  if (limit !== undefined) text = text.slice(0, limit);
  return assignRead(self, text, names, raw, array);
}

function addReadAgain(self: Shell, args: readonly string[]): number {
  const source = `read ${args.map((arg) => `'${arg.replace(/'/g, `'\\''`)}'`).join(' ')}`;
  const known = self.machine.sources.indexOf(source);
  if (known >= 0) return known;
  self.machine.sources.push(source);
  return self.machine.sources.length - 1;
}

function assignRead(self: Shell, line: string, names: readonly string[], raw: boolean, array: string | undefined): number {
  const ifs = self.value('IFS') ?? ' \t\n';
  if (array !== undefined) {
    const parts = splitForRead(line, 10_000, ifs, raw);
    while (parts.length > 0 && parts.at(-1) === '') parts.pop();
    self.shell.vars[array] = { value: parts[0] ?? '', list: Object.fromEntries(parts.map((part, i) => [i, part])) };
    return 0;
  }
  if (names.length === 0) {
    self.setVariable('REPLY', raw ? line : line.replace(/\\([\s\S])/g, '$1'));
    return 0;
  }
  const parts = splitForRead(line, names.length, ifs, raw);
  let status = 0;
  names.forEach((name, i) => {
    if (!self.setVariable(name, parts[i] ?? '')) status = 1;
  });
  return status;
}

function trap(self: Shell, args: readonly string[]): number {
  const { shell } = self;
  const names = args[0] === '--' ? args.slice(1) : [...args];
  if (names.length === 0 || (names.length === 1 && names[0] === '-p')) {
    for (const [signal, action] of Object.entries(shell.traps))
      self.out(`trap -- '${action.replace(/'/g, `'\\''`)}' ${signal === 'EXIT' || shell.flavour !== 'bash' ? signal : `SIG${signal}`}\n`);
    return 0;
  }
  const resets =
    names[0] === '-' || (names.length === 1 && (signalName(names[0] as string) !== undefined || names[0] === 'EXIT')) || /^\d+$/.test(names[0] as string);
  const action = resets ? undefined : (names[0] as string);
  let status = 0;
  for (const name of names.slice(names[0] === '-' || !resets ? 1 : 0)) {
    const signal =
      name === '0' || name.toUpperCase() === 'EXIT' ? 'EXIT' : /^(ERR|DEBUG|RETURN)$/.test(name) && shell.flavour === 'bash' ? name : signalName(name);
    if (signal === undefined) {
      self.complain(
        shell.flavour === 'bash'
          ? `trap: ${name}: invalid signal specification`
          : shell.flavour === 'dash'
            ? `trap: ${name}: bad trap`
            : `trap: ${name}: invalid signal specification`,
      );
      status = 1;
    } else if (action === undefined) delete shell.traps[signal];
    else shell.traps[signal] = action;
  }
  return status;
}

function wait(self: Shell, args: readonly string[]): number | undefined {
  const { shell, machine, process } = self;
  const pids = args.filter((arg) => !arg.startsWith('-')).map((arg) => (arg.startsWith('%') ? (shell.jobs[Number(arg.slice(1)) - 1]?.pid ?? 0) : Number(arg)));
  const targets =
    pids.length > 0
      ? pids.filter((pid) => machine.procs[pid] !== undefined)
      : shell.jobs.map((job) => job.pid).filter((pid) => machine.procs[pid] !== undefined);
  const running = targets.filter((pid) => machine.procs[pid]?.exit === undefined);
  // A trapped signal ends `wait` at once (POSIX 2.11).
  if (running.length > 0) {
    process.block = { on: 'children', pids: running };
    const source = `wait ${args.join(' ')}`;
    const known = machine.sources.indexOf(source);
    if (known < 0) machine.sources.push(source);
    shell.stack.push({ t: 'list', s: known < 0 ? machine.sources.length - 1 : known, n: 0, i: 0 });
    return undefined;
  }
  const last = pids.length > 0 ? machine.procs[pids.at(-1) as number]?.exit : 0;
  for (const pid of targets) delete machine.procs[pid];
  shell.jobs = shell.jobs.filter((job) => machine.procs[job.pid] !== undefined);
  return pids.length > 0 ? (last ?? 127) : 0;
}

function killBuiltin(self: Shell, args: readonly string[]): number {
  const { shell, machine } = self;
  let signal = 'TERM';
  const rest = [...args];
  if (rest[0] === '-l') {
    self.out(rest[1] === undefined ? `${Object.keys(SIGNALS).join('\n')}\n` : `${signalName(rest[1]) ?? ''}\n`);
    return 0;
  }
  if (rest[0] === '-s' || rest[0] === '-n') {
    rest.shift();
    signal = signalName(rest.shift() ?? '') ?? 'TERM';
  } else if (rest[0]?.startsWith('-') === true && rest[0].length > 1) {
    const text = (rest.shift() as string).slice(1);
    if (text === '0') signal = '0';
    else {
      const found = signalName(text);
      if (found === undefined) {
        self.complain(shell.flavour === 'bash' ? `kill: ${text}: invalid signal specification` : `kill: bad signal name '${text}'`);
        return 1;
      }
      signal = found;
    }
  }
  if (rest.length === 0) {
    self.complain(
      shell.flavour === 'ash'
        ? 'kill: you need to specify whom to kill'
        : 'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
    );
    return shell.flavour === 'bash' ? 2 : 1;
  }
  let status = 0;
  for (const target of rest) {
    const pid = target.startsWith('%') ? (shell.jobs[Number(target.slice(1)) - 1]?.pid ?? -1) : Number(target);
    const victim = machine.procs[pid];
    if (victim === undefined || victim.exit !== undefined) {
      self.complain(
        shell.flavour === 'bash'
          ? `kill: (${target}) - No such process`
          : shell.flavour === 'dash'
            ? 'kill: No such process'
            : `kill: can't kill pid ${target}: No such process`,
      );
      status = 1;
    } else if (signal !== '0') deliver(machine, victim, signal, (name) => self.environment.program(name)?.handles?.[`SIG${signal}`]);
  }
  return status;
}

function typeOf(self: Shell, name: string): string | undefined {
  const { shell } = self;
  if (Object.hasOwn(shell.functions, name)) return 'function';
  if (/^(if|then|else|elif|fi|for|while|until|do|done|case|esac|in|\{|\}|!)$/.test(name)) return 'keyword';
  if (builtins.has(name)) return 'builtin';
  const found = lookUp(self.machine, self.environment, self.process.cwd, self.value('PATH') ?? DEFAULT_PATH, name);
  if (found.kind === 'none') return undefined;
  if (found.kind === 'script') return found.path;
  if (name.includes('/')) return name;
  return programPath(self, name);
}

/** Where the image keeps a program: what `which` and `command -v` print. */
export function programPath(
  self: { readonly environment: { readonly host: { readonly files: Shell['environment']['host']['files'] } } },
  name: string,
): string {
  for (const directory of ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'])
    if (self.environment.host.files.stat(`${directory}/${name}`) !== undefined) return `${directory}/${name}`;
  return `/bin/${name}`;
}

const table: Readonly<Record<string, Builtin>> = {
  ':': { run: () => 0 },
  true: { run: () => 0 },
  false: { run: () => 1 },
  break: { run: (self, args) => breakLoop(self, args, 'break') },
  continue: { run: (self, args) => breakLoop(self, args, 'continue') },
  cd: { run: changeDirectory },
  pwd: { run: (self) => say(self, `${self.process.cwd}\n`) },
  echo: { run: echo },
  printf: {
    run: (self, args) => {
      if (args.length === 0) {
        self.complain(self.shell.flavour === 'bash' ? 'printf: usage: printf [-v var] format [arguments]' : 'printf: usage: printf format [arg ...]');
        return 2;
      }
      const target = args[0] === '-v' && self.shell.flavour === 'bash' ? args[1] : undefined;
      const words = target === undefined ? (args[0] === '--' ? args.slice(1) : args) : args.slice(2);
      const result = formatPrintf(words[0] ?? '', words.slice(1), self.shell.flavour);
      if (target !== undefined) self.setVariable(target, result.text);
      else self.out(result.text);
      for (const message of result.errors) self.complain(`printf: ${message}`);
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
      if (args[0] !== undefined && !/^-?\d+$/.test(args[0])) {
        self.complain(badNumber(self, 'exit', args[0]));
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
      const status = args[0] === undefined ? shell.status : Number(args[0]) & 255;
      const at = shell.stack.findLastIndex((frame) => frame.t === 'function' || frame.t === 'source');
      if (at < 0) {
        if (shell.flavour === 'bash') {
          self.complain("return: can only `return' from a function or sourced script");
          return 2;
        }
        exitShell(machine, self.environment, process, status);
        return undefined;
      }
      unwind(machine, process, at);
      shell.status = status;
      return undefined;
    },
  },
  set: { run: setOptions },
  shift: {
    run: (self, args) => {
      const count = Number(args[0] ?? 1);
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
      for (const name of args.filter((arg) => !/^-[fvn]$/.test(arg))) {
        const element = /^(\w+)\[(.+)\]$/.exec(name);
        if (element) delete self.shell.vars[element[1] as string]?.list?.[element[2] as string];
        else if (functions) delete self.shell.functions[name];
        else if (self.shell.vars[name]?.readonly === true) {
          self.complain(self.shell.flavour === 'bash' ? `unset: ${name}: cannot unset: readonly variable` : `unset: ${name}: is read only`);
          status = self.shell.flavour === 'bash' ? 1 : 2;
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
      self.run(`(( ${args.join(' , ')} ))`);
      return self.shell.status;
    },
  },
  eval: {
    run: (self, args) => {
      const source = args.filter((arg, i) => !(i === 0 && arg === '--')).join(' ');
      if (source.trim() === '') return 0;
      self.run(source);
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
      const found = lookUp(machine, environment, process.cwd, self.value('PATH') ?? DEFAULT_PATH, words[0] as string);
      if (found.kind === 'none') {
        const status = found.why === 'missing' || found.why === 'path' ? 127 : 126;
        const text =
          status === 126 ? 'Permission denied' : shell.flavour === 'bash' ? (words[0]?.includes('/') ? 'No such file or directory' : 'not found') : 'not found';
        self.complain(shell.flavour === 'bash' && status === 127 ? `exec: ${words[0]}: ${text}` : `exec: ${words[0]}: ${text}`);
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
  trap: { run: trap },
  wait: { run: wait },
  kill: { run: killBuiltin },
  jobs: {
    run: (self) => {
      for (const job of self.shell.jobs)
        self.out(
          `[${job.id}]${job.id === self.shell.jobs.length ? '+' : '-'}  ${self.machine.procs[job.pid]?.exit === undefined ? 'Running' : 'Done'}                 ${job.text}${self.machine.procs[job.pid]?.exit === undefined ? ' &' : ''}\n`,
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
  ulimit: { run: (self) => say(self, 'unlimited\n') },
  hash: { run: () => 0 },
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

function describeType(self: Shell, name: string, kind: string): string {
  if (kind.startsWith('/')) return `${name} is ${kind}\n`;
  const texts: Readonly<Record<string, string>> =
    self.shell.flavour === 'bash'
      ? { function: 'a function', keyword: 'a shell keyword', builtin: 'a shell builtin' }
      : {
          function: 'a function',
          keyword: 'a shell keyword',
          builtin: /^(:|\.|break|continue|eval|exec|exit|export|readonly|return|set|shift|times|trap|unset)$/.test(name)
            ? 'a special shell builtin'
            : 'a shell builtin',
        };
  return `${name} is ${texts[kind] ?? kind}\n`;
}

function sourceFile(self: Shell, args: readonly string[]): number | undefined {
  const { shell, environment } = self;
  const name = args[0];
  if (name === undefined) {
    self.complain(shell.flavour === 'bash' ? '.: filename argument required' : '.: filename argument required');
    return 2;
  }
  const candidates = name.includes('/')
    ? [self.path(name)]
    : [...(self.value('PATH') ?? DEFAULT_PATH).split(':').map((directory) => normalize('/', `${directory}/${name}`)), self.path(name)];
  const path = candidates.find((candidate) => environment.host.files.stat(candidate)?.type === 'file');
  if (path === undefined) {
    self.complain(
      shell.flavour === 'bash'
        ? `${name}: No such file or directory`
        : shell.flavour === 'dash'
          ? `.: cannot open ${name}: No such file`
          : `.: ${name}: not found`,
    );
    if (shell.flavour !== 'bash' && shell.interactive !== true) {
      exitShell(self.machine, environment, self.process, shell.flavour === 'dash' ? 2 : 2);
      return undefined;
    }
    return 1;
  }
  try {
    const content = environment.host.files.read(path);
    const frame: Frame = args.length > 1 ? { t: 'source', saved: shell.args } : { t: 'source' };
    if (args.length > 1) shell.args = args.slice(1);
    shell.status = 0;
    if (content.trim() !== '') self.run(content, frame);
  } catch (error) {
    self.complain(`${name}: ${errorText(error)}`);
    return 1;
  }
  return shell.status;
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

export { execute };
