/**
 * The shell proper: an explicit stack of frames over the numbered tree. {@link stepShell} does one transition of the top frame;
 * everything it needs to go on later is in the frame. Children are processes of the same machine.
 */
import { joinBytes, textOfByte } from '../../api/bytes.js';
import type { Time } from '../../api/time.js';
import type { ProcessHost } from '../process.js';
import { ArithmeticError } from './arithmetic.js';
import type { Assignment, Command, Executable, Parser, Redirection, Word } from './ast.js';
import { builtins } from './builtins.js';
import {
  arithmetic,
  type Expansion,
  ExpansionError,
  expandFields,
  expandParts,
  expandPattern,
  expandString,
  expandWords,
  getVariable,
  NeedsCommand,
} from './expand.js';
import { collect, errorText, makePipe, normalize, openFile, SIGNALS } from './kernel.js';
import { patternRegExp } from './pattern.js';
import type { Program } from './program.js';
import type { Flavour, Frame, Machine, OpenFile, Pipe, Process, ShellProcess, Variable } from './state.js';
import { evaluateTest } from './test-expression.js';

/** What a machine needs besides its state. */
export interface Environment {
  readonly host: ProcessHost;
  readonly parser: Parser;
  /** A program by name, if the image has it. */
  program(name: string): Program | undefined;
  /** Which shell `/bin/sh` is in this image, and what the named one is; undefined: it is no shell, or the image lacks it. */
  shellFlavour(name: string): Flavour | undefined;
  /** Programs found so far, by image, path and name. */
  readonly found?: Map<string, Found>;
}

const SPECIAL_BUILTINS = new Set([
  'break',
  ':',
  '.',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'times',
  'trap',
  'unset',
]);

/** Everything a builtin may touch. */
export interface Shell {
  readonly machine: Machine;
  readonly process: Process;
  readonly shell: ShellProcess;
  readonly environment: Environment;
  readonly now: Time;
  out(text: string): void;
  /** `name: line n: text`, as this shell says it. */
  complain(text: string): void;
  /** An absolute path. */
  path(name: string): string;
  setVariable(name: string, value: string): boolean;
  value(name: string): string | undefined;
  /** Runs source text next, in this shell (eval, ., traps). */
  run(source: string, frame?: Frame): void;
  expansion(memo?: readonly string[]): Expansion;
}

export const nodeOf = (machine: Machine, environment: Environment, s: number, n: number): Executable =>
  environment.parser(machine.sources[s] as string).nodes[n] as Executable;

export function addSource(machine: Machine, source: string): number {
  const known = machine.sources.indexOf(source);
  if (known >= 0) return known;
  machine.sources.push(source);
  return machine.sources.length - 1;
}

/** A new process; its descriptors are the given ones. */
export function spawn(machine: Machine, parent: number, fds: Readonly<Record<string, number>>, cwd: string): Process {
  const process: Process = { pid: machine.nextPid, ppid: parent, fds: { ...fds }, cwd, pending: [], umask: 0o22, since: machine.instant };
  machine.nextPid += 1;
  machine.procs[process.pid] = process;
  return process;
}

export function newShell(flavour: Flavour, name: string, args: readonly string[], env: Readonly<Record<string, string>>): ShellProcess {
  const vars: Record<string, Variable> = {};
  for (const [key, value] of Object.entries(env)) if (/^[A-Za-z_]\w*$/.test(key)) vars[key] = { value, exported: true };
  vars['IFS'] = { value: ' \t\n' };
  vars['PS1'] ??= { value: flavour === 'bash' ? '\\s-\\v\\$ ' : '$ ' };
  vars['PS4'] ??= { value: '+ ' };
  vars['OPTIND'] = { value: '1' };
  if (flavour === 'bash') vars['SHLVL'] = { value: String(Number(env['SHLVL'] ?? 0) + 1), exported: true };
  return { flavour, name, args: [...args], vars, functions: {}, aliases: {}, traps: {}, options: {}, stack: [], status: 0, jobs: [], line: 1, sub: false };
}

/** Starts source text in a shell process; a syntax error ends it with 2, in the shell's own words. */
export function startSource(machine: Machine, environment: Environment, process: Process, source: string): void {
  const shell = process.shell as ShellProcess;
  const parsed = environment.parser(source);
  const s = addSource(machine, source);
  if (parsed.error !== undefined) {
    writeFd(machine, environment, process, 2, syntaxError(shell, source, parsed.error));
    shell.status = 2;
    if (parsed.root.commands.length === 0 || parsed.error.line <= 1) {
      process.exit = 2;
      return;
    }
  }
  shell.stack.push({ t: 'list', s, n: 0, i: 0 });
}

function syntaxError(shell: ShellProcess, source: string, error: { readonly message: string; readonly line: number; readonly pos: number }): string {
  const atEnd = error.pos >= source.trimEnd().length;
  const closer = /close '(if|while|until|for|case)'|expected '(then|do|done|fi|esac|in)'|closing '([)}])'|close '([({])/.exec(error.message);
  const word =
    closer?.[1] === undefined
      ? (closer?.[2] ?? closer?.[3])
      : ({ if: 'fi', while: 'done', until: 'done', for: 'done', case: 'esac' } as const)[closer[1] as 'if'];
  const expecting = atEnd && word !== undefined ? ` (expecting "${word}")` : '';
  if (shell.flavour === 'bash') {
    if (/^unterminated|unclosed/.test(error.message))
      return `${shell.name}: -c: line ${error.line}: unexpected EOF while looking for matching \`${quoteOf(source)}'\n`;
    const token = /^\S+/.exec(source.slice(error.pos).trimStart())?.[0] ?? '';
    if (atEnd) return `${shell.name}: -c: line ${source.replace(/\n$/, '').split('\n').length + 1}: syntax error: unexpected end of file\n`;
    return `${shell.name}: -c: line ${error.line}: syntax error near unexpected token \`${token}'\n${shell.name}: -c: line ${error.line}: \`${source.split('\n')[error.line - 1] ?? ''}'\n`;
  }
  const what = /^unterminated|unclosed/.test(error.message)
    ? shell.flavour === 'dash'
      ? 'Unterminated quoted string'
      : 'unterminated quoted string'
    : atEnd
      ? shell.flavour === 'dash'
        ? `end of file unexpected${expecting}`
        : `unexpected end of file${expecting}`
      : `${shell.flavour === 'dash' ? '' : 'unexpected '}"${/^(;;|&&|\|\||[;&|()<>]|[^\s;&|()<>]+)/.exec(source.slice(error.pos).trimStart())?.[0] ?? ''}"${shell.flavour === 'dash' ? ' unexpected' : ''}`;
  return shell.flavour === 'dash' ? `${shell.name}: ${error.line}: Syntax error: ${what}\n` : `${shell.name}: syntax error: ${what}\n`;
}

const quoteOf = (source: string): string => ((source.match(/"/g) ?? []).length % 2 === 1 ? '"' : (source.match(/'/g) ?? []).length % 2 === 1 ? "'" : ')');

/** Writes to a descriptor. `full`: it is written, but the writer must wait; `broken`: nobody reads. */
export function writeFd(
  machine: Machine,
  environment: Environment,
  process: Process,
  fd: number | string,
  text: string,
): 'ok' | 'full' | 'broken' | 'closed' | { readonly error: string } {
  const file = machine.files[process.fds[fd] as number];
  if (process.fds[fd] === undefined || file === undefined) return 'closed';
  if (text === '') return 'ok';
  switch (file.kind) {
    case 'output':
      // A terminal has one stream, and turns line ends into returns and line feeds (ONLCR).
      if (machine.tty === true) environment.host.write('stdout', text.replace(/\r?\n/g, '\r\n'), machine.instant as Time);
      else environment.host.write(file.stream, text, machine.instant as Time);
      return 'ok';
    case 'pipe': {
      const pipe = machine.pipes[file.pipe];
      if (pipe === undefined || file.end === 'read') return 'broken';
      let read = false;
      for (const other of Object.values(machine.procs)) {
        if (other.exit !== undefined) continue;
        for (const id of Object.values(other.fds)) {
          const held = machine.files[id];
          if (held?.kind === 'pipe' && held.pipe === file.pipe && held.end === 'read') read = true;
        }
      }
      if (!read && !isCapture(machine, file.pipe)) return 'broken';
      pipe.data += text;
      return pipe.data.length > 65_536 && !isCapture(machine, file.pipe) ? 'full' : 'ok';
    }
    case 'file':
      try {
        if (file.append || file.pos >= (environment.host.files.stat(file.path)?.size ?? 0)) {
          environment.host.files.write(file.path, text, { append: true, at: machine.instant as Time });
          file.pos = environment.host.files.stat(file.path)?.size ?? 0;
        } else {
          const old = environment.host.files.read(file.path);
          environment.host.files.write(file.path, old.slice(0, file.pos) + text + old.slice(file.pos + text.length), { at: machine.instant as Time });
          file.pos += text.length;
        }
        return 'ok';
      } catch (error) {
        return { error: errorText(error) };
      }
    default:
      return 'ok';
  }
}

