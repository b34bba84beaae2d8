/** Pods that take more of the node's disk than they may: eviction_manager.go localStorageEviction. */
import { formatQuantity, quantity, quantityValue } from '../api/quantity.js';
import { seconds } from '../api/time.js';
import type { Container, PodSpec } from '../resources/pod-template/types.js';
import { beginEnd } from './end-pod.js';
import { HARD_GRACE } from './eviction.js';
import { effective } from './node-usage.js';
import type { Work } from './work.js';

/** How often the kubelet compares usage and limits (monitoringInterval). */
const MONITORING = seconds(10);
const STORAGE = 'ephemeral-storage';

/** Begins the pod's end when a volume, the pod or a container has outgrown its limit. */
export function endPastStorageLimit(work: Work): void {
  const { pod, record, runtime, now } = work;
  const { sandbox } = record;
  if (sandbox === undefined || !isLimited(pod.spec)) return;
  const tick = Math.floor(now / MONITORING) * MONITORING;
  if (tick !== now) {
    work.wakeAt(tick + MONITORING);
    return;
  }
  const message = fullVolume(work) ?? fullPod(work, sandbox) ?? fullContainer(work, sandbox);
  if (message !== undefined) {
    work.event('Warning', 'Evicted', message);
    beginEnd(work, { grace: HARD_GRACE, phase: 'Failed', reason: 'Evicted', message });
    return;
  }
  // What does not run does not grow.
  const next = runtime.nextStep(sandbox);
  if (next !== undefined) work.wakeAt((Math.floor(next / MONITORING) + 1) * MONITORING);
}

const isLimited = ({ volumes, containers, initContainers }: PodSpec): boolean =>
  volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) === true ||
  containers.some(hasStorageLimit) ||
  initContainers?.some(hasStorageLimit) === true;
const hasStorageLimit = ({ resources }: Container): boolean => resources?.limits?.[STORAGE] !== undefined;

const bytes = (text: string | undefined): number => (text === undefined ? 0 : quantityValue(quantity(text)));

function fullVolume({ pod, runtime }: Work): string | undefined {
  const full = (pod.spec.volumes ?? []).find(({ emptyDir, name }) => {
    const limit = bytes(emptyDir?.sizeLimit);
    return limit > 0 && runtime.volumeUsage(`${pod.metadata.uid}/${name}`) > limit;
  });
  return full === undefined
    ? undefined
    : `Usage of EmptyDir volume "${full.name}" exceeds the limit "${formatQuantity(quantity(full.emptyDir?.sizeLimit ?? '0'))}". `;
}

/** Containers and the volumes that live on the node's disk, against the limits of all containers. */
function fullPod({ pod, runtime }: Work, sandbox: string): string | undefined {
  const limit = effective(pod.spec, 'limits', (list) => bytes(list?.[STORAGE]));
  if (limit === 0) return undefined;
  let used = 0;
  for (const { id } of runtime.listContainers(sandbox)) used += runtime.diskUsage(id);
  for (const { name, emptyDir } of pod.spec.volumes ?? [])
    if (emptyDir !== undefined && emptyDir.medium !== 'Memory') used += runtime.volumeUsage(`${pod.metadata.uid}/${name}`);
  if (used <= limit) return undefined;
  const text = formatQuantity({ nano: BigInt(limit) * 1_000_000_000n, format: 'BinarySI' });
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${text}. `;
}

function fullContainer({ pod, runtime }: Work, sandbox: string): string | undefined {
  for (const { name, id, state } of runtime.listContainers(sandbox)) {
    const limit = pod.spec.containers.find((one) => one.name === name)?.resources?.limits?.[STORAGE];
    if (state === 'running' && limit !== undefined && runtime.diskUsage(id) > bytes(limit))
      return `Container ${name} exceeded its local ephemeral storage limit "${formatQuantity(quantity(limit))}". `;
  }
  return undefined;
}
