/** pkg/apis/core/validation/validation.go ValidateEndpoints. */
import { type FieldError, index, invalid, notSupported, required } from '../../api/field.js';
import { validateIP, validateNonSpecialIP } from '../meta/ip.js';
import { dnsLabel, dnsSubdomain, portNumber, qualifiedName } from '../meta/names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { EndpointAddress, EndpointPort, Endpoints } from './types.js';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function validate({ metadata, subsets }: Endpoints): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSubsets(subsets ?? [], errors);
  return errors;
}

export function validateUpdate(endpoints: Endpoints, old: Endpoints): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(endpoints.metadata, old.metadata, errors);
  return [...errors, ...validate(endpoints)];
}

function validateSubsets(subsets: NonNullable<Endpoints['subsets']>, errors: FieldError[]): void {
  subsets.forEach(({ addresses, notReadyAddresses, ports }, i) => {
    const path = index('subsets', i);
    if (!addresses?.length && !notReadyAddresses?.length) errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    addresses?.forEach((address, j) => {
      validateAddress(address, index(`${path}.addresses`, j), errors);
    });
    notReadyAddresses?.forEach((address, j) => {
      validateAddress(address, index(`${path}.notReadyAddresses`, j), errors);
    });
    ports?.forEach((port, j) => {
      validatePort(port, ports.length > 1, index(`${path}.ports`, j), errors);
    });
  });
}

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, path: string, errors: FieldError[]): void {
  validateIP(ip ?? '', `${path}.ip`, errors);
  if (hostname) for (const problem of dnsLabel(hostname)) errors.push(invalid(`${path}.hostname`, hostname, problem));
  if (nodeName !== undefined) for (const problem of dnsSubdomain(nodeName)) errors.push(invalid(`${path}.nodeName`, nodeName, problem));
  validateNonSpecialIP(ip ?? '', `${path}.ip`, errors);
}

function validatePort({ name, port, protocol, appProtocol }: EndpointPort, needsName: boolean, path: string, errors: FieldError[]): void {
  if (!name) {
    if (needsName) errors.push(required(`${path}.name`));
  } else for (const problem of dnsLabel(name)) errors.push(invalid(`${path}.name`, name, problem));
  for (const problem of portNumber(port ?? 0)) errors.push(invalid(`${path}.port`, port ?? 0, problem));
  if (!protocol) errors.push(required(`${path}.protocol`));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  if (appProtocol !== undefined) for (const problem of qualifiedName(appProtocol)) errors.push(invalid(`${path}.appProtocol`, appProtocol, problem));
}
