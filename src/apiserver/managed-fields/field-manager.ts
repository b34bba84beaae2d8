/** Who owns which field: metadata.managedFields (k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager). */
import type { KubeObject } from '../../api/object.js';
import type { AnyResource } from '../../api/resource.js';
import type { WriteCall } from '../registry/registry.js';
import type { StoredEntry } from './entries.js';

/** A configuration that is applied to an object. */
export interface Application<T extends KubeObject> {
  /** The object as it is stored, or with nothing but its name in it. */
  readonly base: T;
  readonly configuration: T;
  readonly isNew: boolean;
}

export interface FieldManager {
  /** What a component that makes an object has noted as managedFields; undefined: it has no name. The same list for all it makes at one time. */
  noted(resource: AnyResource, call: WriteCall): readonly StoredEntry[] | undefined;
  /** `object` as it is to be created, before admission, with the owner of its fields noted. */
  created<T extends KubeObject>(resource: AnyResource, object: T, call: WriteCall): T;
  /** The same for `object` replacing `old`. */
  updated<T extends KubeObject>(resource: AnyResource, old: T, object: T, call: WriteCall): T;
  /** Server-side apply: the object with the configuration merged in and owned by its manager; throws a conflict. */
  applied<T extends KubeObject>(resource: AnyResource, application: Application<T>, call: WriteCall): T;
}
