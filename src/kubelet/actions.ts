/** What a sync has to do: kuberuntime_manager.go computePodActions, computeInitContainerActions. */
import type { ContainerStatus } from '../api/cri.js';
import type { Container } from '../resources/pod-template/types.js';
import { resizeAction } from './allocation.js';
import { hasStarted, isSidecar, probeResult, shouldRestart } from './container-status.js';
import type { Task } from './record.js';
import type { Work } from './work.js';

export interface PodActions {
  readonly createSandbox: boolean;
  /** Nothing is left to run: what still does (sidecars) is to be ended, and the pod with it. */
  readonly killPod: boolean;
  /** Whoever asked may take them off. */
  readonly tasks: Task[];
}

export function computePodActions(work: Work): PodActions {
  const { pod, record } = work;
  const policy = pod.spec.restartPolicy ?? 'Always';
  const sandbox = work.sandbox;
  if (sandbox === undefined || sandbox.state !== 'ready') {
    // A pod that may not be restarted gets no second sandbox once a container of it has run.
    if (policy === 'Never' && record.sandboxes > 0 && Object.values(record.containers).some((one) => one.attempts > 0))
      return { createSandbox: false, killPod: true, tasks: [] };
    return { createSandbox: true, killPod: false, tasks: [] };
  }

  const plan: Plan = { kills: [], ephemeral: [], init: [], resizes: [], regular: [] };
  pod.spec.ephemeralContainers?.forEach((container) => {
    if (work.newest(container.name) === undefined) plan.ephemeral.push(start(container));
  });

  const init = planInit(work, plan);
  if (init === 'failed') return { createSandbox: false, killPod: true, tasks: [] };
  if (init === 'done') {
    const isLeft = planRegular(work, plan);
    // Nothing to keep and nothing to start: sidecars do not keep a pod alive.
    if (!isLeft) return { createSandbox: false, killPod: true, tasks: [] };
  }
  return { createSandbox: false, killPod: false, tasks: plan.kills.concat(plan.ephemeral, plan.init, plan.resizes, plan.regular) };
}

const start = ({ name, image = '' }: Container): Task => ({ do: 'start', name, image });

/** The order of a sync: all that must go goes before anything is started. */
interface Plan {
  readonly kills: Task[];
  readonly ephemeral: Task[];
  readonly init: Task[];
  readonly resizes: Task[];
  readonly regular: Task[];
}

/** False: no regular container runs on, and none is started. */
function planRegular(work: Work, plan: Plan): boolean {
  const { pod } = work;
  let kept = 0;
  for (const container of pod.spec.containers) {
    const { name } = container;
    const newest = work.newest(name);
    if (newest?.state !== 'running') {
      if (newest === undefined || shouldRestart(pod, newest)) plan.regular.push(start(container));
      continue;
    }
    const kill = reasonToKill(work, container, newest.id);
    if (kill !== undefined) {
      const restart = kill.always || pod.spec.restartPolicy !== 'Never';
      plan.kills.push({ do: 'kill', name, ...kill.grace, message: `Container ${name} ${kill.why}${restart ? ', will be restarted' : ''}` });
      if (restart) plan.regular.push(start(container));
    } else if (!planResize(work, container, plan, plan.regular)) kept++;
  }
  return kept > 0 || plan.regular.length > 0;
}

interface Reason {
  readonly why: string;
  /** Whatever the pod's restart policy. */
  readonly always: boolean;
  readonly grace: Pick<Task, 'grace'>;
}

/** Why a running container has to go, first reason that holds. */
function reasonToKill(work: Work, container: Container, id: string): Reason | undefined {
  if (isChanged(work, container)) return { why: 'definition changed', always: true, grace: {} };
  if (probeResult(work.record, container, 'liveness', id) === 'failure')
    return { why: 'failed liveness probe', always: false, grace: probeGrace(container.livenessProbe) };
  if (probeResult(work.record, container, 'startup', id) === 'failure')
    return { why: 'failed startup probe', always: false, grace: probeGrace(container.startupProbe) };
  return undefined;
}

/** containerChanged: another image than that it was made of. */
const isChanged = ({ record }: Work, { name, image }: Container): boolean => (record.containers[name]?.image ?? image) !== image;

/** A running container whose resources are not yet those it was allocated; true: it is restarted for them. */
function planResize(work: Work, container: Container, plan: Plan, starts: Task[]): boolean {
  const { name } = container;
  const action = resizeAction(work.record, container);
  if (action === 'update') plan.resizes.push({ do: 'resize', name });
  if (action !== 'restart') return false;
  plan.kills.push({ do: 'kill', name, message: `Container ${name} resize requires restart` });
  starts.push(start(container));
  return true;
}

const probeGrace = (probe: Container['livenessProbe']): Pick<Task, 'grace'> =>
  probe?.terminationGracePeriodSeconds === undefined ? {} : { grace: probe.terminationGracePeriodSeconds * 1000 };

/**
 * computeInitContainerActions: from the last init container back to the first that has begun, which says what is next; of those
 * before it sidecars are kept running. Done: regular containers may start, or do.
 */
function planInit(work: Work, plan: Plan): 'done' | 'failed' | 'waiting' {
  const { pod } = work;
  const { containers, initContainers: init } = pod.spec;
  if (init === undefined || init.length === 0) return 'done';
  // Regular containers that have ended tell nothing: that may have been in the sandbox before.
  let isDone = containers.some(({ name }) => isAlive(work.newest(name)));
  let hasLaterBegun = isDone;
  const starts: Task[] = [];
  const startAt = (at: number): void => {
    const container = init[at];
    if (container !== undefined) starts.push(start(container));
  };
  for (const [at, container] of [...init.entries()].reverse()) {
    const newest = work.newest(container.name);
    const isLast = at === init.length - 1;
    if (newest === undefined) {
      if (hasLaterBegun && isSidecar(container)) startAt(at);
      continue;
    }
    if (isSidecar(container)) {
      if (newest.state !== 'running') startAt(at);
      else if (hasStarted(work.record, container, newest.id)) {
        if (isLast) isDone = true;
        else if (!hasLaterBegun) startAt(at + 1);
        keepSidecar(work, container, newest.id, plan, starts);
      } else if (probeResult(work.record, container, 'startup', newest.id) === 'failure') keepSidecar(work, container, newest.id, plan, starts);
    } else if (!hasLaterBegun && newest.state !== 'running') {
      if (hasEndedWell(work, newest)) {
        if (isLast) isDone = true;
        else startAt(at + 1);
      } else if (pod.spec.restartPolicy === 'Never') return 'failed';
      else startAt(at);
    }
    hasLaterBegun = true;
  }
  if (!hasLaterBegun) startAt(0);
  plan.init.push(...starts.reverse());
  return isDone ? 'done' : 'waiting';
}

/** What was over before this kubelet knew of it the API tells. */
function hasEndedWell({ record, pod }: Work, { name, id, exitCode }: ContainerStatus): boolean {
  if (record.containers[name]?.adopted !== id) return exitCode === 0;
  return pod.status?.initContainerStatuses?.find((one) => one.name === name)?.state?.terminated?.exitCode === 0;
}

const isAlive = (one: ContainerStatus | undefined): boolean => one !== undefined && one.state !== 'exited';

function keepSidecar(work: Work, container: Container, id: string, plan: Plan, starts: Task[]): void {
  const { name } = container;
  const kill = reasonToKill(work, container, id);
  if (kill === undefined) {
    planResize(work, container, plan, starts);
    return;
  }
  plan.kills.push({ do: 'kill', name, ...kill.grace, message: `Init container ${name} ${kill.why}` });
  starts.push(start(container));
}