/** A pipe whose data the machine itself collects (command substitution). */
const isCapture = (machine: Machine, pipe: number): boolean => machine.pipes[pipe]?.capture === true;

/** All that can be read now: '' nothing yet, undefined at the end. `limit`: at most so many characters, or up to a line's end. */
export function readFd(
  machine: Machine,
  environment: Environment,
  process: Process,
  fd: number | string,
  line = false,
  limit = Number.POSITIVE_INFINITY,
): string | undefined {
  const id = process.fds[fd];
  const file = id === undefined ? undefined : machine.files[id];
  const take = (data: string): string => {
    const end = line ? data.indexOf('\n') + 1 : data.length;
    return data.slice(0, Math.min(end === 0 ? data.length : end, limit));
  };
  if (file === undefined) return undefined;
  switch (file.kind) {
    case 'pipe': {
      const pipe = machine.pipes[file.pipe];
      if (pipe === undefined) return undefined;
      const ended = !hasWriter(machine, file.pipe);
      if (pipe.data === '') return ended ? undefined : '';
      if (line && !ended && !pipe.data.includes('\n') && pipe.data.length < limit) return '';
      const data = take(pipe.data);
      pipe.data = pipe.data.slice(data.length);
      return data;
    }
    case 'input': {
      if (machine.input === '') return machine.inputClosed ? undefined : '';
      if (line && !machine.inputClosed && !machine.input.includes('\n') && machine.input.length < limit) return '';
      const data = take(machine.input);
      machine.input = machine.input.slice(data.length);
      return data;
    }
    case 'text': {
      if (file.pos >= file.text.length) return undefined;
      const data = take(file.text.slice(file.pos));
      file.pos += data.length;
      return data;
    }
    case 'file': {
      if (file.path === '/dev/zero') return '\0'.repeat(Math.min(limit, 65_536));
      if (file.path === '/dev/urandom' || file.path === '/dev/random') return randomText(environment.host, Math.min(limit, 4096));
      let content: string;
      try {
        content = environment.host.files.read(file.path);
      } catch {
        return undefined;
      }
      if (file.pos >= content.length) return undefined;
      const data = take(content.slice(file.pos));
      file.pos += data.length;
      return data;
    }
    default:
      return undefined;
  }
}

export function randomText(host: ProcessHost, length: number): string {
  let out = '';
  for (let i = 0; i < length; i += 1) out += textOfByte(Math.floor(host.random() * 256));
  return joinBytes(out);
}

function hasWriter(machine: Machine, pipe: number): boolean {
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    for (const id of Object.values(process.fds)) {
      const file = machine.files[id];
      if (file?.kind === 'pipe' && file.pipe === pipe && file.end === 'write') return true;
    }
  }
  return false;
}

/** Message prefix of this shell: `sh: 1: `, `bash: line 1: `, `sh: `. */
export function prefix(shell: ShellProcess): string {
  if (shell.flavour === 'dash') return `${shell.name}: ${shell.line}: `;
  if (shell.flavour === 'bash') return shell.interactive === true ? `${shell.name}: ` : `${shell.name}: line ${shell.line}: `;
  return shell.name.includes('/') ? `${shell.name}: line ${shell.line}: ` : `${shell.name}: `;
}

export function shellOf(machine: Machine, environment: Environment, process: Process): Shell {
  const shell = process.shell as ShellProcess;
  const self: Shell = {
    machine,
    process,
    shell,
    environment,
    now: machine.instant as Time,
    out: (text) => {
      const result = writeFd(machine, environment, process, 1, text);
      if (result === 'broken') {
        if (shell.traps['PIPE'] === undefined) process.exit = 141;
      } else if (typeof result === 'object') {
        self.complain(`write error: ${result.error}`);
        shell.status = 1;
      } else if (result === 'closed' && text !== '') {
        self.complain(shell.flavour === 'bash' ? 'write error: Bad file descriptor' : 'write error: Bad file descriptor');
        shell.status = 1;
      } else if (result === 'full') process.block = { on: 'write', file: process.fds['1'] as number };
    },
    complain: (text) => void writeFd(machine, environment, process, 2, `${prefix(shell)}${text}\n`),
    path: (name) => normalize(process.cwd, name),
    value: (name) => getVariable(self.expansion(), name),
    setVariable: (name, value) => {
      const old = Object.hasOwn(shell.vars, name) ? shell.vars[name] : undefined;
      if (old?.readonly === true) {
        self.complain(shell.flavour === 'bash' ? `${name}: readonly variable` : `${name}: is read only`);
        return false;
      }
      if (value.length > 1_000_000) {
        shell.big = Math.max(shell.big ?? 0, value.length);
        // Looked at before it doubles again.
        process.block = { on: 'time', until: machine.instant };
        machine.heavy = true;
      }
      if (old?.list !== undefined) old.list['0'] = value;
      else if (old === undefined) shell.vars[name] = { value, ...(shell.options['a'] === true ? { exported: true } : {}) };
      else old.value = value;
      return true;
    },
    run: (source, frame) => {
      const parsed = environment.parser(source);
      if (parsed.error !== undefined) {
        writeFd(machine, environment, process, 2, syntaxError(shell, source, parsed.error));
        shell.status = shell.flavour === 'bash' ? 1 : 2;
        if (shell.flavour !== 'bash' && shell.interactive !== true) process.exit = 2;
        return;
      }
      if (frame !== undefined) shell.stack.push(frame);
      shell.stack.push({ t: 'list', s: addSource(machine, source), n: 0, i: 0 });
    },
    expansion: (memo = []) => ({
      shell,
      pid: shell.dollar ?? process.pid,
      cwd: process.cwd,
      files: environment.host.files,
      parser: environment.parser,
      memo,
      used: 0,
      assigned: {},
      dynamic: (name) => dynamicVariable(name, machine, environment, process),
    }),
  };
  return self;
}

function dynamicVariable(name: string, machine: Machine, environment: Environment, process: Process): string | undefined {
  const shell = process.shell as ShellProcess;
  switch (name) {
    case 'PWD':
      return process.cwd;
    case 'PPID':
      return String(process.ppid);
    case 'LINENO':
      return String(shell.line);
    case 'RANDOM':
      return shell.flavour === 'dash' ? undefined : String(Math.floor(environment.host.random() * 32_768));
    case 'SECONDS':
      return shell.flavour === 'bash' ? String(Math.floor((machine.instant - machine.started) / 1000)) : undefined;
    case 'HOSTNAME':
      return shell.flavour === 'dash' ? undefined : (shell.vars['HOSTNAME']?.value ?? environment.host.hostname);
    case 'UID':
    case 'EUID':
      return shell.flavour === 'bash' ? (shell.vars['__uid']?.value ?? '0') : undefined;
    case 'BASHPID':
      return shell.flavour === 'bash' ? String(process.pid) : undefined;
    case 'BASH_VERSION':
      return shell.flavour === 'bash' ? '5.2.37(1)-release' : undefined;
    case 'EPOCHSECONDS':
      return shell.flavour === 'bash' ? String(Math.floor(machine.instant / 1000)) : undefined;
    default:
      return undefined;
  }
}

