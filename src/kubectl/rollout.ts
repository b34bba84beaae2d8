/** What rollout knows of each kind: status, revisions, going back (kubectl pkg/polymorphichelpers rollout_status.go, history.go, rollback.go, objectpauser.go …). */

import { isEqual } from '../api/equality.js';
import { StatusError } from '../api/errors.js';
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { formatSelector, type LabelSelector, selectorOf } from '../api/selectors.js';
import type { ListObject, Target } from '../client/rest-client.js';
import type { RestMapping } from '../client/rest-mapper.js';
import type { ControllerRevision } from '../resources/controllerrevisions/types.js';
import type { DaemonSet } from '../resources/daemonsets/types.js';
import type { Deployment } from '../resources/deployments/types.js';
import type { PodTemplateSpec } from '../resources/pod-template/types.js';
import type { ReplicaSet } from '../resources/replicasets/types.js';
import type { StatefulSet } from '../resources/statefulsets/types.js';
import { type Factory, UsageError } from './command.js';
import { groupKind } from './names.js';
import { CHANGE_CAUSE } from './record.js';

export interface RolloutStatus {
  readonly text: string;
  readonly done: boolean;
}

/** `deployment.kubernetes.io/revision` of a deployment or one of its replica sets. */
const revisionOf = (object: KubeObject): number => Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);

/** StatusViewerFor; undefined: none for this kind. */
export function statusViewer(object: KubeObject): ((object: KubeObject, revision: number) => RolloutStatus) | undefined {
  switch (`${object.apiVersion.split('/')[0]}/${object.kind}`) {
    case 'apps/Deployment':
      return (one, revision) => deploymentStatus(one as Deployment, revision);
    case 'apps/DaemonSet':
      return (one) => daemonSetStatus(one as DaemonSet);
    case 'apps/StatefulSet':
      return (one) => statefulSetStatus(one as StatefulSet);
    default:
      return undefined;
  }
}

function deploymentStatus({ metadata, spec, status }: Deployment, revision: number): RolloutStatus {
  const name = metadata.name;
  if (revision > 0) {
    const current = revisionOf({ metadata } as KubeObject);
    if (current !== revision) throw new UsageError(`desired revision (${revision}) is different from the running revision (${current})`);
  }
  const waiting = (what: string): RolloutStatus => ({ text: `Waiting for deployment "${name}" rollout to finish: ${what}...\n`, done: false });
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) return { text: 'Waiting for deployment spec update to be observed...\n', done: false };
  const progressing = status?.conditions?.find((condition) => condition.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') throw new UsageError(`deployment "${name}" exceeded its progress deadline`);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  const wanted = spec?.replicas;
  if (wanted !== undefined && updatedReplicas < wanted) return waiting(`${updatedReplicas} out of ${wanted} new replicas have been updated`);
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas) return waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return { text: `deployment "${name}" successfully rolled out\n`, done: true };
}

function daemonSetStatus({ metadata, spec, status }: DaemonSet): RolloutStatus {
  if (spec?.updateStrategy?.type !== 'RollingUpdate') throw new UsageError('rollout status is only available for RollingUpdate strategy type');
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) return { text: 'Waiting for daemon set spec update to be observed...\n', done: false };
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status ?? {};
  const waiting = (what: string): RolloutStatus => ({ text: `Waiting for daemon set "${metadata.name}" rollout to finish: ${what}...\n`, done: false });
  if (updatedNumberScheduled < desiredNumberScheduled) return waiting(`${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated`);
  if (numberAvailable < desiredNumberScheduled) return waiting(`${numberAvailable} of ${desiredNumberScheduled} updated pods are available`);
  return { text: `daemon set "${metadata.name}" successfully rolled out\n`, done: true };
}

