/** pkg/apis/storage/validation/validation.go ValidateVolumeAttributesClass. */
import { type FieldError, forbidden, invalid, required } from '../../api/field.js';
import { qualifiedName } from '../meta/names.js';
import { isSame, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { VolumeAttributesClass } from './types.js';

export function validate(object: VolumeAttributesClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: false }, errors);
  const { driverName = '', parameters } = object;
  if (driverName === '') errors.push(required('driverName'));
  else for (const problem of qualifiedName(driverName.toLowerCase())) errors.push(invalid('driverName', driverName, problem));
  if (Object.keys(parameters ?? {}).length === 0) errors.push(required('parameters', 'must contain at least one key/value pair'));
  return errors;
}

export function validateUpdate(object: VolumeAttributesClass, old: VolumeAttributesClass): FieldError[] {
  const errors = validate(object);
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  if (object.driverName !== old.driverName) errors.push(forbidden('driverName', 'updates to driverName are forbidden.'));
  if (!isSame(object.parameters ?? {}, old.parameters ?? {})) errors.push(forbidden('parameters', 'updates to parameters are forbidden.'));
  return errors;
}
