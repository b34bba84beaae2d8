/** pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
import { ipWarnings } from '../meta/ip.js';
import { over } from '../pod-template/fill.js';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<EndpointSlice> = {
  defaults,
  prepareForCreate: (slice) => withNull(withoutDisabled(slice)),
  prepareForUpdate: (slice) => withNull(withoutDisabled(slice)),
  validate,
  validateUpdate,
  warnings,
  hasGeneration: true,
  generationCounts: 'labels',
  hasStatus: false,
};

/** What was only of v1beta1, and PreferSameTrafficDistribution, which is off in 1.33. */
function withoutDisabled(slice: EndpointSlice): EndpointSlice {
  if (!slice.endpoints?.some(({ deprecatedTopology, hints }) => deprecatedTopology !== undefined || hints?.forNodes !== undefined)) return slice;
  const endpoints = slice.endpoints.map(({ deprecatedTopology: _, ...endpoint }) => over(endpoint as Endpoint, 'hints', ({ forNodes: __, ...hints }) => hints));
  return { ...slice, endpoints };
}

/** Storing forgets the difference between none and null. */
function withNull(slice: EndpointSlice): EndpointSlice {
  if (slice.endpoints?.length && slice.ports?.length) return slice;
  return { ...slice, endpoints: slice.endpoints?.length ? slice.endpoints : null, ports: slice.ports?.length ? slice.ports : null };
}

/** `endpoints` and `ports` are always shown, and each endpoint's `conditions`: their JSON tags have no omitempty. */
function defaults(slice: EndpointSlice): EndpointSlice {
  const endpoints = slice.endpoints?.every(({ conditions }) => conditions !== undefined) ? slice.endpoints : slice.endpoints?.map(withConditions);
  const ports = slice.ports?.every(({ name, protocol }) => name !== undefined && protocol !== undefined) ? slice.ports : slice.ports?.map(defaultPort);
  if (endpoints !== undefined && endpoints === slice.endpoints && ports !== undefined && ports === slice.ports) return slice;
  return { ...slice, endpoints: endpoints ?? null, ports: ports ?? null };
}

const withConditions = (endpoint: Endpoint): Endpoint => (endpoint.conditions === undefined ? { ...endpoint, conditions: {} } : endpoint);
const defaultPort = (port: EndpointSlicePort): EndpointSlicePort => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' });

/** Controllers are trusted to write addresses well. */
const MANAGED_BY = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

function warnings({ metadata, addressType, endpoints }: EndpointSlice, old: EndpointSlice | undefined): readonly string[] {
  const isTrusted = MANAGED_BY.includes(metadata.labels?.['endpointslice.kubernetes.io/managed-by'] ?? '');
  return [
    ...(old === undefined && addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
    ...(isTrusted ? [] : (endpoints ?? []).flatMap(({ addresses }, i) => addresses.flatMap((ip, j) => ipWarnings(ip, `endpoints[${i}].addresses[${j}]`)))),
  ];
}
