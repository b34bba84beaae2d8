/** Everything a suspended shell is: plain JSON. The machine is a small kernel: processes, open files, pipes. */

import type { Errand, ErrandStep } from '../../api/errand.js';
import type { ProcessState } from '../process.js';

/** Which shell speaks: its messages and a few rules differ. */
export type Flavour = 'ash' | 'dash' | 'bash';

/** An open file description, shared by the descriptors that point to it (dup, fork). */
export type OpenFile =
  /** `isMain`: of the container's own process, whoever writes. */
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly isMain?: true }
  | { readonly kind: 'input' }
  | { readonly kind: 'null' }
  /** `version`: of the files, when what was written last was the file's end. */
  | {
      readonly kind: 'file';
      readonly path: string;
      pos: number;
      readonly append: boolean;
      readonly read: boolean;
      readonly write: boolean;
      version?: number;
    }
  /** `awaits`: of a named pipe that nobody has opened at its other end yet. */
  | { readonly kind: 'pipe'; readonly pipe: number; readonly end: PipeEnd; awaits?: true }
  | { readonly kind: 'text'; readonly text: string; pos: number };

/** `both`: opened with `<>`. */
export type PipeEnd = 'read' | 'write' | 'both';

export interface Pipe {
  data: string;
  /** A command substitution: the machine itself collects the data when the command has ended. */
  capture?: boolean;
}

/** What keeps a process from going on. */
export type Block =
  | { readonly on: 'time'; readonly until: number; readonly follows?: readonly string[] }
  | { readonly on: 'read'; readonly file: number; readonly until?: number; readonly follows?: readonly string[] }
  | { readonly on: 'write'; readonly file: number }
  /** open(2) of a named pipe. */
  | { readonly on: 'open'; readonly file: number }
  | { readonly on: 'children'; readonly pids: readonly number[]; readonly any?: boolean; readonly until?: number }
  | { readonly on: 'errand'; readonly errand: Errand }
  | { readonly on: 'forever' };

export interface Variable {
  value: string;
  exported?: boolean;
  readonly?: boolean;
  /** bash array. */
  list?: Record<string, string>;
  /** Its subscripts are names (`declare -A`). */
  map?: true;
  /** It stands for the variable its value names (`declare -n`). */
  ref?: true;
  /** What it is given is reckoned (`declare -i`), or changed to that case (`-u`, `-l`). */
  integer?: true;
  letters?: 'upper' | 'lower';
}

/**
 * Where a shell process is. `s` is an index into {@link Machine.sources}, `n` a node number of that source's tree, `i` how far.
 * Frames are changed in place.
 */
export type Frame =
  | { t: 'list'; s: number; n: number; i: number }
  | { t: 'andor'; s: number; n: number; i: number }
  | { t: 'pipeline'; s: number; n: number; pids: number[]; started: boolean }
  | { t: 'not' }
  /** `time`: since when, and whether as POSIX has it. */
  | { t: 'timed'; since: number; posix?: true }
  | { t: 'if'; s: number; n: number; i: number; taken?: boolean }
  | { t: 'while'; s: number; n: number; inBody: boolean; last: number }
  | { t: 'for'; s: number; n: number; i: number; words?: string[]; memo: string[]; last: number }
  /** `asked`: its prompt stands there. `shows`: its menu comes before that. */
  | { t: 'select'; s: number; n: number; words?: string[]; memo: string[]; asked?: true; shows?: boolean; last: number }
  | { t: 'cfor'; s: number; n: number; phase: 'init' | 'test' | 'update'; last: number }
  | { t: 'case'; s: number; n: number; memo: string[]; item?: number }
  | { t: 'command'; s: number; n: number; memo: string[]; wait?: number }
  | { t: 'test'; s: number; n: number; memo: string[] }
  | { t: 'arith'; s: number; n: number; memo: string[] }
  | { t: 'redirected'; s: number; n: number; memo: string[]; saved?: Record<string, number | null>; entered: boolean }
  | { t: 'function'; saved: string[]; locals: Record<string, Variable | null>; redirects?: Record<string, number | null>; name: string }
  | { t: 'source'; saved?: string[] }
  | { t: 'restore'; fds: Record<string, number | null>; vars?: Record<string, Variable | null> }
  | { t: 'trap'; status: number; name: string }
  /** `s`, `n`: the command that is waited for. */
  | { t: 'wait'; pids: number[]; s?: number; n?: number }
  /** The script is wrong from here on. */
  | { t: 'fault'; text: string; status: number };

/** The frames of one kind of command. */
export type FrameOf<T extends Frame['t']> = Extract<Frame, { t: T }>;

