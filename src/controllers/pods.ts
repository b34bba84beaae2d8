/** What every controller of pods asks of one, and how it makes and deletes them: pkg/controller/controller_utils.go, pkg/api/v1/pod. */

import { isSameMap } from '../api/equality.js';
import { StatusError } from '../api/errors.js';
import { type KubeObject, keyOf, type OwnerReference } from '../api/object.js';
import type { Context } from '../api/reconciler.js';
import { type Duration, milliseconds, parseTime, seconds, type Time } from '../api/time.js';
import type { WatchEvent } from '../api/verbs.js';
import type { PodTemplateSpec } from '../resources/pod-template/types.js';
import type { Pod, PodCondition } from '../resources/pods/types.js';
import { controllerReference } from './owned.js';

/** With more pods than this, changes of single ones are looked at together. */
const MANY = 100;
/** How long after a change of one of so many pods they are counted anew: the more there are, the less often (5 s for 10,000). */
export const countingDelay = (pods: number): Duration => milliseconds(pods > MANY ? Math.max(100, Math.floor(pods / 2)) : 0);
const NONE: readonly never[] = [];
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined;

export function readyCondition(pod: Pod): PodCondition | undefined {
  for (const condition of pod.status?.conditions ?? NONE) if (condition.type === 'Ready') return condition;
  return undefined;
}
export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';

/** How long until a ready pod has been so for `minReadySeconds`; 0: it is available; undefined: not ready. */
function availableIn(pod: Pod, minReadySeconds: number, now: Time): Duration | undefined {
  const ready = readyCondition(pod);
  if (ready?.status !== 'True') return undefined;
  if (minReadySeconds === 0) return 0 as Duration;
  const since = ready.lastTransitionTime ? parseTime(ready.lastTransitionTime) : undefined;
  if (since === undefined) return undefined;
  // Strictly after: Go's Before.
  return Math.max(0, since + seconds(minReadySeconds) + 1 - now) as Duration;
}
export const isAvailable = (pod: Pod, minReadySeconds: number, now: Time): boolean => availableIn(pod, minReadySeconds, now) === 0;

/** When the next of the ready pods becomes available, if any has to wait for it. */
export function nextAvailable(pods: readonly Pod[], minReadySeconds: number, now: Time): Duration | undefined {
  if (minReadySeconds === 0) return undefined;
  let next: Duration | undefined;
  for (const pod of pods) {
    const span = availableIn(pod, minReadySeconds, now);
    if (span !== undefined && span > 0 && (next === undefined || span < next)) next = span;
  }
  return next;
}

/** A change that asks for a pod in its place at once: it is gone, going or finished; or it is new, or changed hands. */
export function isUrgent({ type, object, old }: WatchEvent): boolean {
  if (type === 'ADDED') return true;
  if (type === 'DELETED') return old?.metadata.deletionTimestamp === undefined;
  const [pod, before] = [object as Pod, old as Pod];
  return (
    isActive(pod) !== isActive(before) ||
    !isSameMap(pod.metadata.labels, before.metadata.labels) ||
    pod.metadata.ownerReferences?.length !== before.metadata.ownerReferences?.length
  );
}

/** Any other change that a controller's status may count. */
export function isCounted({ type, object, old }: WatchEvent): boolean {
  if (type !== 'MODIFIED') return type === 'DELETED';
  const [pod, before] = [object as Pod, old as Pod];
  if (pod.status === before.status) return false;
  return pod.status?.phase !== before.status?.phase || readyCondition(pod)?.status !== readyCondition(before)?.status;
}

export interface PodPlan {
  readonly generateName?: string;
  readonly name?: string;
  readonly template: PodTemplateSpec;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** GetPodFromTemplate: labels, annotations and finalizers of the template, the owner's reference, `<owner>-` as generateName. */
export function podOf(owner: KubeObject, { template, ...plan }: PodPlan): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const allFinalizers = [...(finalizers ?? []), ...(plan.finalizers ?? [])];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(plan.name === undefined ? {} : { name: plan.name }),
      generateName: plan.generateName ?? `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace ?? '',
      ...(labels === undefined && plan.labels === undefined ? {} : { labels: { ...labels, ...plan.labels } }),
      ...(annotations === undefined && plan.annotations === undefined ? {} : { annotations: { ...annotations, ...plan.annotations } }),
      ...(allFinalizers.length === 0 ? {} : { finalizers: allFinalizers }),
      ownerReferences: plan.ownerReferences ?? [controllerReference(owner)],
    },
    spec: template.spec ?? { containers: [] },
  };
}

/** Creates it and says so on the owner. Returns the error's text; undefined when it went well or the namespace is going. */
export function createPod(context: Context, owner: KubeObject, pod: Pod): Failure | undefined {
  if (pod.metadata.labels === undefined || Object.keys(pod.metadata.labels).length === 0) return { message: 'unable to create pods, no labels' };
  try {
    const created = context.api.create('pods', pod, WRITE);
    context.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (isNamespaceTerminating(error)) return { message: error.message, isNamespaceTerminating: true };
    context.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    return { message: error.message };
  }
}

export interface Failure {
  readonly message: string;
  readonly isNamespaceTerminating?: boolean;
}

/** The cause NamespaceTerminating: no use trying, and nothing to say. */
export const isNamespaceTerminating = (error: StatusError): boolean =>
  error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true;

/** Deletes it and says so on the owner. A pod that is gone already counts as deleted. */
export function deletePod(context: Context, owner: KubeObject, pod: Pod): Failure | undefined {
  try {
    context.api.delete('pods', keyOf(pod));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.reason === 'NotFound') return undefined;
    const message = `unable to delete pods: ${error.message}`;
    context.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
    return { message };
  }
  context.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  return undefined;
}

/** slowStartBatch: 1, 2, 4, 8 … at a time; the first batch with a failure is the last. */
export function slowStart(count: number, create: (i: number) => Failure | undefined): Failure | undefined {
  let done = 0;
  for (let batch = 1; done < count; batch *= 2) {
    let failure: Failure | undefined;
    for (const end = Math.min(count, done + batch); done < end; done++) failure = create(done) ?? failure;
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** The pod with the condition in its place, or at the end (apipod.UpdatePodCondition). */
export function setPodCondition(pod: Pod, condition: PodCondition): Pod {
  const old = pod.status?.conditions ?? [];
  const i = old.findIndex(({ type }) => type === condition.type);
  return { ...pod, status: { ...pod.status, conditions: i < 0 ? [...old, condition] : old.with(i, condition) } };
}
