/**
 * What a kubelet may ask of a container runtime: the verbs of the CRI (k8s.io/cri-api runtime/v1), for one node, in
 * simulated time. Every call answers at once; what takes time is reported by state that changes later, and
 * {@link RuntimeService.nextEvent} says when to look again.
 */
import type { Duration, Time } from './time.js';

export type SandboxId = string;
export type ContainerId = string;
export type ExecId = string;

/** The runtime keeps it as it is, with the pod's others by the ten thousand: what is false or empty is left out, and members come in this order. */
export interface PodSandboxConfig {
  readonly podKey: string;
  readonly podUid: string;
  readonly hostname: string;
  readonly dns: { readonly servers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] };
  readonly hostNetwork?: true;
  readonly hostPID?: true;
  readonly hostIPC?: true;
  /** It has a user namespace of its own. */
  readonly ownUsers?: true;
  readonly shareProcessNamespace?: true;
  /** What follows the host name in the pod's full name; absent without a subdomain. */
  readonly domain?: string;
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
  readonly hostPorts?: readonly { readonly containerPort: number; readonly hostPort: number; readonly protocol: string; readonly hostIP: string }[];
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** What only its start goes by. */
export interface SandboxStart {
  /** The address it has already (a loaded cluster's pod); absent: the next free one. */
  readonly ip?: string;
  /** What a RuntimeClass names; absent: the default one. */
  readonly runtimeHandler?: string;
  /** Of the pod's cgroup: all its containers have a limit. */
  readonly memoryLimit?: number;
}

export interface SandboxStatus {
  readonly id: SandboxId;
  readonly state: 'ready' | 'notready';
  /** The pod's IP; the node's when hostNetwork. */
  readonly ip: string;
  readonly createdAt: Time;
}

/** The file of a container's last words, unless it names another. */
export const TERMINATION_LOG = '/dev/termination-log';

/** Kept as it is, like {@link PodSandboxConfig}. */
export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  /** Replaces the image's entrypoint; absent: the image's. `$(VAR)` is already expanded. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly mounts?: readonly Mount[];
  /** Ports the spec declares; a program whose port is not known otherwise listens on the first. */
  readonly ports?: readonly { readonly containerPort: number; readonly protocol: string; readonly name?: string }[];
  /** Somebody waits for its end: an init container that is no sidecar, a container of a Job. */
  readonly isTask?: true;
  readonly stdin?: true;
  readonly stdinOnce?: true;
  readonly tty?: true;
  readonly readOnlyRootFilesystem?: true;
  readonly workingDir?: string;
  readonly runAsUser?: number;
  /** The image's user is to be another than root. */
  readonly runAsNonRoot?: true;
  readonly runAsGroup?: number;
  readonly supplementalGroups?: readonly number[];
  /** The image's own groups do not count (supplementalGroupsPolicy Strict). */
  readonly strictGroups?: true;
  /** Those besides or instead of a container's usual ones; absent: neither. */
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly privileged?: true;
  readonly noNewPrivileges?: true;
  /** `RuntimeDefault`, or the path of a profile on the node; absent: no filter. */
  readonly seccomp?: string;
  /** The profile that was loaded on the node; absent: the runtime's own, or none. */
  readonly appArmor?: string;
  /** The container among whose processes it runs (NamespaceMode TARGET). */
  readonly targetContainer?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly resources?: { readonly cpuLimit?: number; readonly memoryLimit?: number; readonly cpuRequest?: number; readonly memoryRequest?: number };
  /** Absent: {@link TERMINATION_LOG}. */
  readonly terminationMessagePath?: string;
}

/** What is mounted: a directory of the volume's content, kept by the runtime under `volume`. */
export interface Mount {
  readonly containerPath: string;
  /** Names the content: `<pod uid>/<volume>` for pod volumes, `pv/<name>`, `host:<path>`. */
  readonly volume: string;
  readonly subPath?: string;
  readonly readOnly: boolean;
  /** Where the kubelet has it on the node, for the runtime's words when it cannot be mounted there. */
  readonly source?: string;
}

/** Files of a volume, made by the kubelet (ConfigMap, Secret, downwardAPI, projected, token). Paths are relative. */
export interface VolumeContent {
  readonly files: Readonly<Record<string, { readonly data: string; readonly encoding?: 'base64'; readonly mode: number; readonly uid?: number }>>;
  readonly medium?: 'memory' | 'disk';
  /** Bytes there is room for; absent: as many as the node has. */
  readonly size?: number;
  /** The pod's fsGroup: who owns what is in it beside root. */
  readonly group?: number;
}

