/** Empties a namespace that is being deleted: pkg/controller/namespace (namespace_controller.go, deletion/). Pods go first. */
import { keyOf } from '../api/object.js';
import type { Context, Reconciler, Result } from '../api/reconciler.js';
import { type ResourceNames, resourceId } from '../api/resource.js';
import { type Duration, formatTime, milliseconds, parseTime, seconds, type Time } from '../api/time.js';
import type { Api, ResourceId } from '../api/verbs.js';
import type { Namespace, NamespaceCondition } from '../resources/namespaces/types.js';
import type { Pod } from '../resources/pods/types.js';
import { attempt } from './attempt.js';
import { isTerminal } from './pods.js';

/** namespaceDeletionGracePeriod: in a cluster of several API servers, time for all to hear of it. */
const GRACE = seconds(5);
/** Content with finalizers is somebody's to clean up; how long that may take. */
const FINALIZER_ESTIMATE = 15;
const MAX_RETRY = seconds(60);
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

export function namespaceController(resources: readonly ResourceNames[]): Reconciler {
  const namespaced = resources.filter((names) => names.namespaced && (names.verbs ?? ['delete']).includes('delete'));
  return {
    name: 'namespace-controller',
    watches: [
      {
        resource: 'namespaces',
        keys: ({ type, object }) => (type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined ? [keyOf(object)] : []),
        after: GRACE,
      },
    ],
    reconcile: (key, context) => {
      const namespace = context.api.get<Namespace>('namespaces', key);
      if (namespace?.metadata.deletionTimestamp === undefined || (namespace.spec.finalizers?.length ?? 0) === 0) return undefined;
      return empty(namespace, namespaced, context);
    },
  };
}

interface Remaining {
  /** `pods. has 1 resource instances`. */
  readonly totals: string[];
  readonly finalizers: Map<string, number>;
  readonly errors: string[];
  /** Seconds until it may be worth looking again. */
  estimate: number;
}

function empty(namespace: Namespace, resources: readonly ResourceNames[], { api, now }: Context): Result | undefined {
  const remaining: Remaining = { totals: [], finalizers: new Map(), errors: [], estimate: 0 };
  const pods = resources.find((names) => resourceId(names) === 'pods');
  const left = pods === undefined ? 0 : deleteAll(namespace, pods, remaining, api, now);
  // While there are pods nothing else is touched, nor said to remain.
  const seen = left > 0 ? { ...remaining, totals: [], finalizers: new Map<string, number>() } : remaining;
  if (left === 0) for (const names of resources) if (names !== pods) deleteAll(namespace, names, remaining, api, now);
  const current = writeConditions(namespace, seen, api, now);
  if (remaining.errors.length > 0) return { requeueAfter: retryDelay(namespace, now) };
  if (remaining.estimate > 0) return { requeueAfter: seconds(Math.floor(remaining.estimate / 2) + 1) };
  if (left > 0) return { requeueAfter: seconds(1) };
  const finalizers = (current.spec.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes');
  api.update('namespaces', { ...current, spec: finalizers.length === 0 ? {} : { finalizers } }, { ...WRITE, subresource: 'finalize' });
  return undefined;
}

/** deleteAllContentForGroupVersionResource. Returns how many are left. */
function deleteAll(namespace: Namespace, names: ResourceNames, remaining: Remaining, api: Api, now: Time): number {
  const resource = resourceId(names);
  const space = namespace.metadata.name ?? '';
  const objects = api.list(resource, { namespace: space });
  if (objects.length === 0) return 0;
  const estimate = resource === 'pods' ? estimateGrace(objects as readonly Pod[], namespace, now) : 0;
  for (const object of objects) if (object.metadata.deletionTimestamp === undefined) remove(resource, keyOf(object), api);
  const left = api.list(resource, { namespace: space });
  if (left.length === 0) return 0;
  remaining.totals.push(`${names.plural}.${names.group} has ${left.length} resource instances`);
  let hasFinalizers = false;
  for (const { metadata } of left)
    for (const finalizer of metadata.finalizers ?? []) {
      hasFinalizers = true;
      remaining.finalizers.set(finalizer, (remaining.finalizers.get(finalizer) ?? 0) + 1);
    }
  if (estimate > 0) remaining.estimate = Math.max(remaining.estimate, estimate);
  else if (hasFinalizers) remaining.estimate = Math.max(remaining.estimate, FINALIZER_ESTIMATE);
  else {
    const gvr = `${names.group}/${names.version}, Resource=${names.plural}`;
    remaining.errors.push(`unexpected items still remain in namespace: ${space} for gvr: ${gvr}`);
  }
  return left.length;
}

function remove(resource: ResourceId, key: { namespace: string; name: string }, api: Api): void {
  attempt(() => api.delete(resource, key, { propagationPolicy: 'Background' }));
}

/** The longest grace period of the pods, unless that long has passed since the namespace was deleted. */
function estimateGrace(pods: readonly Pod[], { metadata }: Namespace, now: Time): number {
  const longest = Math.max(0, ...pods.filter((pod) => !isTerminal(pod)).map(({ spec }) => spec.terminationGracePeriodSeconds ?? 0));
  return now - (parseTime(metadata.deletionTimestamp ?? '') ?? now) >= longest * 1000 ? 0 : longest;
}

/** Five milliseconds doubling since the deletion: as long again as it has been tried. */
function retryDelay({ metadata }: Namespace, now: Time): Duration {
  const tried = now - (parseTime(metadata.deletionTimestamp ?? '') ?? now) - GRACE;
  return Math.min(MAX_RETRY, Math.max(milliseconds(5), tried)) as Duration;
}

const FINE: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  ['NamespaceDeletionContentFailure', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
];

function troubles({ totals, finalizers, errors }: Remaining): ReadonlyMap<string, readonly [reason: string, message: string]> {
  const found = new Map<string, readonly [string, string]>();
  if (errors.length > 0)
    found.set('NamespaceDeletionContentFailure', [
      'ContentDeletionFailed',
      `Failed to delete all resource types, ${errors.length} remaining: ${errors.toSorted().join(', ')}`,
    ]);
  if (totals.length > 0) found.set('NamespaceContentRemaining', ['SomeResourcesRemain', `Some resources are remaining: ${totals.toSorted().join(', ')}`]);
  if (finalizers.size > 0) {
    const texts = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
    found.set('NamespaceFinalizersRemaining', ['SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${texts.join(', ')}`]);
  }
  return found;
}

function writeConditions(namespace: Namespace, remaining: Remaining, api: Api, now: Time): Namespace {
  const trouble = troubles(remaining);
  const old = namespace.status.conditions ?? [];
  let isChanged = false;
  const conditions = FINE.map(([type, fineReason, fineMessage]): NamespaceCondition => {
    const [reason, message] = trouble.get(type) ?? [fineReason, fineMessage];
    const status = trouble.has(type) ? 'True' : 'False';
    const before = old.find((condition) => condition.type === type);
    if (before?.status === status && before.reason === reason && before.message === message) return before;
    isChanged = true;
    // Another count of what is left is no transition.
    return { type, status, reason, message, lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? formatTime(now)) : formatTime(now) };
  });
  if (!isChanged) return namespace;
  const kept = old.map((one) => conditions.find(({ type }) => type === one.type) ?? one);
  const added = conditions.filter(({ type }) => !old.some((one) => one.type === type));
  return api.updateStatus<Namespace>('namespaces', { ...namespace, status: { ...namespace.status, conditions: [...kept, ...added] } }, WRITE);
}
