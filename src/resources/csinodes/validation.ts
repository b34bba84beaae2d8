/** pkg/apis/storage/validation/validation.go ValidateCSINode. */
import { duplicate, type FieldError, index, invalid, required } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { qualifiedName } from '../meta/names.js';
import { NOT_NEGATIVE, validateImmutable, validateObjectMeta } from '../meta/validation.js';
import { validateDriverName } from '../pod-template/validate-volumes.js';
import type { CSINode } from './types.js';

const MAX_NODE_ID = 256;

export function validate(object: CSINode): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: false }, errors);
  const names = new Set<string>();
  object.spec.drivers?.forEach(({ name, nodeID, topologyKeys, allocatable }, i) => {
    const path = index('spec.drivers', i);
    validateDriverName(name ?? '', `${path}.name`, errors);
    if (!nodeID) errors.push(required(`${path}.nodeID`));
    else if (nodeID.length > MAX_NODE_ID) errors.push(invalid(`${path}.nodeID`, nodeID, `must be ${MAX_NODE_ID} characters or less`));
    if (allocatable?.count !== undefined && allocatable.count < 0) errors.push(invalid(`${path}.allocatable.count`, allocatable.count, NOT_NEGATIVE));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    const keys = new Set<string>();
    for (const key of topologyKeys ?? []) {
      if (key === '') errors.push(required(path));
      if (keys.has(key)) errors.push(duplicate(path, key));
      keys.add(key);
      for (const problem of qualifiedName(key)) errors.push(invalid(path, key, problem));
    }
  });
  return errors;
}

export function validateUpdate(object: CSINode, old: CSINode): FieldError[] {
  const errors = validate(object);
  for (const before of old.spec.drivers ?? [])
    for (const driver of object.spec.drivers ?? [])
      if (driver.name === before.name) validateImmutable(driver, before, 'spec.drivers', errors, (one) => goBadValue('storage.CSINodeDriver', one));
  return errors;
}
