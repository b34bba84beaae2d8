/** How a Job's pod has ended and what that counts for: pkg/controller/job/{job_controller,pod_failure_policy,backoff_utils}.go. */
import { parseTime, seconds, type Time } from '../../api/time.js';
import type { ContainerStatus, Pod } from '../pods/types.js';
import { COMPLETION_INDEX, TRACKING_FINALIZER } from './labels.js';
import type { Job, OnExitCodesRequirement, PodFailurePolicy, PodFailurePolicyRule } from './types.js';

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(TRACKING_FINALIZER) === true;
export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';
/** Terminating pods are not replaced before they have ended. */
export const replacesOnlyFailed = ({ spec }: Job): boolean => spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;

/** Undefined: none, or one that is too high. */
export function completionIndex({ metadata }: Pod, completions: number): number | undefined {
  const text = metadata.annotations?.[COMPLETION_INDEX];
  const index = text === undefined ? Number.NaN : Number(text);
  return Number.isInteger(index) && index >= 0 && index < completions ? index : undefined;
}

/** Where terminating pods are replaced at once, they count as failed at once. */
export function isFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(job) && pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
}

export interface Verdict {
  readonly action?: PodFailurePolicyRule['action'];
  readonly isCounted: boolean;
  /** Why the whole Job fails. */
  readonly message?: string;
}

/** matchPodFailurePolicy: the first rule that fits a failed pod. */
export function judge(policy: PodFailurePolicy | undefined, pod: Pod): Verdict {
  const where = `${pod.metadata.namespace}/${pod.metadata.name}`;
  for (const [i, rule] of (policy?.rules ?? []).entries()) {
    const what = explain(rule, pod, where);
    if (what === undefined) continue;
    const { action } = rule;
    if (action === 'FailJob') return { action, isCounted: true, message: `${what} matching FailJob rule at index ${i}` };
    return { action, isCounted: action !== 'Ignore' };
  }
  return { isCounted: true };
}

function explain({ onExitCodes, onPodConditions = [] }: PodFailurePolicyRule, { status = {} }: Pod, where: string): string | undefined {
  if (onExitCodes !== undefined) {
    const container = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find((candidate) => matchesExit(candidate, onExitCodes));
    return container && `Container ${container.name} for pod ${where} failed with exit code ${container.state?.terminated?.exitCode}`;
  }
  const condition = status.conditions?.find(({ type, status: value }) => onPodConditions.some((pattern) => pattern.type === type && pattern.status === value));
  return condition && `Pod ${where} has condition ${condition.type}`;
}

function matchesExit({ name, state }: ContainerStatus, { containerName, operator, values }: OnExitCodesRequirement): boolean {
  const code = state?.terminated?.exitCode;
  if (code === undefined || code === 0 || (containerName !== undefined && containerName !== name)) return false;
  return values.includes(code) === (operator === 'In');
}

/** getFinishedTime: when the last container or sidecar ended; else when the pod stopped being ready; else when its deletion was asked for. */
export function finishTime({ metadata, spec, status = {} }: Pod): Time {
  const { containerStatuses = [], initContainerStatuses = [] } = status;
  const isSidecar = ({ name }: ContainerStatus) => spec.initContainers?.some((one) => one.name === name && one.restartPolicy === 'Always') === true;
  const ended = lastEnd(initContainerStatuses.filter(isSidecar), lastEnd(containerStatuses));
  if (ended !== undefined) return ended;
  const ready = status.conditions?.find(({ type, status: value }) => type === 'Ready' && value === 'False');
  const since = ready?.lastTransitionTime ? parseTime(ready.lastTransitionTime) : undefined;
  if (since !== undefined) return since;
  const deleted = metadata.deletionTimestamp === undefined ? undefined : parseTime(metadata.deletionTimestamp);
  if (deleted !== undefined) return (deleted - seconds(metadata.deletionGracePeriodSeconds ?? 0)) as Time;
  return parseTime(metadata.creationTimestamp ?? '') ?? (0 as Time);
}

/** latestFinishTime: nothing as long as one of them has not ended. */
function lastEnd(statuses: readonly ContainerStatus[], before?: Time): Time | undefined {
  const ends = statuses.map(({ state }) => parseTime(state?.terminated?.finishedAt ?? ''));
  if (ends.includes(undefined)) return undefined;
  const last = Math.max(before ?? Number.NEGATIVE_INFINITY, ...(ends as Time[]));
  return last === Number.NEGATIVE_INFINITY ? undefined : (last as Time);
}

/** pastBackoffLimitOnFailure: where containers are restarted in place, restarts count as failures. */
export function hasTooManyRestarts({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status = {} } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) restarts += restartCount;
  }
  const limit = spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
