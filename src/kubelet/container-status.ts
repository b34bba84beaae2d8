/** Container statuses of the API from what the runtime and the kubelet know: kubelet_pods.go convertToAPIContainerStatuses. */
import { binaryOf, textOfBinary } from '../api/bytes.js';
import type { ContainerStatus as Instance } from '../api/cri.js';
import type { Mutable } from '../api/object.js';
import { formatTime } from '../api/time.js';
import type { Container, EphemeralContainer, VolumeMount } from '../resources/pod-template/types.js';
import type { ContainerState, ContainerStatus, Pod } from '../resources/pods/types.js';
import { allocated, reportedResources } from './allocation.js';
import type { PodRecord } from './record.js';

/** Instances of all containers of a pod, oldest first. */
export type Instances = readonly Instance[];

/** The newest of a container. */
export const newestOf = (instances: Instances, name: string): Instance | undefined => instances.findLast((one) => one.name === name);

/** The one before that. */
export function previousOf(instances: Instances, name: string): Instance | undefined {
  const newest = newestOf(instances, name);
  return instances.findLast((one) => one.name === name && one !== newest);
}

export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** ShouldContainerBeRestarted (container/helpers.go): a sidecar may be started again all the same, but that is not told of it. */
export function shouldRestart(pod: Pod, newest: Instance | undefined): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  if (newest === undefined) return true;
  if (newest.state === 'running') return false;
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  return policy === 'Always' || newest.exitCode !== 0;
}

export interface ContainerStatusInput {
  readonly pod: Pod;
  readonly record: PodRecord;
  readonly instances: Instances;
  /** Reads the last eighty lines of an instance's log (terminationMessagePolicy FallbackToLogsOnError). */
  logTail(id: string): string;
}

export type ContainerGroup = 'init' | 'regular' | 'ephemeral';

/** The last state of a container that has none. */
const NEVER: ContainerState = Object.freeze({});

export function containerStatuses(input: ContainerStatusInput, group: ContainerGroup): readonly ContainerStatus[] {
  const { pod } = input;
  const containers: readonly Container[] =
    (group === 'init' ? pod.spec.initContainers : group === 'regular' ? pod.spec.containers : pod.spec.ephemeralContainers) ?? [];
  const old =
    group === 'init' ? pod.status?.initContainerStatuses : group === 'regular' ? pod.status?.containerStatuses : pod.status?.ephemeralContainerStatuses;
  const all = containers.map((container) =>
    containerStatus(
      input,
      container,
      group,
      old?.find((one) => one.name === container.name),
    ),
  );
  // Init statuses stand in spec order (kubetypes.SortInitContainerStatuses), others by name.
  return group !== 'init' && all.length > 1 ? all.sort((a, b) => (a.name < b.name ? -1 : 1)) : all;
}

