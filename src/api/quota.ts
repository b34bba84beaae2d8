/** What an object counts for in a ResourceQuota (pkg/quota/v1/evaluator/core): for the admission plugin and for the controller. */
import { type Amounts, addAmounts, type Demanding, type DemandingSpec, limitsOf, podAmounts, type Resizable, readAmounts, requestsOf } from './amounts.js';
import type { KubeObject } from './object.js';
import { compareQuantities, type Quantity, quantity, quantityValue } from './quantity.js';
import { parseTime, type Time } from './time.js';
import type { ResourceId } from './verbs.js';

const one: Quantity = { nano: 1_000_000_000n, format: 'DecimalSI' };
const count = (n: number): Quantity => ({ nano: BigInt(n) * 1_000_000_000n, format: 'DecimalSI' });

/** Core kinds that can be counted under their own name, besides `count/…`. */
const COUNTED: ReadonlySet<ResourceId> = new Set(['configmaps', 'secrets', 'resourcequotas', 'replicationcontrollers', 'services', 'persistentvolumeclaims']);

interface PodLike extends Resizable {
  readonly spec: DemandingSpec & { readonly activeDeadlineSeconds?: number; readonly priorityClassName?: string; readonly affinity?: unknown };
  readonly status?: NonNullable<Resizable['status']> & { readonly phase?: string };
}
interface ServiceLike extends KubeObject {
  readonly spec: {
    readonly type?: string;
    readonly ports?: readonly { readonly nodePort?: number }[];
    readonly allocateLoadBalancerNodePorts?: boolean;
  };
}
interface ClaimLike extends KubeObject {
  readonly spec: { readonly storageClassName?: string; readonly resources?: { readonly requests?: Readonly<Record<string, string>> } };
  readonly status?: { readonly allocatedResources?: Readonly<Record<string, string>> };
}

/** Every quota resource the object uses some of. */
export function quotaUsage(resource: ResourceId, object: KubeObject, now: Time): Amounts {
  const usage: Record<string, Quantity> = { [`count/${resource}`]: one, ...(COUNTED.has(resource) ? { [resource]: one } : {}) };
  if (resource === 'pods') return { ...usage, ...podUsage(object as PodLike, now) };
  if (resource === 'services') return { ...usage, ...serviceUsage(object as ServiceLike) };
  if (resource === 'persistentvolumeclaims') return { ...usage, ...claimUsage(object as ClaimLike) };
  return usage;
}

function podUsage(pod: PodLike, now: Time): Amounts {
  if (hasEnded(pod, now)) return {};
  const requests = podAmounts(pod.spec, 'requests', (container) => readAmounts(requestsOf(pod, container)));
  const limits = podAmounts(pod.spec, 'limits', (container) => readAmounts(limitsOf(pod, container)));
  return { pods: one, ...computeUsage(requests, limits) };
}

/** Over, or held back long after its time to go. */
function hasEnded({ metadata, status }: PodLike, now: Time): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const deleted = metadata.deletionTimestamp === undefined ? undefined : parseTime(metadata.deletionTimestamp);
  return deleted !== undefined && now > deleted + (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
}

function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage: Record<string, Quantity> = {};
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const request = requests[name];
    const limit = limits[name];
    if (request !== undefined) {
      usage[name] = request;
      usage[`requests.${name}`] = request;
    }
    if (limit !== undefined) usage[`limits.${name}`] = limit;
  }
  for (const [name, request] of Object.entries(requests)) {
    if (name.startsWith('hugepages-')) usage[name] = request;
    if (name.startsWith('hugepages-') || (name.includes('/') && !name.includes('kubernetes.io/'))) usage[`requests.${name}`] = request;
  }
  return usage;
}

function serviceUsage({ spec }: ServiceLike): Amounts {
  const ports = spec.ports ?? [];
  if (spec.type === 'NodePort') return { 'services.nodeports': count(ports.length), 'services.loadbalancers': count(0) };
  if (spec.type !== 'LoadBalancer') return { 'services.nodeports': count(0), 'services.loadbalancers': count(0) };
  const allocated = spec.allocateLoadBalancerNodePorts === false ? ports.filter((port) => (port.nodePort ?? 0) !== 0).length : ports.length;
  return { 'services.nodeports': count(allocated), 'services.loadbalancers': one };
}