/** A copy of a shell for a subshell, pipeline stage, background command or substitution. */
export function forkShell(machine: Machine, parent: Process, fds: Readonly<Record<string, number>>): Process {
  const child = spawn(machine, parent.pid, fds, parent.cwd);
  const shell = parent.shell as ShellProcess;
  const traps: Record<string, string> = {};
  for (const [signal, action] of Object.entries(shell.traps)) if (action === '') traps[signal] = '';
  child.shell = {
    ...shell,
    args: [...shell.args],
    vars: copyVariables(shell.vars),
    functions: { ...shell.functions },
    aliases: { ...shell.aliases },
    options: { ...shell.options },
    traps,
    stack: [],
    jobs: [],
    sub: true,
    dollar: shell.dollar ?? parent.pid,
    interactive: false,
  };
  return child;
}

const copyVariables = (vars: Readonly<Record<string, Variable>>): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(vars).map(([name, variable]) => [name, { ...variable, ...(variable.list === undefined ? {} : { list: { ...variable.list } }) }]),
  );

/** Frames inside whose condition a failure does not end a `set -e` shell. */
function isTested(machine: Machine, environment: Environment, stack: readonly Frame[]): boolean {
  for (const frame of stack) {
    if (frame.t === 'not') return true;
    if (frame.t === 'if' && frame.taken !== true) return true;
    if (frame.t === 'while' && !frame.inBody) return true;
    if (frame.t === 'andor') {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type === 'AndOr' && frame.i < node.commands.length) return true;
    }
  }
  return false;
}

/** After a command has failed: `set -e`, the ERR trap. */
function afterFailure(machine: Machine, environment: Environment, process: Process): void {
  const shell = process.shell as ShellProcess;
  if (shell.status === 0 || isTested(machine, environment, shell.stack)) return;
  if (shell.options['e'] === true) exitShell(machine, environment, process, shell.status);
}

/** `exit`: the EXIT trap runs first, then the process ends. */
export function exitShell(machine: Machine, environment: Environment, process: Process, status: number): void {
  const shell = process.shell as ShellProcess;
  shell.status = status;
  unwind(machine, process, 0);
  const trap = shell.traps['EXIT'];
  if (trap !== undefined && trap !== '' && shell.exiting !== true) {
    shell.exiting = true;
    delete shell.traps['EXIT'];
    shell.stack.push({ t: 'trap', status, name: 'EXIT' });
    shellOf(machine, environment, process).run(trap);
    return;
  }
  process.exit = status & 255;
}

/** Pops frames down to `depth`, undoing what they changed. */
export function unwind(machine: Machine, process: Process, depth: number): void {
  const shell = process.shell as ShellProcess;
  while (shell.stack.length > depth) leave(machine, process, shell.stack.pop() as Frame);
}

export function restoreFds(process: Process, saved: Readonly<Record<string, number | null>>): void {
  for (const [fd, id] of Object.entries(saved)) {
    if (id === null) delete process.fds[fd];
    else process.fds[fd] = id;
  }
}

/** Undoes what a frame changed when it ends or is broken out of. */
export function leave(_machine: Machine, process: Process, frame: Frame): void {
  const shell = process.shell as ShellProcess;
  switch (frame.t) {
    case 'redirected':
      if (frame.saved !== undefined) restoreFds(process, frame.saved);
      break;
    case 'restore':
      restoreFds(process, frame.fds);
      restoreVariables(shell, frame.vars ?? {});
      break;
    case 'function':
      shell.args = frame.saved;
      restoreVariables(shell, frame.locals);
      if (frame.redirects !== undefined) restoreFds(process, frame.redirects);
      break;
    case 'source':
      if (frame.saved !== undefined) shell.args = frame.saved;
      break;
    case 'trap':
      if (frame.name !== 'EXIT') shell.status = frame.status;
      break;
    default:
      break;
  }
}

function restoreVariables(shell: ShellProcess, saved: Readonly<Record<string, Variable | null>>): void {
  for (const [name, variable] of Object.entries(saved)) {
    if (variable === null) delete shell.vars[name];
    else shell.vars[name] = variable;
  }
}

/** Puts a node to be executed on the stack. */
function enter(machine: Machine, environment: Environment, process: Process, s: number, node: Executable): void {
  const shell = process.shell as ShellProcess;
  const parsed = environment.parser(machine.sources[s] as string);
  const n = parsed.numbers.get(node) as number;
  switch (node.type) {
    case 'Script':
    case 'CompoundList':
      shell.stack.push({ t: 'list', s, n, i: 0 });
      break;
    case 'Statement':
      if (node.background === true) {
        const child = forkShell(machine, process, process.fds);
        const nul = openFile(machine, { kind: 'null' });
        if (shell.interactive !== true) child.fds['0'] = nul;
        (child.shell as ShellProcess).traps['INT'] = '';
        (child.shell as ShellProcess).traps['QUIT'] = '';
        enter(machine, environment, child, s, node.command);
        shell.bang = child.pid;
        shell.jobs.push({ pid: child.pid, id: shell.jobs.length + 1, text: (machine.sources[s] as string).slice(node.pos, node.end).replace(/\s*&\s*$/, '') });
        shell.status = 0;
        // The new process has its first slice before its parent goes on.
        process.block = { on: 'time', until: machine.instant };
      } else enter(machine, environment, process, s, node.command);
      break;
    case 'AndOr':
      shell.stack.push({ t: 'andor', s, n, i: 0 });
      break;
    case 'Pipeline':
      if (node.prefixes.some((prefixNode) => prefixNode.type === 'Negation')) shell.stack.push({ t: 'not' });
      if (node.commands.length === 1) enter(machine, environment, process, s, node.commands[0] as Executable);
      else shell.stack.push({ t: 'pipeline', s, n, pids: [], started: false });
      break;
    case 'If':
      shell.stack.push({ t: 'if', s, n, i: 0 });
      enter(machine, environment, process, s, node.clause);
      break;
    case 'While':
      shell.stack.push({ t: 'while', s, n, inBody: false, last: 0 });
      enter(machine, environment, process, s, node.clause);
      break;
    case 'For':
      shell.stack.push({ t: 'for', s, n, i: 0, memo: [], last: 0 });
      break;
    case 'ArithmeticFor':
      shell.stack.push({ t: 'cfor', s, n, phase: 'init', last: 0 });
      break;
    case 'Case':
      shell.stack.push({ t: 'case', s, n, memo: [] });
      break;
    case 'Subshell': {
      const child = forkShell(machine, process, process.fds);
      enter(machine, environment, child, s, node.body);
      shell.stack.push({ t: 'wait', pids: [child.pid], start: 0 });
      process.block = { on: 'children', pids: [child.pid] };
      break;
    }
    case 'BraceGroup':
      enter(machine, environment, process, s, node.body);
      break;
    case 'Redirected':
      shell.stack.push({ t: 'redirected', s, n, memo: [], entered: false });
      break;
    case 'Function':
      shell.functions[node.name.value] = { s, n };
      shell.status = 0;
      break;
    case 'TestCommand':
      shell.stack.push({ t: 'test', s, n, memo: [] });
      break;
    case 'ArithmeticCommand':
      shell.stack.push({ t: 'arith', s, n, memo: [] });
      break;
    case 'Command':
      shell.stack.push({ t: 'command', s, n, memo: [] });
      break;
    default:
      shellOf(machine, environment, process).complain(`${node.type}: not supported`);
      shell.status = 2;
  }
}

/** Runs a command substitution as a child; its output becomes the next memo of the frame. */
function substitute(machine: Machine, environment: Environment, process: Process, source: string, x: Expansion): void {
  const pipe = makePipe(machine);
  (machine.pipes[pipe.pipe] as Pipe).capture = true;
  const child = forkShell(machine, process, { ...process.fds, '1': pipe.write });
  for (const [name, value] of Object.entries(x.assigned)) (child.shell as ShellProcess).vars[name] = { ...(child.shell as ShellProcess).vars[name], value };
  startSource(machine, environment, child, x.shell.flavour === 'bash' && /^\s*<\s*(\S+)\s*$/.test(source) ? source.replace(/^\s*</, 'cat <') : source);
  process.capture = { pid: child.pid, pipe: pipe.pipe };
  process.block = { on: 'children', pids: [child.pid] };
}

/** The captured output when the substitution's process has ended. */
function collectSubstitution(machine: Machine, process: Process, memo: string[]): void {
  const waiting = process;
  if (waiting.capture === undefined) return;
  const { pid, pipe } = waiting.capture;
  memo.push((machine.pipes[pipe]?.data ?? '').replace(/\0/g, '').replace(/\n+$/, ''));
  (process.shell as ShellProcess).substitution = machine.procs[pid]?.exit ?? 0;
  delete machine.procs[pid];
  delete machine.pipes[pipe];
  delete waiting.capture;
}

