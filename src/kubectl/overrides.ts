/** --overrides of run and expose (pkg/cmd/util/override_options.go). */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { splitGroupVersion } from '../client/rest-mapper.js';
import { goJsonSyntaxError } from '../text/go-json.js';
import { applyMerge, applyOperations, applyStrategic } from './apply-patch.js';
import { type Factory, type Flag, type FlagValues, UsageError } from './command.js';
import { isMap } from './manifests.js';
import { notRegistered, patchTypeOf } from './patch-schema.js';
import { typed } from './typed.js';

export const OVERRIDE_TYPE: Flag = {
  name: 'override-type',
  type: 'string',
  default: 'merge',
  usage: 'How --overrides changes the object: json, merge, or strategic.',
};
export const OVERRIDES: Flag = { name: 'overrides', type: 'string', usage: 'JSON that changes the generated object. It should say its apiVersion.' };

/** The decoder of kubectl's scheme, of an array. */
const NO_VERSION =
  'couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

export async function applyOverrides(object: KubeObject, flags: FlagValues, factory: Factory): Promise<KubeObject> {
  const text = flags.string('overrides');
  if (text === '') return object;
  const type = flags.string('override-type');
  if (!['json', 'merge', 'strategic'].includes(type)) throw new UsageError(`invalid override type: ${type}`);
  const changed = overridden(object, text, type);
  const structs = await factory.structs();
  if (!structs.knows(changed)) throw notRegistered(changed);
  return typed(structs.decoded(changed));
}

function overridden(object: KubeObject, text: string, type: string): KubeObject {
  const broken = goJsonSyntaxError(text);
  const target = object as unknown as JsonObject;
  const patch = broken === undefined ? (JSON.parse(text) as Json) : null;
  switch (type) {
    case 'json':
      if (broken !== undefined) throw new UsageError(broken);
      return applyOperations(target, patch) as unknown as KubeObject;
    case 'strategic':
      if (broken !== undefined || (patch !== null && !isMap(patch))) throw new UsageError('invalid JSON document');
      return applyStrategic(target, patch ?? {}, patchTypeOf(splitGroupVersion(object.apiVersion).group, object.kind) ?? {}) as unknown as KubeObject;
    default:
      if (broken !== undefined || typeof patch !== 'object' || patch === null) throw new UsageError('Invalid JSON Patch');
      if (!isMap(patch)) throw new UsageError(NO_VERSION);
      return applyMerge(target, patch) as unknown as KubeObject;
  }
}
