/** The shell as a behaviour of the runtime: what runs when a container's command is a shell, a script or a known program. */
import { RuntimeError } from '../../api/cri.js';
import type { Time } from '../../api/time.js';
import {
  type Behaviour,
  type Files,
  FOREVER,
  type ProcessEntry,
  type ProcessHost,
  type ProcessSpec,
  type ProcessState,
  type StepResult,
  type SystemView,
} from '../process.js';
import { createParser } from './ast.js';
import { isEndless } from './endless.js';
import type { Environment } from './environment.js';
import { normalize } from './kernel.js';
import { KernelFiles } from './kernel-files.js';
import { type Found, lookUp } from './loading.js';
import { answerErrand, needsOf, nextWake, noticeChanges, portsOf, runMachine, serveMachine, signalProcess, startMachine, usageOf, viewOf } from './machine.js';
import { programs } from './programs/index.js';
import type { Flavour, Machine } from './state.js';
import { forget, keepSteady, repeatRounds, tryRound } from './steady.js';
import { typeInto } from './terminal.js';

/** Which shell a name is in a userland: busybox's ash in alpine and busybox, dash as `sh` in Debian and Ubuntu, bash elsewhere. */
function shellFlavour(os: ProcessHost['os'], name: string): Flavour | undefined {
  const small = os === 'alpine' || os === 'busybox';
  if (name === 'sh') return small ? 'ash' : os === 'redhat' ? 'bash' : 'dash';
  if (name === 'bash' || name === 'dash') return name;
  return name === 'ash' ? 'ash' : undefined;
}

/** What execve says of a script without an interpreter, or with one that is not there (a line that ends in CR names none). */
function execFailure({ cwd }: ProcessSpec, environment: Environment, program: string): string | undefined {
  const found = lookUp(environment, cwd, '', program);
  if (found.kind !== 'script') return undefined;
  const [line = ''] = found.content.split('\n', 1);
  if (!line.startsWith('#!')) return 'exec format error';
  const interpreter = line.slice(2).trimStart().split(/[ \t]/, 1)[0] ?? '';
  return interpreter.endsWith('\r') || lookUp(environment, '/', '', interpreter).kind === 'none' ? 'no such file or directory' : undefined;
}

/** The host, its files with those the kernel shows: of the machine's own processes, and of the others of its namespace. */
function withKernel(host: ProcessHost, machine: Machine | undefined): { readonly host: ProcessHost; readonly filesOf?: (pid: number) => Files } {
  const processes = (): readonly ProcessEntry[] => [
    ...(host.processes?.() ?? []),
    ...Object.values(machine?.procs ?? {}).flatMap((process) => (machine === undefined || process.exit !== undefined ? [] : [viewOf(machine, process)])),
  ];
  const made = new Map<number, Files>();
  const filesOf = (self: number): Files => {
    const known = made.get(self);
    if (known !== undefined) return known;
    let system: SystemView | undefined;
    const files = new KernelFiles(host.files, () => {
      system ??= host.system;
      return system === undefined ? undefined : { host, system, self, processes };
    });
    made.set(self, files);
    return files;
  };
  const own = Object.create(host, { files: { get: () => filesOf(machine?.main ?? host.pid) } }) as ProcessHost;
  return { host: own, filesOf };
}

/** An executable file with nothing in it that a shell could read. */
function isBinary(path: string, { files }: ProcessHost): boolean {
  if (((files.stat(path)?.mode ?? 0) & 0o111) === 0) return false;
  const content = files.read(path);
  return content === '' || content.startsWith('\x7fELF');
}

