/** The kubelet's own metrics, and those of resources. */
import { counter, type Family, gauge, type Sample } from '../../api/exposition.js';
import { parseTime } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import { type HostInterface, nodeOf, podsOf, statusOf } from './host.js';
import { sumOf, usageOf, used } from './usage.js';

export const started = (it: HostInterface, stability = ''): Family =>
  gauge('process_start_time_seconds', `${stability}Start time of the process since unix epoch in seconds.`, [
    { value: (parseTime(nodeOf(it)?.metadata.creationTimestamp ?? '') ?? it.now) / 1000 },
  ]);

/** pkg/kubelet/metrics. */
export function ownMetrics(it: HostInterface): readonly Family[] {
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
export function resourceMetrics(it: HostInterface): readonly Family[] {
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
