/** pkg/apis/networking/validation/validation.go ValidateNetworkPolicy. */
import { type FieldError, forbidden, index, invalid, notSupported, required } from '../../api/field.js';
import { containsIP, parseCIDR } from '../../api/ip.js';
import { goFieldValue } from '../meta/go/syntax.js';
import { validateCIDR } from '../meta/ip.js';
import { validateLabelSelector } from '../meta/labels.js';
import { portName, portNumber } from '../meta/names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from './types.js';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const TYPES = ['Ingress', 'Egress'];

export function validate({ metadata, spec }: NetworkPolicy): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, errors);
  return errors;
}

export function validateUpdate(policy: NetworkPolicy, old: NetworkPolicy): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(policy);
  validateObjectMetaUpdate(policy.metadata, old.metadata, errors);
  validateSpec(policy.spec, errors);
  return errors;
}

function validateSpec(spec: NetworkPolicySpec, errors: FieldError[]): void {
  validateLabelSelector(spec.podSelector, 'spec.podSelector', errors);
  spec.ingress?.forEach(({ from, ports }, i) => {
    validateRule(from, ports, index('spec.ingress', i), 'from', errors);
  });
  spec.egress?.forEach(({ to, ports }, i) => {
    validateRule(to, ports, index('spec.egress', i), 'to', errors);
  });
  const types = spec.policyTypes ?? [];
  if (types.length > TYPES.length)
    errors.push(invalid('spec.policyTypes', goFieldValue(spec, 'policyTypes', '[]networking.PolicyType'), 'may not specify more than two policyTypes'));
  else
    types.forEach((type, i) => {
      if (!TYPES.includes(type)) errors.push(notSupported(index('spec.policyTypes', i), type, TYPES));
    });
}

function validateRule(
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  path: string,
  side: 'from' | 'to',
  errors: FieldError[],
): void {
  ports?.forEach((port, i) => {
    validatePort(port, index(`${path}.ports`, i), errors);
  });
  peers?.forEach((peer, i) => {
    validatePeer(peer, index(`${path}.${side}`, i), errors);
  });
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: string, errors: FieldError[]): void {
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  if (typeof port === 'number') {
    for (const problem of portNumber(port)) errors.push(invalid(`${path}.port`, port, problem));
    if (endPort === undefined) return;
    // 1.33 prints the port where the end is meant.
    if (port > endPort) errors.push(invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`'));
    for (const problem of portNumber(endPort)) errors.push(invalid(`${path}.endPort`, endPort, problem));
  } else if (typeof port === 'string') {
    if (endPort !== undefined) errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric'));
    for (const problem of portName(port)) errors.push(invalid(`${path}.port`, port, problem));
  } else if (endPort !== undefined) errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified'));
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: string, errors: FieldError[]): void {
  if (podSelector !== undefined) validateLabelSelector(podSelector, `${path}.podSelector`, errors);
  if (namespaceSelector !== undefined) validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, errors);
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  if (ipBlock !== undefined) validateBlock(ipBlock, `${path}.ipBlock`, errors);
  if (!selects && ipBlock === undefined) errors.push(required(path, 'must specify a peer'));
  else if (selects && ipBlock !== undefined) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
}

function validateBlock({ cidr = '', except }: NonNullable<NetworkPolicyPeer['ipBlock']>, path: string, errors: FieldError[]): void {
  if (cidr === '') {
    errors.push(required(`${path}.cidr`));
    return;
  }
  const range = parseCIDR(cidr);
  if (range === undefined) {
    validateCIDR(cidr, `${path}.cidr`, errors);
    return;
  }
  except?.forEach((text, i) => {
    const at = index(`${path}.except`, i);
    const hole = parseCIDR(text);
    if (hole === undefined) validateCIDR(text, at, errors);
    else if (!containsIP(range, hole.ip) || range.bits >= hole.bits) errors.push(invalid(at, text, 'must be a strict subset of `cidr`'));
  });
}