/** Programs that neither wait long nor listen count as the shell's; servers are the image catalogue's. */
export function createShell(): Behaviour {
  const parser = createParser();
  const found = new Map<string, Found>();
  const tame = new Map<string, boolean>();
  const environmentOf = (given: ProcessHost, machine?: Machine): Environment => {
    const { host, filesOf } = withKernel(given, machine);
    return {
      ...(filesOf === undefined ? {} : { filesOf }),
      host,
      found,
      parser,
      program: (name) => (host.hasProgram(name) ? programs.get(name) : undefined),
      anyProgram: (name) => programs.get(name),
      shellFlavour: (name) => (host.hasProgram(name) ? shellFlavour(host.os, name) : undefined),
    };
  };
  /** Machines that are being run just now: who asks them meanwhile (over localhost) must not run them too. */
  const busy = new WeakSet<Machine>();
  const go = (machine: Machine, host: ProcessHost): void => {
    const environment = environmentOf(host, machine);
    busy.add(machine);
    try {
      runMachine(machine, environment);
      keepSteady(machine, host);
      tryRound(machine, environment);
    } finally {
      busy.delete(machine);
    }
  };
  const result = (machine: Machine, host: ProcessHost): StepResult => {
    const state: ProcessState = { behaviour: 'shell', state: machine };
    const main = machine.procs[machine.main];
    if (main === undefined || main.exit !== undefined) {
      const code = main?.exit ?? 0;
      return {
        state,
        exit: {
          code,
          ...(main?.signal === undefined ? {} : { signal: code - 128 }),
          ...(machine.reason === undefined ? {} : { reason: machine.reason }),
          at: machine.instant as Time,
        },
      };
    }
    const next = nextWake(machine);
    const lazyUntil = main.foreign?.lazyUntil ?? (isEndless(machine, environmentOf(host, machine), tame) ? FOREVER : undefined);
    return { state, ...(next === undefined ? {} : { next }), ...(lazyUntil === undefined ? {} : { lazyUntil: lazyUntil as Time }), ...needsOf(machine) };
  };
  return {
    name: 'shell',
    start(spec, host) {
      const environment = environmentOf(host);
      const program = spec.argv[0] ?? '';
      const name = program.split('/').at(-1) as string;
      const isKnown = environment.shellFlavour(name) !== undefined || environment.program(name) !== undefined;
      const path = program.includes('/') ? normalize(spec.cwd, program) : isKnown ? undefined : fileInPath(program, spec, host);
      const type = path === undefined ? undefined : host.files.stat(path)?.type;
      if (type === 'directory') throw new RuntimeError(`exec: "${program}": is a directory`);
      if (!isKnown && type !== 'file') return undefined;
      // A program that another container has put into a volume: nobody knows it here either.
      if (!isKnown && host.isInit && host.hasProgram(name) && path !== undefined && isBinary(path, host)) return undefined;
      const failure = host.isInit && type === 'file' ? execFailure(spec, environment, program) : undefined;
      const machine = startMachine(
        {
          // The error is runc's own to write: the container had begun.
          argv: failure === undefined ? spec.argv : ['sh', '-c', `echo "exec ${program}: ${failure}" >&2; exit 255`],
          env: spec.env,
          cwd: spec.cwd,
          now: host.now,
          stdin: spec.stdin,
          tty: spec.tty,
          pid: host.pid,
          uid: spec.uid,
          gid: spec.gid,
        },
        environment,
      );
      if ('error' in machine && machine.error === 'denied' && type === 'file') throw new RuntimeError(`exec: "${program}": permission denied`);
      return 'error' in machine ? undefined : { behaviour: 'shell', state: machine };
    },
    run(state, host) {
      const machine = state.state as Machine;
      if (!repeatRounds(machine, host, host.until ?? host.now)) go(machine, host);
      return result(machine, host);
    },
    signal(state, signal, host, pid) {
      const machine = state.state as Machine;
      const environment = environmentOf(host, machine);
      forget(machine);
      const target = machine.procs[pid ?? machine.main];
      if (target !== undefined) {
        machine.instant = Math.max(machine.instant, host.now);
        signalProcess(machine, environment, target, signal.replace(/^SIG/, ''));
        if (!busy.has(machine)) go(machine, host);
      }
      return result(machine, host);
    },
    input(state, data, host) {
      const machine = state.state as Machine;
      forget(machine);
      machine.instant = Math.max(machine.instant, host.now);
      if (data === undefined) machine.inputClosed = true;
      else if (machine.tty === true) typeInto(machine, environmentOf(host, machine), data);
      else machine.input += data;
      if (!busy.has(machine)) go(machine, host);
      return result(machine, host);
    },
    // They go on when they are run: whatever they do happens in a step of their node's.
    answer(state, pid, step) {
      answerErrand(state.state as Machine, pid, step);
    },
    notice(state) {
      noticeChanges(state.state as Machine);
    },
    serve(state, port, request, host) {
      const machine = state.state as Machine;
      const environment = environmentOf(host, machine);
      const answer = serveMachine(machine, environment, port, request);
      if (answer === undefined || busy.has(machine)) return answer;
      forget(machine);
      go(machine, host);
      const main = machine.procs[machine.main];
      return { ...answer, next: main?.exit === undefined ? (nextWake(machine) ?? FOREVER) : host.now };
    },
    listening: (state, host) => portsOf(state.state as Machine, environmentOf(host)),
    usage: (state, host) => usageOf(state.state as Machine, environmentOf(host)),
    processes(state) {
      const machine = state.state as Machine;
      return Object.values(machine.procs)
        .filter((process) => process.exit === undefined)
        .map((process) => viewOf(machine, process));
    },
  };
}

/** Where in the directories of PATH a file of that name is that somebody has written: a script of the image's, or one's own. */
const fileInPath = (name: string, { env }: ProcessSpec, host: ProcessHost): string | undefined =>
  (env['PATH'] ?? '')
    .split(':')
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => `${directory.replace(/\/$/, '')}/${name}`)
    .find((path) => {
      const found = host.files.stat(path);
      return found?.type === 'file' && found.size > 0;
    });
