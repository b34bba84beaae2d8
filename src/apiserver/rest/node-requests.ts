/** Requests about a pod that its node answers: logs, exec, attach, port-forward, proxied HTTP. */
import { methodNotSupported, notFound } from '../../api/errors.js';
import type { NodeProxies } from '../../api/node-proxy.js';
import type { ApiRequest } from '../../api/transport.js';
import type { Node } from '../../resources/nodes/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Answer, Cursor, Poll } from '../long-running.js';
import type { NodeRequests } from '../rest.js';
import { pollLogs, readLogs } from './logs.js';
import { KUBELET_PORT, proxyRequest } from './proxy.js';
import type { ReadContext } from './read.js';
import type { Parsed, ResourceRequest } from './request-info.js';
import { endSession, pollSession, sendForward, sendToSession, startExec, startForward } from './sessions.js';

/** Kinds with a proxy. */
const PROXIED: ReadonlySet<string> = new Set(['nodes', 'pods', 'services']);

export function nodeRequests(context: ReadContext, nodes: NodeProxies): NodeRequests {
  /** NodeConnectionInfoGetter. */
  const addressOf = (name: string): string => {
    const node = context.store.get<Node>('nodes', { namespace: '', name });
    if (node === undefined) throw notFound('nodes', name);
    return `${node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? name}:${KUBELET_PORT}`;
  };
  /** What is said of one that nobody answers for. */
  const dialed = (name: string): string =>
    `dial tcp ${addressOf(name)}: connect: ${nodes.stopped?.(name) === undefined ? 'no route to host' : 'connection refused'}`;
  const start = (target: ResourceRequest, { query }: Parsed, request: ApiRequest): Answer => {
    if (target.subresource === 'proxy' && PROXIED.has(target.plural)) return proxyRequest(context, target, request, query, nodes);
    if (target.plural !== 'pods') throw methodNotSupported();
    const pod = context.store.get<Pod>('pods', { namespace: target.namespace, name: target.name });
    if (pod === undefined) throw notFound('pods', target.name);
    switch (target.subresource) {
      case 'log':
        if (request.method !== 'GET') throw methodNotSupported();
        return readLogs(pod, query, context.now(), nodes, addressOf, dialed);
      case 'exec':
      case 'attach':
        return startExec(pod, target.subresource, query, nodes, dialed);
      case 'portforward':
        return startForward(pod, query, nodes, dialed);
      default:
        throw methodNotSupported();
    }
  };
  const poll = (cursor: Cursor): Poll =>
    cursor.type === 'logs' ? pollLogs(cursor, nodes) : cursor.type === 'session' ? pollSession(cursor, nodes) : { chunks: [], cursor };
  return {
    start,
    poll,
    send: (cursor, channel, data) =>
      cursor.type === 'forward'
        ? sendForward(cursor, channel, data, nodes)
        : cursor.type === 'session'
          ? sendToSession(cursor, channel, data, nodes)
          : { chunks: [], cursor },
    end: (cursor) => {
      if (cursor.type === 'session') endSession(cursor, nodes);
    },
  };
}
