/**
 * What can be known of a machine without running it: it never ends by itself and touches nobody else, so it may be run late,
 * when somebody looks (StepResult.lazyUntil).
 */
import type { Command, Executable, Word } from './ast.js';
import { type Environment, nodeOf } from './environment.js';
import type { Frame, Machine, Process } from './state.js';

/** Commands that leave everything but their own container alone and never end the shell they run in. */
const TAME: ReadonlySet<string> = new Set(
  ': [ [[ awk basename cat cd chmod chown cp cut date dirname du echo egrep env expr export false fgrep find grep head hostname id jobs let ln local ls md5sum mkdir mv nproc printenv printf ps pwd rev rm sed seq sha256sum shift sleep sort stat tac tail tee test touch tr trap true uname uniq uptime usleep wait wc which whoami'.split(
    ' ',
  ),
);

/** Whether running this source late shows nowhere else: every command is known by name, and none can end the shell. */
function isTame(environment: Environment, source: string, known: Map<string, boolean>): boolean {
  const found = known.get(source);
  if (found !== undefined) return found;
  const parsed = environment.parser(source);
  const functions = new Set(parsed.nodes.flatMap((node) => (node.type === 'Function' ? [node.name.value] : [])));
  const tame =
    parsed.error === undefined &&
    parsed.nodes.every((node) => isTameNode(node, functions)) &&
    substitutions(source).every((inner) => isTame(environment, inner, known));
  if (known.size > 500) known.clear();
  known.set(source, tame);
  return tame;
}

function isTameNode(node: Executable, functions: ReadonlySet<string>): boolean {
  if (node.type === 'Coproc' || node.type === 'Select') return false;
  if (node.type !== 'Command') return true;
  // `${x:?}` and arithmetic on nonsense end a shell.
  if (wordsOf(node).some((word) => /\$\{[^}]*\?|\$\(\(|\$\[/.test(word.text) && !/^\$\(\([\s\w$+*-]*\)\)$/.test(word.text))) return false;
  const name = node.name?.value;
  return name === undefined || TAME.has(name) || functions.has(name);
}

export const wordsOf = (node: Command): readonly Word[] => [
  ...(node.name === undefined ? [] : [node.name]),
  ...node.suffix.flatMap((item) => (item.type === 'Word' ? [item] : [])),
];

/** Source texts of the command substitutions of a script, found by their parentheses. */
function substitutions(source: string): string[] {
  const out: string[] = [];
  for (let at = source.indexOf('$('); at >= 0; at = source.indexOf('$(', at + 2)) {
    if (source[at + 2] === '(') continue;
    let depth = 0;
    let end = at + 1;
    for (; end < source.length; end += 1) {
      if (source[end] === '(') depth += 1;
      else if (source[end] === ')' && --depth === 0) break;
    }
    out.push(source.slice(at + 2, end));
  }
  for (const match of source.matchAll(/`([^`]*)`/g)) out.push(match[1] as string);
  return out;
}

/** Whether the machine's main process never ends by itself, and nobody outside notices what it does. */
export function isEndless(machine: Machine, environment: Environment, known: Map<string, boolean>): boolean {
  const main = machine.procs[machine.main];
  if (main === undefined || Object.keys(machine.listening).length > 0) return false;
  for (const process of Object.values(machine.procs))
    if (process.pending.length > 0 || process.foreign !== undefined || (process.program !== undefined && !TAME.has(process.program.name))) return false;
  return neverEnds(machine, environment, main, known) && machine.sources.every((source) => isTame(environment, source, known));
}

function neverEnds(machine: Machine, environment: Environment, process: Process, known: Map<string, boolean>): boolean {
  if (process.exit !== undefined) return false;
  const { program, shell } = process;
  if (program !== undefined) return program.name === 'tail' && program.argv.some((arg) => /^-\w*[fF]/.test(arg));
  if (shell === undefined || shell.options['e'] === true || shell.options['u'] === true || shell.interactive === true) return false;
  if (shell.stack.some((frame) => isForever(machine, environment, frame))) return true;
  const top = shell.stack.at(-1);
  return top?.t === 'wait' && top.pids.some((pid) => machine.procs[pid] !== undefined && neverEnds(machine, environment, machine.procs[pid] as Process, known));
}

/** `while true`, `while :`, `until false`, `while [ 1 ]`. */
function isForever(machine: Machine, environment: Environment, frame: Frame): boolean {
  if (frame.t !== 'while') return false;
  const node = nodeOf(machine, environment, frame.s, frame.n);
  if (node.type !== 'While' || node.clause.commands.length !== 1) return false;
  const command = node.clause.commands[0]?.command;
  if (command?.type !== 'Command' || command.prefix.length > 0) return false;
  const words = wordsOf(command).map((word) => word.text);
  if (words.length !== command.suffix.length + 1) return false;
  const text = words.join(' ');
  return node.kind === 'while' ? /^(true|:|\/bin\/true|\[ (1|true) \]|sleep \d+|test 1)$/.test(text) : /^(false|\/bin\/false)$/.test(text);
}
