/** Runs a machine until nothing can go on at this instant: the scheduler of its processes, and the programs' system calls. */
import type { Time } from '../../api/time.js';
import { DEFAULT_PATH, type Environment, execute, forkShell, load, lookUp, newShell, readFd, shellOf, spawn, stepShell, tidy, writeFd } from './interpreter.js';
import { deliver, isHeld, normalize, openFile, PIPE_SIZE } from './kernel.js';
import type { ProgramContext, Wait } from './program.js';
import type { Flavour, Machine, Process } from './state.js';

/** Steps a machine may take at one instant before it is put off: a busy loop must not stop the world. */
export const STEPS_PER_INSTANT = 20_000;
/** Processes and text a machine may hold. */
const MAX_PROCESSES = 2000;

export interface Start {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly now: Time;
  /** True: standard input is what {@link Machine.input} brings; false: it is empty. */
  readonly stdin: boolean;
  /** 1 for a container's own process (no default signal actions); higher for exec. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** A machine whose main process runs argv; undefined when argv[0] cannot be found, with why. */
export function startMachine(start: Start, environment: Environment): Machine | { readonly error: 'missing' | 'denied' | 'directory' } {
  const machine: Machine = {
    uid: start.uid,
    gid: start.gid,
    sources: [],
    procs: {},
    files: {},
    pipes: {},
    nextPid: start.pid,
    nextFile: 0,
    nextPipe: 0,
    main: start.pid,
    input: '',
    inputClosed: !start.stdin,
    listening: {},
    steps: 0,
    instant: start.now,
    started: start.now,
  };
  const found = lookUp(machine, environment, start.cwd, start.env['PATH'] ?? DEFAULT_PATH, start.argv[0] ?? '');
  if (found.kind === 'none') return { error: found.why === 'path' ? 'missing' : found.why };
  const input = openFile(machine, start.stdin ? { kind: 'input' } : { kind: 'null' });
  const out = openFile(machine, { kind: 'output', stream: 'stdout' });
  const err = openFile(machine, { kind: 'output', stream: 'stderr' });
  const main = spawn(machine, 0, { 0: input, 1: out, 2: err }, start.cwd);
  load(machine, environment, main, found, start.argv, start.env);
  return machine;
}

/** Runs everything that can run now. Afterwards {@link nextWake} says when to call again. */
export function runMachine(machine: Machine, environment: Environment): void {
  if (environment.host.now > machine.instant) {
    machine.instant = environment.host.now;
    machine.steps = 0;
  }
  for (;;) {
    const main = machine.procs[machine.main];
    if (main === undefined || main.exit !== undefined) return;
    let ran = false;
    for (const process of Object.values(machine.procs)) {
      if (process.exit !== undefined || !isRunnable(machine, environment, process)) continue;
      ran = true;
      delete process.block;
      // A slice each: a writer and its reader take turns.
      for (let i = 0; i < 200 && process.exit === undefined && process.block === undefined; i += 1) {
        machine.steps += 1;
        if (process.shell !== undefined) stepShell(machine, environment, process);
        else stepProgram(machine, environment, process);
      }
      if (machine.procs[machine.main]?.exit !== undefined) break;
      if (machine.steps > STEPS_PER_INSTANT) {
        putOff(machine, environment);
        return;
      }
    }
    tidy(machine);
    if (!ran) return;
  }
}

/** A machine that never waits is made to: its running processes go on later, and it says so once. */
function putOff(machine: Machine, environment: Environment): void {
  const state = machine as Machine & { puts?: number };
  const puts = (state.puts ?? 0) + 1;
  state.puts = puts;
  const wait = Math.min(60_000 * 2 ** (puts - 1), 3_600_000);
  if (puts === 1)
    environment.host.write(
      'stderr',
      `podsim: this container has taken ${STEPS_PER_INSTANT} steps without waiting; podsim runs it on in slices\n`,
      machine.instant as Time,
    );
  const many = Object.values(machine.procs).filter((process) => process.exit === undefined).length;
  if (many > MAX_PROCESSES) {
    environment.host.write('stderr', `podsim: this container has ${many} processes; it is out of memory\n`, machine.instant as Time);
    const main = machine.procs[machine.main] as Process;
    main.exit = 137;
    main.signal = 'KILL';
    return;
  }
  for (const process of Object.values(machine.procs))
    if (process.exit === undefined && process.block === undefined) process.block = { on: 'time', until: machine.instant + wait };
}

function isRunnable(machine: Machine, environment: Environment, process: Process): boolean {
  const block = process.block;
  if (block === undefined) return true;
  if (process.pending.length > 0 && process.shell !== undefined && (process as { capture?: unknown }).capture === undefined) {
    const top = process.shell.stack.at(-1);
    if (top?.t !== 'wait' && top?.t !== 'pipeline') return true;
  }
  switch (block.on) {
    case 'time':
      return machine.instant >= block.until;
    case 'read': {
      if (block.until !== undefined && machine.instant >= block.until) return true;
      const file = machine.files[block.file];
      if (file === undefined) return true;
      if (file.kind === 'pipe') return (machine.pipes[file.pipe]?.data ?? '') !== '' || !isHeld(machine, file.pipe, 'write');
      if (file.kind === 'input') return machine.input !== '' || machine.inputClosed;
      return true;
    }
    case 'write': {
      const file = machine.files[block.file];
      return file?.kind !== 'pipe' || (machine.pipes[file.pipe]?.data.length ?? 0) < PIPE_SIZE || !isHeld(machine, file.pipe, 'read');
    }
    case 'children': {
      if ('until' in block && typeof block.until === 'number' && machine.instant >= block.until) return true;
      const ended = (pid: number): boolean => machine.procs[pid] === undefined || machine.procs[pid]?.exit !== undefined;
      return block.any === true ? block.pids.some(ended) : block.pids.every(ended);
    }
    case 'forever':
      return false;
  }
  void environment;
}

/** The earliest time at which something of the machine goes on by itself. */
export function nextWake(machine: Machine): Time | undefined {
  let next: number | undefined;
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    const block = process.block;
    const until = block === undefined ? machine.instant : 'until' in block ? (block as { until?: number }).until : undefined;
    if (until !== undefined && (next === undefined || until < next)) next = until;
  }
  return next as Time | undefined;
}

