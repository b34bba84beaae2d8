/**
 * What the kubelet's server answers of itself (pkg/kubelet/server/server.go): health, pods, what they use, its configuration, logs.
 * Whoever comes through the API server's proxy is let in; who may come there is decided before.
 */
import type { ContainerStatus, LogLine } from '../api/cri.js';
import { EXPOSITION_TYPE, exposition, type Family, type Sample } from '../api/exposition.js';
import { type ContainerStats, daemonsUsage, type NodeAnswer, type NodeProxy, type NodeRequest } from '../api/node-proxy.js';
import { keyOf } from '../api/object.js';
import { quantity, quantityValue } from '../api/quantity.js';
import { formatTime, parseTime, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import type { Runtime } from './work.js';

export interface Itself {
  readonly node: string;
  readonly api: Api;
  readonly runtime: Runtime;
  readonly now: Time;
  configuration(): object;
  readonly server: NodeProxy;
}

const PLAIN = 'text/plain; charset=utf-8';
const text = (body: string, status = 200, type = PLAIN): NodeAnswer => ({ status, type, body });
const json = (body: string | object): NodeAnswer => ({ status: 200, type: 'application/json', body });
const notFound = (): NodeAnswer => text('404 page not found\n', 404);
const metrics = (families: readonly Family[]): NodeAnswer => text(exposition(families), 200, EXPOSITION_TYPE);

export function answerItself(it: Itself, { method, path, query }: NodeRequest): NodeAnswer {
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

const podsOf = ({ api, node }: Itself): readonly Pod[] => api.list<Pod>('pods', { index: { name: 'node', value: node } });
const nodeOf = ({ api, node }: Itself): Node | undefined => api.get<Node>('nodes', { namespace: '', name: node });

/** Items of a list have no kind of their own. */
function podList(pods: readonly object[]): object {
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods.map((pod) => ({ ...pod, kind: undefined, apiVersion: undefined })) };
}

/** As the runtime knows it. */
function running(it: Itself, { metadata, spec, status }: Pod): readonly object[] {
  if (status?.phase !== 'Running') return [];
  const { name, namespace, uid } = metadata;
  const containers = spec.containers
    .filter((container) => it.server.containerStatus({ namespace: namespace ?? '', name: name ?? '' }, container.name, false)?.state === 'running')
    .map((container) => ({ name: container.name, image: container.image, resources: {} }));
  return [{ metadata: { name, namespace, uid, creationTimestamp: null }, spec: { containers }, status: {} }];
}

// ---- logs

const LOGS = '/var/log';

/** net/http's FileServer over /var/log. */
function systemLogs({ runtime }: Itself, rest: readonly string[]): NodeAnswer {
  const path = `${LOGS}/${rest.join('/')}`.replace(/\/+$/, '');
  const entry = path.split('/').includes('..') ? undefined : runtime.hostEntry(path);
  if (entry === undefined) return notFound();
  if (entry !== 'directory') {
    const [, directory = '', name = ''] = /^(.*)\/([^/]*)$/.exec(path) ?? [];
    return text(runtime.hostFiles(directory)[name] ?? '');
  }
  if (rest.length === 0 || rest.at(-1) !== '') return { ...text('', 301), location: `${rest.at(-1) ?? 'logs'}/` };
  const escaped = (name: string) => name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const links = runtime.hostNames(path).map((name) => `<a href="${encodeURI(name)}">${escaped(name)}</a>\n`);
  return text(`<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links.join('')}</pre>\n`, 200, 'text/html; charset=utf-8');
}

function containerLogs(it: Itself, rest: readonly string[], query: NodeRequest['query']): NodeAnswer {
  const [namespace = '', name = '', container = '', ...more] = rest;
  if (container === '' || more.length > 0) return text('404: Page Not Found', 404);
  const pod = podsOf(it).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (pod === undefined) return text(`pod ${JSON.stringify(name)} does not exist`, 404);
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])];
  if (!all.some((one) => one.name === container)) return text(`container ${JSON.stringify(container)} not found in pod ${JSON.stringify(name)}`, 404);
  const first = (option: string) => query.get(option)?.[0];
  const isSet = (option: string) => ['true', '1'].includes(first(option) ?? '');
  const tail = first('tail') ?? first('tailLines');
  if (tail !== undefined && tail !== 'all' && !/^\d+$/.test(tail)) return text('{"message": "Unable to decode query."}', 400);
  const previous = isSet('previous');
  if (it.server.containerStatus(keyOf(pod), container, previous) === undefined) {
    const what = previous ? `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found` : undefined;
    return text(what ?? `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} is waiting to start: ContainerCreating`, 400);
  }
  const lines = it.server.logs(keyOf(pod), container, { previous });
  const shown = tail === undefined || tail === 'all' ? lines : Number(tail) === 0 ? [] : lines.slice(-Number(tail));
  return text(shown.map((line) => logText(line, isSet('timestamps'))).join(''));
}

