/** A shell process: how it begins, what it forks, and what builtins may do with it. */
import { put } from '../../api/json-data.js';
import type { Time } from '../../api/time.js';
import { writeFd } from './descriptors.js';
import { addSource, type Environment } from './environment.js';
import { arithmetic, type Expansion, getVariable, referent, subscriptOf } from './expand.js';
import { normalize, spawn } from './kernel.js';
import { isBytewise } from './locale.js';
import type { Flavour, Frame, Machine, Process, ShellProcess, Variable } from './state.js';
import { syntaxError } from './syntax-error.js';

export const SPECIAL_BUILTINS = new Set([
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
  /** The builtin that runs, and whether something of it could not be written. */
  builtin?: string;
  hasFailed?: boolean;
  /** `name: line n: text`, as this shell says it. */
  complain(text: string): void;
  /** An absolute path. */
  path(name: string): string;
  setVariable(name: string, value: string): boolean;
  value(name: string): string | undefined;
  /** Runs source text next, in this shell (eval, ., traps); `by`: who is named when its syntax is wrong. */
  run(source: string, frame?: Frame, by?: string): void;
  expansion(memo?: readonly string[]): Expansion;
}

export function newShell(flavour: Flavour, name: string, args: readonly string[], env: Readonly<Record<string, string>>): ShellProcess {
  const vars: Record<string, Variable> = {};
  const foreign: Record<string, string> = {};
  for (const [key, value] of Object.entries(env)) {
    if (/^[A-Za-z_]\w*$/.test(key)) vars[key] = { value, exported: true };
    else if (flavour !== 'dash') put(foreign, key, value);
  }
  vars['IFS'] = { value: ' \t\n' };
  vars['PS1'] ??= { value: flavour === 'bash' ? '\\s-\\v\\$ ' : '$ ' };
  vars['PS4'] ??= { value: '+ ' };
  vars['OPTIND'] = { value: '1' };
  if (flavour !== 'dash') vars['SHLVL'] = { value: String(Number(env['SHLVL'] ?? 0) + 1), exported: true };
  const own = Object.keys(foreign).length === 0 ? {} : { foreign };
  return {
    flavour,
    name,
    args: [...args],
    vars,
    ...own,
    functions: {},
    aliases: {},
    traps: {},
    options: {},
    stack: [],
    status: 0,
    jobs: [],
    line: 1,
    sub: false,
  };
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

/** The environment a program gets from this shell. */
export function exportedVariables(shell: ShellProcess, cwd: string): Record<string, string> {
  const env: Record<string, string> = { ...shell.foreign };
  for (const [name, variable] of Object.entries(shell.vars)) if (variable.exported === true) env[name] = variable.list?.['0'] ?? variable.value;
  env['PWD'] = cwd;
  return env;
}

/** Message prefix of this shell: `sh: 1: `, `bash: line 1: `, `sh: `. */
function prefix(shell: ShellProcess): string {
  if (shell.flavour === 'dash') return `${shell.name}: ${shell.line}: `;
  if (shell.flavour === 'bash') return shell.interactive === true ? `${shell.name}: ` : `${shell.name}: line ${shell.line}: `;
  return shell.named === true ? `${shell.name}: line ${shell.line}: ` : `${shell.name}: `;
}

export function shellOf(machine: Machine, environment: Environment, process: Process): Shell {
  const shell = process.shell as ShellProcess;
  /** What a builtin could not write: said in the shell's way, and a failure. */
  const unwritten = (why: string): void => {
    const { builtin = '', hasFailed } = self;
    if (hasFailed !== true)
      self.complain({ ash: `write error: ${why}`, bash: `${builtin}: write error: ${why}`, dash: `${builtin}: ${builtin}: I/O error` }[shell.flavour]);
    self.hasFailed = true;
    shell.status = 1;
  };
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
        unwritten(result.error);
      } else if (result === 'closed' && text !== '') {
        unwritten('Bad file descriptor');
      } else if (result === 'full') process.block = { on: 'write', file: process.fds['1'] as number };
    },
    complain: (text) => void writeFd(machine, environment, process, 2, `${prefix(shell)}${text}\n`),
    path: (name) => normalize(process.cwd, name),
    value: (name) => getVariable(self.expansion(), name),
    setVariable: (given, text) => {
      const target = referent(shell.vars, given);
      const element = /^(\w+)\[(.+)\]$/s.exec(target);
      const name = element?.[1] ?? target;
      const old = Object.hasOwn(shell.vars, name) ? shell.vars[name] : undefined;
      if (old?.readonly === true) {
        self.complain(shell.flavour === 'bash' ? `${name}: readonly variable` : `${name}: is read only`);
        return false;
      }
      const value =
        old?.integer === true
          ? String(arithmetic(text, self.expansion()))
          : old?.letters === undefined
            ? text
            : old.letters === 'upper'
              ? text.toUpperCase()
              : text.toLowerCase();
      if (value.length > 1_000_000) {
        shell.big = Math.max(shell.big ?? 0, value.length);
        // Looked at before it doubles again.
        process.block = { on: 'time', until: machine.instant };
        machine.heavy = true;
      }
      if (element !== null) {
        const list = { ...(old?.list ?? (old === undefined ? {} : { '0': old.value })) };
        list[subscriptOf(old, element[2] as string, self.expansion())] = value;
        shell.vars[name] = { ...old, value: list['0'] ?? '', list };
      } else if (old?.list !== undefined) old.list['0'] = value;
      else if (old === undefined) shell.vars[name] = { value, ...(shell.options['a'] === true ? { exported: true } : {}) };
      else old.value = value;
      if (old !== undefined && shell.options['a'] === true) old.exported = true;
      return true;
    },
    run: (source, frame, by) => {
      const problem = environment.parser(source).problem(shell.flavour);
      if (problem !== undefined) {
        writeFd(machine, environment, process, 2, syntaxError(shell, source, problem, by));
        shell.status = 2;
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
      // dash has no locale at all.
      get isBytewise() {
        return shell.flavour === 'dash' || isBytewise(environment.host.os, (name) => shell.vars[name]?.value);
      },
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
