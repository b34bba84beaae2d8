/** A definition that is deleted takes its objects with it: apiextensions-apiserver pkg/controller/finalizer crd_finalizer.go. */
import type { ObjectKey } from '../../api/object.js';
import { keyOf } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import { resourceId } from '../../api/resource.js';
import { formatTime, seconds } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from './types.js';

const ID = 'customresourcedefinitions.apiextensions.k8s.io';
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';
/** Between two looks at what its own finalizers hold back. */
const POLL = seconds(5);
const WRITE = { fieldManager: 'kube-apiserver' } as const;

type Termination = Pick<CustomResourceDefinitionCondition, 'status' | 'reason' | 'message'>;

export const finalizer: Reconciler = {
  name: 'crd-finalizer',
  watches: [
    {
      resource: ID,
      keys: ({ type, object }) => (type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined ? [keyOf(object)] : []),
    },
  ],
  reconcile(key, { api, now }) {
    const crd = api.get<CustomResourceDefinition>(ID, key);
    if (crd?.metadata.deletionTimestamp === undefined || crd.metadata.finalizers?.includes(CLEANUP) !== true) return undefined;
    const at = formatTime(now);
    if (isEstablished(crd)) {
      const begun = say(crd, { status: 'True', reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' }, at, api);
      if (deleteInstances(begun, api) > 0) return { requeueAfter: POLL };
      release(say(begun, { status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' }, at, api), api);
    } else release(say(crd, { status: 'False', reason: 'NeverEstablished', message: 'resource was never established' }, at, api), api);
    return undefined;
  },
};

const isEstablished = ({ status }: CustomResourceDefinition): boolean =>
  status.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True') === true;

/** How many are left. */
function deleteInstances({ spec }: CustomResourceDefinition, api: Api): number {
  const id = resourceId({ group: spec.group, plural: spec.names.plural });
  for (const object of api.list(id)) if (object.metadata.deletionTimestamp === undefined) api.delete(id, keyOf(object) as ObjectKey);
  return api.list(id).length;
}

function say(crd: CustomResourceDefinition, termination: Termination, now: string, api: Api): CustomResourceDefinition {
  const conditions = withCondition(crd.status.conditions ?? [], { type: 'Terminating', ...termination }, now);
  return api.updateStatus(ID, { ...crd, status: { ...crd.status, conditions } }, WRITE);
}

/** SetCRDCondition: its time is that of the last change of its status. */
export function withCondition(
  conditions: readonly CustomResourceDefinitionCondition[],
  condition: CustomResourceDefinitionCondition,
  now: string,
): readonly CustomResourceDefinitionCondition[] {
  const old = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? now) : now;
  const next = { ...condition, lastTransitionTime };
  return old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one));
}

function release(crd: CustomResourceDefinition, api: Api): void {
  const finalizers = (crd.metadata.finalizers ?? []).filter((name) => name !== CLEANUP);
  api.update(ID, { ...crd, metadata: { ...crd.metadata, finalizers } }, WRITE);
}
