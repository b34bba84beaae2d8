/** exec, attach and port-forward: sessions with a node, polled by offset (kubelet server.go, pkg/registry/core/pod/rest). */
import { bytesOf, textOf } from '../../api/bytes.js';
import { RuntimeError } from '../../api/cri.js';
import { badRequest, failure } from '../../api/errors.js';
import type { NodeProxies, NodeProxy, SessionOffset } from '../../api/node-proxy.js';
import type { ObjectKey } from '../../api/object.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Answer, Cursor, Frame, Poll } from '../long-running.js';
import { text } from './answer.js';
import { chooseContainer, willEnd } from './containers.js';
import { first, isOn, type Query } from './request-info.js';

interface SessionCursor extends Cursor {
  readonly type: 'session';
  readonly node: string;
  readonly id: string;
  readonly offset: SessionOffset;
  readonly tty: boolean;
}

interface ForwardCursor extends Cursor {
  readonly type: 'forward';
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** What is said of a node that nobody answers for. */
type Dialed = (node: string) => string;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;

const keyOfPod = (pod: Pod): ObjectKey => ({ namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' });

function nodeOf(pod: Pod): string {
  const node = pod.spec.nodeName ?? '';
  if (node === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return node;
}

function proxyFor(pod: Pod, nodes: NodeProxies, dialed: Dialed): NodeProxy {
  const node = nodeOf(pod);
  const proxy = nodes(node);
  if (proxy === undefined) throw failure(500, '', `error dialing backend: ${dialed(node)}`);
  return proxy;
}

export function startExec(pod: Pod, subresource: 'exec' | 'attach', query: Query, nodes: NodeProxies, dialed: Dialed): Answer {
  const container = chooseContainer(pod, first(query, 'container'));
  const argv = query.get('command') ?? [];
  const proxy = proxyFor(pod, nodes, dialed);
  if (subresource === 'exec' && argv.length === 0) throw badRequest('you must specify at least 1 command for the container');
  const stdin = isOn(query, 'stdin');
  const tty = isOn(query, 'tty');
  if (!stdin && !isOn(query, 'stdout') && !isOn(query, 'stderr')) throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  let id: string;
  try {
    id = subresource === 'exec' ? proxy.exec(keyOfPod(pod), { container, argv, stdin, tty }) : proxy.attach(keyOfPod(pod), { container, stdin, tty });
  } catch (error) {
    // The kubelet refuses the upgrade in plain text; kubectl puts `unable to upgrade connection: ` in front.
    if (error instanceof RuntimeError) return text(error.message, 500);
    throw error;
  }
  const cursor: SessionCursor = { type: 'session', node: nodeOf(pod), id, offset: 0, tty };
  return { status: 101, headers: {}, longRunning: { cursor, chunks: 'frames', ends: subresource === 'exec' || willEnd(pod, container) } };
}

export function pollSession(from: Cursor, nodes: NodeProxies): Poll {
  const cursor = from as SessionCursor;
  const isConnected = nodes(cursor.node) !== undefined;
  const proxy = nodes(cursor.node) ?? nodes.stopped?.(cursor.node);
  const status = proxy?.session(cursor.id, cursor.offset);
  if (proxy === undefined || status === undefined) return { chunks: [] };
  const chunks: Frame[] = status.output.map(({ stream, text: data }) => ({
    channel: stream === 'stderr' && !cursor.tty ? STDERR : STDOUT,
    data: bytesOf(data),
  }));
  if (status.error !== undefined || status.exitCode !== undefined) return { chunks: [...chunks, endFrame(status.exitCode ?? 0, status.error)] };
  if (!isConnected) return { chunks };
  const due = proxy.nextEvent();
  const next: SessionCursor = { ...cursor, offset: status.offset };
  return { chunks, cursor: next, ...(due === undefined ? {} : { next: due }) };
}

/** The last frame: how it ended. */
function endFrame(exitCode: number, error: string | undefined): Frame {
  return { channel: ERROR, data: new TextEncoder().encode(JSON.stringify(endStatus(exitCode, error))) };
}

function endStatus(exitCode: number, error: string | undefined): object {
  if (error !== undefined) {
    const message = `Internal error occurred: ${error}`;
    return { metadata: {}, status: 'Failure', message, reason: 'InternalError', details: { causes: [{ message: error }] }, code: 500 };
  }
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

export function sendToSession(from: Cursor, channel: number, data: Uint8Array | undefined, nodes: NodeProxies): Poll {
  const cursor = from as SessionCursor;
  const proxy = nodes(cursor.node);
  if (channel === STDIN && proxy !== undefined) {
    if (data === undefined) proxy.closeStdin(cursor.id);
    else proxy.write(cursor.id, textOf(data));
  }
  return { chunks: [], cursor };
}

export function endSession(from: Cursor, nodes: NodeProxies): void {
  const cursor = from as SessionCursor;
  nodes(cursor.node)?.endSession(cursor.id);
}

/** One connection to one port. */
export function startForward(pod: Pod, query: Query, nodes: NodeProxies, dialed: Dialed): Answer {
  const port = Number(first(query, 'ports') || first(query, 'port'));
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw badRequest(`unable to parse "${first(query, 'ports')}" as a port`);
  proxyFor(pod, nodes, dialed);
  const cursor: ForwardCursor = { type: 'forward', node: nodeOf(pod), namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name ?? '', port };
  return { status: 101, headers: {}, longRunning: { cursor, chunks: 'frames' } };
}

const DATA = 0;
const FORWARD_ERROR = 1;

export function sendForward(from: Cursor, channel: number, data: Uint8Array | undefined, nodes: NodeProxies): Poll {
  const cursor = from as ForwardCursor;
  if (channel !== DATA || data === undefined) return data === undefined ? { chunks: [] } : { chunks: [], cursor };
  const answer = nodes(cursor.node)?.forward({ namespace: cursor.namespace, name: cursor.pod }, cursor.port, data);
  if (answer === undefined) {
    const why = `failed to connect to localhost:${cursor.port} inside namespace: dial tcp4 127.0.0.1:${cursor.port}: connect: connection refused`;
    return { chunks: [{ channel: FORWARD_ERROR, data: new TextEncoder().encode(why) }] };
  }
  const chunks = answer.bytes.length > 0 ? [{ channel: DATA, data: answer.bytes }] : [];
  return answer.close ? { chunks } : { chunks, cursor };
}
