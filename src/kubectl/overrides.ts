/** --overrides of run and expose (pkg/cmd/util/override_options.go). */
import type { JsonObject, KubeObject } from '../api/object.js';
import { splitGroupVersion } from '../client/rest-mapper.js';
import { parseYaml } from '../text/yaml.js';
import { applyMerge, applyOperations, applyStrategic } from './apply-patch.js';
import { type Factory, type Flag, type FlagValues, UsageError } from './command.js';
import { notRegistered, patchTypeOf } from './patch-schema.js';
import { typed } from './typed.js';

export const OVERRIDE_TYPE: Flag = {
  name: 'override-type',
  type: 'string',
  default: 'merge',
  usage: 'How --overrides changes the object: json, merge, or strategic.',
};
export const OVERRIDES: Flag = { name: 'overrides', type: 'string', usage: 'JSON that changes the generated object. It should say its apiVersion.' };

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
  const parsed = parseYaml(text);
  if ('error' in parsed || typeof parsed.value !== 'object' || parsed.value === null) throw new UsageError('Invalid JSON Patch');
  const patch = parsed.value as JsonObject;
  const target = object as unknown as JsonObject;
  switch (type) {
    case 'json':
      return applyOperations(target, patch) as unknown as KubeObject;
    case 'strategic':
      return applyStrategic(target, patch, patchTypeOf(splitGroupVersion(object.apiVersion).group, object.kind) ?? {}) as unknown as KubeObject;
    default:
      return applyMerge(target, patch) as unknown as KubeObject;
  }
}
