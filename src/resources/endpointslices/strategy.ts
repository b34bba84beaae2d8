/** pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<EndpointSlice> = {
  defaults,
  prepareForCreate: withNull,
  prepareForUpdate: withNull,
  validate,
  validateUpdate,
  hasGeneration: true,
  hasStatus: false,
};

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
