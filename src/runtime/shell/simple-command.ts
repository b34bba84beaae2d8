/** A simple command: assignments, words, redirections, then a function, a builtin or a program. */
import type { Assignment, Command, Executable, Parser, Redirection, Word } from './ast.js';
import { builtins } from './builtins/index.js';
import { writeFd } from './descriptors.js';
import { afterFailure, exitShell, leave, restoreFds } from './ending.js';
import { enter } from './entering.js';
import { type Environment, nodeOf } from './environment.js';
import { type Expansion, expandFields, expandString, expandWords, getVariable, referent, subscriptOf } from './expand.js';
import { DEFAULT_PATH, execute, load, lookUp } from './loading.js';
import { redirect } from './redirection.js';
import { exportedVariables, type Shell, SPECIAL_BUILTINS, shellOf } from './shell.js';
import type { Frame, FrameOf, Machine, Process, ShellProcess, Variable } from './state.js';
import { withExpansion } from './substitution.js';

/** A simple command: expand, redirect, then a function, a builtin, or a program. */
export function stepCommand(machine: Machine, environment: Environment, process: Process, frame: FrameOf<'command'>): void {
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
  const arrays: { readonly assignment: Assignment; values?: readonly string[] }[] = [];
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(item);
    else if (item.type === 'Assignment' && item.value.type === 'ArrayValue') arrays.push({ assignment: item });
    else if (item.type === 'Assignment') words.push(assignmentWord(item, environment.parser));
  }
  let argv: string[] = [];
  let saved: Record<string, number | null> | undefined;
  let local: Record<string, string> = {};
  let lent: readonly string[] = [];
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
    for (const array of arrays) {
      array.values = array.assignment.value.type === 'ArrayValue' ? array.assignment.value.elements.flatMap((word) => expandFields(word, x)) : [];
      if (declares) argv.push(array.assignment.name);
    }
    if (shell.options['x'] === true) trace(self, assignments, argv, x);
    lent = process.substituted ?? [];
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
  runCommand(self, argv, local, saved, { at: { s: frame.s, n: frame.n } });
  // The redirections of `exec` stay; what only lent its name to one does not.
  if (name === 'exec' && argv.length === 1) for (const fd of lent) delete process.fds[fd];
  for (const { assignment, values = [] } of arrays) setArray(shell, assignment, values);
}

function setArray(shell: ShellProcess, { name: given, append }: Assignment, values: readonly string[]): void {
  const name = referent(shell.vars, given);
  const variable = shell.vars[name];
  const old = append === true ? (variable?.list ?? {}) : {};
  const list: Record<string, string> = { ...old };
  let next = Math.max(-1, ...Object.keys(old).map(Number).filter(Number.isInteger)) + 1;
  for (const value of values) {
    const keyed = /^\[(.+?)\]=([\s\S]*)$/.exec(value);
    if (keyed === null) list[next++] = value;
    else {
      list[keyed[1] as string] = keyed[2] as string;
      if (/^\d+$/.test(keyed[1] as string)) next = Number(keyed[1]) + 1;
    }
  }
  shell.vars[name] = { ...variable, value: list['0'] ?? '', list };
}

function assign(self: Shell, assignment: Assignment, x: Expansion): void {
  const { shell } = self;
  const name = referent(shell.vars, assignment.name);
  if (assignment.value.type === 'ArrayValue') {
    setArray(
      shell,
      assignment,
      assignment.value.elements.flatMap((word) => expandFields(word, x)),
    );
    return;
  }
  const value = expandString(assignment.value as Word, x);
  if (assignment.index !== undefined) {
    const index = subscriptOf(shell.vars[name], assignment.index.text, x);
    const variable = shell.vars[name] ?? { value: '' };
    const list = variable.list ?? (variable.value === '' ? {} : { '0': variable.value });
    list[index] = assignment.append === true ? (list[index] ?? '') + value : value;
    shell.vars[name] = { ...variable, list };
    return;
  }
  const old = assignment.append === true ? (getVariable(x, name) ?? '') : '';
  x.assigned[name] = shell.vars[name]?.integer === true && old !== '' ? `${old}+(${value})` : old + value;
}

function assignmentWord(item: Assignment, parser: Parser): Word {
  const command = parser(`: ${item.text}`).root.commands[0]?.command;
  const word = command?.type === 'Command' ? command.suffix[0] : undefined;
  return word?.type === 'Word' ? word : { type: 'Word', text: item.text, value: item.text, pos: item.pos, end: item.end };
}

/** ash.c maybe_single_quote. */
const ASH_QUOTES = /[^-+,./0-9:@A-Z\]^_a-z]/;

function trace(self: Shell, assignments: readonly Assignment[], argv: readonly string[], x: Expansion): void {
  const { flavour } = self.shell;
  const isPlain = (word: string): boolean => (flavour === 'ash' ? !ASH_QUOTES.test(word) : word !== '' && !/[^\w@%+=:,./-]/.test(word));
  const quote = (word: string): string => (isPlain(word) ? word : `'${word.replace(/'/g, flavour === 'ash' ? `'"'"'` : `'\\''`)}'`);
  const values = assignments.map((assignment) => `${assignment.name}=${quote(x.assigned[assignment.name] ?? '')}`);
  const words = flavour === 'dash' ? argv : argv.map(quote);
  const ps4 = self.shell.vars['PS4']?.value ?? '+ ';
  writeFd(self.machine, self.environment, self.process, 2, `${ps4}${[...values, ...words].join(' ')}\n`);
}

/** Runs argv with temporary variables and redirections (`saved` undoes them): function, builtin or program. */
export function runCommand(
  self: Shell,
  argv: readonly string[],
  local: Readonly<Record<string, string>>,
  saved: Record<string, number | null>,
  options: { readonly noFunctions?: boolean; readonly at?: { readonly s: number; readonly n: number } } = {},
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
    self.builtin = name;
    self.hasFailed = false;
    const status = builtin.run(self, argv.slice(1));
    if (process.exit !== undefined) return;
    if (typeof status === 'number') {
      shell.status = status === 0 && self.hasFailed ? 1 : status;
      // Whatever it left on the stack (eval, .) runs before the redirections are undone.
      if (shell.stack.length === depth + 1 && shell.stack[depth] === restore) {
        shell.stack.pop();
        leave(process, restore);
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
    const found = lookUp(environment, process.cwd, env['PATH'] ?? shell.vars['PATH']?.value ?? DEFAULT_PATH, name);
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
  shell.stack.push({ t: 'wait', pids: [child], ...options.at });
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

export function lineOf(source: string, pos: number): number {
  let line = 1;
  for (let i = source.indexOf('\n'); i >= 0 && i < pos; i = source.indexOf('\n', i + 1)) line += 1;
  return line;
}
