/** From a document to an object: mapper.go infoForData and the decoder of kubectl's scheme. */
import type { Json, KubeObject } from '../../api/object.js';
import { goJson } from '../../text/go-json-writer.js';
import { type Factory, UsageError } from '../command.js';
import { messageOf } from '../errors.js';
import { decodeObject } from '../manifests.js';
import type { Request } from './request.js';

export function withVersion(object: KubeObject): KubeObject {
  if ((object.apiVersion ?? '') === '') throw new UsageError(`Object 'apiVersion' is missing in '${goJson(object)}'`);
  return object;
}

/** The decoder of kubectl's scheme: throws its errors without the file's name. */
export async function typedObject(factory: Factory, object: KubeObject): Promise<KubeObject> {
  const structs = await factory.structs();
  const problem = structs.typeError(object);
  if (problem !== undefined) throw new UsageError(problem);
  return structs.decoded(object);
}

/** Builder.infoForData of a document. */
export async function decoded(factory: Factory, { typed }: Request, value: Json, source: string): Promise<KubeObject> {
  try {
    const object = decodeObject(value);
    if (typed !== true) return object;
    (await import('../patch-schema.js')).requireRegistered(withVersion(object));
    return await typedObject(factory, object);
  } catch (error) {
    throw new UsageError(`unable to decode "${source}": ${messageOf(error)}`);
  }
}
