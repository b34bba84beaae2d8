/** The conditions a kubelet makes: pkg/kubelet/status/generate.go, merged as kubelet_pods.go and status_manager.go do. */
import type { Mutable } from '../api/object.js';
import type { Container, PodSpec } from '../resources/pod-template/types.js';
import type { ConditionStatus, ContainerStatus, PodCondition, PodPhase } from '../resources/pods/types.js';

/** A condition before it has times. */
export interface Verdict {
  readonly status: ConditionStatus;
  readonly reason?: string;
  readonly message?: string;
}

const NONE: readonly Container[] = [];
const TRUE: Verdict = { status: 'True' };
const COMPLETED: Verdict = { status: 'True', reason: 'PodCompleted' };
const UNKNOWN_STATUSES: Verdict = { status: 'False', reason: 'UnknownContainerStatuses' };

const list = (what: string, names: readonly string[]): string => `containers with ${what} status: [${names.join(' ')}]`;

export function initialized(spec: PodSpec, statuses: readonly ContainerStatus[] | undefined, phase: PodPhase | undefined): Verdict {
  const { initContainers = NONE } = spec;
  if (initContainers.length === 0) return phase === 'Succeeded' ? COMPLETED : TRUE;
  if (statuses === undefined) return UNKNOWN_STATUSES;
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const container of initContainers) {
    const status = statuses.find((one) => one.name === container.name);
    if (status === undefined) unknown.push(container.name);
    else if (container.restartPolicy === 'Always' ? status.started !== true : !status.ready) incomplete.push(container.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return COMPLETED;
  const hasStarted = statuses.some(
    (status) => (status.state?.running !== undefined || status.state?.terminated !== undefined) && spec.containers.some((one) => one.name === status.name),
  );
  if (hasStarted) return TRUE;
  return notYet('ContainersNotInitialized', unknown, 'incomplete', incomplete);
}

export function containersReady(spec: PodSpec, statuses: readonly ContainerStatus[] | undefined, phase: PodPhase | undefined): Verdict {
  if (statuses === undefined) return UNKNOWN_STATUSES;
  const unknown: string[] = [];
  const unready: string[] = [];
  const look = ({ name }: Container): void => {
    const status = statuses.find((one) => one.name === name);
    if (status === undefined) unknown.push(name);
    else if (!status.ready) unready.push(name);
  };
  spec.initContainers?.filter((one) => one.restartPolicy === 'Always').forEach(look);
  spec.containers.forEach(look);
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  return notYet('ContainersNotReady', unknown, 'unready', unready);
}

/** {@link containersReady}, and every readiness gate's own condition. */
export function podReady({ readinessGates }: PodSpec, conditions: readonly PodCondition[] | undefined, containers: Verdict): Verdict {
  if (containers.status !== 'True' || readinessGates === undefined) return containers;
  const missing: string[] = [];
  for (const { conditionType } of readinessGates) {
    const condition = conditions?.find((one) => one.type === conditionType);
    if (condition === undefined) missing.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (condition.status !== 'True') missing.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`);
  }
  return missing.length === 0 ? TRUE : { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
}

function notYet(reason: string, unknown: readonly string[], what: string, others: readonly string[]): Verdict {
  const messages: string[] = [];
  if (unknown.length > 0) messages.push(list('unknown', unknown));
  if (others.length > 0) messages.push(list(what, others));
  return messages.length === 0 ? TRUE : { status: 'False', reason, message: messages.join(', ') };
}

/** In this order they stand behind everybody else's. */
const OWN = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'] as const;
export type OwnConditions = Readonly<Record<(typeof OWN)[number], Verdict>>;

/** Conditions the kubelet makes when there is something to say; they stand before the others. */
const MADE_TYPES: ReadonlySet<string> = new Set([...OWN, 'PodResizePending', 'PodResizeInProgress']);

/** Others' conditions as they were, then the kubelet's; a transition time moves only when the status flips. `extra`: resizes, then disruption. */
export function mergeConditions(
  old: readonly PodCondition[] | undefined,
  own: OwnConditions,
  extra: readonly PodCondition[],
  now: string,
): readonly PodCondition[] {
  const others = old?.filter(({ type }) => !MADE_TYPES.has(type) && !extra.some((added) => added.type === type)) ?? [];
  return others.concat(
    extra,
    OWN.map((type) => made(type, own[type], old, now)),
  );
}

/** Nothing of it is somebody else's. */
const isOwn = ({ lastProbeTime, lastTransitionTime, observedGeneration }: PodCondition): boolean =>
  lastProbeTime === null && typeof lastTransitionTime === 'string' && observedGeneration === undefined;

function made(type: string, { status, reason, message }: Verdict, old: readonly PodCondition[] | undefined, now: string): PodCondition {
  const before = old?.find((one) => one.type === type);
  if (before !== undefined && before.status === status && before.reason === reason && before.message === message && isOwn(before)) return before;
  const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? now) : now;
  const condition: Mutable<PodCondition> = { type, status, lastProbeTime: null, lastTransitionTime };
  if (reason !== undefined) condition.reason = reason;
  if (message !== undefined) condition.message = message;
  return condition;
}