export interface ContainerStatus {
  readonly id: ContainerId;
  readonly name: string;
  readonly attempt: number;
  readonly state: 'created' | 'running' | 'exited';
  readonly createdAt: Time;
  readonly startedAt?: Time;
  readonly finishedAt?: Time;
  readonly exitCode?: number;
  /** `Completed`, `Error`, `OOMKilled`, `StartError` … */
  readonly reason?: string;
  readonly message?: string;
  readonly image: string;
  readonly imageRef: string;
  /** What the process wrote to terminationMessagePath. */
  readonly terminationMessage?: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
}

export interface ExecStatus {
  readonly state: 'running' | 'exited' | 'failed';
  readonly exitCode?: number;
  readonly startedAt: Time;
  readonly finishedAt?: Time;
  /** All of stdout, then all of stderr, as probes and hooks get it (kuberuntime RunInContainer). */
  readonly output: string;
  readonly stderr: string;
  /** `running`: it does nothing more by itself; it waits for its input, or for others. */
  readonly isWaiting?: boolean;
  /** `failed`: why it could not start, in the runtime's words. */
  readonly error?: string;
  /** `failed`: it was killed because its time was up. */
  readonly timedOut?: boolean;
  /** An identical exec now would end alike until this time (undefined: cannot tell; Infinity: until something else changes). */
  readonly steadyUntil?: Time;
}

export interface LogOptions {
  readonly sinceTime?: Time;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly previous?: boolean;
  /** Lines with that number and later. */
  readonly from?: number;
}

/** How many characters a process has written to each stream. */
export type Written = readonly [stdout: number, stderr: number];

export interface LogLine {
  readonly at: Time;
  readonly stream: 'stdout' | 'stderr';
  /** Counted from the container's start, those that have been rotated away too. */
  readonly number: number;
  /** Without the line break. */
  readonly text: string;
  /** It goes on in the stream's next line, or the container has ended before its break. */
  readonly partial?: boolean;
}

/** Throws a {@link RuntimeError} with the runtime's own words where the real one would fail. */
export interface RuntimeService {
  runPodSandbox(config: PodSandboxConfig, start: SandboxStart): SandboxStatus;
  podSandboxStatus(id: SandboxId): SandboxStatus | undefined;
  /** Kills whatever still runs in it and frees its address. */
  stopPodSandbox(id: SandboxId): void;
  removePodSandbox(id: SandboxId): void;
  createContainer(sandbox: SandboxId, config: ContainerConfig, image: string): ContainerId;
  startContainer(id: ContainerId): void;
  /** SIGTERM (or the image's STOPSIGNAL) now, SIGKILL after the grace period; 0: SIGKILL at once. The exit shows in the status. */
  stopContainer(id: ContainerId, gracePeriod: Duration): void;
  /** Gives a running container other amounts of cpu and memory. */
  updateContainerResources(id: ContainerId, resources: NonNullable<ContainerConfig['resources']>): void;
  removeContainer(id: ContainerId): void;
  /** All instances, oldest first. */
  listContainers(sandbox: SandboxId): readonly ContainerStatus[];
  /** Runs argv in a running container; look at it with {@link execStatus}. A timeout kills it. */
  exec(id: ContainerId, argv: readonly string[], timeout?: Duration): ExecId;
  execStatus(id: ExecId): ExecStatus | undefined;
  removeExec(id: ExecId): void;
  /** Runs argv with its streams kept, for `kubectl exec`: output by offset, input while `stdin`. */
  openExec(id: ContainerId, argv: readonly string[], options: { readonly stdin: boolean; readonly tty: boolean }): ExecId;
  /** Output pieces from `offset` (a count of pieces) on. */
  execOutput(id: ExecId, offset: number): readonly { readonly stream: 'stdout' | 'stderr'; readonly text: string }[];
  /** Input to an exec; undefined: end of file. */
  execInput(id: ExecId, data: string | undefined): void;
  /** Input to the container's own process (attach); undefined: end of file. */
  containerInput(id: ContainerId, data: string | undefined): void;
  /** Memory in bytes and CPU in nanocores its processes use now. */
  usage(id: ContainerId): { readonly memory: number; readonly cpu: number };
  /** Bytes its writable layer and its log take on the node's disk. */
  diskUsage(id: ContainerId): number;
  /** The machine has gone down under it: every process ended, and nobody saw how (exit code 255, reason Unknown). */
  loseSandbox(id: SandboxId): void;
  /** Sends a signal to process 1 as from outside the container (`podsim fault kill`): SIGKILL always ends it; `OOM` too, as OOMKilled. */
  killContainer(id: ContainerId, signal: string): void;
  logs(id: ContainerId, options: LogOptions): readonly LogLine[];
  /** What its process has written from there on, unfinished lines included, as far as it is still kept; and how much it was before `output`. */
  written(
    id: ContainerId,
    from: Written,
  ): { readonly output: readonly { readonly stream: 'stdout' | 'stderr'; readonly text: string }[]; readonly to: Written };
  /** Puts a volume's content in place, or renews it. */
  setVolume(volume: string, content: VolumeContent): void;
  removeVolume(volume: string): void;
  /** What there is at a path of the node itself, which mounts of the volume `host` are directories of. */
  hostEntry(path: string): 'directory' | 'file' | 'socket' | 'character device' | 'block device' | undefined;
  /** Why a volume's directory `base` has no such part: something is in the way of `making` it, or what is there cannot be taken (`binding`). */
  subPathTrouble(volume: string, base: string, subPath: string): 'making' | 'binding' | undefined;
  /** With the directories above it; `mode` absent: what root makes of it. */
  makeHostEntry(path: string, type: 'directory' | 'file', mode?: number): void;
  /** Texts of the plain files in a directory of the node itself, by their names. */
  hostFiles(directory: string): Readonly<Record<string, string>>;
  /** What is in a directory, sorted; directories end in `/`. */
  hostNames(directory: string): readonly string[];
  /** With all that is below it. */
  removeHostEntry(path: string): void;
  /** Bytes its files hold. */
  volumeUsage(volume: string): number;
  /** Runs the sandbox's processes up to now. The kubelet calls it first thing in every reconcile. */
  advance(sandbox: SandboxId): void;
  /** When something of this sandbox will change by itself (a process exits, a log line changes a probe's answer, an exec ends). */
  nextEvent(sandbox: SandboxId): Time | undefined;
  /** When any process of it will run again, log lines and output included: what somebody who follows it waits for. */
  nextStep(sandbox: SandboxId): Time | undefined;
  /**
   * A probe that is not stepped through is still there for all anybody can see: the same request at `from` and every `every`
   * after it, as far as it shows (a server's access log). It replaces what stood under the key; undefined ends it.
   */
  repeat(sandbox: SandboxId, key: string, what: { readonly request: NetworkRequest; readonly from: Time; readonly every: Duration } | undefined): void;
  /** A request from the node to an address or a name, as probes and HTTP hooks make it; to no host: within the sandbox, as port-forward makes it. */
  request(request: NetworkRequest): NetworkAnswer;
}

