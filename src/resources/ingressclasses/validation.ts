/** pkg/apis/networking/validation/validation.go ValidateIngressClass. */
import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../../api/field.js';
import { dnsLabel, dnsSubdomain, pathSegment } from '../meta/names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { IngressClass, IngressClassParameters } from './types.js';

const MAX_CONTROLLER = 250;
const SCOPES = ['Cluster', 'Namespace'];

export function validate({ metadata, spec }: IngressClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  const { controller = '', parameters } = spec;
  if (controller === '') errors.push(required('spec.controller'));
  else {
    if (controller.length > MAX_CONTROLLER) errors.push(tooLong('spec.controller', MAX_CONTROLLER));
    validateDomainPrefixed(controller, 'spec.controller', errors);
  }
  if (parameters !== undefined) validateParameters(parameters, errors);
  return errors;
}

export function validateUpdate(ingressClass: IngressClass, old: IngressClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(ingressClass.metadata, old.metadata, errors);
  validateImmutable(ingressClass.spec.controller ?? '', old.spec.controller, 'spec.controller', errors);
  return [...errors, ...validate(ingressClass)];
}

/** IsDomainPrefixedPath: `example.com/ingress-controller`. */
function validateDomainPrefixed(value: string, path: string, errors: FieldError[]): void {
  const slash = value.indexOf('/');
  if (slash <= 0 || slash === value.length - 1) {
    errors.push(invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
    return;
  }
  for (const problem of dnsSubdomain(value.slice(0, slash))) errors.push(invalid(path, value.slice(0, slash), problem));
  if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(value.slice(slash + 1)))
    errors.push(invalid(path, value.slice(slash + 1), "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"));
}

function validateParameters({ apiGroup, kind = '', name = '', scope, namespace }: IngressClassParameters, errors: FieldError[]): void {
  const path = 'spec.parameters';
  if (apiGroup !== undefined) for (const problem of dnsSubdomain(apiGroup)) errors.push(invalid(`${path}.apiGroup`, apiGroup, problem));
  if (kind === '') errors.push(required(`${path}.kind`, 'kind is required'));
  else for (const problem of pathSegment(kind)) errors.push(invalid(`${path}.kind`, kind, problem));
  if (name === '') errors.push(required(`${path}.name`, 'name is required'));
  else for (const problem of pathSegment(name)) errors.push(invalid(`${path}.name`, name, problem));
  if (scope === undefined) errors.push(required(`${path}.scope`));
  else if (!SCOPES.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, SCOPES));
  if (scope === 'Namespace') {
    if (!namespace) errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
    else for (const problem of dnsLabel(namespace)) errors.push(invalid(`${path}.namespace`, namespace, problem));
  } else if (scope === 'Cluster' && namespace !== undefined) errors.push(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
}
