/** Who answers on a port: processes of a sandbox, asked by other pods, and by the node itself for probes and hooks. */
import type { NetworkAnswer, NetworkRequest } from '../api/cri.js';
import { milliseconds, type Time } from '../api/time.js';
import type { Peer } from './network.js';
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
  nodeIP(): string;
}

/** Go tries a name's IPv6 addresses first, and tells of the first it tried. */
const LOCALHOST = '::1';
const isLoopback = (address: string): boolean => address === LOCALHOST || address.startsWith('127.');

/** A request from the node: into a sandbox, to a pod of its own, or to wherever the network leads. Its loopback is not the pod's. */
export function requestFrom(requester: Requester, request: NetworkRequest): NetworkAnswer {
  const { context, sandboxAt, ownIP, nodeIP } = requester;
  const { state, node } = context;
  const from = ownIP();
  const given = request.sandbox === undefined ? undefined : loadSandbox(state, node, request.sandbox);
  const address = request.host === '' ? '' : addressOf(requester, request.host);
  if (typeof address !== 'string') return { failure: 'no-host', address: address.server, takes: milliseconds(1) };
  const tried = address === request.host ? {} : { address };
  const isLocal = isLoopback(address);
  const isOwn = given !== undefined && (address === given.ip || address === '' || (isLocal && given.config.hostNetwork === true));
  const local = isOwn ? given.id : isLocal ? undefined : sandboxAt(address);
  const answer = local === undefined ? undefined : context.serve(local, request.port, servedRequest(request, from));
  // Others on the host's network may listen where the pod itself does not.
  if (local === undefined || (answer === undefined && isLocal)) {
    const peer = context.network()?.dial(isLocal ? nodeIP() : address, request.port, { ip: from });
    const failure = peer === undefined ? (isLocal ? 'refused' : 'timeout') : 'failure' in peer ? peer.failure : undefined;
    if (failure !== undefined) return { failure, ...tried, takes: milliseconds(failure === 'refused' ? 1 : FOREVER) };
    const far = (peer as Peer).serve(servedRequest(request, from));
    return far === undefined ? { failure: 'refused', ...tried, takes: milliseconds(1) } : networkAnswer(far, undefined);
  }
  const owner = loadSandbox(state, node, local);
  const step = owner === undefined ? 0 : nextStepOf(owner);
  if (answer === undefined) return { failure: 'refused', ...tried, takes: milliseconds(1), steadyUntil: step as Time };
  return networkAnswer(answer, answer.steadyUntil === undefined ? undefined : (Math.min(answer.steadyUntil, step) as Time));
}

/** The node's resolver knows nothing of the cluster's names. */
function addressOf({ context, ownIP, nodeIP }: Requester, host: string): string | { readonly server: string } {
  if (/^\d+(\.\d+){3}$/.test(host) || host.includes(':')) return host;
  if (host === 'localhost') return LOCALHOST;
  const server = nodeIP().replace(/\d+$/, '1');
  const found = context.network()?.resolve(host, { ip: ownIP(), dns: { servers: [server], searches: [], options: [] } });
  return (found !== undefined && 'addresses' in found ? found.addresses[0] : undefined) ?? { server };
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

const networkAnswer = ({ takes, status, body, headers, serving, certificate, anyScheme }: ServedAnswer, steadyUntil: Time | undefined): NetworkAnswer => ({
  takes: milliseconds(takes),
  ...(steadyUntil === undefined ? {} : { steadyUntil }),
  ...(status === undefined ? {} : { status }),
  ...(body === undefined ? {} : { body }),
  ...(headers === undefined ? {} : { headers }),
  ...(serving === undefined ? {} : { serving }),
  ...(certificate === undefined ? {} : { certificate }),
  ...(anyScheme === undefined ? {} : { anyScheme }),
});
