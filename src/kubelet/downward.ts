/** What a pod may know of itself: fieldRef and resourceFieldRef (pkg/fieldpath, pkg/api/v1/resource/helpers.go). */

import { quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import type { Time } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';
import type { Container, ResourceFieldSelector } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';

export interface PodFacts {
  readonly pod: Pod;
  readonly podIP: string;
  readonly hostIP: string;
  readonly node: Node | undefined;
  readonly now: Time;
}

const SUBSCRIPT = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/;

/** The value of a fieldRef in an env variable or a downward API file. Paths that validation refuses give ''. */
export function fieldValue({ pod, podIP, hostIP }: PodFacts, path: string): string {
  const subscript = SUBSCRIPT.exec(path);
  if (subscript !== null) return (subscript[1] === 'metadata.labels' ? pod.metadata.labels : pod.metadata.annotations)?.[subscript[2] as string] ?? '';
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name ?? '';
    case 'metadata.namespace':
      return pod.metadata.namespace ?? '';
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'metadata.labels':
      return formatMap(pod.metadata.labels);
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations);
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    default:
      return '';
  }
}

/** `key="value"` lines, sorted (fieldpath.FormatMap). */
function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${JSON.stringify(map?.[key])}`)
    .join('\n');
}

/** MergeContainerResourceLimits: a limit that is not set, or is nothing, is what the node has; huge pages are never overcommitted. */
const limitOf = (limit: string | undefined, resource: string, node: Node | undefined): string | undefined =>
  (limit === undefined || quantity(limit).nano === 0n) && NODE_LIMITS.has(resource) ? (node?.status?.allocatable?.[resource] ?? limit) : limit;
const NODE_LIMITS: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Of the container a selector names, or of `own` if it names none (ExtractResourceValueByContainerName). */
export function resourceValueOf(facts: PodFacts, selector: ResourceFieldSelector, own?: Container): string | { readonly error: string } {
  const { containerName: name = '' } = selector;
  const { containers, initContainers = [] } = facts.pod.spec;
  const container = name === '' ? own : [...containers, ...initContainers].find((one) => one.name === name);
  return container === undefined ? { error: `container ${name} not found` } : resourceValue(facts, container, selector);
}

/** limits.cpu and the like: rounded up to the divisor; a limit that is not set is what the node can give. */
function resourceValue(facts: PodFacts, container: Container, selector: ResourceFieldSelector): string {
  const [kind, resource = ''] = selector.resource.split('.', 2);
  const divisor = selector.divisor === undefined || selector.divisor === '' || selector.divisor === '0' ? '1' : selector.divisor;
  const { limits, requests } = container.resources ?? {};
  const text = kind === 'limits' ? limitOf(limits?.[resource], resource, facts.node) : (requests?.[resource] ?? '0');
  const value = quantity(text ?? '0');
  // cpu counts in milli, everything else in units.
  return resource === 'cpu'
    ? String(Math.ceil(quantityMilliValue(value) / quantityMilliValue(quantity(divisor))))
    : String(Math.ceil(quantityValue(value) / quantityValue(quantity(divisor))));
}