/** Expands with a memo: true when done; false when a command must run first, or the shell has ended. */
function withExpansion(machine: Machine, environment: Environment, process: Process, memo: string[], work: (x: Expansion) => void): boolean {
  collectSubstitution(machine, process, memo);
  const self = shellOf(machine, environment, process);
  const x = self.expansion(memo);
  try {
    work(x);
  } catch (error) {
    if (error instanceof NeedsCommand) {
      substitute(machine, environment, process, error.source, x);
      return false;
    }
    if (error instanceof ExpansionError || error instanceof ArithmeticError) {
      const shell = self.shell;
      const text = error instanceof ArithmeticError ? arithmeticMessage(shell, error.message) : error.message;
      self.complain(text);
      const status = error instanceof ExpansionError ? error.status : shell.flavour === 'bash' ? 1 : 2;
      shell.status = status;
      // A failed expansion ends a shell that is not interactive; bash goes on after an arithmetic error.
      if (shell.interactive !== true) exitShell(machine, environment, process, shell.flavour === 'bash' ? status : 2);
      else {
        unwindToList(machine, process);
      }
      return false;
    }
    throw error;
  }
  for (const [name, value] of Object.entries(x.assigned)) self.setVariable(name, value);
  return true;
}

function arithmeticMessage(shell: ShellProcess, message: string): string {
  const [text = '', source = ''] = message.split('\n');
  if (shell.flavour === 'bash')
    return text.startsWith('division')
      ? `${source}: division by 0 (error token is "${/[/%]\s*(\S+)\s*$/.exec(source)?.[1] ?? '0'}")`
      : text.startsWith('syntax')
        ? `${source}: ${text}`
        : text;
  if (text.startsWith('division')) return shell.flavour === 'dash' ? `arithmetic expression: division by zero: "${source}"` : 'divide by zero';
  return shell.flavour === 'dash'
    ? `arithmetic expression: expecting ${/value too great|^syntax error in expression/.test(text) ? 'EOF' : 'primary'}: "${source}"`
    : 'arithmetic syntax error';
}

function unwindToList(machine: Machine, process: Process): void {
  const shell = process.shell as ShellProcess;
  while (shell.stack.length > 0 && shell.stack.at(-1)?.t !== 'list') leave(machine, process, shell.stack.pop() as Frame);
}

/** Opens and points descriptors; undefined when one failed (said so; status set). */
export function redirect(
  machine: Machine,
  environment: Environment,
  process: Process,
  redirections: readonly Redirection[],
  x: Expansion,
): Record<string, number | null> | undefined {
  const self = shellOf(machine, environment, process);
  const saved: Record<string, number | null> = {};
  const point = (fd: number | string, id: number | undefined): void => {
    if (!(fd in saved)) saved[fd] = process.fds[fd] ?? null;
    if (id === undefined) delete process.fds[fd];
    else process.fds[fd] = id;
  };
  for (const redirection of redirections) {
    const given = redirection.descriptor?.type === 'FileDescriptor' ? redirection.descriptor.value : undefined;
    if (redirection.type === 'HereDoc') {
      const text =
        redirection.delimiter?.quoted === true || redirection.body.parts === undefined ? redirection.body.text : expandParts(redirection.body.parts, x);
      const body = redirection.operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
      point(given ?? 0, openFile(machine, { kind: 'text', text: body, pos: 0 }));
      continue;
    }
    if (redirection.target === undefined) continue;
    if (redirection.type === 'HereString') {
      point(given ?? 0, openFile(machine, { kind: 'text', text: `${expandString(redirection.target, x)}\n`, pos: 0 }));
      continue;
    }
    const target = expandString(redirection.target, x);
    const operator = redirection.operator;
    if (operator === '>&' || operator === '<&') {
      const fd = given ?? (operator === '>&' ? 1 : 0);
      if (target === '-') point(fd, undefined);
      else if (/^\d+-?$/.test(target)) {
        const source = process.fds[target.replace('-', '')];
        if (source === undefined) {
          self.complain(
            self.shell.flavour === 'bash'
              ? `${target}: Bad file descriptor`
              : self.shell.flavour === 'dash'
                ? `${target}: Bad file descriptor`
                : `dup2(${target},${fd}): Bad file descriptor`,
          );
          self.shell.status = self.shell.flavour === 'bash' ? 1 : 2;
          restoreFds(process, saved);
          return undefined;
        }
        point(fd, source);
      } else {
        const opened = open(self, target, '>');
        if (opened === undefined) return void restoreFds(process, saved);
        point(1, opened);
        point(2, opened);
      }
      continue;
    }
    const opened = open(self, target, operator);
    if (opened === undefined) return void restoreFds(process, saved);
    if (operator === '&>' || operator === '&>>') {
      point(1, opened);
      point(2, opened);
    } else point(given ?? (operator.startsWith('<') ? 0 : 1), opened);
  }
  return saved;
}

function open(self: Shell, name: string, operator: string): number | undefined {
  const { machine, process, environment, shell } = self;
  const path = self.path(name);
  const special = specialFile(machine, process, path);
  if (special !== undefined) return special;
  const reading = operator === '<';
  const say = (text: string): undefined => {
    const capital = shell.flavour === 'dash';
    if (shell.flavour === 'bash') self.complain(`${name}: ${text}`);
    else if (reading)
      self.complain(
        capital
          ? `cannot open ${name}: ${text === 'No such file or directory' ? 'No such file' : text}`
          : `can't open ${name}: ${text === 'No such file or directory' ? 'no such file' : text}`,
      );
    else
      self.complain(
        capital
          ? `cannot create ${name}: ${text === 'No such file or directory' ? 'Directory nonexistent' : text}`
          : `can't create ${name}: ${text === 'No such file or directory' ? 'nonexistent directory' : text}`,
      );
    shell.status = shell.flavour === 'dash' ? 2 : 1;
    return undefined;
  };
  const { files } = environment.host;
  try {
    if (reading || operator === '<>') {
      const stat = files.stat(path);
      if (stat === undefined && operator === '<>') files.write(path, '', { at: self.now });
      else if (stat === undefined) return say('No such file or directory');
      else files.read(stat.type === 'directory' ? '/' : path);
      if (stat?.type === 'directory' && !reading) return say('Is a directory');
      return openFile(machine, { kind: 'file', path, pos: 0, append: false, read: true, write: operator === '<>' });
    }
    const stat = files.stat(path);
    if (stat?.type === 'directory') return say('Is a directory');
    if (operator === '>' && shell.options['C'] === true && stat?.type === 'file')
      return say(shell.flavour === 'bash' ? 'cannot overwrite existing file' : 'File exists');
    const append = operator === '>>' || operator === '&>>';
    files.write(path, '', { append, at: self.now });
    return openFile(machine, { kind: 'file', path, pos: append ? files.read(path).length : 0, append, read: false, write: true });
  } catch (error) {
    return say(errorText(error));
  }
}

function specialFile(machine: Machine, process: Process, path: string): number | undefined {
  const open = (file: OpenFile): number => openFile(machine, file);
  if (path === '/dev/null') return open({ kind: 'null' });
  if (path === '/dev/stdout' || path === '/proc/self/fd/1' || path === '/dev/fd/1') return process.fds['1'] ?? open({ kind: 'null' });
  if (path === '/dev/stderr' || path === '/proc/self/fd/2' || path === '/dev/fd/2') return process.fds['2'] ?? open({ kind: 'null' });
  if (path === '/dev/stdin' || path === '/dev/fd/0') return process.fds['0'] ?? open({ kind: 'null' });
  const main = /^\/proc\/1\/fd\/([12])$/.exec(path);
  if (main) return open({ kind: 'output', stream: main[1] === '1' ? 'stdout' : 'stderr' });
  if (path === '/dev/tty' || path === '/dev/console') return open({ kind: 'output', stream: 'stdout' });
  return undefined;
}

