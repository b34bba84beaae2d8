/** Where a variable's value comes from, in words and as a value: `set env --list [--resolve]` (pkg/cmd/set/env/env_resolve.go). */
import { textOfBase64 } from '../api/bytes.js';
import { goQuote } from '../api/field.js';
import type { JsonObject, KubeObject } from '../api/object.js';
import { quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import { type Factory, UsageError } from './command.js';

interface KeyRef {
  readonly name?: string;
  readonly key: string;
}

export interface EnvVarSource {
  readonly configMapKeyRef?: KeyRef;
  readonly secretKeyRef?: KeyRef;
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly containerName?: string; readonly resource: string; readonly divisor?: string };
}

export function envSource({ configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }: EnvVarSource): string {
  if (configMapKeyRef !== undefined) return `configmap ${configMapKeyRef.name ?? ''}, key ${configMapKeyRef.key}`;
  if (secretKeyRef !== undefined) return `secret ${secretKeyRef.name ?? ''}, key ${secretKeyRef.key}`;
  if (fieldRef !== undefined) return `field path ${fieldRef.fieldPath}`;
  if (resourceFieldRef === undefined) return 'invalid valueFrom';
  const { containerName = '', resource } = resourceFieldRef;
  return `resource field ${containerName === '' ? '' : `${containerName}/`}${resource}`;
}

/** Throws when there is none. References are looked up in the namespace of the command. */
export async function envValue(factory: Factory, source: EnvVarSource, object: KubeObject, container: JsonObject): Promise<string> {
  if (source.secretKeyRef !== undefined) return textOfBase64(await valueAt(factory, 'secret', source.secretKeyRef));
  if (source.configMapKeyRef !== undefined) return valueAt(factory, 'config map', source.configMapKeyRef);
  if (source.fieldRef !== undefined) return fieldAt(object, source.fieldRef.fieldPath);
  if (source.resourceFieldRef !== undefined) return resourceAt(container, source.resourceFieldRef);
  throw new UsageError('invalid valueFrom');
}

async function valueAt(factory: Factory, what: 'secret' | 'config map', { name = '', key }: KeyRef): Promise<string> {
  const resource = { group: '', version: 'v1', resource: what === 'secret' ? 'secrets' : 'configmaps', namespaced: true };
  const found = await factory.client.get<KubeObject & { readonly data?: Readonly<Record<string, string>> }>({ resource, namespace: factory.namespace, name });
  const value = found.data?.[key];
  if (value === undefined) throw new UsageError(`key ${key} not found in ${what} ${name}`);
  return value;
}

/** Few paths: what is not in the metadata is not known before the pod runs. */
function fieldAt({ metadata }: KubeObject, path: string): string {
  const subscript = /^(.+?)\['(.*)'\]$/s.exec(path);
  if (subscript !== null) {
    const [, map, key = ''] = subscript;
    if (map === 'metadata.labels') return metadata.labels?.[key] ?? '';
    if (map === 'metadata.annotations') return metadata.annotations?.[key] ?? '';
    throw new UsageError(`fieldPath ${goQuote(path)} does not support subscript`);
  }
  switch (path) {
    case 'metadata.annotations':
      return mapText(metadata.annotations);
    case 'metadata.labels':
      return mapText(metadata.labels);
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    default:
      throw new UsageError(`unsupported fieldPath: ${path}`);
  }
}

const mapText = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${goQuote(map[key] as string)}`)
    .join('\n');

function resourceAt(container: JsonObject, { resource, divisor = '0' }: NonNullable<EnvVarSource['resourceFieldRef']>): string {
  const [, part = '', name = ''] = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/.exec(resource) ?? [];
  if (name === '') throw new UsageError(`Unsupported container resource : ${resource}`);
  const resources = container['resources'] as Readonly<Record<string, Readonly<Record<string, string>> | undefined>> | undefined;
  const amount = quantity(resources?.[part]?.[name]);
  const per = quantity(divisor);
  const unit = per.nano === 0n ? quantity('1') : per;
  const value = name === 'cpu' ? quantityMilliValue(amount) / quantityMilliValue(unit) : quantityValue(amount) / quantityValue(unit);
  return String(Math.ceil(value));
}
