/** Pod phase from container states: pkg/kubelet/kubelet_pods.go getPhase. */
import type { Container, PodSpec } from '../resources/pod-template/types.js';
import type { ContainerStatus, PodPhase } from '../resources/pods/types.js';

export interface PhaseInput {
  readonly spec: PodSpec;
  /** Init and regular containers, in any order. */
  readonly statuses: readonly ContainerStatus[];
  /** The kubelet will start nothing of it again: being deleted, evicted, past its deadline. */
  readonly podIsTerminal: boolean;
  /** Some regular container has been started in the present sandbox. */
  readonly podHasInitialized: boolean;
}

export function getPhase({ spec, statuses, podIsTerminal, podHasInitialized }: PhaseInput): PodPhase {
  const statusOf = ({ name }: Container): ContainerStatus | undefined => statuses.find((status) => status.name === name);
  let pendingInit = 0;
  let failedInit = 0;
  let pendingSidecar = 0;
  let unknown = 0;
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;

  for (const container of spec.initContainers ?? []) {
    const status = statusOf(container);
    const state = status?.state ?? {};
    const last = status?.lastState?.terminated;
    if (container.restartPolicy === 'Always') {
      if (status === undefined) unknown++;
      else if (state.running !== undefined) {
        running++;
        if (status.started !== true) pendingSidecar++;
      } else if (state.terminated !== undefined) continue;
      else if (state.waiting !== undefined) {
        if (last === undefined) {
          pendingSidecar++;
          waiting++;
        }
      } else {
        pendingSidecar++;
        unknown++;
      }
    } else if (status === undefined || state.running !== undefined) pendingInit++;
    else if (state.terminated !== undefined) failedInit += state.terminated.exitCode === 0 ? 0 : 1;
    else if (state.waiting !== undefined && last !== undefined) failedInit += last.exitCode === 0 ? 0 : 1;
    else pendingInit++;
  }

  for (const container of spec.containers) {
    const status = statusOf(container);
    const state = status?.state;
    if (state?.running !== undefined) running++;
    else if (state?.terminated !== undefined) {
      stopped++;
      if (state.terminated.exitCode === 0) succeeded++;
    } else if (state?.waiting !== undefined) {
      // A container that will be started again counts as stopped, never as succeeded.
      if (status?.lastState?.terminated !== undefined) stopped++;
      else waiting++;
    } else unknown++;
  }

  if (failedInit > 0 && spec.restartPolicy === 'Never') return 'Failed';
  if (pendingInit > 0 || (pendingSidecar > 0 && !podHasInitialized) || waiting > 0) return 'Pending';
  if (running > 0 && unknown === 0) return 'Running';
  if (running === 0 && stopped > 0 && unknown === 0) {
    if (podIsTerminal) return stopped === succeeded ? 'Succeeded' : 'Failed';
    if (spec.restartPolicy === undefined || spec.restartPolicy === 'Always') return 'Running';
    if (stopped === succeeded) return 'Succeeded';
    return spec.restartPolicy === 'Never' ? 'Failed' : 'Running';
  }
  return 'Pending';
}