/** One transition of the top frame. The process may block, spawn, or end by it. */
export function stepShell(machine: Machine, environment: Environment, process: Process): void {
  const shell = process.shell as ShellProcess;
  if (process.pending.length > 0 && process.capture === undefined) {
    const signal = process.pending.shift() as string;
    const action = shell.traps[signal];
    if (action !== undefined && action !== '') {
      // A signal ends the `wait` builtin at once: take its second try off the stack (POSIX 2.11).
      const top = shell.stack.at(-1);
      if (top?.t === 'list' && top.i === 0 && /^wait /.test(machine.sources[top.s] as string)) {
        shell.stack.pop();
        shell.status = 128 + (SIGNALS[signal] as number);
      }
      shell.stack.push({ t: 'trap', status: shell.status, name: signal });
      shellOf(machine, environment, process).run(action);
      return;
    }
  }
  const frame = shell.stack.at(-1);
  if (frame === undefined) {
    if (shell.interactive === true && interactiveInput(machine, environment, process)) return;
    exitShell(machine, environment, process, shell.status);
    return;
  }
  const pop = (): void => {
    shell.stack.pop();
    leave(machine, process, frame);
  };
  switch (frame.t) {
    case 'list': {
      if (shell.options['n'] === true && shell.interactive !== true) {
        shell.stack.pop();
        return;
      }
      const node = nodeOf(machine, environment, frame.s, frame.n);
      const commands = node.type === 'Script' || node.type === 'CompoundList' ? node.commands : [];
      const next = commands[frame.i];
      if (next === undefined) {
        shell.stack.pop();
        if (commands.length === 0) shell.status = 0;
        return;
      }
      frame.i += 1;
      shell.line = lineOf(machine.sources[frame.s] as string, next.pos);
      enter(machine, environment, process, frame.s, next);
      return;
    }
    case 'andor': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'AndOr') return;
      while (frame.i > 0 && frame.i < node.commands.length) {
        const operator = node.operators[frame.i - 1];
        if ((operator === '&&') === (shell.status === 0)) break;
        frame.i += 1;
      }
      const next = node.commands[frame.i];
      if (next === undefined) {
        pop();
        return;
      }
      frame.i += 1;
      enter(machine, environment, process, frame.s, next);
      return;
    }
    case 'not':
      pop();
      shell.status = shell.status === 0 ? 1 : 0;
      return;
    case 'pipeline':
      stepPipeline(machine, environment, process, frame);
      return;
    case 'if': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'If') return;
      if (frame.taken === true) {
        pop();
        return;
      }
      const branch = frame.i === 0 ? node.then : node.elif[frame.i - 1]?.then;
      if (shell.status === 0 && branch !== undefined) {
        frame.taken = true;
        enter(machine, environment, process, frame.s, branch);
        return;
      }
      const elif = node.elif[frame.i];
      if (elif !== undefined) {
        frame.i += 1;
        enter(machine, environment, process, frame.s, elif.clause);
        return;
      }
      frame.taken = true;
      if (node.else === undefined) shell.status = 0;
      else enter(machine, environment, process, frame.s, node.else);
      return;
    }
    case 'while': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'While') return;
      if (frame.inBody) {
        frame.last = shell.status;
        frame.inBody = false;
        enter(machine, environment, process, frame.s, node.clause);
        return;
      }
      if ((shell.status === 0) === (node.kind === 'while')) {
        frame.inBody = true;
        enter(machine, environment, process, frame.s, node.body);
        return;
      }
      pop();
      shell.status = frame.last;
      return;
    }
    case 'for': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'For') return;
      if (frame.words === undefined) {
        if (
          !withExpansion(machine, environment, process, frame.memo, (x) => {
            frame.words = node.wordlist === undefined ? [...shell.args] : expandWords(node.wordlist, x);
          })
        )
          return;
      } else if (frame.i > 0) frame.last = shell.status;
      const word = (frame.words as string[])[frame.i];
      if (word === undefined) {
        pop();
        shell.status = frame.last;
        return;
      }
      frame.i += 1;
      shellOf(machine, environment, process).setVariable(node.name.value, word);
      enter(machine, environment, process, frame.s, node.body);
      return;
    }
    case 'cfor': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'ArithmeticFor') return;
      const source = machine.sources[frame.s] as string;
      const header = /^for\s*\(\(([\s\S]*?)\)\)/.exec(source.slice(node.pos))?.[1]?.split(';') ?? [];
      const evaluate = (i: number): bigint => {
        let result = 1n;
        const text = header[i]?.trim() ?? '';
        if (text !== '')
          withExpansion(machine, environment, process, [], (x) => {
            result = arithmetic(text, x);
          });
        return result;
      };
      if (frame.phase === 'init') evaluate(0);
      if (frame.phase === 'update') {
        frame.last = shell.status;
        evaluate(2);
      }
      if (process.exit !== undefined) return;
      frame.phase = 'test';
      if (evaluate(1) === 0n) {
        pop();
        shell.status = frame.last;
        return;
      }
      frame.phase = 'update';
      enter(machine, environment, process, frame.s, node.body);
      return;
    }
    case 'case':
      stepCase(machine, environment, process, frame, pop);
      return;
    case 'redirected': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'Redirected') return;
      if (frame.entered) {
        pop();
        return;
      }
      let saved: Record<string, number | null> | undefined;
      if (
        !withExpansion(machine, environment, process, frame.memo, (x) => {
          saved = redirect(machine, environment, process, node.redirects, x);
        })
      )
        return;
      if (saved === undefined) {
        shell.stack.pop();
        afterFailure(machine, environment, process);
        return;
      }
      frame.saved = saved;
      frame.entered = true;
      enter(machine, environment, process, frame.s, node.command);
      return;
    }
    case 'command':
      stepCommand(machine, environment, process, frame);
      return;
    case 'test': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'TestCommand') return;
      let result = false;
      let failed: string | undefined;
      if (
        !withExpansion(machine, environment, process, frame.memo, (x) => {
          try {
            result = evaluateTest(node.expression, x, shellOf(machine, environment, process));
          } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
            failed = error.message;
          }
        })
      )
        return;
      pop();
      if (failed !== undefined) shellOf(machine, environment, process).complain(failed);
      shell.status = failed !== undefined ? 2 : result ? 0 : 1;
      afterFailure(machine, environment, process);
      return;
    }
    case 'arith': {
      const node = nodeOf(machine, environment, frame.s, frame.n);
      if (node.type !== 'ArithmeticCommand') return;
      let result = 0n;
      if (
        !withExpansion(machine, environment, process, frame.memo, (x) => {
          result = arithmetic(node.body, x);
        })
      )
        return;
      pop();
      shell.status = result !== 0n ? 0 : 1;
      afterFailure(machine, environment, process);
      return;
    }
    case 'wait':
      stepWait(machine, environment, process, frame);
      return;
    case 'trap':
      pop();
      if (frame.name === 'EXIT') process.exit = (shell.exiting === true ? frame.status : shell.status) & 255;
      return;
    case 'function':
    case 'source':
    case 'restore':
      pop();
      if (frame.t === 'function' || frame.t === 'restore') afterFailure(machine, environment, process);
      return;
  }
}

/** An exec -it shell reads a line at a time; false at the end of input. */
function interactiveInput(machine: Machine, environment: Environment, process: Process): boolean {
  const shell = process.shell as ShellProcess;
  const onTerminal = machine.tty === true && machine.files[process.fds['0'] as number]?.kind === 'input';
  if (onTerminal && shell.prompted !== true) {
    writeFd(machine, environment, process, 2, promptOf(machine, environment, process));
    shell.prompted = true;
  }
  const line = readFd(machine, environment, process, 0, true);
  if (line === undefined) {
    if (onTerminal && shell.flavour === 'bash') writeFd(machine, environment, process, 2, 'exit\n');
    return false;
  }
  if (line !== '') delete shell.prompted;
  if (line === '') {
    process.block = { on: 'read', file: process.fds['0'] as number };
    return true;
  }
  shell.pendingInput = (shell.pendingInput ?? '') + line;
  const parsed = environment.parser(shell.pendingInput);
  if (parsed.error !== undefined && parsed.error.pos >= shell.pendingInput.trimEnd().length && !/^\s*$/.test(shell.pendingInput)) return true;
  const source = shell.pendingInput;
  delete shell.pendingInput;
  shellOf(machine, environment, process).run(source);
  return true;
}

