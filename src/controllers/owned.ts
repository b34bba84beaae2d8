/** Owners and what they own: pkg/controller/controller_ref_manager.go. */
import { controllerOf, type KubeObject, keyOf, type ObjectKey, type OwnerReference } from '../api/object.js';
import { matchesSelector, type Selector, selectorOf } from '../api/selectors.js';
import type { Api, ResourceId, WatchEvent } from '../api/verbs.js';

const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const NONE: readonly never[] = [];

/** metav1.NewControllerRef. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name ?? '',
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** What the owner controls; costs what it returns. */
export const ownedBy = <T extends KubeObject>(api: Api, resource: ResourceId, owner: KubeObject): readonly T[] =>
  api.list<T>(resource, { index: { name: 'owner', value: owner.metadata.uid ?? '' } });

/** matchesSelector for many objects made of one template, whose labels are often the very same. */
export function matcher(selector: Selector): (labels: KubeObject['metadata']['labels']) => boolean {
  let last: KubeObject['metadata']['labels'];
  let matched = matchesSelector(selector, last);
  return (labels) => {
    if (labels !== last) {
      last = labels;
      matched = matchesSelector(selector, labels);
    }
    return matched;
  };
}

export interface ClaimOptions<T extends KubeObject> {
  /** Those of the owned whose labels match; it may be the list itself. Absent: {@link allMatching}. */
  readonly matching?: (owned: readonly T[], selector: Selector) => readonly T[];
  /** Which orphans are adopted; absent: all that match. */
  readonly isWanted?: (orphan: T) => boolean;
  /** What adopted ones are given besides an owner. */
  readonly finalizer?: string;
}

/**
 * What the owner controls after it has adopted the matching orphans of its namespace and released what no longer matches. A terminating
 * owner does neither.
 */
export function claim<T extends KubeObject>(
  api: Api,
  resource: ResourceId,
  owner: KubeObject,
  selector: Selector | undefined,
  { matching = allMatching, isWanted = () => true, finalizer }: ClaimOptions<T> = {},
): readonly T[] {
  const owned = ownedBy<T>(api, resource, owner);
  if (selector === undefined) return NONE;
  const kept = matching(owned, selector);
  if (owner.metadata.deletionTimestamp !== undefined) return kept;
  if (kept.length < owned.length)
    for (const object of owned)
      if (!matchesSelector(selector, object.metadata.labels) && object.metadata.deletionTimestamp === undefined) release(api, resource, object, owner);
  const orphans = api
    .list<T>(resource, { namespace: owner.metadata.namespace ?? '', index: { name: 'owner', value: '' } })
    .filter((orphan) => orphan.metadata.deletionTimestamp === undefined && matchesSelector(selector, orphan.metadata.labels) && isWanted(orphan));
  return orphans.length === 0 ? kept : [...kept, ...orphans.map((object) => adopt(api, resource, object, owner, finalizer))];
}

function allMatching<T extends KubeObject>(owned: readonly T[], selector: Selector): readonly T[] {
  const matches = matcher(selector);
  return owned.filter(({ metadata }) => matches(metadata.labels));
}

function adopt<T extends KubeObject>(api: Api, resource: ResourceId, object: T, owner: KubeObject, finalizer: string | undefined): T {
  const { finalizers = [] } = object.metadata;
  const held = finalizer === undefined || finalizers.includes(finalizer) ? {} : { finalizers: [...finalizers, finalizer] };
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)];
  return api.update<T>(resource, { ...object, metadata: { ...object.metadata, ...held, ownerReferences } }, WRITE);
}

function release(api: Api, resource: ResourceId, object: KubeObject, owner: KubeObject): void {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const others = ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid);
  api.update(resource, { ...object, metadata: others.length === 0 ? metadata : { ...metadata, ownerReferences: others } }, WRITE);
}

/** The key of the object's controller if that is a `kind`. */
export function controllerKey(object: KubeObject, kind: string): ObjectKey | undefined {
  const owner = controllerOf(object);
  return owner?.kind === kind ? { namespace: object.metadata.namespace ?? '', name: owner.name } : undefined;
}

/** The owners of `resource` in the orphan's namespace that would adopt it. */
export function adopters<T extends KubeObject>(
  api: Api,
  resource: ResourceId,
  orphan: KubeObject,
  selectorOf: (owner: T) => Selector | undefined,
): readonly ObjectKey[] {
  const { namespace = '', labels } = orphan.metadata;
  if (labels === undefined) return NONE;
  return api
    .list<T>(resource, { namespace })
    .filter((owner) => {
      const selector = selectorOf(owner);
      return selector !== undefined && selector.length > 0 && matchesSelector(selector, labels);
    })
    .map(keyOf);
}

interface Selecting extends KubeObject {
  readonly spec: { readonly selector?: Parameters<typeof selectorOf>[0] };
}

/** Whom a change of something ownable concerns: its controller, the one it had before, or those that would adopt it. */
export function concernedOwners(kind: string, resource: ResourceId): (event: WatchEvent, api: Api) => readonly ObjectKey[] {
  return ({ type, object, old }, api) => {
    const key = controllerKey(object, kind) ?? (old === undefined ? undefined : controllerKey(old, kind));
    if (key !== undefined) return [key];
    return type === 'DELETED' || controllerOf(object) !== undefined
      ? NONE
      : adopters<Selecting>(api, resource, object, ({ spec }) => selectorOf(spec.selector));
  };
}

/** The key of an owner that is new, wants something else, or is to go: what it says of itself in its status is no news to its loop. */
export const changedOwner = ({ type, object, old }: WatchEvent): readonly ObjectKey[] =>
  type === 'DELETED' ||
  (type === 'MODIFIED' && object.metadata.generation === old?.metadata.generation && object.metadata.deletionTimestamp === old?.metadata.deletionTimestamp)
    ? NONE
    : [keyOf(object)];