export type NetworkRequest =
  | {
      readonly type: 'http';
      readonly scheme: 'HTTP' | 'HTTPS';
      readonly host: string;
      readonly port: number;
      /** Default GET. */
      readonly method?: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly sandbox?: SandboxId;
    }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number; readonly data?: string; readonly sandbox?: SandboxId }
  | { readonly type: 'grpc'; readonly host: string; readonly port: number; readonly service: string; readonly sandbox?: SandboxId };

/** `timeout`: nothing answers at all; `no-host`: there is no such name. */
export type NetworkFailure = 'refused' | 'timeout' | 'no-route' | 'no-host';

export interface NetworkAnswer {
  /** Absent: it connected. */
  readonly failure?: NetworkFailure;
  /** Of a name: what it leads to; of one that leads nowhere: the server that says so. */
  readonly address?: string;
  /** http */
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM, of a server that speaks TLS: what it shows of itself. */
  readonly certificate?: string;
  /** grpc: `SERVING`, `NOT_SERVING`, `NOT_FOUND` of a service it has not, `UNIMPLEMENTED` without the health service; undefined: it does not speak gRPC. */
  readonly serving?: string;
  /** http: it would have been understood through TLS as well as without. */
  readonly anyScheme?: true;
  /** How long the answer takes. */
  readonly takes: Duration;
  /** The same request would be answered alike until this time (undefined: cannot tell; Infinity: until something else changes). */
  readonly steadyUntil?: Time;
}

/** The runtime says no, in the words that go into waiting.message and events. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
}

export interface Image {
  /** `sha256:…` of its config. */
  readonly id: string;
  /** `docker.io/library/nginx@sha256:…`. */
  readonly repoDigest: string;
  /** `docker.io/library/nginx:1.27`. */
  readonly repoTags: readonly string[];
  readonly size: number;
  /** Numeric, or a name when the image sets one. */
  readonly user: string;
}

export type PullResult =
  | { readonly image: Image; readonly takes: Duration }
  /** `error` is the text kubelet shows (behaviour.md §3); the failure is known after `takes`. */
  | { readonly error: string; readonly takes: Duration };

export interface ImageService {
  /** Parses a reference as the kubelet does (adds docker.io/library and :latest); the error is InvalidImageName's text after `couldn't parse image name "x": `. */
  parseImage(reference: string): { readonly normalized: string } | { readonly error: string };
  /** What pulling would give, and how long it takes from now. Nothing is stored. */
  pull(reference: string, auth: boolean): PullResult;
  /** A pull has ended: the image is on the node from now on. */
  store(image: Image): void;
  imageStatus(reference: string): Image | undefined;
  listImages(): readonly Image[];
  removeImage(reference: string): void;
}
