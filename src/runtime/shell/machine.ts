/** Runs a machine until nothing can go on at this instant: the scheduler of its processes, and the programs' system calls. */
import type { Errand, ErrandStep } from '../../api/errand.js';
import type { Time } from '../../api/time.js';
import { FileError, type Files, type ProcessHost, type Protocol, protocolOf, type ServedAnswer, type ServedRequest, type StepResult } from '../process.js';
import { readFd, writeFd } from './descriptors.js';
import type { Environment } from './environment.js';
import { stepShell } from './interpreter.js';
import { deliver, descriptorOf, errorText, isHeld, makePipe, normalize, openFile, openPipe, PIPE_SIZE, SIGNALS, spawn, tidy } from './kernel.js';
import { DEFAULT_PATH, hostFor, load, lookUp } from './loading.js';
import type { ProcessView, ProgramContext, Wait } from './program.js';
import { formatDate } from './programs/date.js';
import { rootedEnvironment } from './rooted.js';
import type { Flavour, ForeignProcess, Machine, Pipe, Process, ProgramProcess, ShellProcess } from './state.js';

/** Steps a machine may take at one instant before it is put off: a busy loop must not stop the world. */
const STEPS_PER_INSTANT = 20_000;
/** And in each slice that it is given afterwards. */
const STEPS_PER_SLICE = 4000;
/** After so many slices (about a minute) it is no long computation but a loop without end. */
const SAY_AFTER = 11;
const MAX_PROCESSES = 1000;
const MAX_TEXT = 16 * 1024 * 1024;

export interface Start {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly now: Time;
  /** True: standard input is what {@link Machine.input} brings; false: it is empty. */
  readonly stdin: boolean;
  readonly tty: boolean;
  /** 1 for a container's own process (no default signal actions); higher for exec. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** A machine whose main process runs argv; undefined when argv[0] cannot be found, with why. */
export function startMachine(start: Start, environment: Environment): Machine | { readonly error: 'missing' | 'denied' | 'directory' | 'loop' } {
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
    ...(start.tty ? { tty: true } : {}),
  };
  const found = lookUp(environment, start.cwd, start.env['PATH'] ?? DEFAULT_PATH, start.argv[0] ?? '');
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
  const now = environment.host.now;
  if (now > machine.instant) {
    // It has truly waited: what it does next is no part of an endless loop.
    if (machine.delayed !== true) delete machine.puts;
    delete machine.delayed;
    machine.instant = now;
    machine.steps = 0;
  }
  const budget = machine.puts === undefined ? STEPS_PER_INSTANT : STEPS_PER_SLICE;
  let rounds = 0;
  for (;;) {
    const main = machine.procs[machine.main];
    if (main === undefined || main.exit !== undefined) return;
    let ran = false;
    for (const key of Object.keys(machine.procs)) {
      const process = machine.procs[key];
      if (process === undefined || process.exit !== undefined || !isRunnable(machine, process)) continue;
      ran = true;
      delete process.block;
      if (process.foreign !== undefined) {
        stepForeign(machine, environment, process);
        continue;
      }
      // A slice each: a writer and its reader take turns.
      for (let i = 0; i < 200 && process.exit === undefined && process.block === undefined; i += 1) {
        machine.steps += 1;
        const its = process.root === undefined ? environment : rootedEnvironment(environment, process.root);
        if (process.shell !== undefined) stepShell(machine, its, process);
        else if (process.program !== undefined) stepProgram(machine, its, process);
        else break;
      }
      if (machine.procs[machine.main]?.exit !== undefined) break;
    }
    rounds += 1;
    if ((rounds & 15) === 0 || machine.heavy === true || machine.steps > budget || !ran) {
      tidy(machine);
      if (isTooBig(machine, environment)) return;
    }
    if (!ran) return;
    if (machine.steps > budget) {
      putOff(machine, environment, budget);
      return;
    }
  }
}

/** Without a limit of its own a container can take all its node has. */
const NODE_MEMORY = 16 * 1024 ** 3;

/** Processes and text a machine may hold: beyond it the kernel's OOM killer comes, or would have. */
function isTooBig(machine: Machine, environment: Environment): boolean {
  let text = 0;
  for (const pipe of Object.values(machine.pipes)) text += pipe.data.length;
  let memory = text;
  let count = 0;
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    count += 1;
    memory += process.memory ?? 0;
    if (process.shell?.big !== undefined) text += process.shell.big;
  }
  const { memoryLimit } = environment.host;
  if (memory + text > (memoryLimit ?? NODE_MEMORY)) return outOfMemory(machine);
  if (count > MAX_PROCESSES) return outOfMemory(machine, environment, `has ${count} processes`);
  if (text > MAX_TEXT) return outOfMemory(machine, environment, `holds more than ${MAX_TEXT / 1024 / 1024} MiB in variables and pipes`);
  return false;
}