function containerStatus(input: ContainerStatusInput, container: Container, group: ContainerGroup, old: ContainerStatus | undefined): ContainerStatus {
  const { pod, record, instances } = input;
  const newest = newestOf(instances, container.name);
  const hasInit = (pod.spec.initContainers?.length ?? 0) > 0;
  let state: ContainerState = { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } };
  let lastState = NEVER;
  if (newest !== undefined) {
    state = stateOf(input, container, newest);
    const previous = previousOf(instances, container.name);
    if (previous !== undefined) lastState = stateOf(input, container, previous);
  } else if (old !== undefined) {
    // The runtime knows no instance any longer (purgeInitContainers): what was known of one stands.
    lastState = old.lastState ?? {};
    if (old.state?.terminated !== undefined) state = old.state;
  }

  // What shall be started again waits, for the reason of the last attempt.
  const waiting = record.containers[container.name]?.waiting;
  // An init container that has ended well counts as done, even a sidecar that will be started again.
  const isDoneInit = group === 'init' && newest?.state === 'exited' && newest.exitCode === 0;
  if (waiting !== undefined && newest?.state !== 'running' && !isDoneInit && shouldRestart(pod, newest)) {
    if (state.terminated !== undefined) lastState = state;
    state = { waiting: { reason: waiting.reason, ...(waiting.message === '' ? {} : { message: waiting.message }) } };
  }

  const started = newest?.state === 'running' && hasStarted(record, container, newest.id);
  const ready =
    group === 'init' && !isSidecar(container)
      ? state.terminated?.exitCode === 0
      : group !== 'ephemeral' && started && (container.readinessProbe === undefined || probeResult(record, container, 'readiness', newest.id) === 'success');
  const { adopted } = record.containers[container.name] ?? {};
  if (adopted !== undefined && adopted === newest?.id && old !== undefined && (newest.state === 'running') === (old.state?.running !== undefined))
    return { ...old, ready, started };
  if (newest === undefined && old?.state?.terminated !== undefined) return { ...old, state, lastState, ready, started };
  const status: Mutable<ContainerStatus> = {
    name: container.name,
    state,
    lastState,
    ready,
    restartCount: newest?.attempt ?? old?.restartCount ?? 0,
    image: newest?.image ?? container.image ?? '',
    imageID: newest?.imageRef ?? '',
  };
  if (newest !== undefined) status.containerID = `containerd://${newest.id}`;
  if (group !== 'ephemeral') status.started = started;
  if (newest !== undefined) {
    const { requests } = allocated(record, container);
    if (requests !== undefined) status.allocatedResources = requests;
    status.resources = reportedResources(record, container, newest.state === 'running');
  }
  const mounts = container.volumeMounts ?? [];
  if (mounts.length > 0) status.volumeMounts = mounts.map(mountStatus);
  if (newest !== undefined && newest.state !== 'created') status.user = { linux: newest.user };
  return status;
}

const mountStatus = (mount: VolumeMount): NonNullable<ContainerStatus['volumeMounts']>[number] => {
  const { name, mountPath } = mount;
  return mount.readOnly === true ? { name, mountPath, readOnly: true, recursiveReadOnly: isRecursive(mount) ? 'Enabled' : 'Disabled' } : { name, mountPath };
};

/** Nodes' runtimes can do it (resolveRecursiveReadOnly). */
const isRecursive = ({ recursiveReadOnly }: VolumeMount): boolean => recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible';

/** A probe's value for an instance (prober/results). */
export function probeResult(
  record: PodRecord,
  container: Pick<Container, 'name'>,
  kind: 'startup' | 'liveness' | 'readiness',
  id: string,
): 'success' | 'failure' | undefined {
  const probe = record.containers[container.name]?.probes?.[kind];
  return probe?.id === id ? probe.result : undefined;
}

/** Of a container that runs: it is through its startup probe if it has one. */
export function hasStarted(record: PodRecord, container: Container, id: string): boolean {
  return container.startupProbe === undefined || probeResult(record, container, 'startup', id) === 'success';
}

/** Bytes: of a log that serves as a message, and of all a pod's messages together (normalizeStatus). */
const LOG_MESSAGE = 2048;
const ALL_MESSAGES = 12_288;

function stateOf(input: ContainerStatusInput, container: Container | EphemeralContainer, one: Instance): ContainerState {
  if (one.state === 'running') return { running: { startedAt: formatTime(one.startedAt ?? one.createdAt) } };
  const exitCode = one.exitCode ?? 0;
  let message = (one.message ?? '') + (one.terminationMessage ?? '');
  if (message === '' && exitCode !== 0 && container.terminationMessagePolicy === 'FallbackToLogsOnError')
    message = textOfBinary(binaryOf(input.logTail(one.id)).slice(-LOG_MESSAGE));
  const { containers, initContainers = [], ephemeralContainers = [] } = input.pod.spec;
  const share = Math.floor(ALL_MESSAGES / (containers.length + initContainers.length + ephemeralContainers.length));
  if (message.length * 3 > share) message = textOfBinary(binaryOf(message).slice(0, share));
  return {
    terminated: {
      exitCode,
      reason: one.reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
      ...(message === '' ? {} : { message }),
      startedAt: formatTime(one.startedAt ?? one.createdAt),
      finishedAt: formatTime(one.finishedAt ?? one.createdAt),
      containerID: `containerd://${one.id}`,
    },
  };
}