function claimUsage({ spec, status, metadata }: ClaimLike): Amounts {
  const storageClass = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '';
  const prefix = `${storageClass}.storageclass.storage.k8s.io/`;
  const storage = storageOf(spec.resources?.requests?.['storage'], status?.allocatedResources?.['storage']);
  return {
    ...(storageClass === '' ? {} : { [`${prefix}persistentvolumeclaims`]: one }),
    ...(storage === undefined ? {} : { 'requests.storage': storage, ...(storageClass === '' ? {} : { [`${prefix}requests.storage`]: storage }) }),
  };
}

/** getStorageUsage: in whole bytes, and what an expansion has allocated already if that is more. */
function storageOf(request: string | undefined, allocated: string | undefined): Quantity | undefined {
  if (request === undefined) return undefined;
  const [asked, got] = [quantity(request), quantity(allocated)];
  const { nano, format } = compareQuantities(got, asked) > 0 ? got : asked;
  return { nano: BigInt(quantityValue({ nano, format })) * 1_000_000_000n, format };
}

/** A quota's scopes. */
export interface QuotaScopes {
  readonly scopes?: readonly string[];
  readonly scopeSelector?: {
    readonly matchExpressions?: readonly { readonly scopeName: string; readonly operator: string; readonly values?: readonly string[] }[];
  };
}

/** Whether the quota is about this object at all. Only pods have scopes; other kinds match quotas without any. */
export function isInScope(quota: QuotaScopes, resource: ResourceId, object: KubeObject): boolean {
  const scopes = (quota.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists', values: undefined }));
  const all = [...scopes, ...(quota.scopeSelector?.matchExpressions ?? [])];
  if (resource !== 'pods') return all.length === 0;
  return all.every(({ scopeName, operator, values }) => matchesScope(object as PodLike, scopeName, operator, values ?? []));
}

function matchesScope(pod: PodLike, scope: string, operator: string, values: readonly string[]): boolean {
  switch (scope) {
    case 'Terminating':
      return (pod.spec.activeDeadlineSeconds ?? -1) >= 0;
    case 'NotTerminating':
      return pod.spec.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'PriorityClass':
      return matchesClass(pod.spec.priorityClassName ?? '', operator, values);
    case 'CrossNamespacePodAffinity':
      return /"namespaces":\[|"namespaceSelector":/.test(JSON.stringify(pod.spec.affinity ?? {}));
    default:
      return false;
  }
}

function matchesClass(name: string, operator: string, values: readonly string[]): boolean {
  if (operator === 'In') return values.includes(name);
  if (operator === 'NotIn') return !values.includes(name);
  return (operator === 'Exists') === (name !== '');
}

const isBestEffort = ({ spec }: PodLike): boolean =>
  [...(spec.containers ?? []), ...(spec.initContainers ?? [])].every(
    ({ resources }) => ![resources?.requests, resources?.limits].some((list) => Object.keys(list ?? {}).some((name) => name === 'cpu' || name === 'memory')),
  );

/** Names in `hard` that objects of this resource can use some of. */
export function quotaNames(resource: ResourceId, hard: readonly string[]): readonly string[] {
  return hard.filter((name) => {
    if (name === `count/${resource}` || (COUNTED.has(resource) && name === resource)) return true;
    if (resource === 'pods') return POD_NAMES.has(name) || /^(requests\.)?hugepages-/.test(name) || (name.startsWith('requests.') && name.includes('/'));
    if (resource === 'services') return name === 'services.nodeports' || name === 'services.loadbalancers';
    return resource === 'persistentvolumeclaims' && (name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/'));
  });
}

const VALIDATED = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];
const POD_NAMES: ReadonlySet<string> = new Set([...VALIDATED, 'pods', 'ephemeral-storage', 'requests.ephemeral-storage', 'limits.ephemeral-storage']);

/** `limits.cpu for: c; requests.memory for: c`: containers must say how much they want of what is limited. */
export function missingForQuota(spec: DemandingSpec, required: readonly string[]): string | undefined {
  const containers: readonly Demanding[] = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const missing = VALIDATED.filter((name) => required.includes(name))
    .sort()
    .flatMap((name) => {
      const without = containers.filter(({ resources }) => computeUsage(readAmounts(resources?.requests), readAmounts(resources?.limits))[name] === undefined);
      return without.length === 0 ? [] : [`${name} for: ${[...new Set(without.map((container) => container.name))].sort().join(',')}`];
    });
  return missing.length === 0 ? undefined : missing.join('; ');
}

/** All of a list together. */
export const totalUsage = (resource: ResourceId, objects: readonly KubeObject[], now: Time): Amounts =>
  objects.reduce<Amounts>((sum, object) => addAmounts(sum, quotaUsage(resource, object, now)), {});