/** PS1 (or PS2 within a command) with the escapes that images' shells use; busybox's, Debian's bash's and dash's own when none is set. */
function promptOf(machine: Machine, environment: Environment, process: Process): string {
  const shell = process.shell as ShellProcess;
  if (shell.pendingInput !== undefined) return shell.vars['PS2']?.value ?? '> ';
  const own = shell.vars['PS1']?.value;
  const unset = own === undefined || own === '$ ' || own === '\\s-\\v\\$ ';
  const root = machine.uid === 0 ? '#' : '$';
  const text = !unset ? own : shell.flavour === 'ash' ? '\\w \\$ ' : shell.flavour === 'bash' ? '\\u@\\h:\\w\\$ ' : `${root} `;
  const home = getVariable(shellOf(machine, environment, process).expansion(), 'HOME') ?? '/root';
  const cwd = process.cwd === home || process.cwd.startsWith(`${home}/`) ? `~${process.cwd.slice(home.length)}` : process.cwd;
  return text.replace(/\\([wWuh$H[\]])/g, (_, letter: string) =>
    letter === '$'
      ? root
      : letter === 'w'
        ? cwd
        : letter === 'W'
          ? (cwd.split('/').at(-1) ?? cwd)
          : letter === 'u'
            ? machine.uid === 0
              ? 'root'
              : (shell.vars['USER']?.value ?? 'I have no name!')
            : letter === '[' || letter === ']'
              ? ''
              : environment.host.hostname,
  );
}

export function lineOf(source: string, pos: number): number {
  let line = 1;
  for (let i = source.indexOf('\n'); i >= 0 && i < pos; i = source.indexOf('\n', i + 1)) line += 1;
  return line;
}

function stepPipeline(machine: Machine, environment: Environment, process: Process, frame: Extract<Frame, { t: 'pipeline' }>): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'Pipeline') return;
  if (!frame.started) {
    let input = process.fds['0'];
    node.commands.forEach((command, i) => {
      const last = i === node.commands.length - 1;
      const pipe = last ? undefined : makePipe(machine);
      const fds: Record<string, number> = { ...process.fds };
      if (input !== undefined) fds['0'] = input;
      if (pipe !== undefined) {
        fds['1'] = pipe.write;
        if (node.operators[i] === '|&') fds['2'] = pipe.write;
      }
      const child = forkShell(machine, process, fds);
      enter(machine, environment, child, frame.s, command);
      frame.pids.push(child.pid);
      input = pipe?.read;
    });
    frame.started = true;
    process.block = { on: 'children', pids: frame.pids };
    return;
  }
  const statuses = frame.pids.map((pid) => machine.procs[pid]?.exit);
  if (statuses.some((status) => status === undefined)) {
    process.block = { on: 'children', pids: frame.pids };
    return;
  }
  for (const pid of frame.pids) delete machine.procs[pid];
  shell.stack.pop();
  const failed = statuses.filter((status) => status !== 0);
  shell.status = shell.options['pipefail'] === true && failed.length > 0 ? (failed.at(-1) as number) : (statuses.at(-1) as number);
  afterFailure(machine, environment, process);
}

function stepWait(machine: Machine, environment: Environment, process: Process, frame: Extract<Frame, { t: 'wait' }>): void {
  const shell = process.shell as ShellProcess;
  const exits = frame.pids.map((pid) => machine.procs[pid]?.exit);
  if (exits.some((status) => status === undefined)) {
    process.block = { on: 'children', pids: frame.pids };
    return;
  }
  shell.stack.pop();
  const child = machine.procs[frame.pids.at(-1) as number];
  shell.status = (exits.at(-1) ?? 0) as number;
  if (child?.signal !== undefined && shell.interactive !== true) sayKilled(machine, environment, process, child.signal);
  for (const pid of frame.pids) delete machine.procs[pid];
  afterFailure(machine, environment, process);
}

export function sayKilled(machine: Machine, environment: Environment, process: Process, signal: string): void {
  const shell = process.shell as ShellProcess;
  const texts: Readonly<Record<string, string>> = {
    KILL: 'Killed',
    TERM: 'Terminated',
    SEGV: 'Segmentation fault',
    ABRT: 'Aborted',
    HUP: 'Hangup',
    QUIT: 'Quit',
  };
  const text = texts[signal];
  if (text === undefined || shell.flavour === 'bash') return;
  writeFd(machine, environment, process, 2, `${text}\n`);
}

function stepCase(machine: Machine, environment: Environment, process: Process, frame: Extract<Frame, { t: 'case' }>, pop: () => void): void {
  const shell = process.shell as ShellProcess;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'Case') return;
  let from = 0;
  if (frame.item !== undefined) {
    const terminator = node.items[frame.item]?.terminator;
    if (terminator === ';;&') from = frame.item + 1;
    else if (terminator === ';&' && node.items[frame.item + 1] !== undefined) {
      frame.item += 1;
      enter(machine, environment, process, frame.s, (node.items[frame.item] as { body: Executable }).body);
      return;
    } else {
      pop();
      return;
    }
  }
  let chosen = -1;
  if (
    !withExpansion(machine, environment, process, frame.memo, (x) => {
      const word = expandString(node.word, x);
      chosen = node.items.findIndex((item, i) => i >= from && item.pattern.some((pattern) => patternRegExp(expandPattern(pattern, x)).test(word)));
    })
  )
    return;
  const item = node.items[chosen];
  if (item === undefined) {
    pop();
    if (frame.item === undefined) shell.status = 0;
    return;
  }
  frame.item = chosen;
  if (item.body.commands.length === 0) shell.status = 0;
  enter(machine, environment, process, frame.s, item.body);
}

function assign(self: Shell, assignment: Assignment, x: Expansion): void {
  const { shell } = self;
  const { name } = assignment;
  if (assignment.value.type === 'ArrayValue') {
    const values = assignment.value.elements.flatMap((word) => expandFields(word, x));
    const old = assignment.append === true ? (shell.vars[name]?.list ?? {}) : {};
    const list: Record<string, string> = { ...old };
    let next = Object.keys(old).length;
    for (const value of values) {
      const keyed = /^\[(.+?)\]=([\s\S]*)$/.exec(value);
      if (keyed) list[keyed[1] as string] = keyed[2] as string;
      else list[next++] = value;
    }
    shell.vars[name] = { ...shell.vars[name], value: list['0'] ?? '', list };
    return;
  }
  const value = expandString(assignment.value as Word, x);
  if (assignment.index !== undefined) {
    const index = String(arithmetic(assignment.index.text, x));
    const variable = shell.vars[name] ?? { value: '' };
    const list = variable.list ?? (variable.value === '' ? {} : { '0': variable.value });
    list[index] = assignment.append === true ? (list[index] ?? '') + value : value;
    shell.vars[name] = { ...variable, list };
    return;
  }
  x.assigned[name] = assignment.append === true ? (getVariable(x, name) ?? '') + value : value;
}

/** A simple command: expand, redirect, then a function, a builtin, or a program. */
function stepCommand(machine: Machine, environment: Environment, process: Process, frame: Extract<Frame, { t: 'command' }>): void {
  const shell = process.shell as ShellProcess;
  const self = shellOf(machine, environment, process);
  const node = nodeOf(machine, environment, frame.s, frame.n) as Command;
  const source = machine.sources[frame.s] as string;
  shell.line = lineOf(source, node.pos);
  const assignments = node.prefix.filter((item): item is Assignment => item.type === 'Assignment');
  const redirections = [...node.prefix, ...node.suffix].filter(
    (item): item is Redirection => item.type === 'Redirect' || item.type === 'HereDoc' || item.type === 'HereString',
  );
  const words: Word[] = [];
  if (node.name !== undefined) words.push(node.name);
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(item);
    else if (item.type === 'Assignment') words.push(assignmentWord(item, environment.parser));
  }
  let argv: string[] = [];
  let saved: Record<string, number | null> | undefined;
  let local: Record<string, string> = {};
  if (frame.memo.length === 0 && process.capture === undefined) delete shell.substitution;
  const declares = /^(export|readonly|local|declare|typeset)$/.test(node.name?.value ?? '');
  const done = withExpansion(machine, environment, process, frame.memo, (x) => {
    argv = declares ? words.flatMap((word) => (/^[A-Za-z_]\w*\+?=/.test(word.value) ? [expandString(word, x)] : expandFields(word, x))) : expandWords(words, x);
    const before = { ...x.assigned };
    for (const assignment of assignments) assign(self, assignment, x);
    if (argv.length > 0) {
      // Assignments before a command are for that command alone.
      local = Object.fromEntries(
        Object.entries(x.assigned).filter(([name, value]) => before[name] !== value || assignments.some((assignment) => assignment.name === name)),
      );
      for (const name of Object.keys(local)) {
        if (before[name] === undefined) delete x.assigned[name];
        else x.assigned[name] = before[name];
      }
    }
    if (shell.options['x'] === true) trace(self, assignments, argv, x);
    saved = redirect(machine, environment, process, redirections, x);
  });
  if (!done) return;
  shell.stack.pop();
  if (saved === undefined) {
    // A redirection that fails ends the shell if the command is a special builtin (POSIX 2.8.1).
    if (argv[0] !== undefined && SPECIAL_BUILTINS.has(argv[0]) && shell.flavour !== 'bash' && shell.interactive !== true)
      exitShell(machine, environment, process, shell.status);
    else afterFailure(machine, environment, process);
    return;
  }
  const name = argv[0];
  if (name === undefined) {
    restoreFds(process, saved);
    shell.status = shell.substitution ?? 0;
    if (assignments.some((assignment) => shell.vars[assignment.name]?.readonly === true)) {
      shell.status = 1;
      if (shell.interactive !== true) exitShell(machine, environment, process, shell.flavour === 'bash' ? 1 : 2);
    } else afterFailure(machine, environment, process);
    return;
  }
  runCommand(self, argv, local, saved);
}

