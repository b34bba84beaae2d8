/**
 * The seam between the container runtime (fake-runtime.ts) and what runs in a container: a behaviour from the image
 * catalogue, or the shell. A process is JSON; a behaviour is pure code that moves it on. Suspended and resumed at any
 * moment, in any other process of podsim, it does the same.
 */
import type { Continuation, Errand, ErrandStep, HttpCall } from '../api/errand.js';
import type { Time } from '../api/time.js';
import type { NodeView } from './node-view.js';

/** Later than anything: the last instant a Date can hold. JSON has no Infinity. */
export const FOREVER = 8.64e15 as Time;

/** What to start: an image's entrypoint or a command, environment resolved. */
export interface ProcessSpec {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly tty: boolean;
  readonly stdin: boolean;
}

/** JSON; its inner form is the behaviour's own affair. */
export interface ProcessState {
  /** Which behaviour moves it: `image`, `shell` … */
  readonly behaviour: string;
  readonly state: unknown;
}

/** A process that has been started. Without `next` it is run at once. */
export interface StartedProcess extends ProcessState {
  readonly next?: Time;
  /** As in {@link StepResult}. */
  readonly lazyUntil?: Time;
}

export interface Exit {
  readonly code: number;
  /** Died of this signal (code is 128 + n then). */
  readonly signal?: number;
  /** `OOMKilled`, `StartError`; absent: Completed or Error by the code. */
  readonly reason?: string;
  readonly message?: string;
  /** When, if earlier than the host's now. */
  readonly at?: Time;
  /** The same command would end alike as long as no file changes: it read neither clock, network nor chance. */
  readonly steady?: boolean;
}

export interface StepResult {
  readonly state: ProcessState;
  readonly exit?: Exit;
  /** When to run it again; undefined: only a signal or input can move it. */
  readonly next?: Time;
  /**
   * Until then what it does shows only in its own log, files and answers: it may be run late, when somebody looks (the
   * runtime then runs it for every `next` on the way). {@link FOREVER}: it never ends by itself.
   */
  readonly lazyUntil?: Time;
  /** What its processes wait for at this instant (api/errand.ts). */
  readonly errands?: readonly { readonly pid: number; readonly errand: Errand }[];
  /** It is to hear of changes of these resources ({@link Behaviour.notice}). */
  readonly follows?: readonly string[];
}

export interface Behaviour {
  readonly name: string;
  /** Undefined: not for this behaviour to run (the next one is asked). Throws RuntimeError when it cannot start (StartError). */
  start(spec: ProcessSpec, host: ProcessHost): StartedProcess | undefined;
  /** Runs until `host.now`, an exit, or a block. Everything it does happens through the host, stamped with its own time. */
  run(state: ProcessState, host: ProcessHost): StepResult;
  /**
   * `SIGTERM` … to the process itself, or to one of those it consists of by its number. SIGKILL to itself never gets here. The
   * result says whether it exited by it.
   */
  signal(state: ProcessState, signal: string, host: ProcessHost, pid?: number): StepResult;
  /** Input from exec -i or attach. undefined: end of file. */
  input?(state: ProcessState, data: string | undefined, host: ProcessHost): StepResult;
  /** The next step of an errand that one of its processes waits for. It is run after. */
  answer?(state: ProcessState, pid: number, step: ErrandStep): void;
  /** Something that it follows may have changed. It is run after. */
  notice?(state: ProcessState): void;
  /** What it answers on a port now; undefined: it does not listen there. */
  serve?(state: ProcessState, port: number, request: ServedRequest, host: ProcessHost): ServedAnswer | undefined;
  /** Ports it listens on now. */
  listening?(state: ProcessState, host: ProcessHost): readonly number[];
  /** Memory in bytes and CPU in nanocores it uses now, for `top` and OOM. */
  usage?(state: ProcessState, host: ProcessHost): { readonly memory: number; readonly cpu: number };
  /** Of a server with workers: how often they have been replaced, and when last; undefined: never. */
  workers?(state: ProcessState): { readonly times: number; readonly at: number } | undefined;
  /** The processes it consists of; absent: one, with the command line it was started with. */
  processes?(state: ProcessState): readonly ProcessEntry[];
}

export type ServedRequest =
  | {
      readonly type: 'http';
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly from: string;
      /** It came through TLS. */
      readonly secure?: true;
      /** It is none of its own: what else comes of an earlier one, or (`input`) for it. */
      readonly continues?: Continuation;
      readonly input?: { readonly channel: number; readonly data?: Uint8Array };
    }
  | { readonly type: 'tcp'; readonly data?: string; readonly from: string }
  | { readonly type: 'grpc'; readonly service: string; readonly from: string }
  /** A datagram from that port. */
  | { readonly type: 'udp'; readonly data: string; readonly from: string; readonly port: number };

