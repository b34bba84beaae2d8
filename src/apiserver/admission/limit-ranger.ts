/** plugin/pkg/admission/limitranger: defaults for containers, bounds for pods, containers and claims. */
import { type Amounts, podAmounts, readAmounts } from '../../api/amounts.js';
import { forbidden } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { compareQuantities, formatQuantity, type Quantity, quantity } from '../../api/quantity.js';
import type { LimitRange, LimitRangeItem } from '../../resources/limitranges/types.js';
import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { Container, PodSpec, ResourceList } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { AdmissionPlugin, Attributes } from './plugin.js';
import { nameOf } from './service-account.js';

const ANNOTATION = 'kubernetes.io/limit-ranger';
const RANGES = 'limitranges';

export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'persistentvolumeclaims'],
  subresources: ['resize'],
  admit(object, old, attributes, { api }) {
    const { id, key } = attributes;
    if (id !== 'pods' || !isHeld(attributes, old)) return object;
    const ranges = api.list<LimitRange>(RANGES, { namespace: key.namespace });
    let pod = object as KubeObject as Pod;
    for (const range of ranges) pod = withDefaults(pod, range);
    return pod as KubeObject as typeof object;
  },
  validate(object, old, attributes, { api }) {
    const { id, key } = attributes;
    if (object === undefined || !isHeld(attributes, old)) return;
    for (const range of api.list<LimitRange>(RANGES, { namespace: key.namespace })) {
      // What two containers have in common is said once (errors.NewAggregate).
      const problems = [...new Set(id === 'pods' ? podProblems(object as Pod, range) : claimProblems(object as PersistentVolumeClaim, range))];
      if (problems.length > 0) throw forbidden(id, nameOf(object), problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]`);
    }
  },
};

/** Containers of a pod that exists get other resources by `resize` only; what is going is let alone. */
const isHeld = ({ id, operation, subresource }: Attributes, old: KubeObject | undefined): boolean =>
  (id !== 'pods' || operation === 'CREATE' || subresource === 'resize') && old?.metadata.deletionTimestamp === undefined;

const itemsOf = (range: LimitRange, type: string): readonly LimitRangeItem[] => (range.spec.limits ?? []).filter((item) => item.type === type);

function withDefaults(pod: Pod, range: LimitRange): Pod {
  const limits = Object.assign({}, ...itemsOf(range, 'Container').map((item) => item.default ?? {})) as ResourceList;
  const requests = Object.assign({}, ...itemsOf(range, 'Container').map((item) => item.defaultRequest ?? {})) as ResourceList;
  const notes: string[] = [];
  const fill =
    (kind: string) =>
    (container: Container): Container => {
      const added = missing(container.resources?.requests, requests);
      const capped = missing(container.resources?.limits, limits);
      if (added.length > 0) notes.push(`${added.join(', ')} request for ${kind} ${container.name}`);
      if (capped.length > 0) notes.push(`${capped.join(', ')} limit for ${kind} ${container.name}`);
      if (added.length + capped.length === 0) return container;
      return {
        ...container,
        resources: {
          ...container.resources,
          ...(capped.length > 0 ? { limits: { ...limits, ...container.resources?.limits } } : {}),
          ...(added.length > 0 ? { requests: { ...requests, ...container.resources?.requests } } : {}),
        },
      };
    };
  const containers = (pod.spec.containers ?? []).map(fill('container'));
  const initContainers = pod.spec.initContainers?.map(fill('init container'));
  if (notes.length === 0) return pod;
  const spec: PodSpec = { ...pod.spec, containers, ...(initContainers === undefined ? {} : { initContainers }) };
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}` };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
}

const missing = (given: ResourceList | undefined, defaults: ResourceList): readonly string[] =>
  Object.keys(defaults)
    .filter((name) => given?.[name] === undefined)
    .sort();

interface Usage {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

function podProblems(pod: Pod, range: LimitRange): readonly string[] {
  return (range.spec.limits ?? []).flatMap((item) => {
    if (item.type === 'Pod') return problems(item, { requests: podAmounts(pod.spec, 'requests'), limits: podAmounts(pod.spec, 'limits') });
    if (item.type !== 'Container') return [];
    return [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])].flatMap(({ resources }) =>
      problems(item, { requests: readAmounts(resources?.requests), limits: readAmounts(resources?.limits) }),
    );
  });
}

const sorted = (list: ResourceList | undefined): readonly (readonly [string, Quantity])[] =>
  Object.keys(list ?? {})
    .sort()
    .map((name) => [name, quantity(list?.[name])] as const);

function problems(item: LimitRangeItem, usage: Usage): readonly string[] {
  const found: string[] = [];
  const { type } = item;
  for (const [name, bound] of sorted(item.min)) pushDefined(found, below(type, name, bound, usage));
  for (const [name, bound] of sorted(item.max)) pushDefined(found, above(type, name, bound, usage));
  for (const [name, bound] of sorted(item.maxLimitRequestRatio)) pushDefined(found, ratio(type, name, bound, usage));
  return found;
}

function pushDefined(list: string[], text: string | undefined): void {
  if (text !== undefined) list.push(text);
}

function below(type: string, name: string, bound: Quantity, { requests, limits }: Usage): string | undefined {
  const head = `minimum ${name} usage per ${type} is ${formatQuantity(bound)}`;
  const request = requests[name];
  const limit = limits[name];
  if (request === undefined) return `${head}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${head}, but request is ${formatQuantity(request)}`;
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${head}, but limit is ${formatQuantity(limit)}` : undefined;
}

function above(type: string, name: string, bound: Quantity, { requests, limits }: Usage): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${formatQuantity(bound)}`;
  const request = requests[name];
  const limit = limits[name];
  if (limit === undefined) return `${head}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${head}, but limit is ${formatQuantity(limit)}`;
  return request !== undefined && compareQuantities(request, bound) > 0 ? `${head}, but request is ${formatQuantity(request)}` : undefined;
}

function ratio(type: string, name: string, bound: Quantity, { requests, limits }: Usage): string | undefined {
  const head = `${name} max limit to request ratio per ${type} is ${formatQuantity(bound)}, but`;
  const request = requests[name];
  const limit = limits[name];
  if (request === undefined || request.nano === 0n) return `${head} no request is specified or request is 0`;
  if (limit === undefined || limit.nano === 0n) return `${head} no limit is specified or limit is 0`;
  const observed = Number(limit.nano) / Number(request.nano);
  return observed > Number(bound.nano) / 1e9 ? `${head} provided ratio is ${observed.toFixed(6)}` : undefined;
}

/** Of claims the requests count only. */
function claimProblems(claim: PersistentVolumeClaim, range: LimitRange): readonly string[] {
  const usage: Usage = { requests: readAmounts(claim.spec?.resources?.requests as ResourceList | undefined), limits: {} };
  return itemsOf(range, 'PersistentVolumeClaim').flatMap((item) => {
    const found: string[] = [];
    for (const [name, bound] of sorted(item.min)) pushDefined(found, below(item.type, name, bound, usage));
    for (const [name, bound] of sorted(item.max)) {
      const request = usage.requests[name];
      const head = `maximum ${name} usage per ${item.type} is ${formatQuantity(bound)}`;
      if (request === undefined) found.push(`${head}.  No request is specified`);
      else if (compareQuantities(request, bound) > 0) found.push(`${head}, but request is ${formatQuantity(request)}`);
    }
    return found;
  });
}
