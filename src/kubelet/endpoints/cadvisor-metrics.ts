/** /metrics/cadvisor: cAdvisor's view of the cgroups, from the machine's down to each container's. */
import { counter, type Family, gauge } from '../../api/exposition.js';
import { parseTime } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import { capacityOf, type HostInterface, statusOf } from './host.js';
import { sumOf, type Usage, usageOf, used } from './usage.js';

const SLICES: Readonly<Record<string, string>> = { Burstable: '/kubepods-burstable.slice', BestEffort: '/kubepods-besteffort.slice' };

/** The cgroup of a pod, as systemd names it. */
function cgroupOf({ metadata, status }: Pod): string {
  const of = SLICES[status?.qosClass ?? ''] ?? '';
  const prefix = of === '' ? 'kubepods' : of.slice(1, -'.slice'.length);
  return `/kubepods.slice${of}/${prefix}-pod${(metadata.uid ?? '').replaceAll('-', '_')}.slice`;
}

export function cadvisorMetrics(it: HostInterface): readonly Family[] {
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