/** The whole container goes (memory.oom.group, on since Kubernetes 1.28 with cgroup v2). */
function outOfMemory(machine: Machine, environment?: Environment, why?: string): true {
  if (why !== undefined) environment?.host.write('stderr', `podsim: this container ${why}; podsim ends it as out of memory\n`, machine.instant as Time);
  const main = machine.procs[machine.main];
  if (main !== undefined) {
    main.exit = 137;
    main.signal = 'KILL';
    machine.reason = 'OOMKilled';
  }
  return true;
}

/** A machine that never waits is made to, each time longer; it says so when that has gone on for a while. */
function putOff(machine: Machine, environment: Environment, budget: number): void {
  const puts = (machine.puts ?? 0) + 1;
  machine.puts = puts;
  machine.delayed = true;
  machine.steps = budget;
  const wait = Math.min(50 * 2 ** (puts - 1), 3_600_000);
  if (puts === SAY_AFTER)
    environment.host.write(
      'stderr',
      `podsim: this container never waits; after ${STEPS_PER_INSTANT + (SAY_AFTER - 1) * STEPS_PER_SLICE} steps podsim runs it on in slices\n`,
      machine.instant as Time,
    );
  for (const process of Object.values(machine.procs)) {
    // What gave up its turn only to be asked again, or waits for what has come, does not wait either.
    if (process.exit === undefined && process.foreign === undefined && isRunnable(machine, process))
      process.block = { on: 'time', until: machine.instant + wait };
  }
}

function isRunnable(machine: Machine, process: Process): boolean {
  if (process.foreign !== undefined) return process.foreign.next !== undefined && process.foreign.next <= machine.instant;
  const block = process.block;
  if (block === undefined) return true;
  if (process.pending.length > 0 && process.shell !== undefined && process.capture === undefined) {
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
      if (file.kind === 'pipe') return (machine.pipes[file.pipe]?.data ?? '') !== '' || (file.awaits !== true && !isHeld(machine, file.pipe, 'write'));
      if (file.kind === 'input') return machine.input !== '' || machine.inputClosed;
      return true;
    }
    case 'write': {
      const file = machine.files[block.file];
      return file?.kind !== 'pipe' || (machine.pipes[file.pipe]?.data.length ?? 0) < PIPE_SIZE || !isHeld(machine, file.pipe, 'read');
    }
    case 'open': {
      const file = machine.files[block.file];
      return file?.kind !== 'pipe' || file.awaits !== true;
    }
    case 'children': {
      if (block.until !== undefined && machine.instant >= block.until) return true;
      const ended = (pid: number): boolean => machine.procs[pid] === undefined || machine.procs[pid]?.exit !== undefined;
      return block.any === true ? block.pids.some(ended) : block.pids.every(ended);
    }
    case 'errand':
    case 'forever':
      return false;
  }
}

/** Hands a process the step of its errand that it waits for. */
export function answerErrand(machine: Machine, pid: number, step: ErrandStep): void {
  const process = machine.procs[pid];
  if (process?.program === undefined || process.block?.on !== 'errand') return;
  process.program.step = step;
  delete process.block;
}

/** Whoever follows something looks whether it has changed. */
export function noticeChanges(machine: Machine): void {
  for (const process of Object.values(machine.procs)) if (followedBy(process) !== undefined) delete process.block;
}

const followedBy = ({ block }: Process): readonly string[] | undefined => (block !== undefined && 'follows' in block ? block.follows : undefined);

/** What the machine's processes wait for besides time and input. */
export function needsOf(machine: Machine): Pick<StepResult, 'errands' | 'follows'> {
  const errands: { pid: number; errand: Errand }[] = [];
  const follows = new Set<string>();
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    if (process.block?.on === 'errand') errands.push({ pid: process.pid, errand: process.block.errand });
    for (const resource of followedBy(process) ?? []) follows.add(resource);
  }
  return { ...(errands.length === 0 ? {} : { errands }), ...(follows.size === 0 ? {} : { follows: [...follows].sort() }) };
}

/** In ms: the time stands still while an errand's next step is worked out, unless nobody was there to do so. */
const ASKED_AGAIN = 1000;