function statefulSetStatus({ metadata, spec, status }: StatefulSet): RolloutStatus {
  if (spec?.updateStrategy?.type !== 'RollingUpdate') throw new UsageError('rollout status is only available for RollingUpdate strategy type');
  const observed = status?.observedGeneration ?? 0;
  if (observed === 0 || (metadata.generation ?? 0) > observed) return { text: 'Waiting for statefulset spec update to be observed...\n', done: false };
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0, updateRevision = '', currentRevision = '' } = status ?? {};
  const replicas = spec?.replicas;
  if (replicas !== undefined && readyReplicas < replicas) return { text: `Waiting for ${replicas - readyReplicas} pods to be ready...\n`, done: false };
  const rolling = spec?.updateStrategy?.rollingUpdate;
  if (rolling !== undefined) {
    const partition = rolling.partition;
    if (replicas !== undefined && partition !== undefined && updatedReplicas < replicas - partition) {
      return {
        text: `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${replicas - partition} new pods have been updated...\n`,
        done: false,
      };
    }
    return { text: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...\n`, done: true };
  }
  if (updateRevision !== currentRevision) {
    return { text: `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...\n`, done: false };
  }
  return { text: `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...\n`, done: true };
}

/** One revision: its number, its template and what it is stored in. */
export interface Revision {
  readonly revision: number;
  readonly template: PodTemplateSpec;
  readonly source: ReplicaSet | ControllerRevision;
}

const REPLICASETS = { group: 'apps', version: 'v1', resource: 'replicasets', namespaced: true } as const;
const CONTROLLERREVISIONS = { group: 'apps', version: 'v1', resource: 'controllerrevisions', namespaced: true } as const;

export const hasHistory = (object: KubeObject): boolean =>
  object.apiVersion.startsWith('apps/') && ['Deployment', 'DaemonSet', 'StatefulSet'].includes(object.kind);

/** What is said of kinds without revisions; pkg/apps/kind_visitor.go knows more kinds than have any. */
export function noneFor(purpose: string, what: string, mapping: RestMapping): string {
  const name = groupKind(mapping);
  return ['Job.batch', 'CronJob.batch', 'ReplicaSet.apps', 'Pod', 'ReplicationController'].includes(name)
    ? `no ${what} has been implemented for "${name}"`
    : `error retrieving ${purpose} for "${name}", no visitor method exists for {${mapping.group} ${mapping.kind}}`;
}

/** All revisions, oldest first. */
export async function revisionsOf(factory: Factory, object: KubeObject): Promise<readonly Revision[]> {
  const selector = selectorOf((object as unknown as { spec?: { selector?: LabelSelector } }).spec?.selector);
  const labelSelector = selector === undefined ? '' : formatSelector(selector);
  const resource = object.kind === 'Deployment' ? REPLICASETS : CONTROLLERREVISIONS;
  const list = await listOf(factory, { resource, namespace: object.metadata.namespace ?? '' }, labelSelector, object);
  const owned = list.items.filter(
    (item) => item.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === object.metadata.uid) === true,
  );
  return owned.map(object.kind === 'Deployment' ? ofReplicaSet : ofControllerRevision).sort((a, b) => a.revision - b.revision);
}

/** history.go wraps what it is told of replica sets, and not of controller revisions. */
async function listOf(factory: Factory, target: Target, labelSelector: string, object: KubeObject): Promise<ListObject> {
  try {
    return await factory.client.list(target, { query: { labelSelector } });
  } catch (error) {
    if (object.kind !== 'Deployment' || !(error instanceof StatusError)) throw error;
    throw new UsageError(`failed to retrieve replica sets from deployment ${object.metadata.name}: ${error.message}`);
  }
}

function ofReplicaSet(item: KubeObject): Revision {
  const set = item as ReplicaSet;
  return { revision: revisionOf(set), template: (set.spec?.template ?? {}) as PodTemplateSpec, source: set };
}

function ofControllerRevision(item: KubeObject): Revision {
  const history = item as ControllerRevision;
  const data = history.data as { spec?: { template?: JsonObject } } | undefined;
  const { $patch: _, ...template } = data?.spec?.template ?? {};
  return { revision: history.revision, template: template as unknown as PodTemplateSpec, source: history };
}

/** Why a revision came about: an annotation of the replica set or controller revision. */
export const changeCause = (revision: Revision): string => revision.source.metadata.annotations?.[CHANGE_CAUSE] || '<none>';

/** The revision to go back to: the one asked for, or the one before the newest. */
export function revisionToRestore(object: KubeObject, revisions: readonly Revision[], toRevision: number): Revision {
  if (toRevision < 0) throw new UsageError(`unable to find specified revision ${toRevision} in history`);
  if (toRevision > 0) {
    const found = revisions.find((one) => one.revision === toRevision);
    if (found === undefined) throw new UsageError(`unable to find specified revision ${toRevision} in history`);
    return found;
  }
  const previous = revisions.at(-2);
  if (previous !== undefined) return previous;
  throw new UsageError(object.kind === 'Deployment' ? `no rollout history found for deployment "${object.metadata.name}"` : 'no last revision to roll back to');
}

const HASH_LABEL = 'pod-template-hash';

/** equalIgnoreHash. */
export const isSameTemplate = (a: PodTemplateSpec, b: PodTemplateSpec | undefined): boolean =>
  isEqual(withoutHash(a) as unknown as Json, withoutHash(b ?? ({} as PodTemplateSpec)) as unknown as Json);

export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  if (template.metadata?.labels?.[HASH_LABEL] === undefined) return template;
  const { [HASH_LABEL]: _, ...labels } = template.metadata.labels;
  return { ...template, metadata: { ...template.metadata, labels } };
}

const KEPT_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

/** The annotations a deployment gets with an old revision: that revision's, and of its own those the controller keeps. */
export function restoredAnnotations(deployment: KubeObject, replicaSet: KubeObject): Record<string, string> {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => KEPT_ANNOTATIONS.includes(key));
  const old = Object.entries(replicaSet.metadata.annotations ?? {}).filter(([key]) => !KEPT_ANNOTATIONS.includes(key));
  return Object.fromEntries([...own, ...old]);
}
