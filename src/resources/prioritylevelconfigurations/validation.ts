/** pkg/apis/flowcontrol/validation/validation.go ValidatePriorityLevelConfiguration. */
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { NOT_NEGATIVE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Limited, PriorityLevelConfiguration } from './types.js';

const MAX_QUEUES = 10_000_000;

export function validate({ metadata, spec }: PriorityLevelConfiguration): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  switch (spec.type) {
    case 'Exempt':
      if (spec.limited !== undefined) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
      break;
    case 'Limited':
      if (spec.exempt !== undefined) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'));
      if (spec.limited === undefined) errors.push(required('spec.limited', 'must not be empty when type is Limited'));
      else validateLimited(spec.limited, errors);
      break;
    default:
      errors.push(notSupported('spec.type', spec.type ?? '', ['Exempt', 'Limited']));
  }
  return errors;
}

export function validateUpdate(level: PriorityLevelConfiguration, old: PriorityLevelConfiguration): FieldError[] {
  const errors = validate(level);
  validateObjectMetaUpdate(level.metadata, old.metadata, errors);
  return errors;
}

function validateLimited(
  { nominalConcurrencyShares: shares = 0, lendablePercent: lendable = 0, borrowingLimitPercent: borrowing, limitResponse }: Limited,
  errors: FieldError[],
): void {
  if (shares < 0) errors.push(invalid('spec.limited.nominalConcurrencyShares', shares, 'must be a non-negative integer'));
  if (lendable < 0 || lendable > 100) errors.push(invalid('spec.limited.lendablePercent', lendable, 'must be between 0 and 100, inclusive'));
  if (borrowing !== undefined && borrowing < 0) errors.push(invalid('spec.limited.borrowingLimitPercent', borrowing, NOT_NEGATIVE));
  const path = 'spec.limited.limitResponse';
  const queuing = limitResponse?.queuing;
  switch (limitResponse?.type) {
    case 'Reject':
      if (queuing !== undefined) errors.push(forbidden(`${path}.queuing`, 'must be nil if limited.limitResponse.type is not Limited'));
      break;
    case 'Queue': {
      const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing ?? {};
      if (queuing === undefined) errors.push(required(`${path}.queuing`, 'must not be empty if limited.limitResponse.type is Limited'));
      if (queueLengthLimit <= 0) errors.push(invalid(`${path}.queuing.queueLengthLimit`, queueLengthLimit, 'must be positive'));
      if (queues <= 0) errors.push(invalid(`${path}.queuing.queues`, queues, 'must be positive'));
      else if (queues > MAX_QUEUES) errors.push(invalid(`${path}.queuing.queues`, queues, `must not be greater than ${MAX_QUEUES}`));
      if (handSize <= 0) errors.push(invalid(`${path}.queuing.handSize`, handSize, 'must be positive'));
      else if (handSize > queues) errors.push(invalid(`${path}.queuing.handSize`, handSize, `should not be greater than queues (${queues})`));
      break;
    }
    default:
      errors.push(notSupported(`${path}.type`, limitResponse?.type ?? '', ['Queue', 'Reject']));
  }
}