/** Runs a program for as long as it needs no waiting. */
function stepProgram(machine: Machine, environment: Environment, process: Process): void {
  const running = process.program;
  if (running === undefined) {
    process.exit = 126;
    return;
  }
  const program = environment.program(running.name);
  if (program === undefined) {
    writeFd(machine, environment, process, 2, `${running.name}: not found\n`);
    process.exit = 127;
    return;
  }
  let full = false;
  const context: ProgramContext = {
    name: (running.argv[0] as string).split('/').at(-1) as string,
    args: running.argv.slice(1),
    env: running.env,
    cwd: process.cwd,
    pid: process.pid,
    uid: machine.uid,
    gid: machine.gid,
    now: machine.instant as Time,
    host: environment.host,
    files: environment.host.files,
    flavour: environment.shellFlavour('sh') ?? 'ash',
    state: running.state,
    path: (name) => normalize(process.cwd, name),
    read: () => readFd(machine, environment, process, 0),
    out: (text) => {
      const result = writeFd(machine, environment, process, 1, text);
      if (result === 'broken') process.exit = 141;
      else if (result === 'full') full = true;
      else if (typeof result === 'object') {
        writeFd(machine, environment, process, 2, `${running.name}: write error: ${result.error}\n`);
        process.exit = 1;
      }
    },
    err: (text) => void writeFd(machine, environment, process, 2, text),
    get broken() {
      return process.exit === 141;
    },
    spawn: (argv, options) => spawnFor(machine, environment, process, argv, options ?? {}),
    child: (pid) => machine.procs[pid]?.exit,
    kill: (pid, signal) => {
      const victim = machine.procs[pid];
      if (victim === undefined || victim.exit !== undefined) return false;
      if (signal !== '0') deliver(machine, victim, signal, (name) => environment.program(name)?.handles?.[`SIG${signal}`]);
      return true;
    },
    processes: () =>
      Object.values(machine.procs)
        .filter((other) => other.exit === undefined)
        .map((other) => ({ pid: other.pid, ppid: other.ppid, command: commandLine(machine, other) })),
    listen: (port) => {
      if (machine.listening[port] !== undefined || !environment.host.network.listen(port)) return false;
      machine.listening[port] = process.pid;
      return true;
    },
  };
  const result = program.run(context);
  if (process.exit !== undefined) {
    freePorts(machine, environment, process.pid);
    return;
  }
  if (typeof result === 'number') {
    process.exit = result & 255;
    freePorts(machine, environment, process.pid);
    return;
  }
  running.state = context.state;
  process.block = blockOf(result, process);
  if (full && process.block.on !== 'children') process.block = { on: 'write', file: process.fds['1'] as number };
}

function freePorts(machine: Machine, environment: Environment, pid: number): void {
  for (const [port, owner] of Object.entries(machine.listening))
    if (owner === pid) {
      delete machine.listening[port];
      environment.host.network.unlisten(Number(port));
    }
}

function blockOf(wait: Wait, process: Process): NonNullable<Process['block']> {
  switch (wait.wait) {
    case 'time':
      return { on: 'time', until: wait.until };
    case 'stdin':
      return process.fds['0'] === undefined
        ? { on: 'time', until: 0 }
        : { on: 'read', file: process.fds['0'], ...(wait.until === undefined ? {} : { until: wait.until }) };
    case 'children':
      return { on: 'children', pids: wait.pids, any: true, ...(wait.until === undefined ? {} : { until: wait.until }) } as NonNullable<Process['block']>;
    case 'output':
      return { on: 'write', file: process.fds['1'] as number };
    case 'forever':
      return { on: 'forever' };
  }
}

function spawnFor(
  machine: Machine,
  environment: Environment,
  parent: Process,
  argv: readonly string[],
  options: NonNullable<Parameters<ProgramContext['spawn']>[1]>,
): number {
  const env = options.env ?? parent.program?.env ?? {};
  const fds: Record<string, number> = { ...parent.fds };
  if (options.stdin !== undefined) fds['0'] = openFile(machine, { kind: 'text', text: options.stdin, pos: 0 });
  const child = spawn(machine, parent.pid, fds, parent.cwd);
  const name = argv[0] ?? '';
  const found = lookUp(machine, environment, parent.cwd, env['PATH'] ?? DEFAULT_PATH, name);
  if (found.kind === 'none') {
    child.exit = found.why === 'missing' || found.why === 'path' ? 127 : 126;
    return child.pid;
  }
  load(machine, environment, child, found, argv, env);
  if (child.program !== undefined && options.ignores !== undefined) child.program.ignores = options.ignores;
  return child.pid;
}

function commandLine(machine: Machine, process: Process): string {
  if (process.program !== undefined) return process.program.argv.join(' ');
  const shell = process.shell;
  if (shell === undefined) return '';
  if (shell.sub) return machine.procs[process.ppid] === undefined ? shell.name : commandLine(machine, machine.procs[process.ppid] as Process);
  return [shell.name, ...(machine.sources[0] !== undefined && process.pid === machine.main ? ['-c', machine.sources[0]] : []), ...shell.args].join(' ');
}

export { execute, type Flavour, forkShell, newShell, shellOf };
