/** What the API server may ask of a node's kubelet (its port 10250): logs, exec, attach, port-forward, stats. */
import type { ContainerStatus, LogLine, LogOptions, NetworkAnswer, NetworkRequest, Written } from './cri.js';
import type { ObjectKey } from './object.js';
import type { Time } from './time.js';

export interface ExecOptions {
  readonly container: string;
  readonly argv: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** How much of a session's output has been told: pieces of an exec's, characters of what is attached to; 0 is its beginning. */
export type SessionOffset = number | Written;

/**
 * A running exec or attach, addressed by id so that it outlives the turn (and the process) that started it. Output is kept
 * until it is read; reading is by offset, so reading twice gives the same bytes.
 */
export interface SessionStatus {
  /** Output since the given offset, in order. */
  readonly output: readonly { readonly stream: 'stdout' | 'stderr'; readonly text: string }[];
  readonly offset: SessionOffset;
  /** Set when it has ended. */
  readonly exitCode?: number;
  /** It could not start: the runtime's words. */
  readonly error?: string;
}

export interface ContainerStats {
  readonly name: string;
  /** Nanocores in use. */
  readonly cpuNanoCores: number;
  readonly memoryBytes: number;
}

export interface NodeProxy {
  /** Undefined: no such pod or container here. */
  containerStatus(pod: ObjectKey, container: string, previous: boolean): ContainerStatus | undefined;
  logs(pod: ObjectKey, container: string, options: LogOptions): readonly LogLine[];
  /** Starts argv; throws a RuntimeError when the container does not run. */
  exec(pod: ObjectKey, options: ExecOptions): string;
  /** Follows the container's own process. */
  attach(pod: ObjectKey, options: Omit<ExecOptions, 'argv'>): string;
  session(id: string, offset: SessionOffset): SessionStatus | undefined;
  write(id: string, data: string): void;
  closeStdin(id: string): void;
  /** The client has gone. */
  endSession(id: string): void;
  /** One request on a forwarded port, answered with the simulated server's bytes; undefined: connection refused. */
  forward(pod: ObjectKey, port: number, bytes: Uint8Array): { readonly bytes: Uint8Array; readonly close: boolean } | undefined;
  /** A request from the node to an address, or why it could not be connected to. */
  reach(request: NetworkRequest): NetworkAnswer | { readonly error: string };
  stats(pod: ObjectKey): readonly ContainerStats[];
  /** A request for what the kubelet itself serves: `/pods`, `/stats/summary`, `/metrics/resource`, … */
  answer(request: NodeRequest): NodeAnswer;
  /** When something a session waits for may happen next. */
  nextEvent(): Time | undefined;
}

export interface NodeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

export interface NodeAnswer {
  readonly status: number;
  readonly type: string;
  /** Objects of the API are yet to be written. */
  readonly body: string | object;
  readonly location?: string;
}

/** What a node's own daemons use. */
export const daemonsUsage: { readonly cpuNanoCores: number; readonly memoryBytes: number } = { cpuNanoCores: 86_000_000, memoryBytes: 612 * 1024 * 1024 };

/** The kubelet's server of a node, or undefined when there is no such node or it cannot be reached. */
export interface NodeProxies {
  (node: string): NodeProxy | undefined;
  /** The server of a kubelet that has been stopped on a machine that answers: what its sessions had said is still on its way. */
  stopped?(node: string): NodeProxy | undefined;
}