/** The earliest time at which something of the machine goes on by itself. */
export function nextWake(machine: Machine): Time | undefined {
  let next: number | undefined;
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    const block = process.block;
    const until =
      block?.on === 'errand'
        ? machine.instant + ASKED_AGAIN
        : process.foreign !== undefined
          ? process.foreign.next
          : block === undefined
            ? machine.instant
            : 'until' in block
              ? block.until
              : undefined;
    if (until !== undefined && (next === undefined || until < next)) next = until;
  }
  return next as Time | undefined;
}

/** One move of a program that the image catalogue knows. */
function stepForeign(machine: Machine, environment: Environment, process: Process): void {
  const { foreign } = process;
  const { catalogue } = environment.host;
  if (foreign === undefined) return;
  delete foreign.next;
  if (catalogue === undefined) process.exit = 0;
  else takeForeign(machine, process, catalogue.run(foreign.process, hostFor(machine, environment, process)));
}

function takeForeign(machine: Machine, process: Process, { state, exit, next, lazyUntil }: StepResult): void {
  const foreign = process.foreign as ForeignProcess;
  foreign.process = state;
  delete foreign.lazyUntil;
  if (next !== undefined) foreign.next = next;
  if (lazyUntil !== undefined) foreign.lazyUntil = lazyUntil;
  if (exit === undefined) return;
  process.exit = exit.code;
  if (exit.signal !== undefined) process.signal = Object.entries(SIGNALS).find(([, number]) => number === exit.signal)?.[0] ?? 'KILL';
  if (exit.reason === 'OOMKilled') outOfMemory(machine);
}

/** Sends a signal to one process of the machine. */
export function signalProcess(machine: Machine, environment: Environment, process: Process, signal: string): void {
  if (process.exit !== undefined) return;
  const { catalogue } = environment.host;
  if (process.foreign !== undefined && catalogue !== undefined && signal !== 'KILL')
    takeForeign(machine, process, catalogue.signal(process.foreign.process, `SIG${signal}`, hostFor(machine, environment, process)));
  else if (!isTaken(machine, environment, process, signal))
    deliver(machine, process, signal, (name) => {
      const handles = environment.program(name)?.handles;
      return (typeof handles === 'function' ? handles(process.program?.argv.slice(1) ?? []) : handles)?.[`SIG${signal}`];
    });
  if (process.exit !== undefined) freePorts(machine, environment, process.pid);
}

/** A program may have its own way with a signal; it is run again then. */
function isTaken(machine: Machine, environment: Environment, process: Process, signal: string): boolean {
  const running = process.program;
  if (running === undefined || signal === 'KILL' || running.ignores?.includes(signal) === true) return false;
  const program = environment.program(running.name);
  if (program?.signal === undefined) return false;
  const context = new Context(machine, environment, process, running);
  if (!program.signal(context, `SIG${signal}`)) return false;
  context.flush();
  running.state = context.state;
  delete process.block;
  return true;
}

/** The longest that {@link runAside} waits for a command. */
const ASIDE_LIMIT = 30_000;

/** Runs a command to its end, ahead of time, as a child that nobody else sees; what it wrote, and how long it took. */
function runAside(
  { uid, gid, instant }: Machine,
  environment: Environment,
  argv: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): { readonly code: number; readonly output: string; readonly takes: number } {
  let output = '';
  let now = instant as Time;
  const write = (_stream: string, text: string): void => {
    output += text;
  };
  const host = Object.create(environment.host, { write: { value: write }, now: { get: () => now } }) as ProcessHost;
  const its: Environment = { ...environment, host };
  const machine = startMachine({ argv, env, cwd, now, stdin: false, tty: false, pid: 1000, uid, gid }, its);
  if ('error' in machine) return { code: 127, output, takes: 0 };
  for (;;) {
    runMachine(machine, its);
    const code = machine.procs[machine.main]?.exit;
    const next = nextWake(machine);
    if (code !== undefined) return { code, output, takes: now - instant };
    if (next === undefined || next - instant > ASIDE_LIMIT) return { code: 137, output, takes: ASIDE_LIMIT };
    now = Math.max(now, next) as Time;
  }
}

