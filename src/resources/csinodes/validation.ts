/** pkg/apis/storage/validation/validation.go ValidateCSINode. */
import { duplicate, type FieldError, index, invalid, required } from '../../api/field.js';
import { dnsSubdomain, qualifiedName } from '../meta/names.js';
import { NOT_NEGATIVE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { CSINode } from './types.js';

export function validate(object: CSINode): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: false }, errors);
  const names = new Set<string>();
  object.spec.drivers?.forEach(({ name, nodeID, topologyKeys, allocatable }, i) => {
    const path = index('spec.drivers', i);
    if (!name) errors.push(required(`${path}.name`));
    else for (const problem of dnsSubdomain(name.toLowerCase())) errors.push(invalid(`${path}.name`, name, problem));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (!nodeID) errors.push(required(`${path}.nodeID`));
    if (allocatable?.count !== undefined && allocatable.count < 0) errors.push(invalid(`${path}.allocatable.count`, allocatable.count, NOT_NEGATIVE));
    for (const key of topologyKeys ?? []) for (const problem of qualifiedName(key)) errors.push(invalid(path, key, problem));
  });
  return errors;
}

export function validateUpdate(object: CSINode, old: CSINode): FieldError[] {
  const errors = validate(object);
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  return errors;
}
