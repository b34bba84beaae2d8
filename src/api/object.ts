/** What every API object has: k8s.io/apimachinery/pkg/apis/meta/v1 types.go. Objects are immutable: build a new one with spread. */

/** A JSON value, as it stands in a manifest, on the wire and in the state file. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/**
 * An object that is still being made. What is made by the ten thousand is given its optional members one by one: `...(x === undefined ? {} : { x })`
 * takes V8 thirty times as long, and may leave every object with a hidden class of its own.
 */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A copy to be added to. On hot paths `{ ...object, member }` is for members that the object has: each that is new takes V8 a microsecond
 * (Node 20; not where the object is frozen), here next to nothing.
 */
export const copyOf = <T extends object>(object: T): Mutable<T> => Object.assign({}, object);

/** Names one object of a resource. `namespace` is '' for cluster-scoped objects. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
}

/** metav1.ObjectMeta. Times are RFC 3339 in UTC with whole seconds, as the wire has them. */
export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Any API object. A kind's own interface (its `types.ts`) extends this. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** The key of an object that has been stored (name present). */
export function keyOf(object: KubeObject): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
}

/** `namespace/name`, or `name` for cluster-scoped objects (client-go's MetaNamespaceKeyFunc). */
export function keyString(key: ObjectKey): string {
  return key.namespace === '' ? key.name : `${key.namespace}/${key.name}`;
}

/** Reverses {@link keyString}. */
export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return slash < 0 ? { namespace: '', name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** The owner reference with `controller: true`, if any (metav1.GetControllerOf). */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const { ownerReferences } = object.metadata;
  if (ownerReferences !== undefined) for (const reference of ownerReferences) if (reference.controller === true) return reference;
  return undefined;
}
