/** The form every program fills in (programs/, one file each): a resumable step with its continuation as JSON. */
import type { Errand, ErrandStep } from '../../api/errand.js';
import type { Time } from '../../api/time.js';
import type { Files, ProcessEntry, ProcessHost, Protocol, ServedAnswer, ServedRequest } from '../process.js';
import type { Flavour } from './state.js';

/**
 * What a program waits for. It is run again, with its `state`, when that has come (or a child has ended). `follows`: or when one of these
 * resources has changed.
 */
export type Wait =
  /** `fd`: another stream than standard input. */
  | { readonly wait: 'stdin'; readonly until?: Time; readonly fd?: string; readonly follows?: readonly string[] }
  /** Somebody at the other end of a named pipe. */
  | { readonly wait: 'open'; readonly fd: string }
  /** `worked`: it has not waited but used up its turn, which counts as so many of the machine's steps. */
  | { readonly wait: 'time'; readonly until: Time; readonly worked?: number; readonly follows?: readonly string[] }
  | { readonly wait: 'children'; readonly pids: readonly number[]; readonly until?: Time }
  | { readonly wait: 'output' }
  /** The next step of this errand ({@link ProgramContext.step}). */
  | { readonly wait: 'errand'; readonly errand: Errand }
  /** `detached`: it has put itself into the background (a daemon); whoever waits for it goes on. */
  | { readonly wait: 'forever'; readonly detached?: boolean };

export type ProcessView = ProcessEntry;

export interface ProgramContext<S = unknown> {
  /** As it was called: `grep`, `egrep`. */
  readonly name: string;
  /** Its first word as it was given: `/bin/grep`. */
  readonly calledAs: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Its root directory, if it is not the container's. */
  readonly root?: string | undefined;
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly now: Time;
  /** The time now as date(1) writes it. Who shows the time gets it from here. */
  clock(format: string): string;
  readonly host: ProcessHost;
  readonly files: Files;
  /** Which userland the image has: message texts differ between busybox and GNU. */
  readonly flavour: Flavour;
  /** Undefined on the first run; what was left here on later ones. JSON. */
  state: S | undefined;
  /** The step of its errand that it has waited for, once. */
  step(): ErrandStep | undefined;
  /** An absolute, normalised path. */
  path(name: string): string;
  /** The descriptor of what is no file but flows: `-`, `/dev/fd/63`, a named pipe (opened by this); undefined: a file like others, or nothing. */
  stream(name: string, end: 'read' | 'write'): string | undefined;
  /** False: of a named pipe nobody has the other end yet. */
  isOpen(fd: string): boolean;
  /** Of a stream that this program has opened. */
  close(fd: string): void;
  /** All of standard input (or another stream) that has come since the last call: '' nothing yet, undefined at its end. */
  read(fd?: string): string | undefined;
  write(fd: string, text: string): void;
  out(text: string): void;
  /** The whole line, with `name: ` in front if wanted, and its newline. */
  err(text: string): void;
  /** Nobody reads standard output any more. */
  readonly broken: boolean;
  readonly umask: number;
  /** Its machine has a terminal. */
  readonly tty: boolean;
  /** That descriptor is the machine's own: the terminal, if it has one. */
  isOwn(fd: string): boolean;
  /** What it writes is kept: standard output is the log or a file. */
  readonly keeps: boolean;
  /** Starts another program with this one's descriptors (or its output captured), for xargs, timeout, env, find -exec. */
  spawn(
    argv: readonly string[],
    options?: {
      readonly env?: Readonly<Record<string, string>>;
      readonly stdin?: string;
      readonly ignores?: readonly string[];
      /** What it writes is kept for {@link captured}. */
      readonly capture?: boolean;
      /** Its root directory; it begins there. */
      readonly root?: string;
    },
  ): number;
  /** All that a captured program has written, once. */
  captured(pid: number): string;
  /** Exit status of a spawned program; undefined while it runs. */
  child(pid: number): number | undefined;
  /** Sends a signal; false: no such process. */
  kill(pid: number, signal: string): boolean;
  /** For ps and top: what this machine runs. */
  processes(): readonly ProcessView[];
  /** The container's own processes besides this machine's (`exec` sees process 1), and with a shared process namespace the pod's. */
  others(): readonly ProcessView[];
  /** Runs a command to its end at once, for who answers a request by it. */
  aside(argv: readonly string[]): { readonly code: number; readonly output: string; readonly takes: number };
  /** Answers requests to that port by its {@link Program.serve}; false: it is taken. */
  listen(port: number, protocol?: Protocol): boolean;
  /** Memory and processor it holds from now on, for `top` and the OOM killer. Bytes and nanocores. */
  uses(memory: number, cpu: number): void;
}

type Handled = Readonly<Record<string, number>>;

export interface Program {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Signals it handles by ending itself (as pid 1, others are ignored): exit code by signal, or what it is for these arguments. */
  readonly handles?: Handled | ((args: readonly string[]) => Handled);
  /** A number: it exits with it. */
  run(context: ProgramContext): number | Wait;
  /** Somebody has connected to a port it listens on. Afterwards it is run again. */
  serve?(context: ProgramContext, request: ServedRequest): ServedAnswer | undefined;
  /** A signal that it handles in a way of its own, and is run again after; false: as {@link handles} says. */
  signal?(context: ProgramContext, signal: string): boolean;
  /** Another program of that name in the image's catalogue entry is asked first (python, redis-cli). */
  readonly yields?: boolean;
}
