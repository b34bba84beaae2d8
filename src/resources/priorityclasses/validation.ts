/** pkg/apis/scheduling/validation/validation.go. */
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { FIELD_IMMUTABLE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { PriorityClass } from './types.js';

const HIGHEST_USER_VALUE = 1_000_000_000;
const SYSTEM: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 };
const POLICIES = ['PreemptLowerPriority', 'Never'];

export function validate({ metadata, value, globalDefault, preemptionPolicy }: PriorityClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  const name = metadata.name ?? '';
  if (name.startsWith('system-')) {
    const known = SYSTEM[name];
    const problem =
      known === undefined
        ? `${name} is not a known system priority class`
        : known !== value
          ? `value of ${name} PriorityClass must be ${known}`
          : globalDefault === true
            ? `globalDefault of ${name} PriorityClass must be false`
            : undefined;
    if (problem !== undefined)
      errors.push(forbidden('metadata.name', `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`));
  } else if (value > HIGHEST_USER_VALUE) errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_VALUE}`));
  if (preemptionPolicy === '') errors.push(required('preemptionPolicy'));
  else if (preemptionPolicy !== undefined && !POLICIES.includes(preemptionPolicy)) errors.push(notSupported('preemptionPolicy', preemptionPolicy, POLICIES));
  return errors;
}

export function validateUpdate(priority: PriorityClass, old: PriorityClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(priority.metadata, old.metadata, errors);
  if (priority.value !== old.value) errors.push(forbidden('value', 'may not be changed in an update.'));
  if (priority.preemptionPolicy !== old.preemptionPolicy) errors.push(invalid('preemptionPolicy', priority.preemptionPolicy, FIELD_IMMUTABLE));
  return errors;
}