const logText = ({ at, text: line, partial }: LogLine, isStamped: boolean): string =>
  `${isStamped ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : ''}${line}${partial === true ? '' : '\n'}`;

// ---- what they use

interface Used {
  readonly pod: Pod;
  readonly startTime: string;
  readonly containers: readonly (ContainerStats & { readonly startTime: string; readonly seconds: number })[];
}

const secondsSince = (start: string, now: Time): number => Math.max(0, (now - (parseTime(start) ?? now)) / 1000);

function used(it: Itself): readonly Used[] {
  return podsOf(it).flatMap((pod) => {
    if (pod.status?.phase !== 'Running' && pod.status?.phase !== 'Pending') return [];
    const stats = it.server.stats(keyOf(pod));
    if (stats.length === 0) return [];
    const statuses = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? []), ...(pod.status.ephemeralContainerStatuses ?? [])];
    const startTime = pod.status.startTime ?? pod.metadata.creationTimestamp ?? '';
    const containers = stats.map((one) => {
      const start = statuses.find(({ name }) => name === one.name)?.state?.running?.startedAt ?? startTime;
      return { ...one, startTime: start, seconds: secondsSince(start, it.now) };
    });
    return [{ pod, startTime, containers }];
  });
}

interface Usage {
  readonly cpuNanoCores: number;
  readonly cpuNanoSeconds: number;
  readonly memoryBytes: number;
}

const sumOf = (containers: Used['containers']): Usage => ({
  cpuNanoCores: containers.reduce((sum, one) => sum + one.cpuNanoCores, 0),
  cpuNanoSeconds: containers.reduce((sum, one) => sum + one.cpuNanoCores * one.seconds, 0),
  memoryBytes: containers.reduce((sum, one) => sum + one.memoryBytes, 0),
});

/** All pods and the daemons. */
function usageOf(it: Itself, pods: readonly Used[]): Usage & { readonly startTime: string } {
  const startTime = nodeOf(it)?.metadata.creationTimestamp ?? formatTime(it.now);
  const all = sumOf(pods.flatMap(({ containers }) => containers));
  return {
    startTime,
    cpuNanoCores: all.cpuNanoCores + daemonsUsage.cpuNanoCores,
    cpuNanoSeconds: all.cpuNanoSeconds + daemonsUsage.cpuNanoCores * secondsSince(startTime, it.now),
    memoryBytes: all.memoryBytes + daemonsUsage.memoryBytes,
  };
}

const capacityOf = (it: Itself, name: string): number => {
  const given = nodeOf(it)?.status?.capacity?.[name];
  return given === undefined ? 0 : quantityValue(quantity(given));
};

/** stats/v1alpha1 Summary: what is not measured here is left out. */
function summary(it: Itself, isShort: boolean): object {
  const time = formatTime(it.now);
  const pods = used(it);
  const whole = usageOf(it, pods);
  const cpu = ({ cpuNanoCores, cpuNanoSeconds }: Usage) => ({
    time,
    usageNanoCores: Math.round(cpuNanoCores),
    usageCoreNanoSeconds: Math.round(cpuNanoSeconds),
  });
  const memory = ({ memoryBytes }: Usage, capacity?: number) => ({
    time,
    ...(capacity === undefined ? {} : { availableBytes: capacity - memoryBytes }),
    usageBytes: memoryBytes,
    workingSetBytes: memoryBytes,
    rssBytes: memoryBytes,
    pageFaults: 0,
    majorPageFaults: 0,
  });
  const capacityBytes = capacityOf(it, 'ephemeral-storage');
  const images = (nodeOf(it)?.status?.images ?? []).reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  const disk = (usedBytes: number) => ({ time, availableBytes: Math.max(0, capacityBytes - images), capacityBytes, usedBytes });
  const swap = { time, swapAvailableBytes: 0, swapUsageBytes: 0 };
  return {
    node: {
      nodeName: it.node,
      startTime: whole.startTime,
      cpu: cpu(whole),
      memory: memory(whole, capacityOf(it, 'memory')),
      ...(isShort ? {} : { fs: disk(images), runtime: { imageFs: disk(images), containerFs: disk(0) } }),
      swap,
    },
    pods: pods.map(({ pod, startTime, containers }) => {
      const all = sumOf(containers);
      const { name, namespace, uid } = pod.metadata;
      return {
        podRef: { name, namespace, uid },
        startTime,
        containers: containers.map((one) => {
          const usage = sumOf([one]);
          const files = isShort ? {} : { rootfs: disk(diskUsage(it, pod, one.name)), logs: disk(0) };
          return { name: one.name, startTime: one.startTime, cpu: cpu(usage), memory: memory(usage, memoryLimit(pod, one.name)), ...files, swap };
        }),
        cpu: cpu(all),
        memory: memory(all),
        ...(isShort ? {} : { 'ephemeral-storage': disk(containers.reduce((sum, one) => sum + diskUsage(it, pod, one.name), 0)) }),
        ...(isShort ? {} : { process_stats: { process_count: containers.length } }),
        swap,
      };
    }),
  };
}

