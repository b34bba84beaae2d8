/** Whom an Event is about. */
import { mirroredUid } from '../../api/mirror-pods.js';
import { type KubeObject, keyOf, type Mutable } from '../../api/object.js';
import type { ObjectReference } from '../../resources/events/types.js';

export function referenceTo(object: KubeObject): Mutable<ObjectReference> {
  const { namespace, name } = keyOf(object);
  const uid = uidOf(object);
  const { resourceVersion } = object.metadata;
  const reference: Mutable<ObjectReference> = { kind: object.kind };
  if (namespace !== '') reference.namespace = namespace;
  reference.name = name;
  if (uid !== undefined) reference.uid = uid;
  reference.apiVersion = object.apiVersion;
  if (resourceVersion !== undefined) reference.resourceVersion = resourceVersion;
  return reference;
}

/** To its kubelet a static pod is what its file says, and has that file's hash for a uid. */
export const uidOf = (on: KubeObject): string | undefined => mirroredUid(on) ?? on.metadata.uid;

/** Events about cluster-scoped objects live in the default namespace. */
export const spaceOf = (namespace: string): string => (namespace === '' ? 'default' : namespace);