/** What answers on a port: a program that listens (nc, httpd), or a program of the image's own. */
export function serveMachine(machine: Machine, environment: Environment, port: number, request: ServedRequest): ServedAnswer | undefined {
  const owner = machine.listening[listenKey(port, protocolOf(request))];
  const listener = owner === undefined ? undefined : machine.procs[owner];
  if (listener?.program !== undefined && listener.exit === undefined) {
    const program = environment.program(listener.program.name);
    const context = new Context(machine, environment, listener, listener.program);
    const answer = program?.serve?.(context, request);
    context.flush();
    listener.program.state = context.state;
    delete listener.block;
    return answer;
  }
  for (const process of Object.values(machine.procs)) {
    if (process.foreign === undefined || process.exit !== undefined) continue;
    const answer = environment.host.catalogue?.serve?.(process.foreign.process, port, request, hostFor(machine, environment, process));
    if (answer === undefined) continue;
    const { state, ...rest } = answer;
    if (state !== undefined) process.foreign.process = state;
    return rest;
  }
  return undefined;
}

/** Members of {@link Machine.listening}: TCP's ports by their numbers alone. */
const UDP = 'udp/';
const listenKey = (port: number, protocol: Protocol): string => `${protocol === 'UDP' ? UDP : ''}${port}`;

export function portsOf(machine: Machine, environment: Environment): readonly number[] {
  const ports = Object.keys(machine.listening).flatMap((key) => (key.startsWith(UDP) ? [] : [Number(key)]));
  for (const process of Object.values(machine.procs))
    if (process.foreign !== undefined && process.exit === undefined)
      ports.push(...(environment.host.catalogue?.listening?.(process.foreign.process, hostFor(machine, environment, process)) ?? []));
  return ports;
}

/** A shell takes about a megabyte with what it maps, a small program half of it; one that never waits has a processor. */
export function usageOf(machine: Machine, environment: Environment): { readonly memory: number; readonly cpu: number } {
  let memory = 0;
  let cpu = machine.puts === undefined ? 0 : 1_000_000_000;
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    const own =
      process.foreign === undefined ? undefined : environment.host.catalogue?.usage?.(process.foreign.process, hostFor(machine, environment, process));
    memory += own?.memory ?? (process.shell === undefined ? 180_224 : 286_720) + (process.memory ?? 0);
    cpu += own?.cpu ?? process.cpu ?? (process.shell === undefined ? 1_000 : 20_000);
  }
  return { memory, cpu };
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
  const context = new Context(machine, environment, process, running);
  let result: number | Wait;
  try {
    result = program.run(context);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // What a program did not expect of its files ends the program, not podsim.
    context.err(`${running.name}: ${error.path}: ${errorText(error)}\n`);
    result = 1;
  }
  context.flush();
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
  if (result.wait === 'forever' && result.detached === true) {
    detach(machine, process);
    return;
  }
  if (result.wait === 'time') machine.steps += result.worked ?? 0;
  process.block = blockOf(result, process);
  if (context.output.full && process.block.on !== 'children') process.block = { on: 'write', file: process.fds['1'] as number };
}

/** Characters a program writes before they are passed on. */
const BUFFER = 4096;

