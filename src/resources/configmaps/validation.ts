/** pkg/apis/core/validation/validation.go ValidateConfigMap, ValidateConfigMapUpdate. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, invalid, mapKey, NO_FIELD, tooLong } from '../../api/field.js';
import { configMapKey } from '../meta/names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { ConfigMap } from './types.js';

/** Bytes. */
const MAX_SIZE = 1024 * 1024;
const IMMUTABLE = 'field is immutable when `immutable` is set';

export function validate({ metadata, data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  let size = 0;
  for (const key of Object.keys(data).sort()) {
    for (const problem of configMapKey(key)) errors.push(invalid(mapKey('data', key), key, problem));
    if (Object.hasOwn(binaryData, key)) errors.push(invalid(mapKey('data', key), key, 'duplicate of key present in binaryData'));
    size += Buffer.byteLength(data[key] ?? '');
  }
  for (const key of Object.keys(binaryData).sort()) {
    for (const problem of configMapKey(key)) errors.push(invalid(mapKey('binaryData', key), key, problem));
    size += Buffer.byteLength(binaryData[key] ?? '', 'base64');
  }
  if (size > MAX_SIZE) errors.push(tooLong(NO_FIELD, MAX_SIZE));
  return errors;
}

export function validateUpdate(config: ConfigMap, old: ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(config.metadata, old.metadata, errors);
  if (old.immutable === true) {
    if (config.immutable !== true) errors.push(forbidden('immutable', IMMUTABLE));
    if (!isSemanticEqual(config.data, old.data)) errors.push(forbidden('data', IMMUTABLE));
    if (!isSemanticEqual(config.binaryData, old.binaryData)) errors.push(forbidden('binaryData', IMMUTABLE));
  }
  return [...errors, ...validate(config)];
}
