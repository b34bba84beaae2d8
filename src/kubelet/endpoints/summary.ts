/** /stats/summary (pkg/kubelet/server/stats): what `kubectl top` and people read, as JSON. */
import { quantity, quantityValue } from '../../api/quantity.js';
import { formatTime } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import { capacityOf, type HostInterface, nodeOf, statusOf } from './host.js';
import { sumOf, type Usage, usageOf, used } from './usage.js';

/** stats/v1alpha1 Summary: what is not measured here is left out. */
export function summary(it: HostInterface, isShort: boolean): object {
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

function diskUsage(it: HostInterface, pod: Pod, container: string): number {
  const status = statusOf(it, pod, container);
  return status === undefined ? 0 : it.runtime.diskUsage(status.id);
}

function memoryLimit({ spec }: Pod, container: string): number | undefined {
  const limit = [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === container)?.resources?.limits?.['memory'];
  return limit === undefined ? undefined : quantityValue(quantity(limit));
}
