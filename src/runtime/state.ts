/** What a node's runtime keeps in the saved state: one entry per sandbox (its containers and execs in it), all of it JSON. */
import type { ContainerConfig, PodSandboxConfig } from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import { sandboxKey } from './identity.js';
import type { ProcessState, Protocol, ServedRequest } from './process.js';

/** A file system tree as a flat map: absolute (or volume-relative) path → node. Short keys: there are many of them. */
export type FileTree = Record<string, FileNode>;
export interface FileNode {
  /** Absent: a file. `p`: a named pipe. `x`: removed here (an overlay's whiteout). */
  type?: 'd' | 'l' | 'c' | 'p' | 'x';
  /** Content of a file (text of api/bytes.ts), target of a link. */
  data?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  mtime?: number;
  /** Names with the same number are one file (hard links). */
  ino?: string;
}

export interface ProcessRecord {
  process?: ProcessState;
  /** When it must be run again. */
  next?: number;
  /** Until then being late is unnoticed: it only writes its own log and files (see StepResult.lazyUntil). */
  lazy?: number;
  pid?: number;
  /** Resources whose changes it is to hear of. */
  follows?: readonly string[];
}

export type StoredSandboxConfig = Omit<PodSandboxConfig, 'dns'> & Partial<Pick<PodSandboxConfig, 'dns'>>;

export interface ContainerRecord extends ProcessRecord {
  id: string;
  /** Why it cannot be started: something cannot be mounted where it should. */
  mountError?: string;
  config: ContainerConfig;
  /** `docker.io/library/nginx:1.27`. */
  image: string;
  /** `docker.io/library/nginx@sha256:…`. */
  imageRef: string;
  /** The catalogue's key and the tag: what the container is made of. */
  repository: string;
  tag: string;
  state: 'created' | 'running' | 'exited';
  createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  exitCode?: number;
  reason?: string;
  message?: string;
  /** SIGKILL is due. */
  killAt?: number;
  /** It was told to stop: when, and how long it was given before SIGKILL, in ms. The signal is SIGTERM unless its image names another. */
  stop?: { at: number; grace: number; signal?: string };
  uid: number;
  gid: number;
  groups: readonly number[];
  /** The writable layer. */
  layer?: FileTree;
  /** Chunks of log in the state map, first kept and next to write; and what each stream has written of a line whose break has not come. */
  log?: { first: number; next: number; open?: Partial<Record<'stdout' | 'stderr', string>> };
  /** Counts changes of the writable layer. */
  version?: number;
  /** Standard input has been closed (stdinOnce). */
  stdinClosed?: boolean;
  random?: number;
}

export interface ExecRecord extends ProcessRecord {
  argv: readonly string[];
  startedAt: number;
  finishedAt?: number;
  exitCode?: number;
  error?: string;
  /** A timeout ends it then. */
  killAt?: number;
  timedOut?: boolean;
  tty?: boolean;
  /** Its answer depends on files alone (Exit.steady). */
  steady?: boolean;
  output: { stream: 'stdout' | 'stderr'; text: string }[];
}

/** A request that comes again and again (RuntimeService.repeat). */
export interface RepeatRecord {
  port: number;
  request: ServedRequest;
  next: number;
  every: number;
}

export interface SandboxRecord {
  id: string;
  config: StoredSandboxConfig;
  state: 'ready' | 'notready';
  ip: string;
  createdAt: number;
  containers: ContainerRecord[];
  execs?: Record<string, ExecRecord>;
  execCount?: number;
  /** Listening ports of the shared network namespace ({@link portKey}) → who claimed them. */
  ports?: Record<string, string>;
  pids?: number;
  repeats?: Record<string, RepeatRecord>;
  /** Connections to services so far. */
  connections?: number;
  /** Where kube-proxy sends it again, by service port (session affinity), and when it last went there. */
  affinities?: Record<string, { to: string; at: number }>;
}

/** A port as a member's name. By its number alone it would be an array's, with room for all numbers below. */
export const portKey = (port: number, protocol: Protocol = 'TCP'): string => `${protocol.toLowerCase()}/${port}`;

/** Addresses of a node's pod range: the last one given and those in use (the host-local IPAM plugin of kind's and flannel's CNI). */
export interface Addresses {
  last: number;
  used: Record<string, string>;
}

/** A pulled image, filed under its normalised name. */
export interface StoredImage {
  id: string;
  repoDigest: string;
  repoTags: string[];
  size: number;
  user: string;
}

/** The bit of a directory's mode by which what is made in it is of its group. */
export const SETGID = 0o2000;

export const keys = {
  sandbox: (node: string, id: string): string => `nodes/${node}/sandboxes/${sandboxKey(id)}`,
  sandboxes: (node: string): string => `nodes/${node}/sandboxes/`,
  log: (node: string, container: string, chunk: number): string => `nodes/${node}/logs/${container.slice(0, 16)}/${chunk}`,
  /** Storage that is nobody's disk (`pv/…`) is the same from every node. */
  volume: (node: string, volume: string): string => (volume.startsWith('pv/') ? `volumes/${volume}` : `nodes/${node}/volumes/${volume}`),
  addresses: (node: string): string => `nodes/${node}/addresses`,
  images: (node: string): string => `nodes/${node}/images`,
};

export function loadSandbox(state: StateMap, node: string, id: string): SandboxRecord | undefined {
  return state.get<SandboxRecord>(keys.sandbox(node, id));
}

/** Bytes its files hold. */
export const treeSize = (tree: FileTree = {}): number => Object.values(tree).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
