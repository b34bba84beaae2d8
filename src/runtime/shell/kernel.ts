/** Processes, descriptors and pipes of one machine: what the operating system does for the shell. */
import { FileError } from '../process.js';
import type { Machine, OpenFile, PipeEnd, Process } from './state.js';

export const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  PWR: 30,
  SYS: 31,
};

/** `TERM` from `TERM`, `SIGTERM`, `term` or `15`; undefined when there is no such signal. */
export function signalName(text: string): string | undefined {
  if (/^\d+$/.test(text)) return Object.entries(SIGNALS).find(([, number]) => number === Number(text))?.[0];
  const name = text.toUpperCase().replace(/^SIG/, '');
  return Object.hasOwn(SIGNALS, name) ? name : undefined;
}

const IGNORED_BY_DEFAULT = new Set(['CHLD', 'URG', 'WINCH', 'CONT']);

export function openFile(machine: Machine, file: OpenFile): number {
  const id = machine.nextFile;
  machine.nextFile += 1;
  machine.files[id] = file;
  return id;
}

/** Forgets open files that no living process holds, and with them unused pipes. Returns nothing anybody needs. */
function collect(machine: Machine): void {
  const held = new Set<string>();
  for (const process of Object.values(machine.procs)) if (process.exit === undefined) for (const id of Object.values(process.fds)) held.add(String(id));
  const pipes = new Set<string>();
  for (const id of Object.keys(machine.files)) {
    if (!held.has(id)) delete machine.files[id];
    else {
      const file = machine.files[id] as OpenFile;
      if (file.kind === 'pipe') pipes.add(String(file.pipe));
    }
  }
  for (const [id, pipe] of Object.entries(machine.pipes)) if (!pipes.has(id) && pipe.capture !== true) delete machine.pipes[id];
  for (const [path, pipe] of Object.entries(machine.named ?? {})) if (machine.pipes[pipe] === undefined) delete machine.named?.[path];
}

export function makePipe(machine: Machine): { readonly read: number; readonly write: number; readonly pipe: number } {
  const pipe = machine.nextPipe;
  machine.nextPipe += 1;
  machine.pipes[pipe] = { data: '' };
  return { pipe, read: openFile(machine, { kind: 'pipe', pipe, end: 'read' }), write: openFile(machine, { kind: 'pipe', pipe, end: 'write' }) };
}

/** Opens a named pipe. With one end it is not open before somebody has the other (fifo(7)): until then it `awaits`. */
export function openPipe(machine: Machine, path: string, end: PipeEnd): number {
  machine.named ??= {};
  let pipe = machine.named[path];
  if (pipe === undefined || machine.pipes[pipe] === undefined || !(isHeld(machine, pipe, 'read') || isHeld(machine, pipe, 'write'))) {
    pipe = machine.nextPipe;
    machine.nextPipe += 1;
    machine.pipes[pipe] = { data: '' };
    machine.named[path] = pipe;
  }
  const isAlone = end !== 'both' && !isHeld(machine, pipe, end === 'read' ? 'write' : 'read');
  for (const file of Object.values(machine.files)) if (file.kind === 'pipe' && file.pipe === pipe && file.end !== end) delete file.awaits;
  return openFile(machine, { kind: 'pipe', pipe, end, ...(isAlone ? { awaits: true } : {}) });
}

/** The descriptor that a path of the kernel's names: `/dev/fd/63`, `/dev/stdin`. */
export function descriptorOf(path: string): string | undefined {
  const standard = ['/dev/stdin', '/dev/stdout', '/dev/stderr'].indexOf(path);
  return standard >= 0 ? String(standard) : /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1];
}

/** Whether any living process holds that end of the pipe. */
export function isHeld(machine: Machine, pipe: number, end: 'read' | 'write'): boolean {
  for (const process of Object.values(machine.procs)) {
    if (process.exit !== undefined) continue;
    for (const id of Object.values(process.fds)) {
      const file = machine.files[id];
      if (file?.kind === 'pipe' && file.pipe === pipe && (file.end === end || file.end === 'both')) return true;
    }
  }
  return false;
}

/** A pipe holds this much before its writer waits (Linux: 64 KiB). */
export const PIPE_SIZE = 65_536;

/** What {@link deliver} did with a signal. */
export type Delivery = 'ignored' | 'queued' | 'killed';

/** Sends a signal: traps are queued for the shell to run, pid 1 has no default actions, the rest ends the process. */
export function deliver(machine: Machine, process: Process, signal: string, handled: (name: string) => number | undefined): Delivery {
  if (process.exit !== undefined) return 'ignored';
  if (signal === 'KILL' && process.pid !== 1) return kill(machine, process, signal);
  const shell = process.shell;
  if (shell !== undefined) {
    const trap = shell.traps[signal];
    if (trap === '') return 'ignored';
    if (trap !== undefined) {
      process.pending.push(signal);
      return 'queued';
    }
  }
  if (process.program !== undefined) {
    if (process.program.ignores?.includes(signal)) return 'ignored';
    const code = handled(process.program.name);
    if (code !== undefined) {
      process.exit = code;
      return 'killed';
    }
  }
  if (process.pid === 1 || IGNORED_BY_DEFAULT.has(signal)) return 'ignored';
  return kill(machine, process, signal);
}

function kill(_machine: Machine, process: Process, signal: string): Delivery {
  process.exit = 128 + (SIGNALS[signal] as number);
  process.signal = signal;
  return 'killed';
}

/** Absolute and normalised, without following links. */
export function normalize(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** strerror of a FileError's code. */
export function errorText(error: unknown): string {
  if (!(error instanceof FileError)) throw error;
  const texts: Readonly<Record<string, string>> = {
    ENOENT: 'No such file or directory',
    EACCES: 'Permission denied',
    EISDIR: 'Is a directory',
    ENOTDIR: 'Not a directory',
    EEXIST: 'File exists',
    EROFS: 'Read-only file system',
    ENOTEMPTY: 'Directory not empty',
    ENOSPC: 'No space left on device',
    EINVAL: 'Invalid argument',
    ELOOP: 'Too many levels of symbolic links',
    EPERM: 'Operation not permitted',
    EXDEV: 'Invalid cross-device link',
    EBUSY: 'Device or resource busy',
  };
  return texts[error.code] ?? error.code;
}

/** A new process; its descriptors are the given ones. */
export function spawn(machine: Machine, parent: number, fds: Readonly<Record<string, number>>, cwd: string): Process {
  const process: Process = {
    pid: machine.nextPid,
    ppid: parent,
    fds: { ...fds },
    cwd,
    pending: [],
    umask: machine.procs[parent]?.umask ?? 0o22,
    ...(machine.procs[parent]?.root === undefined ? {} : { root: machine.procs[parent]?.root as string }),
    since: machine.instant,
  };
  machine.nextPid += 1;
  machine.procs[process.pid] = process;
  return process;
}

/** Ends a shell's dead children that nobody waits for, and forgets unused files. */
export function tidy(machine: Machine): void {
  for (const process of Object.values(machine.procs)) {
    if (process.exit === undefined || process.pid === machine.main) continue;
    const parent = machine.procs[process.ppid];
    const awaited = process.unawaited !== true && parent !== undefined && parent.exit === undefined;
    if (!awaited) delete machine.procs[process.pid];
  }
  collect(machine);
}