const statusOf = (it: Itself, pod: Pod, container: string): ContainerStatus | undefined => it.server.containerStatus(keyOf(pod), container, false);

function diskUsage(it: Itself, pod: Pod, container: string): number {
  const status = statusOf(it, pod, container);
  return status === undefined ? 0 : it.runtime.diskUsage(status.id);
}

function memoryLimit({ spec }: Pod, container: string): number | undefined {
  const limit = [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === container)?.resources?.limits?.['memory'];
  return limit === undefined ? undefined : quantityValue(quantity(limit));
}

// ---- metrics

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'gauge', samples });
const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'counter', samples });

const started = (it: Itself, stability = ''): Family =>
  gauge('process_start_time_seconds', `${stability}Start time of the process since unix epoch in seconds.`, [
    { value: (parseTime(nodeOf(it)?.metadata.creationTimestamp ?? '') ?? it.now) / 1000 },
  ]);

/** pkg/kubelet/metrics. */
function ownMetrics(it: Itself): readonly Family[] {
  const pods = podsOf(it).filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const isStatic = ({ metadata }: Pod) => metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  const byOrigin = (of: readonly Pod[]) =>
    [false, true].map((from) => ({ labels: { static: String(from) }, value: of.filter((pod) => isStatic(pod) === from).length }));
  const inUse = used(it);
  const states = new Map<string, number>();
  for (const pod of podsOf(it))
    for (const { name } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      const state = statusOf(it, pod, name)?.state;
      if (state !== undefined) states.set(state, (states.get(state) ?? 0) + 1);
    }
  return [
    started(it),
    gauge(
      'kubelet_active_pods',
      '[ALPHA] The number of pods the kubelet considers active and which are being considered when admitting new pods. static is true if the pod is not from the apiserver.',
      byOrigin(pods),
    ),
    gauge(
      'kubelet_desired_pods',
      '[ALPHA] The number of pods the kubelet is being instructed to run. static is true if the pod is not from the apiserver.',
      byOrigin(podsOf(it)),
    ),
    gauge('kubelet_node_name', "[ALPHA] The node's name. The count is always 1.", [{ labels: { node: it.node }, value: 1 }]),
    gauge(
      'kubelet_running_containers',
      '[ALPHA] Number of containers currently running',
      [...states].map(([state, value]) => ({ labels: { container_state: state }, value })),
    ),
    gauge('kubelet_running_pods', '[ALPHA] Number of pods that have a running pod sandbox', [{ value: inUse.length }]),
  ];
}

