/**
 * What can be known of a machine without running it. Endless: it never ends by itself and touches nobody else, so it may be
 * run late, when somebody looks (StepResult.lazyUntil). Steady: it has come back to where it was, having touched nothing at
 * all, so it will do so for ever, and time may pass without a step.
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
export function isTame(environment: Environment, source: string, known: Map<string, boolean>): boolean {
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

const wordsOf = (node: Command): readonly Word[] => [
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

/** Where a machine is, but for the time and for numbers that only ever grow; undefined: not a simple sleep in a simple loop. */
export function fingerprint(machine: Machine): string | undefined {
  if (machine.input !== '' || Object.keys(machine.pipes).length > 0) return undefined;
  const parts: unknown[] = [machine.sources.length];
  const pid = (n: number): number => (n === machine.main ? n : n - machine.nextPid);
  for (const process of Object.values(machine.procs)) {
    const { program, shell, block } = process;
    if (process.foreign !== undefined || process.exit !== undefined || process.pending.length > 0) return undefined;
    const files = Object.entries(process.fds).map(([fd, id]) => {
      const file = machine.files[id];
      return file?.kind === 'output' || file?.kind === 'input' || file?.kind === 'null'
        ? `${fd}${file.kind}${file.kind === 'output' ? file.stream : ''}`
        : undefined;
    });
    if (files.includes(undefined)) return undefined;
    parts.push(pid(process.pid), files, process.cwd, process.memory, process.cpu);
    if (program !== undefined) {
      if (program.name !== 'sleep' || block?.on !== 'time') return undefined;
      parts.push(program.argv, block.until - machine.instant);
    }
    if (shell !== undefined) {
      const { stack, bang, jobs, substitution, ...rest } = shell;
      if (jobs.length > 0 || bang !== undefined) return undefined;
      for (const frame of stack) parts.push(frame.t === 'wait' || frame.t === 'pipeline' ? { ...frame, pids: frame.pids.map(pid) } : frame);
      parts.push(rest, substitution, block?.on);
      if (block?.on === 'time') parts.push(block.until - machine.instant);
    }
  }
  return JSON.stringify(parts);
}

/** How often a machine must have woken before it is looked at for steadiness, and for how many wakes then. */
const LOOK_AFTER = [16, 64, 256, 1024];
const LOOK_FOR = 6;

/** Called when the machine waits; `touched`: it has done something since its last wait. True: it is steady from now on. */
export function observe(machine: Machine, touched: boolean): boolean {
  machine.wakes = (machine.wakes ?? 0) + 1;
  const { wakes } = machine;
  const looking = LOOK_AFTER.some((from) => wakes >= from && wakes < from + LOOK_FOR);
  if (!looking || touched) {
    delete machine.mark;
    return false;
  }
  const print = fingerprint(machine);
  const { mark } = machine;
  if (print !== undefined && mark?.print === print && machine.instant > mark.at) {
    machine.steady = { at: machine.instant, period: machine.instant - mark.at, pids: machine.nextPid - mark.pid, files: machine.nextFile - mark.file };
    delete machine.mark;
    return true;
  }
  if (print === undefined) delete machine.mark;
  else if (mark === undefined) machine.mark = { print, at: machine.instant, pid: machine.nextPid, file: machine.nextFile };
  return false;
}

/** Brings a steady machine to the last time it would have woken before `now`, as if it had run all the way. */
export function catchUp(machine: Machine, now: number): void {
  const { steady } = machine;
  if (steady === undefined) return;
  delete machine.steady;
  const rounds = Math.floor((now - steady.at) / steady.period);
  if (rounds <= 0) return;
  const by = rounds * steady.period;
  const pids = rounds * steady.pids;
  const moved = (pid: number): number => (pid === machine.main ? pid : pid + pids);
  machine.instant += by;
  machine.nextPid += pids;
  machine.nextFile += rounds * steady.files;
  const procs: Record<string, Process> = {};
  for (const process of Object.values(machine.procs)) {
    const { block } = process;
    const next: Process = {
      ...process,
      pid: moved(process.pid),
      ppid: process.ppid === 0 ? 0 : moved(process.ppid),
      ...(process.pid === machine.main ? {} : { since: process.since + by }),
    };
    if (block?.on === 'time') next.block = { ...block, until: block.until + by };
    else if (block?.on === 'children') next.block = { ...block, pids: block.pids.map(moved) };
    if (process.program !== undefined) next.program = { ...process.program, state: { until: (process.program.state as { until: number }).until + by } };
    if (next.shell !== undefined)
      next.shell.stack = next.shell.stack.map((frame) => (frame.t === 'wait' || frame.t === 'pipeline' ? { ...frame, pids: frame.pids.map(moved) } : frame));
    procs[next.pid] = next;
  }
  machine.procs = procs;
  machine.wakes = (machine.wakes ?? 0) + rounds;
}
