/**
 * What the kubelet's server answers of itself (pkg/kubelet/server/server.go): health, pods, what they use, its configuration, logs.
 * Whoever comes through the API server's proxy is let in; who may come there is decided before.
 */
import { EXPOSITION_TYPE, exposition, type Family } from '../../api/exposition.js';
import type { NodeAnswer, NodeRequest } from '../../api/node-proxy.js';
import type { Pod } from '../../resources/pods/types.js';
import { cadvisorMetrics } from './cadvisor-metrics.js';
import { type HostInterface, json, notFound, podsOf, text } from './host.js';
import { containerLogs, systemLogs } from './logs.js';
import { ownMetrics, resourceMetrics, started } from './metrics.js';
import { summary } from './summary.js';

const metrics = (families: readonly Family[]): NodeAnswer => text(exposition(families), 200, EXPOSITION_TYPE);

export function answerItself(it: HostInterface, { method, path, query }: NodeRequest): NodeAnswer {
  const [, root = '', ...rest] = path.split('/');
  if (path === '/stats/summary') return json(JSON.stringify(summary(it, query.get('only_cpu_and_memory')?.[0] === 'true'), null, 1));
  if (method !== 'GET') return text('405: Method Not Allowed', 405);
  if (root === 'healthz') return health(rest.join('/'), query);
  if (root === 'logs') return systemLogs(it, rest);
  if (root === 'containerLogs') return containerLogs(it, rest, query);
  switch (path) {
    case '/pods':
    case '/pods/':
      return json(podList(podsOf(it)));
    case '/runningpods/':
    case '/runningpods':
      return json(podList(podsOf(it).flatMap((pod) => running(it, pod))));
    case '/configz':
      return json(JSON.stringify({ kubeletconfig: it.configuration() }));
    case '/metrics':
      return metrics(ownMetrics(it));
    case '/metrics/resource':
      return metrics(resourceMetrics(it));
    case '/metrics/cadvisor':
      return metrics(cadvisorMetrics(it));
    case '/metrics/probes':
      return metrics([started(it, '[ALPHA] ')]);
    default:
      return notFound();
  }
}

const CHECKS = ['ping', 'log', 'syncloop'];

function health(check: string, query: NodeRequest['query']): NodeAnswer {
  if (check !== '') return CHECKS.includes(check) ? text('ok') : notFound();
  return text(query.has('verbose') ? `${CHECKS.map((name) => `[+]${name} ok\n`).join('')}healthz check passed\n` : 'ok');
}

/** Items of a list have no kind of their own. */
function podList(pods: readonly object[]): object {
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods.map((pod) => ({ ...pod, kind: undefined, apiVersion: undefined })) };
}

/** As the runtime knows it. */
function running(it: HostInterface, { metadata, spec, status }: Pod): readonly object[] {
  if (status?.phase !== 'Running') return [];
  const { name, namespace, uid } = metadata;
  const containers = spec.containers
    .filter((container) => it.server.containerStatus({ namespace: namespace ?? '', name: name ?? '' }, container.name, false)?.state === 'running')
    .map((container) => ({ name: container.name, image: container.image, resources: {} }));
  return [{ metadata: { name, namespace, uid, creationTimestamp: null }, spec: { containers }, status: {} }];
}
