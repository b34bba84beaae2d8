/** pkg/apis/node/validation/validation.go. */
import { duplicate, type FieldError, index, invalid } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateLabels } from '../meta/labels.js';
import { dnsLabel } from '../meta/names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Toleration } from '../pod-template/types.js';
import { validateResources } from '../pod-template/validate-resources.js';
import { validateTolerations } from '../pod-template/validate-scheduling.js';
import type { RuntimeClass } from './types.js';

export function validate({ metadata, handler = '', overhead, scheduling }: RuntimeClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, qualifiedFinalizers: false }, errors);
  for (const problem of dnsLabel(handler)) errors.push(invalid('handler', handler, problem));
  // As if they were a container's limits.
  if (overhead !== undefined) validateResources({ limits: overhead.podFixed ?? {} }, new Set(), 'overhead', errors);
  if (scheduling?.nodeSelector) validateLabels(scheduling.nodeSelector, 'scheduling.nodeSelector', errors);
  const tolerations = (scheduling?.tolerations ?? []) as readonly Toleration[];
  validateTolerations(tolerations, 'scheduling.tolerations.tolerations', errors);
  const seen = new Set<string>();
  tolerations.forEach((toleration, i) => {
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const text = JSON.stringify([key, operator, value, effect]);
    if (seen.has(text)) errors.push(duplicate(index('scheduling.tolerations', i), goBadValue('Toleration', toleration)));
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
