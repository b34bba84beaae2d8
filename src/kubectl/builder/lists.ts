/** A list in a file, which stands for its items: FlattenListVisitor. */
import type { Json, JsonObject, KubeObject } from '../../api/object.js';
import { type Factory, UsageError } from '../command.js';
import { newAggregate } from '../errors.js';
import { decodeObject, isMap } from '../manifests.js';
import { typedObject, withVersion } from './decoding.js';

type ListDocument = JsonObject & { readonly kind: string; readonly items: readonly Json[] };

/** What has items is a list, whatever its kind (unstructured/helpers.go detectList). */
export const isListOf = (value: Json): value is ListDocument =>
  isMap(value) && typeof value['kind'] === 'string' && value['kind'] !== '' && Array.isArray(value['items']);

/**
 * The items a list stands for: those of a PodList need not say that they are Pods. A list within a list is none to kubectl, and nothing of it is
 * done, unless it is typed: its items come last.
 */
export function itemsOf(list: ListDocument, isTyped: boolean): readonly Json[] {
  const items = list.items.map((item): Json => {
    const isUntyped = isMap(item) && ['kind', 'apiVersion'].every((field) => typeof item[field] !== 'string' || item[field] === '');
    return isUntyped ? { ...item, kind: list.kind.replace(/List$/, ''), apiVersion: list['apiVersion'] ?? '' } : item;
  });
  const within = items.filter(isListOf);
  if (within.length > 0 && !isTyped) throw new UsageError('*unstructured.Unstructured is not a list: no Items field in this object');
  return [...items.filter((item) => !isListOf(item)), ...within.flatMap((one) => itemsOf(one, isTyped))];
}

/** runtime.DecodeList: what cannot be read ends it before anything is done; undefined is what is of no known type. */
export async function typedItems(factory: Factory, items: readonly Json[]): Promise<readonly (KubeObject | undefined)[]> {
  const { isRegistered } = await import('../patch-schema.js');
  const errors: unknown[] = [];
  const found: (KubeObject | undefined)[] = [];
  for (const item of items) {
    try {
      const object = withVersion(decodeObject(item));
      found.push(isRegistered(object) ? await typedObject(factory, object) : undefined);
    } catch (error) {
      errors.push(error);
    }
  }
  const error = newAggregate(errors);
  if (error !== undefined) throw error;
  return found;
}

export function ofKnownType(object: KubeObject | undefined): KubeObject {
  if (object !== undefined) return object;
  throw new UsageError(
    'unable to get type info from the object "*runtime.Unknown": no kind is registered for the type runtime.Unknown in scheme "pkg/scheme/scheme.go:28"',
  );
}

/** Builder.infoForObject of an item. */
export function checkedItem(item: Json): KubeObject {
  const object = (isMap(item) ? item : {}) as Partial<KubeObject>;
  const missing =
    (object.kind ?? '') === '' ? "'Kind' is missing in 'object has no kind field '" : "'apiVersion' is missing in 'object has no apiVersion field'";
  if ((object.kind ?? '') === '' || (object.apiVersion ?? '') === '')
    throw new UsageError(`unable to get type info from the object "*unstructured.Unstructured": Object ${missing}`);
  return object as KubeObject;
}