/** pkg/kubelet/metrics/collectors/resource_metrics.go: what metrics-server reads. */
function resourceMetrics(it: Itself): readonly Family[] {
  const at = it.now;
  const pods = used(it);
  const whole = usageOf(it, pods);
  const containers = pods.flatMap(({ pod, containers: of }) =>
    of.map((one) => ({ one, usage: sumOf([one]), labels: { container: one.name, namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name ?? '' } })),
  );
  const sums = pods.map(({ pod, containers: of }) => ({
    usage: sumOf(of),
    labels: { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name ?? '' },
  }));
  const cpu = ({ usage, labels }: (typeof sums)[number]): Sample => ({ labels, value: usage.cpuNanoSeconds / 1e9, at });
  const memory = ({ usage, labels }: (typeof sums)[number]): Sample => ({ labels, value: usage.memoryBytes, at });
  const swap = ({ labels }: (typeof sums)[number]): Sample => ({ labels, value: 0, at });
  const only = ' Reported only on non-windows systems';
  return [
    counter('container_cpu_usage_seconds_total', '[STABLE] Cumulative cpu time consumed by the container in core-seconds', containers.map(cpu)),
    gauge('container_memory_working_set_bytes', '[STABLE] Current working set of the container in bytes', containers.map(memory)),
    gauge(
      'container_start_time_seconds',
      '[STABLE] Start time of the container since unix epoch in seconds',
      containers.map(({ one, labels }) => ({ labels, value: (parseTime(one.startTime) ?? at) / 1000 })),
    ),
    gauge('container_swap_usage_bytes', `[ALPHA] Current amount of the container swap usage in bytes.${only}`, containers.map(swap)),
    counter('node_cpu_usage_seconds_total', '[STABLE] Cumulative cpu time consumed by the node in core-seconds', [{ value: whole.cpuNanoSeconds / 1e9, at }]),
    gauge('node_memory_working_set_bytes', '[STABLE] Current working set of the node in bytes', [{ value: whole.memoryBytes, at }]),
    gauge('node_swap_usage_bytes', `[ALPHA] Current swap usage of the node in bytes.${only}`, [{ value: 0, at }]),
    counter('pod_cpu_usage_seconds_total', '[STABLE] Cumulative cpu time consumed by the pod in core-seconds', sums.map(cpu)),
    gauge('pod_memory_working_set_bytes', '[STABLE] Current working set of the pod in bytes', sums.map(memory)),
    gauge('pod_swap_usage_bytes', `[ALPHA] Current amount of the pod swap usage in bytes.${only}`, sums.map(swap)),
    gauge('resource_scrape_error', '[STABLE] 1 if there was an error while getting container metrics, 0 otherwise', [{ value: 0 }]),
  ];
}

const SLICES: Readonly<Record<string, string>> = { Burstable: '/kubepods-burstable.slice', BestEffort: '/kubepods-besteffort.slice' };

/** The cgroup of a pod, as systemd names it. */
function cgroupOf({ metadata, status }: Pod): string {
  const of = SLICES[status?.qosClass ?? ''] ?? '';
  const prefix = of === '' ? 'kubepods' : of.slice(1, -'.slice'.length);
  return `/kubepods.slice${of}/${prefix}-pod${(metadata.uid ?? '').replaceAll('-', '_')}.slice`;
}

/** cAdvisor's view: cgroups, from the machine's down to each container's. */
function cadvisorMetrics(it: Itself): readonly Family[] {
  const at = it.now;
  const pods = used(it);
  const whole = usageOf(it, pods);
  const none = { container: '', image: '', name: '', namespace: '', pod: '' };
  const entries = [
    { usage: whole as Usage, startTime: whole.startTime, labels: { ...none, id: '/' } },
    ...pods.flatMap(({ pod, startTime, containers }) => {
      const of = { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name ?? '' };
      const id = cgroupOf(pod);
      return [
        { usage: sumOf(containers), startTime, labels: { ...none, ...of, id } },
        ...containers.map((one) => {
          const status = statusOf(it, pod, one.name);
          const name = status?.id.replace(/^.*:\/\//, '') ?? '';
          const image = pod.status?.containerStatuses?.find((each) => each.name === one.name)?.image ?? '';
          const labels = { container: one.name, image, name, ...of, id: `${id}/cri-containerd-${name}.scope` };
          return { usage: sumOf([one]), startTime: one.startTime, labels };
        }),
      ];
    }),
  ];
  const memory = (name: string, help: string) =>
    gauge(
      name,
      help,
      entries.map(({ usage, labels }) => ({ labels, value: usage.memoryBytes, at })),
    );
  return [
    counter(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time consumed in seconds.',
      entries.map(({ usage, labels }) => ({ labels: { ...labels, cpu: 'total' }, value: usage.cpuNanoSeconds / 1e9, at })),
    ),
    gauge(
      'container_last_seen',
      'Last time a container was seen by the exporter',
      entries.map(({ labels }) => ({ labels, value: Math.floor(at / 1000), at })),
    ),
    memory('container_memory_rss', 'Size of RSS in bytes.'),
    memory('container_memory_usage_bytes', 'Current memory usage in bytes, including all memory regardless of when it was accessed'),
    memory('container_memory_working_set_bytes', 'Current working set in bytes.'),
    gauge(
      'container_start_time_seconds',
      'Start time of the container since unix epoch in seconds.',
      entries.map(({ startTime, labels }) => ({ labels, value: (parseTime(startTime) ?? at) / 1000 })),
    ),
    gauge('machine_cpu_cores', 'Number of logical CPU cores.', [{ value: capacityOf(it, 'cpu'), at }]),
    gauge('machine_memory_bytes', 'Amount of memory installed on the machine.', [{ value: capacityOf(it, 'memory'), at }]),
  ];
}