/** What a program sees of its machine. */
class Context implements ProgramContext {
  state: unknown;
  /** What is not yet written; `full`: it has filled a pipe: nothing more until somebody reads. One for all contexts made from this one. */
  readonly output = { unwritten: '', full: false };
  private seen: Files | undefined;
  constructor(
    private readonly machine: Machine,
    private readonly environment: Environment,
    private readonly process: Process,
    private readonly running: ProgramProcess,
  ) {
    this.state = running.state;
  }
  get name(): string {
    const word = this.running.argv[0] as string;
    return word.slice(word.lastIndexOf('/') + 1);
  }
  get calledAs(): string {
    return this.running.argv[0] as string;
  }
  get args(): readonly string[] {
    return this.running.argv.slice(1);
  }
  get env(): Readonly<Record<string, string>> {
    return this.running.env;
  }
  get cwd(): string {
    return this.process.cwd;
  }
  get root(): string | undefined {
    return this.process.root;
  }
  get pid(): number {
    return this.process.pid;
  }
  get uid(): number {
    return this.machine.uid;
  }
  get gid(): number {
    return this.machine.gid;
  }
  get now(): Time {
    return this.machine.instant as Time;
  }
  clock(format: string): string {
    return this.environment.clock?.(format) ?? formatDate(this.now, format);
  }
  get host(): ProcessHost {
    return this.environment.host;
  }
  get files(): Files {
    this.seen ??= this.environment.filesOf?.(this.process.pid) ?? this.environment.host.files;
    return this.seen;
  }
  get flavour(): Flavour {
    return this.environment.shellFlavour('sh') ?? 'ash';
  }
  get broken(): boolean {
    this.flush();
    return this.process.exit === 141;
  }
  get umask(): number {
    return this.process.umask;
  }
  get tty(): boolean {
    return this.machine.tty === true;
  }
  get keeps(): boolean {
    const kind = this.machine.files[this.process.fds['1'] as number]?.kind;
    return kind === 'output' || kind === 'file';
  }
  isOwn(fd: string): boolean {
    const kind = this.machine.files[this.process.fds[fd] as number]?.kind;
    return kind === (fd === '0' ? 'input' : 'output');
  }
  step(): ErrandStep | undefined {
    const { step } = this.running;
    delete this.running.step;
    return step;
  }
  path(name: string): string {
    return normalize(this.process.cwd, name);
  }
  stream(name: string, end: 'read' | 'write'): string | undefined {
    const path = this.path(name);
    const given = name === '-' ? (end === 'read' ? '0' : '1') : descriptorOf(path);
    if (given !== undefined && this.process.fds[given] !== undefined) return given;
    const { pipe } = this.files.stat(path) ?? {};
    if (pipe === undefined) return undefined;
    const fd = `${end} ${pipe}`;
    this.process.fds[fd] ??= openPipe(this.machine, pipe, end);
    return fd;
  }
  isOpen(fd: string): boolean {
    const file = this.machine.files[this.process.fds[fd] as number];
    return file?.kind !== 'pipe' || file.awaits !== true;
  }
  close(fd: string): void {
    if (!/^\d+$/.test(fd)) delete this.process.fds[fd];
  }
  read(fd = '0'): string | undefined {
    return readFd(this.machine, this.environment, this.process, fd);
  }
  write(fd: string, text: string): void {
    if (fd === '1') this.out(text);
    else writeFd(this.machine, this.environment, this.process, fd, text);
  }
  out(text: string): void {
    this.output.unwritten += text;
    if (this.output.unwritten.length > BUFFER) this.flush();
  }
  /** As by stdio, many small pieces are written as one; before anything that others could see in another order. */
  flush(): void {
    const text = this.output.unwritten;
    if (text === '') return;
    this.output.unwritten = '';
    const result = writeFd(this.machine, this.environment, this.process, 1, text);
    if (result === 'broken') this.process.exit = 141;
    else if (result === 'full') this.output.full = true;
    else if (typeof result === 'object') {
      this.err(`${this.running.name}: write error: ${result.error}\n`);
      this.process.exit = 1;
    }
  }
  err(text: string): void {
    this.flush();
    writeFd(this.machine, this.environment, this.process, 2, text);
  }
  spawn(argv: readonly string[], options: NonNullable<Parameters<ProgramContext['spawn']>[1]> = {}): number {
    this.flush();
    return spawnFor(this.machine, this.environment, this.process, argv, options);
  }
  captured(pid: number): string {
    const pipe = this.process.captures?.[pid];
    if (pipe === undefined) return '';
    const text = this.machine.pipes[pipe]?.data ?? '';
    delete this.process.captures?.[pid];
    delete this.machine.pipes[pipe];
    return text;
  }
  child(pid: number): number | undefined {
    return this.machine.procs[pid]?.exit;
  }
  kill(pid: number, signal: string): boolean {
    const victim = this.machine.procs[pid];
    if (victim === undefined || victim.exit !== undefined) return this.environment.host.kill?.(pid, `SIG${signal}`) === true;
    if (signal !== '0') signalProcess(this.machine, this.environment, victim, signal);
    return true;
  }
  processes(): readonly ProcessView[] {
    return Object.values(this.machine.procs)
      .filter((other) => other.exit === undefined)
      .map((other) => viewOf(this.machine, other));
  }
  others(): readonly ProcessView[] {
    return this.environment.host.processes?.() ?? [];
  }
  uses(memory: number, cpu: number): void {
    this.process.memory = memory;
    this.process.cpu = cpu;
  }
  aside(argv: readonly string[]): { readonly code: number; readonly output: string; readonly takes: number } {
    return runAside(this.machine, this.environment, argv, { env: this.running.env, cwd: this.process.cwd });
  }
  listen(port: number, protocol: Protocol = 'TCP'): boolean {
    const key = listenKey(port, protocol);
    if (this.machine.listening[key] !== undefined || !this.environment.host.network.listen(port, protocol)) return false;
    this.machine.listening[key] = this.process.pid;
    return true;
  }
}

