/**
 * May containers that run have other amounts of cpu and memory? kubelet.go handlePodResourcesResize. The spec says what is
 * wanted; what the node has agreed to (allocated) and what a container has got (actuated) follow.
 */
import { quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import { formatTime } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';
import type { Container, ResourceRequirements } from '../resources/pod-template/types.js';
import type { PodCondition } from '../resources/pods/types.js';
import { resourceShort } from './admission.js';
import { isSameSize, resizeAction } from './allocation.js';
import { isSidecar } from './container-status.js';
import { bookUsage, podUsage, releaseUsage } from './node-usage.js';
import type { PodRecord } from './record.js';
import { RESYNC, type Work } from './work.js';

/** First thing in a sync: may the containers have what the spec now asks for? The conditions say how it stands. */
export function handleResize(work: Work): void {
  const { record, pod } = work;
  // Its spec has never changed.
  if (pod.metadata.generation === 1) return;
  const resizable = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
  const before = Object.fromEntries(resizable.map((container) => [container.name, agreedBefore(record, container)]));
  const changed = resizable.filter(({ name, resources = {} }) => !isSameSize(resources, before[name] as ResourceRequirements));
  let pending: Pick<PodCondition, 'reason' | 'message'> | undefined;
  if (changed.length > 0) {
    pending = refusal(work);
    if (pending === undefined) {
      delete record.allocated;
      releaseUsage(work.kubelet, record);
      bookUsage(work);
      for (const { name } of changed) delete record.containers[name]?.crash;
    } else record.allocated = Object.fromEntries(changed.map(({ name }) => [name, before[name] as ResourceRequirements]));
  } else delete record.allocated;
  const inProgress = resizable.some((container) => work.newest(container.name)?.state === 'running' && resizeAction(record, container) !== undefined);
  const conditions = [
    ...(pending === undefined ? [] : [condition(work, 'PodResizePending', pending)]),
    ...(inProgress ? [condition(work, 'PodResizeInProgress', {})] : []),
  ];
  if (conditions.length > 0) record.resize = conditions;
  else delete record.resize;
  if (pending?.reason === 'Deferred') record.syncAt = work.jittered(RESYNC);
}

/** A container that was never started has what its spec says: nothing of it was changed under way. */
function agreedBefore(record: PodRecord, container: Container): ResourceRequirements {
  const known = record.containers[container.name];
  return record.allocated?.[container.name] ?? (known?.id === undefined ? (container.resources ?? {}) : (known.resources ?? {}));
}

/** canResizePod. */
function refusal(work: Work): Pick<PodCondition, 'reason' | 'message'> | undefined {
  const { allocatable } = work.context.api.get<Node>('nodes', { namespace: '', name: work.kubelet.node })?.status ?? {};
  if (allocatable === undefined) return undefined;
  const wanted = podUsage(work.pod.spec);
  const cpu = quantityMilliValue(quantity(allocatable['cpu']));
  const memory = quantityValue(quantity(allocatable['memory']));
  const beyond =
    wanted.memory > memory
      ? `memory, requested: ${wanted.memory}, capacity: ${memory}`
      : wanted.cpu > cpu
        ? `cpu, requested: ${wanted.cpu}, capacity: ${cpu}`
        : undefined;
  if (beyond !== undefined) return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${beyond}` };
  const short = resourceShort(work, allocatable, wanted);
  return short === undefined ? undefined : { reason: 'Deferred', message: short.message };
}

/** updatedPodResizeCondition: the time of the look, and of the last change of reason. */
function condition({ record, now }: Work, type: string, { reason, message }: Pick<PodCondition, 'reason' | 'message'>): PodCondition {
  const old = record.resize?.find((one) => one.type === type);
  const at = formatTime(now);
  return {
    type,
    status: 'True',
    lastProbeTime: at,
    lastTransitionTime: old !== undefined && old.reason === reason ? (old.lastTransitionTime ?? at) : at,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}
