/** pkg/apis/storage/validation/validation.go ValidateCSIStorageCapacity. */
import { type FieldError, invalid } from '../../api/field.js';
import { formatQuantity, quantity } from '../../api/quantity.js';
import { validateLabelSelector } from '../meta/labels.js';
import { dnsSubdomain } from '../meta/names.js';
import { NOT_NEGATIVE, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { CSIStorageCapacity } from './types.js';

export function validate(object: CSIStorageCapacity): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: true }, errors);
  if (object.nodeTopology !== undefined) validateLabelSelector(object.nodeTopology, 'nodeTopology', errors);
  const { storageClassName: name = '' } = object;
  for (const problem of dnsSubdomain(name)) errors.push(invalid('storageClassName', name, problem));
  if (object.capacity !== undefined && quantity(object.capacity).nano < 0n)
    errors.push(invalid('capacity', formatQuantity(quantity(object.capacity)), NOT_NEGATIVE));
  return errors;
}

export function validateUpdate(object: CSIStorageCapacity, old: CSIStorageCapacity): FieldError[] {
  const errors = validate(object);
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  validateImmutable(object.nodeTopology, old.nodeTopology, 'nodeTopology', errors);
  validateImmutable(object.storageClassName, old.storageClassName, 'storageClassName', errors);
  return errors;
}
