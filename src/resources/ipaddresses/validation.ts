/** pkg/apis/networking/validation/validation.go ValidateIPAddress. */
import { type FieldError, invalid, required } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { strictIPProblems } from '../meta/ip.js';
import { dnsSubdomain, type NameCheck, pathSegment } from '../meta/names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { IPAddress } from './types.js';

/** The name is the address in canonical form. */
const nameIsIP: NameCheck = (name) => strictIPProblems(name);

export function validate({ metadata, spec }: IPAddress): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, name: nameIsIP }, errors);
  const parent = spec.parentRef;
  const path = 'spec.parentRef';
  if (parent === undefined) {
    errors.push(required(path));
    return errors;
  }
  if (parent.group) for (const problem of dnsSubdomain(parent.group)) errors.push(invalid(`${path}.group`, parent.group, problem));
  for (const field of ['resource', 'name'] as const) {
    const value = parent[field] ?? '';
    if (value === '') errors.push(required(`${path}.${field}`));
    else for (const problem of pathSegment(value)) errors.push(invalid(`${path}.${field}`, value, problem));
  }
  if (parent.namespace) for (const problem of pathSegment(parent.namespace)) errors.push(invalid(`${path}.namespace`, parent.namespace, problem));
  return errors;
}

export function validateUpdate(address: IPAddress, old: IPAddress): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(address);
  validateObjectMetaUpdate(address.metadata, old.metadata, errors);
  validateImmutable(address.spec.parentRef, old.spec.parentRef, 'spec.parentRef', errors, (parent) => goBadValue('*networking.ParentReference', parent));
  return errors;
}