export function viewOf(machine: Machine, process: Process): ProcessView {
  const shell = process.shell;
  const argv = process.foreign?.argv ?? process.program?.argv;
  return {
    pid: process.pid,
    ppid: process.ppid,
    command: commandLine(machine, process),
    since: process.since,
    uid: machine.uid,
    gid: machine.gid,
    cwd: process.cwd,
    ...(argv === undefined ? (shell === undefined || shell.sub ? {} : { argv: shellWords(machine, process, shell) }) : { argv }),
    env: () =>
      process.program?.env ?? {
        ...shell?.foreign,
        ...Object.fromEntries(Object.entries(shell?.vars ?? {}).flatMap(([name, one]) => (one.exported === true ? [[name, one.value]] : []))),
      },
    ...(process.cpu === undefined ? {} : { cpu: process.cpu }),
    ...(process.memory === undefined ? {} : { memory: process.memory }),
  };
}

/** A daemon: a new process goes on with what it has, the one that was started ends well. */
function detach(machine: Machine, process: Process): void {
  const daemon = spawn(machine, 1, { 0: openFile(machine, { kind: 'null' }) }, process.cwd);
  daemon.fds['1'] = daemon.fds['2'] = daemon.fds['0'] as number;
  if (process.program !== undefined) daemon.program = process.program;
  daemon.block = { on: 'forever' };
  for (const [port, owner] of Object.entries(machine.listening)) if (owner === process.pid) machine.listening[port] = daemon.pid;
  process.exit = 0;
}

function freePorts(machine: Machine, environment: Environment, pid: number): void {
  for (const [port, owner] of Object.entries(machine.listening))
    if (owner === pid) {
      delete machine.listening[port];
      environment.host.network.unlisten(Number(port.replace(UDP, '')), port.startsWith(UDP) ? 'UDP' : 'TCP');
    }
}

function blockOf(wait: Wait, process: Process): NonNullable<Process['block']> {
  switch (wait.wait) {
    case 'time':
      return { on: 'time', until: wait.until, ...(wait.follows === undefined ? {} : { follows: wait.follows }) };
    case 'stdin':
      return process.fds[wait.fd ?? '0'] === undefined
        ? { on: 'time', until: 0 }
        : {
            on: 'read',
            file: process.fds[wait.fd ?? '0'] as number,
            ...(wait.until === undefined ? {} : { until: wait.until }),
            ...(wait.follows === undefined ? {} : { follows: wait.follows }),
          };
    case 'open':
      return { on: 'open', file: process.fds[wait.fd] as number };
    case 'children':
      return { on: 'children', pids: wait.pids, any: true, ...(wait.until === undefined ? {} : { until: wait.until }) } as NonNullable<Process['block']>;
    case 'output':
      return { on: 'write', file: process.fds['1'] as number };
    case 'errand':
      return { on: 'errand', errand: wait.errand };
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
  const pipe = options.capture === true ? makePipe(machine) : undefined;
  if (pipe !== undefined) {
    fds['1'] = pipe.write;
    (machine.pipes[pipe.pipe] as Pipe).capture = true;
  }
  const child = spawn(machine, parent.pid, fds, options.root === undefined ? parent.cwd : '/');
  if (options.root !== undefined) child.root = options.root;
  if (pipe !== undefined) parent.captures = { ...parent.captures, [child.pid]: pipe.pipe };
  const name = argv[0] ?? '';
  const its = options.root === undefined ? environment : rootedEnvironment(environment, options.root);
  const found = lookUp(its, child.cwd, env['PATH'] ?? DEFAULT_PATH, name);
  if (found.kind === 'none') {
    child.exit = found.why === 'missing' || found.why === 'path' ? 127 : 126;
    return child.pid;
  }
  load(machine, its, child, found, argv, env);
  if (child.program !== undefined && options.ignores !== undefined) child.program.ignores = options.ignores;
  return child.pid;
}

function commandLine(machine: Machine, process: Process): string {
  if (process.foreign !== undefined) return process.foreign.argv.join(' ');
  if (process.program !== undefined) return process.program.argv.join(' ');
  const shell = process.shell;
  if (shell === undefined) return '';
  if (shell.sub) return machine.procs[process.ppid] === undefined ? shell.name : commandLine(machine, machine.procs[process.ppid] as Process);
  return shellWords(machine, process, shell).join(' ');
}

const shellWords = (machine: Machine, process: Process, shell: ShellProcess): readonly string[] => [
  shell.name,
  ...(shell.command === true && process.pid === machine.main ? ['-c', machine.sources[0] ?? ''] : []),
  ...shell.args,
];