export type Protocol = 'TCP' | 'UDP';
export const protocolOf = ({ type }: ServedRequest): Protocol => (type === 'udp' ? 'UDP' : 'TCP');

/** Of a datagram without a body: it was taken, and nothing comes back. */
export interface ServedAnswer {
  /** PEM, of a server that speaks TLS: what it shows of itself. */
  readonly certificate?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly serving?: string;
  /** Nobody knows whether it speaks TLS on that port: whoever asks is right. */
  readonly anyScheme?: true;
  /** It passes on to whom the cluster's Ingresses name. */
  readonly ingress?: true;
  readonly goesOn?: GoesOn;
  /** Milliseconds until it answers. */
  readonly takes: number;
  readonly steadyUntil?: Time;
  /** The process's state after answering (a counter, an access log); undefined: unchanged. */
  readonly state?: ProcessState;
  /** Answering has moved the process on: when to run it next. */
  readonly next?: Time;
}

/** There is more to an answer than has come of it. */
export interface GoesOn {
  readonly from: Continuation;
  readonly as: 'lines' | 'frames';
  /** When there may be more though none of the resources has changed. */
  readonly next?: Time;
  /** Changes of these may mean more. */
  readonly resources: readonly string[];
}

/** A process as ps shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
  readonly since: number;
  readonly uid: number;
  readonly cpu?: number;
  readonly memory?: number;
  readonly gid?: number;
  /** Its words, where it did not write a title over them. */
  readonly argv?: readonly string[];
  readonly cwd?: string;
  /** Its container's files; absent: those of whoever looks. */
  root?(): Files;
  env?(): Readonly<Record<string, string>>;
}

/** The node and the container's place on it, as the kernel shows them. */
export interface SystemView {
  /** The node's: processors, bytes, when it was started. */
  readonly cpus: number;
  readonly memory: number;
  readonly booted: number;
  /** When the container was started. */
  readonly started: number;
  /** Of its cgroup: millicores and bytes. */
  readonly cpuLimit?: number | undefined;
  readonly cpuRequest?: number | undefined;
  readonly memoryLimit?: number | undefined;
  readonly oomScoreAdjust: number;
  /** What root may: names of capability(7) without `CAP_`. */
  readonly capabilities: readonly string[];
  readonly privileged: boolean;
  readonly noNewPrivileges: boolean;
  /** Its system calls are filtered. */
  readonly seccomp: boolean;
  readonly readOnlyRoot: boolean;
  /** The node's user that root is here; absent: root itself. */
  readonly rootIs?: number;
  /** Numbers of its namespaces, by their kinds. */
  readonly namespaces: Readonly<Record<string, number>>;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly mounts: readonly {
    readonly path: string;
    readonly readOnly: boolean;
    readonly isMemory: boolean;
    readonly size?: number | undefined;
    readonly used?: number;
  }[];
  usage(): { readonly memory: number; readonly cpu: number };
}

/** All a process can reach. No host file, socket or process of the machine podsim runs on. */
export interface ProcessHost {
  readonly now: Time;
  /** How far it may go on by itself: nobody who could notice has anything to do before. Absent: until now. */
  readonly until?: Time | undefined;
  readonly hostname: string;
  readonly ip: string;
  readonly files: Files;
  readonly network: Network;
  /** Appends to the container's log (or the exec's output), as of `at`. */
  write(stream: 'stdout' | 'stderr', text: string, at: Time): void;
  random(): number;
  /** Memory limit of the container in bytes, if any. */
  readonly memoryLimit: number | undefined;
  /** Group ids besides its own. */
  readonly groups?: readonly number[] | undefined;
  /** The programs of the image (or '*': any known program): decides command not found. */
  hasProgram(name: string): boolean;
  /** The catalogue's key of the image (`nginx`, `luksa/kubia`) and its tag: what a program the shell does not know would do in this image. */
  readonly image: string;
  readonly tag: string;
  /** What the tag's version is in full, if the catalogue knows (`8.0.42` for `8.0`). */
  readonly version?: string | undefined;
  /** Its userland: which shell `sh` is, and whose words programs speak. */
  readonly os: 'debian' | 'alpine' | 'busybox' | 'none' | 'ubuntu' | 'redhat';
  /**
   * The image catalogue as a behaviour: what a program that a shell starts and does not know would do (nginx behind `sh -c`).
   * Its `start` answers undefined for programs that are not the image's own.
   */
  readonly catalogue?: Behaviour | undefined;
  /** It is process 1 of its container: signals it does not handle do nothing. */
  readonly isInit: boolean;
  /** Somebody waits for its container's end. */
  readonly isTask?: boolean;
  /** Something is mounted besides what every container has. */
  readonly hasVolumes?: boolean;
  /** Its root may do less than usual: a read-only file system, other capabilities. */
  readonly isRestricted?: boolean;
  /** Ports the container's spec declares. */
  readonly declaredPorts: readonly number[];
  readonly declaredUdpPorts?: readonly number[];
  readonly pid: number;
  /** Processes of the same pid namespace that other records hold: the container's own as an exec sees it, with shareProcessNamespace the pod's. */
  processes?(): readonly ProcessEntry[];
  /** Ports that the pod's processes have claimed; by default TCP's. */
  listening?(protocol?: Protocol): readonly number[];
  /** The node below it, for who may reach its sockets; absent: out of reach. */
  readonly node?: NodeView | undefined;
  /** Absent: there is no kernel to ask. */
  readonly system?: SystemView | undefined;
  /** Appends to the log of the container's own process (an exec's `/proc/1/fd/1`). */
  log?(stream: 'stdout' | 'stderr', text: string, at: Time): void;
  /** Signals one of those; false: no such process. */
  kill?(pid: number, signal: string): boolean;
}