export interface Process {
  readonly pid: number;
  readonly ppid: number;
  /** Descriptor → index in {@link Machine.files}. Not only numbers: what a program or a redirection is opening goes by its path. */
  fds: Record<string, number>;
  cwd: string;
  /** Its root directory, if it is not the container's (chroot). */
  root?: string;
  block?: Block;
  /** Exit status once it has ended; it stays until its parent has seen it. */
  exit?: number;
  /** It died of this signal. */
  signal?: string;
  /** Signals that came and wait to be handled. */
  pending: string[];
  /** What the modes of the files it makes lack. */
  umask: number;
  shell?: ShellProcess;
  program?: ProgramProcess;
  foreign?: ForeignProcess;
  /** When it was started. */
  since: number;
  /** What it holds: bytes and nanocores. */
  memory?: number;
  cpu?: number;
  /** A command substitution it waits for. */
  capture?: { readonly pid: number; readonly pipe: number };
  /** Descriptors of process substitutions in the command that is being expanded. */
  substituted?: string[];
  /** Nobody waits for it: it runs beside the command it was substituted into. */
  unawaited?: true;
  /** Pipes that keep what its children write, by pid. */
  captures?: Record<string, number>;
  /** What `read` has of an unfinished line, and how long it waits. */
  partial?: string;
  readUntil?: number;
}

export interface ShellProcess {
  flavour: Flavour;
  name: string;
  args: string[];
  vars: Record<string, Variable>;
  /** What of its environment cannot be a variable (`data-1`): bash and busybox hand it on, dash does not. */
  foreign?: Readonly<Record<string, string>>;
  functions: Record<string, { s: number; n: number }>;
  aliases: Record<string, string>;
  traps: Record<string, string>;
  /** Single-letter options that are on, and long ones: `e`, `u`, `x`, `pipefail`. */
  options: Record<string, boolean>;
  stack: Frame[];
  status: number;
  /** Pid of the last background command. */
  bang?: number;
  jobs: { pid: number; text: string; id: number }[];
  /** Status of the last command substitution, for assignments without a command. */
  substitution?: number;
  line: number;
  /** A subshell or substitution: `exit` and traps are its own. */
  sub: boolean;
  /** `$$` of a subshell: the main shell's. */
  dollar?: number;
  interactive?: boolean;
  /** Its commands came with -c. */
  command?: boolean;
  /** It goes by a name that it was given: its script's, or the word after the commands of -c. */
  named?: boolean;
  /** Interactive: input read and not yet run. */
  pendingInput?: string;
  /** Its prompt stands on the terminal. */
  prompted?: boolean;
  getopts?: number;
  exiting?: boolean;
  /** What `ulimit` has changed, by its letters. */
  limits?: Record<string, { readonly soft: string; readonly hard: string }>;
  /** Length of its largest variable, once that is worth watching. */
  big?: number;
}

/** A program of the image's own (nginx behind `sh -c`): the image catalogue moves it. */
export interface ForeignProcess {
  readonly argv: readonly string[];
  process: ProcessState;
  next?: number;
  lazyUntil?: number;
}

export interface ProgramProcess {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The program's own continuation. */
  state?: unknown;
  /** Of its errand, until it is run again. */
  step?: ErrandStep;
  ignores?: readonly string[];
}

export interface Machine {
  uid: number;
  gid: number;
  /** Source texts, by which frames and functions name what they run. */
  sources: string[];
  procs: Record<string, Process>;
  files: Record<string, OpenFile>;
  pipes: Record<string, Pipe>;
  /** Named pipes that are open: path → pipe. */
  named?: Record<string, number>;
  nextPid: number;
  nextFile: number;
  nextPipe: number;
  /** The process whose end is the machine's end. */
  main: number;
  /** Input that has arrived (exec -i, attach), and whether its end has. */
  input: string;
  inputClosed: boolean;
  /** Ports listened on: port → pid. */
  listening: Record<string, number>;
  /** Steps taken at this instant, against runaway scripts. */
  steps: number;
  instant: number;
  /** When the shell started, for $SECONDS. */
  started: number;
  /** How often in a row it was put off for never waiting. */
  puts?: number;
  /** It waits now only because it was put off. */
  delayed?: boolean;
  /** Why its end was no exit of its own: `OOMKilled`. */
  reason?: string;
  tty?: boolean;
  /** A line that is being typed on the terminal: how much of it is behind the cursor, and which of the lines before it was. */
  typed?: { readonly line: string; readonly behind?: number; readonly recalled?: number };
  /** Lines typed at a prompt, for recalling them. */
  history?: readonly string[];
  /** It holds enough for its memory to be worth watching. */
  heavy?: boolean;
  /** How often it has come to wait. */
  wakes?: number;
  /** It does the same in every round; see steady.ts. */
  steady?: Steady;
}

/** Text in which the date stands, in a `date` format; `joined`: runs of blanks in it have become one. */
export type Text = readonly (string | { readonly date: string; readonly joined?: true })[];

/** What a round does `after` so many milliseconds: a line of log, or text put into a file. */
export type Effect = { readonly after: number; readonly text: Text } & (
  | { readonly stream: 'stdout' | 'stderr'; readonly file?: undefined }
  | { readonly file: string; readonly append: boolean }
);

export interface Steady {
  /** When the last round began. */
  at: number;
  readonly period: number;
  /** Waits and new numbers of a round. */
  readonly wakes: number;
  readonly pids: number;
  readonly files: number;
  readonly pipes: number;
  readonly effects: readonly Effect[];
  /** The version of the files as the machine left them. */
  version: number;
}
