/** What pods use, and the node in all: the numbers behind the kubelet's summary and its metrics. */
import { type ContainerStats, daemonsUsage } from '../../api/node-proxy.js';
import { keyOf } from '../../api/object.js';
import { formatTime, parseTime, type Time } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import { type HostInterface, nodeOf, podsOf } from './host.js';

/** A pod that runs, and what its containers use. */
export interface Used {
  readonly pod: Pod;
  readonly startTime: string;
  readonly containers: readonly (ContainerStats & { readonly startTime: string; readonly seconds: number })[];
}

const secondsSince = (start: string, now: Time): number => Math.max(0, (now - (parseTime(start) ?? now)) / 1000);

export function used(it: HostInterface): readonly Used[] {
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

export interface Usage {
  readonly cpuNanoCores: number;
  readonly cpuNanoSeconds: number;
  readonly memoryBytes: number;
}

export const sumOf = (containers: Used['containers']): Usage => ({
  cpuNanoCores: containers.reduce((sum, one) => sum + one.cpuNanoCores, 0),
  cpuNanoSeconds: containers.reduce((sum, one) => sum + one.cpuNanoCores * one.seconds, 0),
  memoryBytes: containers.reduce((sum, one) => sum + one.memoryBytes, 0),
});

/** All pods and the daemons. */
export function usageOf(it: HostInterface, pods: readonly Used[]): Usage & { readonly startTime: string } {
  const startTime = nodeOf(it)?.metadata.creationTimestamp ?? formatTime(it.now);
  const all = sumOf(pods.flatMap(({ containers }) => containers));
  return {
    startTime,
    cpuNanoCores: all.cpuNanoCores + daemonsUsage.cpuNanoCores,
    cpuNanoSeconds: all.cpuNanoSeconds + daemonsUsage.cpuNanoCores * secondsSince(startTime, it.now),
    memoryBytes: all.memoryBytes + daemonsUsage.memoryBytes,
  };
}
