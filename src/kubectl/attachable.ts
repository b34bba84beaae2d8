/** The pod that exec, attach, cp and port-forward go to (polymorphichelpers AttachablePodForObject). */
import type { KubeObject } from '../api/object.js';
import type { Pod } from '../resources/pods/types.js';
import { collect, fetchInfo, type Request, resolveType } from './builder/index.js';
import { type Factory, UsageError } from './command.js';
import { messageOf } from './errors.js';
import { requireRegistered } from './patch-schema.js';
import { byActivity, firstPod, goType, podSelectorOf } from './pods.js';

/** `web`, `deploy/web`, or what -f names. */
export async function namedObject(factory: Factory, name: string, request: Request = {}): Promise<KubeObject> {
  if ((request.filenames?.length ?? 0) > 0) {
    if ((await collect(factory, { ...request, args: [], typed: true })).length > 1) throw new UsageError('cannot exec into multiple objects at a time');
    const [info] = await collect(factory, { ...request, args: [], latest: true, typed: true });
    if (info?.object === undefined) throw new UsageError('no objects passed');
    return info.object;
  }
  const [type, ...rest] = name.includes('/') ? name.split('/') : ['pods', name];
  if (rest.length > 1) throw new UsageError('arguments in resource/name form may not have more than one slash');
  if (type === '' || rest.length !== 1 || rest[0] === '') throw new UsageError('arguments in resource/name form must have a single resource and name');
  const mapping = resolveType(await factory.mapper(), type as string);
  const info = await fetchInfo(factory, { mapping, namespace: mapping.namespaced ? factory.namespace : '', name: rest[0] as string, source: '' });
  return info.object as KubeObject;
}

/** The pod itself, or the best of an object's pods. `scheme`: where kubectl's types are registered. */
export async function attachablePod(factory: Factory, object: KubeObject, timeout: number, scheme?: string): Promise<Pod> {
  if (object.kind === 'Pod' && object.apiVersion === 'v1') return object as unknown as Pod;
  requireRegistered(object, scheme);
  let selector: string;
  try {
    selector = podSelectorOf(object);
  } catch (error) {
    throw new UsageError(`cannot attach to ${goType(object)}: ${messageOf(error)}`);
  }
  return (await firstPod(factory, object.metadata.namespace ?? factory.namespace, selector, timeout, byActivity)).pod;
}
