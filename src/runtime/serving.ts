/** Who answers on a port: processes of a sandbox, asked by other pods, and by the node itself for probes and hooks. */
import type { NetworkAnswer, NetworkRequest } from '../api/cri.js';
import { milliseconds, type Time } from '../api/time.js';
import { FOREVER, type ServedAnswer, type ServedRequest } from './process.js';
import { answerFrom, nextStepOf, type RuntimeContext, runUntil } from './processes.js';
import { keys, loadSandbox } from './state.js';

/** One request to a sandbox of this node; undefined: nobody listens there. */
export function serveFrom(context: RuntimeContext, id: string, port: number, request: ServedRequest): ServedAnswer | undefined {
  const { state, node } = context;
  const sandbox = loadSandbox(state, node, id);
  if (sandbox === undefined || sandbox.state !== 'ready') return undefined;
  const now = context.now();
  const ran = runUntil(context, sandbox, now);
  const answer = answerFrom(context, sandbox, port, request, now);
  // An access log counts as a change too: where it goes on is kept with the container.
  if (ran || answer !== undefined) state.set(keys.sandbox(node, id), sandbox);
  return answer;
}

export interface Requester {
  readonly context: RuntimeContext;
  /** The sandbox of this node that has the address. */
  sandboxAt(ip: string): string | undefined;
  /** The node's end of the pod network. */
  ownIP(): string;
}

/** A request from the node: to a pod of its own, or to wherever the network leads. */
export function requestFrom({ context, sandboxAt, ownIP }: Requester, request: NetworkRequest): NetworkAnswer {
  const { state, node } = context;
  const from = ownIP();
  const given = request.sandbox === undefined ? undefined : loadSandbox(state, node, request.sandbox);
  const isOwn = given !== undefined && (request.host === given.ip || request.host === '' || request.host === '127.0.0.1' || request.host === 'localhost');
  const local = isOwn ? given.id : sandboxAt(request.host);
  if (local === undefined) {
    const peer = context.network()?.dial(request.host, request.port, { ip: from });
    if (peer === undefined || 'failure' in peer) return { failure: peer?.failure ?? 'timeout', takes: milliseconds(peer?.failure === 'refused' ? 1 : FOREVER) };
    const answer = peer.serve(servedRequest(request, from));
    return answer === undefined ? { failure: 'refused', takes: milliseconds(1) } : networkAnswer(answer, undefined);
  }
  const answer = context.serve(local, request.port, servedRequest(request, from));
  const owner = loadSandbox(state, node, local);
  const step = owner === undefined ? 0 : nextStepOf(owner);
  if (answer === undefined) return { failure: 'refused', takes: milliseconds(1), steadyUntil: step as Time };
  return networkAnswer(answer, answer.steadyUntil === undefined ? undefined : (Math.min(answer.steadyUntil, step) as Time));
}

export function servedRequest(request: NetworkRequest, from: string): ServedRequest {
  if (request.type === 'http')
    return {
      type: 'http',
      method: request.method ?? 'GET',
      path: request.path,
      headers: { Host: `${request.host}:${request.port}`, ...request.headers, Connection: 'close' },
      body: request.body ?? '',
      from,
      ...(request.scheme === 'HTTPS' ? { secure: true } : {}),
    };
  if (request.type === 'grpc') return { type: 'grpc', service: request.service, from };
  return { type: 'tcp', from, ...(request.data === undefined ? {} : { data: request.data }) };
}

const networkAnswer = ({ takes, status, body, headers, serving }: ServedAnswer, steadyUntil: Time | undefined): NetworkAnswer => ({
  takes: milliseconds(takes),
  ...(steadyUntil === undefined ? {} : { steadyUntil }),
  ...(status === undefined ? {} : { status }),
  ...(body === undefined ? {} : { body }),
  ...(headers === undefined ? {} : { headers }),
  ...(serving === undefined ? {} : { serving }),
});
