/** A pod's whole status as the kubelet sees it: kubelet_pods.go generateAPIPodStatus, status_manager.go mergePodStatus. */

import type { SandboxStatus } from '../api/cri.js';
import { isEqual } from '../api/equality.js';
import type { Mutable } from '../api/object.js';
import { formatTime, type Time } from '../api/time.js';
import type { PodSpec } from '../resources/pod-template/types.js';
import type { ContainerStatus, Pod, PodCondition, PodPhase, PodStatus } from '../resources/pods/types.js';
import { containersReady, initialized, mergeConditions, podReady } from './conditions.js';
import { type ContainerStatusInput, containerStatuses, isSidecar } from './container-status.js';
import { getPhase } from './phase.js';

export interface StatusInput extends ContainerStatusInput {
  readonly sandbox: SandboxStatus | undefined;
  readonly now: Time;
  readonly hostIP: string;
  /** Nothing of it will be started any more. */
  readonly isTerminal: boolean;
  /** A regular container has been created in the present sandbox. */
  isInitialized(): boolean;
  /** Said by the kubelet about its end: phase, reason, message (deadline, eviction). */
  readonly verdict?: { readonly phase?: PodPhase; readonly reason?: string; readonly message?: string; readonly disruption?: string };
}

const NONE: readonly PodCondition[] = [];
const isEnded = (phase: PodPhase | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';

/** `isOver`: nothing of the pod will be started any more, though the phase does not say so before everything has been cleared away. */
export function generateStatus(input: StatusInput): { readonly status: PodStatus; readonly isOver: boolean } {
  const { pod, record, now, sandbox, verdict } = input;
  const old = pod.status;
  const regular = containerStatuses(input, 'regular');
  const init = (pod.spec.initContainers?.length ?? 0) === 0 ? undefined : containerStatuses(input, 'init');
  const ephemeral = (pod.spec.ephemeralContainers?.length ?? 0) === 0 ? undefined : containerStatuses(input, 'ephemeral');
  const all = init === undefined ? regular : [...regular, ...init];

  let phase = getPhase({ spec: pod.spec, statuses: all, podIsTerminal: input.isTerminal, podHasInitialized: init !== undefined && input.isInitialized() });
  if (isEnded(old?.phase)) phase = old?.phase as PodPhase;
  let reason = phase === old?.phase ? old?.reason : undefined;
  let message = phase === old?.phase ? old?.message : undefined;
  if (verdict?.phase !== undefined && !isEnded(old?.phase)) {
    phase = verdict.phase;
    reason = verdict.reason;
    message = verdict.message;
  }

  const isUp = sandbox?.state === 'ready' && sandbox.ip !== '';
  const at = formatTime(now);
  const containers = containersReady(pod.spec, all, phase);
  const ready = podReady(pod.spec, old?.conditions, containers);
  const disruption: readonly PodCondition[] =
    verdict?.disruption === undefined
      ? NONE
      : [
          {
            type: 'DisruptionTarget',
            status: 'True',
            lastProbeTime: null,
            lastTransitionTime: at,
            reason: 'TerminationByKubelet',
            message: verdict.disruption,
          },
        ];
  const isOver = isEnded(phase);
  // A terminal phase is published only when the pod worker says that nothing can run any more, and DisruptionTarget with it.
  const isHeld = isOver && !isEnded(old?.phase) && !input.isTerminal;
  const conditions = mergeConditions(
    old?.conditions,
    {
      PodReadyToStartContainers: { status: isUp ? 'True' : 'False' },
      Initialized: initialized(pod.spec, all, phase),
      Ready: ready,
      ContainersReady: containers,
      PodScheduled: { status: 'True' },
    },
    (input.isTerminal || record.resize === undefined ? NONE : record.resize).concat(isHeld ? NONE : disruption),
    at,
  );
  if (isHeld) {
    phase = old?.phase ?? 'Pending';
    reason = old?.reason;
    message = old?.message;
  }
  // On the host's network the address is known before there is a sandbox.
  const ip = sandbox?.ip || old?.podIP || (pod.spec.hostNetwork === true ? input.hostIP : undefined);
  const status: Mutable<PodStatus> = { phase, conditions };
  if (message !== undefined && message !== '') status.message = message;
  if (reason !== undefined && reason !== '') status.reason = reason;
  // The node that was promised is forgotten: nothing of the kubelet's takes it over.
  status.hostIP = input.hostIP;
  status.hostIPs = [{ ip: input.hostIP }];
  if (ip !== undefined && ip !== '') {
    status.podIP = ip;
    status.podIPs = [{ ip }];
  }
  status.startTime = formatTime(record.start as Time);
  if (init !== undefined) status.initContainerStatuses = init;
  status.containerStatuses = regular;
  if (old?.qosClass !== undefined) status.qosClass = old.qosClass;
  if (ephemeral !== undefined) status.ephemeralContainerStatuses = ephemeral;
  if (old?.resourceClaimStatuses !== undefined) status.resourceClaimStatuses = old.resourceClaimStatuses;
  return { status, isOver };
}

/** status_manager.go TerminatePod: containers nobody can find count as lost, a pod that ended otherwise has failed. */
export function terminatedStatus(status: PodStatus, wasInitialized: boolean): PodStatus {
  const { containerStatuses = [], initContainerStatuses } = status;
  const hasBegun = (one: ContainerStatus): boolean => one.state?.waiting === undefined || one.lastState?.terminated !== undefined;
  // Those before the last one that has begun, and in any case the first.
  const known = Math.max(1, (initContainerStatuses?.findLastIndex(hasBegun) ?? -1) + 1);
  return {
    ...status,
    phase: isEnded(status.phase) ? (status.phase as PodPhase) : 'Failed',
    containerStatuses: wasInitialized ? containerStatuses.map(lost) : containerStatuses,
    ...(initContainerStatuses === undefined ? {} : { initContainerStatuses: initContainerStatuses.map((one, i) => (i < known ? lost(one) : one)) }),
  };
}

function lost(one: ContainerStatus): ContainerStatus {
  if (one.state?.terminated !== undefined) return one;
  const message = 'The container could not be located when the pod was terminated';
  return { ...one, state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message, startedAt: null, finishedAt: null } } };
}

