/** pkg/apis/node/validation/validation.go. */
import { duplicate, type FieldError, index, invalid, mapKey } from '../../api/field.js';
import { quantity } from '../../api/quantity.js';
import { validateLabels } from '../meta/labels.js';
import { dnsLabel } from '../meta/names.js';
import { validateContainerResourceName, validateQuantityValue } from '../meta/resource-names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { RuntimeClass } from './types.js';

export function validate({ metadata, handler = '', overhead, scheduling }: RuntimeClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, qualifiedFinalizers: false }, errors);
  for (const problem of dnsLabel(handler)) errors.push(invalid('handler', handler, problem));
  for (const [name, value] of Object.entries(overhead?.podFixed ?? {})) {
    const path = mapKey('overhead.podFixed', name);
    validateContainerResourceName(name, path, errors);
    validateQuantityValue(name, quantity(value), path, errors);
  }
  if (scheduling?.nodeSelector) validateLabels(scheduling.nodeSelector, 'scheduling.nodeSelector', errors);
  const seen = new Set<string>();
  scheduling?.tolerations?.forEach((toleration, i) => {
    const text = JSON.stringify(toleration);
    if (seen.has(text)) errors.push(duplicate(index('scheduling.tolerations', i), text));
    seen.add(text);
  });
  return errors;
}

export function validateUpdate(runtime: RuntimeClass, old: RuntimeClass): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(runtime);
  validateObjectMetaUpdate(runtime.metadata, old.metadata, errors, 'metadata', false);
  validateImmutable(runtime.handler, old.handler, 'handler', errors);
  return errors;
}