function assignmentWord(item: Assignment, parser: Parser): Word {
  const command = parser(`: ${item.text}`).root.commands[0]?.command;
  const word = command?.type === 'Command' ? command.suffix[0] : undefined;
  return word?.type === 'Word' ? word : { type: 'Word', text: item.text, value: item.text, pos: item.pos, end: item.end };
}

function trace(self: Shell, assignments: readonly Assignment[], argv: readonly string[], x: Expansion): void {
  const quote = (word: string): string => (word === '' || /[^\w@%+=:,./-]/.test(word) ? `'${word.replace(/'/g, `'\\''`)}'` : word);
  const values = assignments.map((assignment) => `${assignment.name}=${quote(x.assigned[assignment.name] ?? '')}`);
  const words = argv.map((word) => (self.shell.flavour === 'bash' || self.shell.flavour === 'ash' ? quote(word) : word));
  const ps4 = self.shell.vars['PS4']?.value ?? '+ ';
  writeFd(self.machine, self.environment, self.process, 2, `${ps4}${[...values, ...words].join(' ')}\n`);
}

/** Runs argv with temporary variables and redirections (`saved` undoes them): function, builtin or program. */
export function runCommand(
  self: Shell,
  argv: readonly string[],
  local: Readonly<Record<string, string>>,
  saved: Record<string, number | null>,
  options: { readonly noFunctions?: boolean } = {},
): void {
  const { machine, process, shell, environment } = self;
  const name = argv[0] as string;
  const definition = options.noFunctions === true || !Object.hasOwn(shell.functions, name) ? undefined : shell.functions[name];
  const builtin = builtins.get(name);
  if (definition === undefined && builtin !== undefined && (builtin.flavours === undefined || builtin.flavours.includes(shell.flavour))) {
    const special = SPECIAL_BUILTINS.has(name);
    const vars: Record<string, Variable | null> = {};
    for (const [key, value] of Object.entries(local)) {
      if (!special || shell.flavour === 'bash') vars[key] = shell.vars[key] === undefined ? null : { ...(shell.vars[key] as Variable) };
      shell.vars[key] = { ...shell.vars[key], value, exported: true };
    }
    const depth = shell.stack.length;
    const restore: Frame = { t: 'restore', fds: saved, vars };
    if (name === 'exec' && argv.length === 1) {
      shell.status = 0;
      return;
    }
    shell.stack.push(restore);
    const status = builtin.run(self, argv.slice(1));
    if (process.exit !== undefined) return;
    if (typeof status === 'number') {
      shell.status = status;
      // Whatever it left on the stack (eval, .) runs before the redirections are undone.
      if (shell.stack.length === depth + 1 && shell.stack[depth] === restore) {
        shell.stack.pop();
        leave(machine, process, restore);
        afterFailure(machine, environment, process);
      }
    }
    return;
  }
  if (definition !== undefined) {
    const node = nodeOf(machine, environment, definition.s, definition.n);
    if (node.type !== 'Function') return;
    if (shell.stack.filter((frame) => frame.t === 'function').length > 1000) {
      self.complain(`${name}: maximum function nesting level exceeded (1000)`);
      restoreFds(process, saved);
      exitShell(machine, environment, process, shell.flavour === 'bash' ? 1 : 139);
      return;
    }
    const locals: Record<string, Variable | null> = {};
    for (const [key, value] of Object.entries(local)) {
      locals[key] = shell.vars[key] === undefined ? null : { ...(shell.vars[key] as Variable) };
      shell.vars[key] = { ...shell.vars[key], value, exported: true };
    }
    shell.stack.push({ t: 'function', saved: shell.args, locals, redirects: saved, name });
    shell.args = argv.slice(1);
    enter(machine, environment, process, definition.s, node.body as Executable);
    return;
  }
  if (isLast(machine, environment, shell)) {
    // Nothing follows: the program takes the shell's place (EV_EXIT in dash and ash, ONESHOT in bash).
    const env = { ...exportedVariables(shell, process.cwd), ...local };
    const found = lookUp(machine, environment, process.cwd, env['PATH'] ?? shell.vars['PATH']?.value ?? DEFAULT_PATH, name);
    if (found.kind !== 'none') {
      const ignored = Object.keys(shell.traps);
      load(machine, environment, process, found, argv, env);
      if (process.program !== undefined && ignored.length > 0) process.program.ignores = ignored;
      return;
    }
  }
  const child = execute(self, argv, local);
  restoreFds(process, saved);
  if (child === undefined) {
    afterFailure(machine, environment, process);
    return;
  }
  shell.stack.push({ t: 'wait', pids: [child], start: 0 });
  process.block = { on: 'children', pids: [child] };
}

/** Whether the shell has nothing left to do, not even a trap. Ignored signals stay ignored. */
function isLast(machine: Machine, environment: Environment, shell: ShellProcess): boolean {
  if (shell.interactive === true || Object.values(shell.traps).some((action) => action !== '') || shell.jobs.length > 0) return false;
  return shell.stack.every((frame) => {
    if (frame.t !== 'list') return false;
    const node = nodeOf(machine, environment, frame.s, frame.n);
    return (node.type === 'Script' || node.type === 'CompoundList') && frame.i >= node.commands.length;
  });
}

/** The environment a program gets from this shell. */
export function exportedVariables(shell: ShellProcess, cwd: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, variable] of Object.entries(shell.vars)) if (variable.exported === true) env[name] = variable.list?.['0'] ?? variable.value;
  env['PWD'] = cwd;
  return env;
}

/** Starts a program (or a script, or a shell) as a child; undefined: not found or not executable, said so, status set. */
export function execute(self: Shell, argv: readonly string[], local: Readonly<Record<string, string>>): number | undefined {
  const { machine, process, shell, environment } = self;
  const name = argv[0] as string;
  const env = { ...exportedVariables(shell, process.cwd), ...local };
  const found = lookUp(machine, environment, process.cwd, env['PATH'] ?? shell.vars['PATH']?.value ?? DEFAULT_PATH, name);
  if (found.kind === 'none') {
    const texts: Readonly<Record<Flavour, Readonly<Record<string, string>>>> = {
      bash: {
        missing: `${name}: command not found`,
        path: `${name}: No such file or directory`,
        directory: `${name}: Is a directory`,
        denied: `${name}: Permission denied`,
      },
      dash: { missing: `${name}: not found`, path: `${name}: not found`, directory: `${name}: Permission denied`, denied: `${name}: Permission denied` },
      ash: { missing: `${name}: not found`, path: `${name}: not found`, directory: `${name}: Permission denied`, denied: `${name}: Permission denied` },
    };
    self.complain(texts[shell.flavour][found.why] as string);
    shell.status = found.why === 'missing' || found.why === 'path' ? 127 : 126;
    return undefined;
  }
  const child = spawn(machine, process.pid, process.fds, process.cwd);
  load(machine, environment, child, found, argv, env);
  return child.pid;
}

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export type Found =
  | { readonly kind: 'program'; readonly name: string }
  | { readonly kind: 'shell'; readonly flavour: Flavour }
  | { readonly kind: 'script'; readonly path: string; readonly content: string }
  /** Not the shell's: the image catalogue's, or of no known effect. */
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'none'; readonly why: 'missing' | 'path' | 'directory' | 'denied' };

/** Finds what a command name runs: the image's programs, shells, and scripts in its files. */
export function lookUp(_machine: Machine, environment: Environment, cwd: string, searchPath: string, name: string): Found {
  const { files } = environment.host;
  const known = (base: string): Found | undefined => {
    const flavour = environment.shellFlavour(base);
    if (flavour !== undefined) return { kind: 'shell', flavour };
    const program = environment.program(base);
    if (program !== undefined && program.yields !== true) return { kind: 'program', name: base };
    return environment.host.hasProgram(base) ? { kind: 'foreign', name: base } : undefined;
  };
  const script = (path: string): Found | undefined => {
    const stat = files.stat(path);
    if (stat === undefined) return undefined;
    if (stat.type === 'directory') return { kind: 'none', why: 'directory' };
    if ((stat.mode & 0o111) === 0) return { kind: 'none', why: 'denied' };
    const content = files.read(path);
    return content === '' || content.startsWith('\x7fELF') ? known(path.slice(path.lastIndexOf('/') + 1)) : { kind: 'script', path, content };
  };
  if (name.includes('/')) {
    const path = normalize(cwd, name);
    const direct = script(path);
    if (direct !== undefined) return direct;
    if (/^\/(usr\/)?(local\/)?s?bin\//.test(path)) {
      const base = known(path.slice(path.lastIndexOf('/') + 1));
      if (base !== undefined) return base;
    }
    return { kind: 'none', why: 'path' };
  }
  // What an image has stays: looking along the whole path for every `sleep` would cost more than the sleep.
  const key = `${environment.host.image}:${environment.host.tag}:${searchPath}:${name}`;
  const paths = searchPath.split(':').map((directory) => normalize(cwd, `${directory === '' ? '.' : directory}/${name}`));
  const isImages = !paths.some((path) => files.isOwn(path));
  const cached = isImages ? environment.found?.get(key) : undefined;
  if (cached !== undefined) return cached;
  const keep = (found: Found): Found => {
    if (isImages && (found.kind === 'program' || found.kind === 'shell')) environment.found?.set(key, found);
    return found;
  };
  for (const path of paths) {
    const found = script(path);
    if (found !== undefined && found.kind !== 'none') return keep(found);
  }
  const base = known(name);
  return base === undefined ? { kind: 'none', why: 'missing' } : keep(base);
}

/** Makes a process run what was found (execve). */
export function load(
  machine: Machine,
  environment: Environment,
  process: Process,
  found: Exclude<Found, { kind: 'none' }>,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  delete process.shell;
  delete process.program;
  if (found.kind === 'program') {
    process.program = { name: found.name, argv, env };
    return;
  }
  if (found.kind === 'foreign') {
    loadForeign(machine, environment, process, found.name, argv, env);
    return;
  }
  if (found.kind === 'script') {
    const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(found.content);
    const interpreter = shebang?.[1]?.split('/').at(-1) === 'env' ? shebang[2] : shebang?.[1]?.split('/').at(-1);
    const flavour = environment.shellFlavour(interpreter ?? 'sh');
    if (flavour === undefined) {
      process.program = { name: interpreter ?? 'sh', argv: [interpreter ?? 'sh', found.path, ...argv.slice(1)], env };
      return;
    }
    process.shell = newShell(flavour, argv[0] as string, argv.slice(1), env);
    if (shebang?.[2] !== undefined && /^-[a-z]+$/.test(shebang[2])) for (const option of shebang[2].slice(1)) process.shell.options[option] = true;
    startSource(machine, environment, process, found.content);
    return;
  }
  startShell(machine, environment, process, found.flavour, argv, env);
}

/** The image's own program, else the shell's of that name, else one that the image has and nobody knows: it ends at once, well. */
function loadForeign(
  machine: Machine,
  environment: Environment,
  process: Process,
  name: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  const spec = { argv, env, cwd: process.cwd, uid: machine.uid, gid: machine.gid, tty: false, stdin: false };
  const started = environment.host.catalogue?.start(spec, hostFor(machine, environment, process));
  if (started !== undefined) {
    const { next, lazyUntil, ...state } = started;
    process.foreign = { argv, process: state, next: next ?? machine.instant, ...(lazyUntil === undefined ? {} : { lazyUntil }) };
  } else if (environment.program(name) !== undefined) process.program = { name, argv, env };
  else process.program = { name: 'true', argv, env };
}

/** The host as a foreign process sees it: what it writes goes to its own descriptors. */
export function hostFor(machine: Machine, environment: Environment, process: Process): ProcessHost {
  return Object.create(environment.host, {
    write: {
      value: (stream: 'stdout' | 'stderr', text: string, at: Time) => {
        const file = machine.files[process.fds[stream === 'stdout' ? 1 : 2] as number];
        if (file?.kind === 'output') environment.host.write(file.stream, text, at);
        else writeFd(machine, environment, process, stream === 'stdout' ? 1 : 2, text);
      },
    },
  }) as ProcessHost;
}

/** `sh [-eux] [-o option] [-c source [name args…] | script [args…]]`. */
function startShell(
  machine: Machine,
  environment: Environment,
  process: Process,
  flavour: Flavour,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  const args = argv.slice(1);
  const options: Record<string, boolean> = {};
  let command = false;
  while (args[0] !== undefined && /^[-+][A-Za-z]|^--/.test(args[0])) {
    const flag = args.shift() as string;
    if (flag === '--') break;
    if (flag.startsWith('--')) continue;
    for (const letter of flag.slice(1)) {
      if (letter === 'c') command = true;
      else if (letter === 'o') options[args.shift() ?? ''] = flag.startsWith('-');
      else options[letter] = flag.startsWith('-');
    }
  }
  if (options['errexit'] === true) options['e'] = true;
  if (options['nounset'] === true) options['u'] = true;
  if (options['xtrace'] === true) options['x'] = true;
  const shell = newShell(flavour, argv[0] as string, [], env);
  const { i: interactive, l: _login, s: _stdin, ...rest } = options;
  shell.options = rest;
  process.shell = shell;
  if (command) {
    const source = args.shift();
    if (source === undefined) {
      writeFd(
        machine,
        environment,
        process,
        2,
        `${shell.name}: ${flavour === 'dash' ? '0: ' : ''}-c${flavour === 'ash' ? '' : ':'} ${flavour === 'ash' ? 'requires an argument' : flavour === 'dash' ? 'requires an argument' : 'option requires an argument'}\n`,
      );
      process.exit = 2;
      return;
    }
    if (args.length > 0) shell.name = args.shift() as string;
    shell.args = args;
    startSource(machine, environment, process, source);
    return;
  }
  const script = args.shift();
  if (script !== undefined) {
    const path = normalize(process.cwd, script);
    shell.name = script;
    shell.args = args;
    try {
      startSource(machine, environment, process, environment.host.files.read(path));
    } catch (error) {
      const text = errorText(error);
      writeFd(
        machine,
        environment,
        process,
        2,
        flavour === 'bash'
          ? `bash: ${script}: ${text}\n`
          : flavour === 'dash'
            ? `${argv[0]}: 0: cannot open ${script}: ${text === 'No such file or directory' ? 'No such file' : text}\n`
            : `${argv[0]}: can't open '${script}': ${text}\n`,
      );
      process.exit = flavour === 'bash' ? 127 : 2;
    }
    return;
  }
  // No script: commands come from standard input.
  shell.interactive = true;
  void interactive;
}

/** Ends a shell's dead children that nobody waits for, and forgets unused files. */
export function tidy(machine: Machine): void {
  for (const process of Object.values(machine.procs)) {
    if (process.exit === undefined || process.pid === machine.main) continue;
    const parent = machine.procs[process.ppid];
    const awaited = parent !== undefined && parent.exit === undefined;
    if (!awaited) delete machine.procs[process.pid];
  }
  collect(machine);
}
