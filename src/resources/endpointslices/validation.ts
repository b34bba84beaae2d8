/** pkg/apis/discovery/validation/validation.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { duplicate, type FieldError, index, invalid, notSupported, required, tooMany } from '../../api/field.js';
import { parseIP } from '../../api/ip.js';
import { validateIP, validateNonSpecialIP } from '../meta/ip.js';
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../meta/names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from './types.js';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const MAX_ENDPOINTS = 1000;
const MAX_PORTS = 20000;
const MAX_ADDRESSES = 100;
const MAX_ZONES = 8;

export function validate(slice: EndpointSlice, old?: EndpointSlice): FieldError[] {
  const { metadata, addressType, endpoints, ports } = slice;
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  if (!addressType) errors.push(required('addressType'));
  else if (!ADDRESS_TYPES.includes(addressType)) errors.push(notSupported('addressType', addressType, ADDRESS_TYPES));
  validatePorts(ports ?? [], errors);
  // What was let in once may stay.
  if (old === undefined || !isSemanticEqual(endpoints, old.endpoints)) validateEndpoints(endpoints ?? [], addressType, errors);
  return errors;
}

/** The metadata's change by the registry (rest.BeforeUpdate), as for every kind. */
export function validateUpdate(slice: EndpointSlice, old: EndpointSlice): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(slice.metadata, old.metadata, errors);
  errors.push(...validate(slice, old));
  validateImmutable(slice.addressType, old.addressType, 'addressType', errors);
  return errors;
}

function validateEndpoints(endpoints: readonly Endpoint[], addressType: string, errors: FieldError[]): void {
  if (endpoints.length > MAX_ENDPOINTS) errors.push(tooMany('endpoints', endpoints.length, MAX_ENDPOINTS));
  else
    endpoints.forEach((endpoint, i) => {
      validateEndpoint(endpoint, addressType, index('endpoints', i), errors);
    });
}

function validateEndpoint({ addresses, hostname, nodeName, hints }: Endpoint, addressType: string, path: string, errors: FieldError[]): void {
  const at = `${path}.addresses`;
  const list = addresses ?? [];
  if (list.length === 0) errors.push(required(at, 'must contain at least 1 address'));
  else if (list.length > MAX_ADDRESSES) errors.push(tooMany(at, list.length, MAX_ADDRESSES));
  list.forEach((address, i) => {
    validateAddress(address, addressType, at, i, errors);
  });
  if (nodeName !== undefined) for (const problem of dnsSubdomain(nodeName)) errors.push(invalid(`${path}.nodeName`, nodeName, problem));
  if (hostname !== undefined) for (const problem of dnsLabel(hostname)) errors.push(invalid(`${path}.hostname`, hostname, problem));
  if (hints !== undefined) validateZones(hints.forZones ?? [], `${path}.hints.forZones`, errors);
}

function validateZones(zones: readonly { readonly name?: string }[], path: string, errors: FieldError[]): void {
  if (zones.length > MAX_ZONES) {
    errors.push(tooMany(path, zones.length, MAX_ZONES));
    return;
  }
  const names = new Set<string>();
  zones.forEach(({ name = '' }, i) => {
    const at = `${index(path, i)}.name`;
    if (names.has(name)) errors.push(duplicate(at, name));
    names.add(name);
    for (const problem of labelValue(name)) errors.push(invalid(at, name, problem));
  });
}

/** IsFullyQualifiedDomainName. */
function validateDomain(domain: string, path: string, errors: FieldError[]): void {
  if (domain === '') {
    errors.push(required(path));
    return;
  }
  const name = domain.replace(/\.$/, '');
  const problems = dnsSubdomain(name);
  const labels = name.split('.');
  const wrong = labels.find((label) => dnsLabel(label).length > 0);
  if (problems.length > 0) errors.push(invalid(path, name, problems.join(',')));
  else if (labels.length < 2) errors.push(invalid(path, name, 'should be a domain with at least two segments separated by dots'));
  else if (wrong !== undefined) errors.push(invalid(path, wrong, dnsLabel(wrong).join(',')));
}

function validateAddress(address: string, addressType: string, list: string, i: number, errors: FieldError[]): void {
  const path = index(list, i);
  if (addressType === 'FQDN') {
    validateDomain(address, path, errors);
    return;
  }
  if (addressType !== 'IPv4' && addressType !== 'IPv6') return;
  const family = parseIP(address)?.family;
  if (family === undefined) {
    validateIP(address, path, errors);
    return;
  }
  // Upstream names the list here.
  if (family !== addressType) errors.push(invalid(list, address, `must be an ${addressType} address`));
  validateNonSpecialIP(address, path, errors);
}

function validatePorts(ports: readonly EndpointSlicePort[], errors: FieldError[]): void {
  if (ports.length > MAX_PORTS) {
    errors.push(tooMany('ports', ports.length, MAX_PORTS));
    return;
  }
  const names = new Set<string>();
  ports.forEach(({ name = '', protocol, appProtocol }, i) => {
    const path = index('ports', i);
    if (name !== '') for (const problem of dnsLabel(name)) errors.push(invalid(`${path}.name`, name, problem));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (protocol === undefined) errors.push(required(`${path}.protocol`));
    else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
    if (appProtocol !== undefined) for (const problem of qualifiedName(appProtocol)) errors.push(invalid(`${path}.appProtocol`, appProtocol, problem));
  });
}