/** A file of the simulated file system. Directories have `entries` undefined here; list them with {@link Files.list}. */
export interface FileStat {
  readonly type: 'file' | 'directory' | 'symlink' | 'device' | 'fifo';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Time;
  readonly target?: string;
  /** Of a named pipe: where it is, links followed. */
  readonly pipe?: string;
  /** How many names it has; absent: one. */
  readonly links?: number;
}

/** Errors are the errno names: ENOENT, EACCES, EISDIR, ENOTDIR, EEXIST, EROFS, ENOTEMPTY, ENOSPC, EINVAL, ELOOP, EPERM, EXDEV, EBUSY. */
export class FileError extends Error {
  constructor(
    readonly code: string,
    readonly path: string,
  ) {
    super(`${code}: ${path}`);
  }
}

/** A container's view: image layer, writable layer and mounts put together. Paths are absolute. Content is binary-safe text (api/bytes.ts). */
export interface Files {
  /** Undefined: nothing there, for whatever reason. */
  stat(path: string, follow?: boolean): FileStat | undefined;
  /** As {@link Files.stat}, but says why there is nothing (a FileError). */
  look(path: string, follow?: boolean): FileStat;
  /** The path without links (realpath(3)); its last part need not be there. */
  realPath(path: string): string;
  /** May this path differ from the image's: changed by the container, or in a mount? Links are not followed. */
  isOwn(path: string): boolean;
  read(path: string): string;
  write(path: string, data: string, options?: { readonly append?: boolean; readonly mode?: number; readonly at?: Time }): void;
  list(path: string): readonly string[];
  makeDirectory(path: string, mode?: number): void;
  /** mkfifo(3). */
  makePipe(path: string, mode: number): void;
  link(target: string, path: string): void;
  /** Another name for the same file: EPERM for directories, EXDEV between mounts. */
  hardLink(from: string, path: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  setMode(path: string, mode: number): void;
  setOwner(path: string, uid: number, gid: number): void;
  setTime(path: string, at: Time): void;
  /** Changes whenever anything in view changes: what depends on files alone is steady while this stays. */
  readonly version: number;
}

/** The cluster's network as a pod sees it. */
export interface Network {
  /** `server`: who is asked instead of the first of resolv.conf. */
  resolve(
    name: string,
    server?: string,
  ): { readonly addresses: readonly string[]; readonly canonical?: string } | { readonly error: 'NXDOMAIN' | 'SERVFAIL' | 'TIMEOUT' };
  http(
    request: HttpCall & {
      readonly continues?: Continuation;
      readonly input?: { readonly channel: number; readonly data?: Uint8Array };
    },
  ): NetworkResult;
  tcp(host: string, port: number, data?: string): NetworkResult;
  /** A datagram and what is sent back; absent: nothing, though nobody refused it. `sourcePort`: default one of the free ones. */
  udp(
    host: string,
    port: number,
    data: string,
    sourcePort?: number,
  ): { readonly failure: 'refused' | 'timeout' | 'no-route' | 'no-host'; readonly takes: number } | { readonly body?: string; readonly takes: number };
  /** The name of an address, as the cluster's name server has it. */
  reverse?(ip: string): string | undefined;
  /** The pod's own listening ports (localhost is shared in the pod). False: taken. */
  listen(port: number, protocol?: Protocol): boolean;
  unlisten(port: number, protocol?: Protocol): void;
}

export type NetworkResult =
  | { readonly failure: 'refused' | 'timeout' | 'no-route' | 'no-host'; readonly takes: number }
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
      readonly remote: string;
      readonly goesOn?: GoesOn;
      readonly takes: number;
    };
