/** metrics.k8s.io/v1beta1, as metrics-server answers it from the kubelets' figures: what `top` shows. */
import { failure } from '../../api/errors.js';
import { type ContainerStats, daemonsUsage, type NodeProxies } from '../../api/node-proxy.js';
import { type KubeObject, keyOf } from '../../api/object.js';
import { matchesSelector, parseSelector } from '../../api/selectors.js';
import { formatTime } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Answer } from '../long-running.js';
import { json } from './answer.js';
import type { ReadContext } from './read.js';
import { first, type Query, type ResourceRequest } from './request-info.js';

const API_VERSION = 'metrics.k8s.io/v1beta1';
/** How far apart two of the kubelet's measurements are. */
const WINDOW = '15.012s';

export function metrics(context: ReadContext, nodes: NodeProxies, target: ResourceRequest, query: Query): Answer {
  const of = target.plural === 'nodes' ? nodeMetrics(context, nodes) : podMetrics(context, nodes, target.namespace);
  if (target.name !== '') {
    const found = of.find(({ metadata }) => metadata.name === target.name);
    if (found === undefined) throw notMeasured(target);
    return json(found);
  }
  const selector = parseSelector(first(query, 'labelSelector'));
  const items = 'error' in selector ? of : of.filter(({ metadata }) => matchesSelector(selector, metadata.labels));
  return json({ kind: target.plural === 'nodes' ? 'NodeMetricsList' : 'PodMetricsList', apiVersion: API_VERSION, metadata: {}, items });
}

function notMeasured({ plural, namespace, name }: ResourceRequest): Error {
  const kind = plural === 'nodes' ? 'nodemetrics' : 'podmetrics';
  const full = namespace === '' ? name : `${namespace}/${name}`;
  return failure(404, 'NotFound', `${kind}.metrics.k8s.io "${full}" not found`, { name: full, group: 'metrics.k8s.io', kind });
}

const usage = (cpuNanoCores: number, memoryBytes: number) => ({ cpu: `${Math.round(cpuNanoCores)}n`, memory: `${Math.round(memoryBytes / 1024)}Ki` });

function statsOf(nodes: NodeProxies, pod: Pod): readonly ContainerStats[] {
  if (pod.status?.phase !== 'Running' || !pod.spec.nodeName) return [];
  return nodes(pod.spec.nodeName)?.stats(keyOf(pod)) ?? [];
}

function meta(context: ReadContext, object: KubeObject) {
  const { name, namespace, labels } = object.metadata;
  return { name, ...(namespace === undefined ? {} : { namespace }), creationTimestamp: formatTime(context.now()), ...(labels === undefined ? {} : { labels }) };
}

function podMetrics(context: ReadContext, nodes: NodeProxies, namespace: string): readonly KubeObject[] {
  return context.store.list<Pod>('pods', namespace === '' ? {} : { namespace }).flatMap((pod) => {
    const stats = statsOf(nodes, pod);
    if (stats.length === 0) return [];
    const containers = stats.map(({ name, cpuNanoCores, memoryBytes }) => ({ name, usage: usage(cpuNanoCores, memoryBytes) }));
    return [
      {
        kind: 'PodMetrics',
        apiVersion: API_VERSION,
        metadata: meta(context, pod),
        timestamp: formatTime(context.now()),
        window: WINDOW,
        containers,
      } as KubeObject,
    ];
  });
}

function nodeMetrics(context: ReadContext, nodes: NodeProxies): readonly KubeObject[] {
  return context.store.list('nodes').flatMap((node) => {
    const name = node.metadata.name ?? '';
    if (nodes(name) === undefined) return [];
    const stats = context.store.list<Pod>('pods', { index: { name: 'node', value: name } }).flatMap((pod) => statsOf(nodes, pod));
    const cpu = stats.reduce((sum, { cpuNanoCores }) => sum + cpuNanoCores, daemonsUsage.cpuNanoCores);
    const memory = stats.reduce((sum, { memoryBytes }) => sum + memoryBytes, daemonsUsage.memoryBytes);
    return [
      {
        kind: 'NodeMetrics',
        apiVersion: API_VERSION,
        metadata: meta(context, node),
        timestamp: formatTime(context.now()),
        window: WINDOW,
        usage: usage(cpu, memory),
      } as KubeObject,
    ];
  });
}
