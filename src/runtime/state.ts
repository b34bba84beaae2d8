/** What a node's runtime keeps in the saved state: one entry per sandbox (its containers and execs in it), all of it JSON. */
import type { ContainerConfig, PodSandboxConfig } from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import { sandboxKey } from './identity.js';
import type { ProcessState, ServedRequest } from './process.js';

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
}

/** Configurations as they are kept: what is empty or false is left out. */
export type StoredContainerConfig = Pick<ContainerConfig, 'name' | 'attempt'> &
  Partial<Omit<ContainerConfig, 'env' | 'image'>> & { readonly env?: Readonly<Record<string, string>> };
export type StoredSandboxConfig = Pick<PodSandboxConfig, 'podKey' | 'podUid' | 'hostname'> & Partial<PodSandboxConfig>;

export const TERMINATION_LOG = '/dev/termination-log';

export function storedContainerConfig(config: ContainerConfig): StoredContainerConfig {
  const { name, attempt } = config;
  const out: { -readonly [K in keyof StoredContainerConfig]: StoredContainerConfig[K] } = { name, attempt };
  for (const key of LISTS) if (config[key].length > 0) Object.assign(out, { [key]: config[key] });
  for (const key of FLAGS) if (config[key]) out[key] = true;
  for (const key of VALUES) if (config[key] !== undefined) Object.assign(out, { [key]: config[key] });
  if (config.env.length > 0) {
    const env: Record<string, string> = {};
    for (const { name: variable, value } of config.env) env[variable] = value;
    out.env = env;
  }
  for (const _ in config.resources) {
    out.resources = config.resources;
    break;
  }
  if (config.terminationMessagePath !== TERMINATION_LOG) out.terminationMessagePath = config.terminationMessagePath;
  return out;
}
const LISTS = ['command', 'args', 'mounts', 'ports'] as const;
const FLAGS = ['stdin', 'stdinOnce', 'tty', 'readOnlyRootFilesystem'] as const;
const VALUES = [
  'workingDir',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'capabilities',
  'privileged',
  'noNewPrivileges',
  'seccomp',
  'targetContainer',
] as const;

export function storedSandboxConfig(config: PodSandboxConfig): StoredSandboxConfig {
  const { podKey, podUid, hostname, dns } = config;
  const out: { -readonly [K in keyof StoredSandboxConfig]: StoredSandboxConfig[K] } = { podKey, podUid, hostname, dns };
  for (const key of ['hostNetwork', 'hostPID', 'shareProcessNamespace'] as const) if (config[key]) out[key] = true;
  if (config.domain !== undefined) out.domain = config.domain;
  if (config.hostAliases.length > 0) out.hostAliases = config.hostAliases;
  if (config.hostPorts.length > 0) out.hostPorts = config.hostPorts;
  for (const _ in config.sysctls) {
    out.sysctls = config.sysctls;
    break;
  }
  return out;
}

export interface ContainerRecord extends ProcessRecord {
  id: string;
  /** Why it cannot be started: something cannot be mounted where it should. */
  mountError?: string;
  config: StoredContainerConfig;
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
}

/** A port as a member's name. By its number alone it would be an array's, with room for all numbers below. */
export const portKey = (port: number): string => `tcp/${port}`;

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