/** A regular container has begun, or the last init container has done its part, as far as the API knows. */
export function hasPodInitialized({ spec: { initContainers }, status = {} }: Pod): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = status;
  const container = initContainers?.at(-1);
  const last = initContainerStatuses.at(-1);
  if (container === undefined || containerStatuses.some((one) => one.state?.waiting === undefined || one.lastState?.terminated !== undefined)) return true;
  if (container.restartPolicy === 'Always') return last?.state?.running !== undefined && last.started === true;
  return last?.state?.terminated?.exitCode === 0 || last?.lastState?.terminated?.exitCode === 0;
}

/** checkContainerStateTransition: where what has ended is not started again, a status that says otherwise is not sent. */
export function isIllegalTransition({ restartPolicy = 'Always', initContainers }: PodSpec, old: PodStatus | undefined, status: PodStatus): boolean {
  if (restartPolicy === 'Always' || old === undefined) return false;
  const isOver = ({ state }: ContainerStatus): boolean =>
    state?.terminated !== undefined && !(restartPolicy === 'OnFailure' && state.terminated.exitCode !== 0);
  const revives = (before: readonly ContainerStatus[] = [], after: readonly ContainerStatus[] = []): boolean =>
    before.some((one) => isOver(one) && after.some(({ name, state }) => name === one.name && state?.terminated === undefined));
  const sidecars = new Set(initContainers?.filter(isSidecar).map(({ name }) => name));
  return (
    revives(old.containerStatuses, status.containerStatuses) ||
    revives(
      old.initContainerStatuses?.filter(({ name }) => !sidecars.has(name)),
      status.initContainerStatuses,
    )
  );
}

/** Whether two statuses say the same. */
export const isSameStatus = (a: PodStatus | undefined, b: PodStatus): boolean => isEqual(a, b);
