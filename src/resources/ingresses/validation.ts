/** pkg/apis/networking/validation/validation.go ValidateIngress. */
import { type FieldError, index, invalid, notSupported, required } from '../../api/field.js';
import { parseIP } from '../../api/ip.js';
import { goFieldValue } from '../meta/go/syntax.js';
import { dns1035Label, dnsSubdomain, nameIsPathSegment, portName, portNumber, wildcardSubdomain } from '../meta/names.js';
import { validateLoadBalancer } from '../meta/status.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { HTTPIngressPath, Ingress, IngressBackend } from './types.js';

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
/** No path that is matched literally may hold or end with these. */
const FORBIDDEN_PARTS = ['//', '/./', '/../', '%2f', '%2F'];
const FORBIDDEN_ENDS = ['/..', '/.'];

export function validate(ingress: Ingress): FieldError[] {
  const errors: FieldError[] = [];
  const { metadata, spec } = ingress;
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, errors);
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  // The path lacks `metadata` upstream.
  if (annotation !== undefined && spec.ingressClassName !== undefined && annotation !== spec.ingressClassName)
    errors.push(invalid(`annotations.${CLASS_ANNOTATION}`, annotation, 'must match `ingressClassName` when both are specified'));
  return errors;
}

export function validateUpdate(ingress: Ingress, old: Ingress): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(ingress.metadata, old.metadata, errors);
  validateObjectMeta(ingress.metadata, { namespaced: true }, errors);
  validateSpec(ingress.spec, errors);
  return errors;
}

function validateSpec(spec: Ingress['spec'], errors: FieldError[]): void {
  const rules = spec.rules ?? [];
  if (rules.length === 0 && spec.defaultBackend === undefined)
    errors.push(invalid('spec', goFieldValue(spec, 'rules', '[]networking.IngressRule'), 'either `defaultBackend` or `rules` must be specified'));
  if (spec.defaultBackend !== undefined) validateBackend(spec.defaultBackend, 'spec.defaultBackend', errors);
  rules.forEach(({ host, http }, i) => {
    const path = index('spec.rules', i);
    if (host) validateHost(host, `${path}.host`, errors);
    if (http === undefined) return;
    if (!http.paths?.length) errors.push(required(`${path}.http.paths`));
    http.paths?.forEach((entry, j) => {
      validatePath(entry, index(`${path}.http.paths`, j), errors);
    });
  });
  spec.tls?.forEach(({ hosts, secretName }, i) => {
    const path = index('spec.tls', i);
    hosts?.forEach((host, j) => {
      const check = host.includes('*') ? wildcardSubdomain : dnsSubdomain;
      for (const problem of check(host)) errors.push(invalid(index(`${path}.hosts`, j), host, problem));
    });
    if (secretName) for (const problem of dnsSubdomain(secretName)) errors.push(invalid(`${path}.secretName`, secretName, problem));
  });
  if (spec.ingressClassName !== undefined)
    for (const problem of dnsSubdomain(spec.ingressClassName)) errors.push(invalid('spec.ingressClassName', spec.ingressClassName, problem));
}

function validateHost(host: string, path: string, errors: FieldError[]): void {
  if (parseIP(host) !== undefined) errors.push(invalid(path, host, 'must be a DNS name, not an IP address'));
  for (const problem of (host.includes('*') ? wildcardSubdomain : dnsSubdomain)(host)) errors.push(invalid(path, host, problem));
}

function validatePath({ path = '', pathType, backend }: HTTPIngressPath, at: string, errors: FieldError[]): void {
  if (pathType === undefined) {
    errors.push(required(`${at}.pathType`, 'pathType must be specified'));
    return;
  }
  const field = `${at}.path`;
  switch (pathType) {
    case 'Exact':
    case 'Prefix':
      if (!path.startsWith('/')) errors.push(invalid(field, path, 'must be an absolute path'));
      if (path === '') break;
      for (const part of FORBIDDEN_PARTS) if (path.includes(part)) errors.push(invalid(field, path, `must not contain '${part}'`));
      for (const end of FORBIDDEN_ENDS) if (path.endsWith(end)) errors.push(invalid(field, path, `cannot end with '${end}'`));
      break;
    case 'ImplementationSpecific':
      if (path !== '' && !path.startsWith('/')) errors.push(invalid(field, path, 'must be an absolute path'));
      break;
    default:
      errors.push(notSupported(`${at}.pathType`, pathType, PATH_TYPES));
  }
  validateBackend(backend ?? {}, `${at}.backend`, errors);
}

function validateBackend({ service, resource }: IngressBackend, path: string, errors: FieldError[]): void {
  if (resource !== undefined && service !== undefined) {
    errors.push(invalid(path, '', 'cannot set both resource and service backends'));
    return;
  }
  if (resource !== undefined) {
    if (resource.apiGroup !== undefined)
      for (const problem of dnsSubdomain(resource.apiGroup)) errors.push(invalid(`${path}.resource.apiGroup`, resource.apiGroup, problem));
    for (const field of ['kind', 'name'] as const) {
      const value = resource[field] ?? '';
      if (value === '') errors.push(required(`${path}.resource.${field}`, `${field} is required`));
      else for (const problem of nameIsPathSegment(value, false)) errors.push(invalid(`${path}.resource.${field}`, value, problem));
    }
    return;
  }
  if (service === undefined) {
    errors.push(invalid(path, '', 'resource or service backend is required'));
    return;
  }
  const { name = '', port } = service;
  if (name === '') errors.push(required(`${path}.service.name`));
  else for (const problem of dns1035Label(name)) errors.push(invalid(`${path}.service.name`, name, problem));
  if (port?.name && port.number) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (port?.name) for (const problem of portName(port.name)) errors.push(invalid(`${path}.service.port.name`, port.name, problem));
  else if (port?.number) for (const problem of portNumber(port.number)) errors.push(invalid(`${path}.service.port.number`, port.number, problem));
  else errors.push(required(path, 'port name or number is required'));
}

export function validateStatusUpdate({ status }: Ingress): FieldError[] {
  const errors: FieldError[] = [];
  validateLoadBalancer(status?.loadBalancer?.ingress ?? [], false, errors);
  return errors;
}
