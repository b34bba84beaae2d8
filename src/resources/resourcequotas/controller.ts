/** What a quota's namespace uses: pkg/controller/resourcequota. Admission raises it with every request; this counts anew when something goes. */

import { isSemanticEqual } from '../../api/equality.js';
import { StatusError } from '../../api/errors.js';
import { type KubeObject, keyOf, type ObjectKey } from '../../api/object.js';
import { compareQuantities, formatQuantity, type Quantity, quantity } from '../../api/quantity.js';
import { isInScope, quotaNames, totalUsage } from '../../api/quota.js';
import type { Context, Reconciler } from '../../api/reconciler.js';
import { milliseconds, minutes } from '../../api/time.js';
import type { Api, ResourceId, WatchEvent } from '../../api/verbs.js';
import { isTerminal } from '../../controllers/pods.js';
import type { Pod } from '../pods/types.js';
import type { Service } from '../services/types.js';
import type { ResourceQuota } from './types.js';

const QUOTAS = 'resourcequotas';
/** Counted under their plain names too. */
const NAMED: readonly ResourceId[] = ['pods', 'services', 'persistentvolumeclaims', 'configmaps', 'secrets', 'replicationcontrollers', QUOTAS];
const NONE: readonly never[] = [];
/** --resource-quota-sync-period */
const RESYNC = minutes(5);
const ZERO: Quantity = { nano: 0n, format: 'DecimalSI' };

export const controller: Reconciler = {
  name: 'resourcequota-controller',
  watches: [
    {
      resource: QUOTAS,
      keys: ({ type, object, old }) =>
        type !== 'DELETED' && (object as ResourceQuota).spec !== (old as ResourceQuota | undefined)?.spec ? [keyOf(object)] : NONE,
    },
    // What somebody else has said that it is limited to is put right with the next full resync.
    { resource: QUOTAS, keys: ({ type, object }) => (type !== 'DELETED' && hasOtherLimits(object as ResourceQuota) ? [keyOf(object)] : NONE), after: RESYNC },
    // Many deletions at once are counted once.
    { resource: '*', keys: quotasOf, after: milliseconds(10) },
  ],
  reconcile: (key, context) => {
    const quota = context.api.get<ResourceQuota>(QUOTAS, key);
    if (quota !== undefined) recount(quota, context);
    return undefined;
  },
};

const hasOtherLimits = ({ spec, status }: ResourceQuota): boolean => status.hard !== undefined && !isSemanticEqual(spec.hard ?? {}, status.hard);

/** Something went, a pod ended or was given other resources, a service is of another type: what it used may be free (update_filter.go). */
function quotasOf({ type, resource, object, old }: WatchEvent, api: Api): readonly ObjectKey[] {
  const { namespace = '' } = object.metadata;
  if (namespace === '' || resource === 'events') return NONE;
  return type === 'DELETED' || (old !== undefined && maySetFree(resource, object, old)) ? api.list(QUOTAS, { namespace }).map(keyOf) : NONE;
}

function maySetFree(resource: ResourceId, object: KubeObject, old: KubeObject): boolean {
  if (resource === 'services') return (object as Service).spec.type !== (old as Service).spec.type;
  if (resource !== 'pods') return false;
  const [pod, before] = [object as Pod, old as Pod];
  if ((isTerminal(pod) && !isTerminal(before)) || isTerminating(pod) !== isTerminating(before)) return true;
  return pod.metadata.generation !== 1 && pod.status !== before.status && !isSemanticEqual(givenTo(pod), givenTo(before));
}

const isTerminating = ({ spec }: Pod): boolean => spec.activeDeadlineSeconds !== undefined;
/** What its containers say they have. */
const givenTo = ({ status }: Pod): readonly unknown[] =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].map(({ name, resources }) => [name, resources]);

function recount(quota: ResourceQuota, { api, now }: Context): void {
  const hard = quota.spec.hard ?? {};
  const names = Object.keys(hard);
  const used = new Map<string, Quantity>(names.map((name) => [name, ZERO]));
  const counted = names.filter((name) => name.startsWith('count/')).map((name) => name.slice('count/'.length));
  for (const resource of new Set([...NAMED, ...counted])) {
    const concerned = quotaNames(resource, names);
    if (concerned.length === 0) continue;
    const objects = listAll(api, resource, quota.metadata.namespace ?? '').filter((object) => isInScope(quota.spec, resource, object));
    const total = totalUsage(resource, objects, now);
    for (const name of concerned) used.set(name, total[name] ?? ZERO);
  }
  const texts = Object.fromEntries([...used].map(([name, amount]) => [name, formatQuantity(amount)]));
  if (isSemanticEqual(hard, quota.status.hard) && names.every((name) => isSameAmount(texts[name], quota.status.used?.[name]))) return;
  api.updateStatus<ResourceQuota>(QUOTAS, { ...quota, status: { hard, used: texts } }, { fieldManager: 'kube-controller-manager' });
}

const isSameAmount = (a: string | undefined, b: string | undefined): boolean => b !== undefined && compareQuantities(quantity(a), quantity(b)) === 0;

/** A quota may count what is not there. */
function listAll(api: Api, resource: ResourceId, namespace: string) {
  try {
    return api.list(resource, { namespace });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return NONE;
  }
}
