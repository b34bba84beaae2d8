/** fieldRef, resourceFieldRef and the key selectors of env and downward API: pkg/apis/core/validation/validation.go. */
import { type FieldError, invalid, notSupported, required } from '../../api/field.js';
import { formatQuantity, quantity } from '../../api/quantity.js';
import { configMapKey, dnsSubdomain, qualifiedName } from '../meta/names.js';
import type { ConfigMapKeySelector, ObjectFieldSelector, ResourceFieldSelector } from './types.js';

/** What an environment variable may refer to. Sorted, as messages list them. */
export const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
] as const;
/** What a downward API volume may refer to. */
export const VOLUME_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'] as const;

const CONVERTIBLE: ReadonlySet<string> = new Set([...ENV_FIELDS, ...VOLUME_FIELDS, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']);

const RESOURCES = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'] as const;

/** `metadata.labels['k']` as path and subscript (fieldpath.SplitMaybeSubscriptedPath). */
function splitSubscript(text: string): { readonly path: string; readonly subscript: string } | undefined {
  if (!text.endsWith("']")) return undefined;
  const open = text.indexOf("['");
  return open <= 0 ? undefined : { path: text.slice(0, open), subscript: text.slice(open + 2, -2) };
}

export function validateFieldRef(ref: ObjectFieldSelector, supported: readonly string[], at: string, errors: FieldError[]): void {
  const { apiVersion = '', fieldPath = '' } = ref;
  if (apiVersion === '' || fieldPath === '') {
    errors.push(required(apiVersion === '' ? `${at}.apiVersion` : `${at}.fieldPath`));
    return;
  }
  const problem = conversionError(apiVersion, fieldPath);
  if (problem !== undefined) {
    errors.push(invalid(`${at}.fieldPath`, fieldPath, `error converting fieldPath: ${problem}`));
    return;
  }
  const split = splitSubscript(fieldPath);
  if (split !== undefined) {
    const key = split.path === 'metadata.annotations' ? split.subscript.toLowerCase() : split.subscript;
    for (const text of qualifiedName(key)) errors.push(invalid(at, key, text));
    return;
  }
  const internal = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
  if (!supported.includes(internal)) errors.push(notSupported(`${at}.fieldPath`, internal, supported));
}

/** What keeps a path from being converted to the internal version (ConvertDownwardAPIFieldLabel). */
function conversionError(apiVersion: string, fieldPath: string): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  const path = splitSubscript(fieldPath)?.path;
  if (path !== undefined)
    return path === 'metadata.annotations' || path === 'metadata.labels' ? undefined : `field label does not support subscript: ${fieldPath}`;
  return CONVERTIBLE.has(fieldPath) || fieldPath === 'spec.host' ? undefined : `field label not supported: ${fieldPath}`;
}

/** `inVolume`: there it must name its container. */
export function validateResourceFieldRef(ref: ResourceFieldSelector, at: string, inVolume: boolean, errors: FieldError[]): void {
  const { resource = '' } = ref;
  const isHugePages = resource.startsWith('requests.hugepages-') || resource.startsWith('limits.hugepages-');
  if (inVolume && !ref.containerName) errors.push(required(`${at}.containerName`));
  else if (resource === '') errors.push(required(`${at}.resource`));
  else if (!(RESOURCES as readonly string[]).includes(resource) && !isHugePages) errors.push(notSupported(`${at}.resource`, resource, RESOURCES));
  validateDivisor(ref, isHugePages, at, errors);
}

const BYTE_DIVISORS: ReadonlySet<string> = new Set(['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']);

function validateDivisor({ resource, divisor }: ResourceFieldSelector, isHugePages: boolean, at: string, errors: FieldError[]): void {
  const value = quantity(divisor);
  if (value.nano === 0n) return;
  const text = formatQuantity(value);
  const kind = resource?.slice(resource.indexOf('.') + 1) ?? '';
  if (kind === 'cpu') {
    if (text !== '1m' && text !== '1') errors.push(invalid(`${at}.divisor`, resource, "only divisor's values 1m and 1 are supported with the cpu resource"));
    return;
  }
  const name = kind === 'memory' ? 'memory' : kind === 'ephemeral-storage' ? 'local ephemeral storage' : isHugePages ? 'hugepages' : undefined;
  if (name !== undefined && !BYTE_DIVISORS.has(text))
    errors.push(
      invalid(
        `${at}.divisor`,
        resource,
        `only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the ${name} resource`,
      ),
    );
}

/** secretKeyRef and configMapKeyRef. */
export function validateKeySelector(selector: ConfigMapKeySelector, at: string, errors: FieldError[]): void {
  const { name = '', key = '' } = selector;
  for (const problem of dnsSubdomain(name)) errors.push(invalid(`${at}.name`, name, problem));
  if (key === '') errors.push(required(`${at}.key`));
  else for (const problem of configMapKey(key)) errors.push(invalid(`${at}.key`, key, problem));
}
