/** What a Deployment asks of its ReplicaSets: pkg/controller/deployment/util/deployment_util.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { scaledValue } from '../../controllers/int-or-string.js';
import type { PodTemplateSpec } from '../pod-template/types.js';
import type { ReplicaSet } from '../replicasets/types.js';
import type { Deployment } from './types.js';

export const REVISION = 'deployment.kubernetes.io/revision';
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';
export const TEMPLATE_HASH = 'pod-template-hash';

export const replicasOf = (set: ReplicaSet | Deployment): number => set.spec.replicas ?? 0;
export const availableOf = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;
export const sum = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number => sets.reduce((total, set) => total + count(set), 0);
export const total = (sets: readonly ReplicaSet[]): number => sum(sets, replicasOf);
export const activeOf = (sets: readonly ReplicaSet[]): readonly ReplicaSet[] => sets.filter((set) => replicasOf(set) > 0);

export const isRollingUpdate = ({ spec }: Deployment): boolean => spec.strategy?.type === 'RollingUpdate';

/** ResolveFenceposts: surge rounds up, unavailability down; if both come out as 0, one may be unavailable. */
function fenceposts({ spec }: Deployment): { surge: number; unavailable: number } {
  const replicas = spec.replicas ?? 0;
  const surge = scaledValue(spec.strategy?.rollingUpdate?.maxSurge, replicas, 'up');
  const unavailable = scaledValue(spec.strategy?.rollingUpdate?.maxUnavailable, replicas, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const maxSurge = (deployment: Deployment): number => (isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0);
export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  return !isRollingUpdate(deployment) || replicas === 0 ? 0 : Math.min(fenceposts(deployment).unavailable, replicas);
}

/** NewRSNewReplicas: how large the new set should be now. */
export function nextSize(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return replicas;
  const room = replicas + maxSurge(deployment) - total(all);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}

/** By creation, then name: ReplicaSetsByCreationTimestamp. */
export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') || compare(a.metadata.name ?? '', b.metadata.name ?? '');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The set whose template is the Deployment's; the oldest, should there be several. */
export function findNew(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return sets.toSorted(byCreation).find((set) => isSameTemplate(set.spec.template, deployment.spec.template));
}

/** EqualIgnoreHash. */
export function isSameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return isSemanticEqual(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const { [TEMPLATE_HASH]: _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}

/** An int64: a set that is adopted may come with any. What is no number counts as none. */
export const revisionOf = ({ metadata }: ReplicaSet | Deployment): bigint => toRevision(metadata.annotations?.[REVISION]);
const toRevision = (text = ''): bigint => (/^[-+]?\d+$/.test(text) ? BigInt(text) : 0n);

/** MaxRevision; LastRevision: the second highest. 0: there is none. */
export function maxRevision(sets: readonly ReplicaSet[]): bigint {
  let max = 0n;
  for (const one of sets.map(revisionOf)) if (one > max) max = one;
  return max;
}
export function lastRevision(sets: readonly ReplicaSet[]): bigint {
  const max = maxRevision(sets);
  return maxRevision(sets.filter((set) => revisionOf(set) !== max));
}

export const ROLLBACK_TO = 'deprecated.deployment.rollback.to';

/** getRollbackTo: what `rollbackTo` of extensions/v1beta1 asked for, and its annotation still does. 0: the last revision. */
export function rollbackOf({ metadata }: Deployment): bigint | undefined {
  const asked = metadata.annotations?.[ROLLBACK_TO] ?? '';
  return /^[-+]?\d+$/.test(asked) ? BigInt(asked) : undefined;
}

const NOT_COPIED = new Set(['kubectl.kubernetes.io/last-applied-configuration', REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, ROLLBACK_TO]);

/** SetDeploymentAnnotationsTo: the set's annotations, but for those that are each one's own. */
export function annotationsBack({ metadata }: Deployment, set: ReplicaSet): Readonly<Record<string, string>> {
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => NOT_COPIED.has(key));
  return { ...Object.fromEntries(own), ...Object.fromEntries(Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key))) };
}

/** Revision numbers a set has had before are kept up to so many characters. */
const HISTORY_LIMIT = 2000;

/** SetNewReplicaSetAnnotations: the Deployment's annotations, and the revision, which only ever grows. */
export function annotationsOfNew(deployment: Deployment, set: ReplicaSet | undefined, revision: bigint): Readonly<Record<string, string>> {
  const annotations: Record<string, string> = { ...set?.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) if (!NOT_COPIED.has(key)) annotations[key] = value;
  const old = annotations[REVISION];
  if (toRevision(old) < revision) {
    annotations[REVISION] = String(revision);
    if (old !== undefined) annotations[REVISION_HISTORY] = history(annotations[REVISION_HISTORY], old);
  }
  return set === undefined ? { ...annotations, ...sizeAnnotations(deployment) } : annotations;
}

function history(before: string | undefined, old: string): string {
  if (!before) return old;
  const revisions = [...before.split(','), old];
  while (revisions.length > 1 && revisions.join(',').length > HISTORY_LIMIT) revisions.shift();
  return revisions.join(',');
}

/** SetReplicasAnnotations: what proportional scaling later starts from. */
export const sizeAnnotations = (deployment: Deployment): Readonly<Record<string, string>> => ({
  [DESIRED_REPLICAS]: String(replicasOf(deployment)),
  [MAX_REPLICAS]: String(replicasOf(deployment) + maxSurge(deployment)),
});
