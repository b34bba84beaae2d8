/** pkg/apis/flowcontrol/validation/validation.go ValidatePriorityLevelConfiguration. */
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { validateObjectMeta } from '../meta/validation.js';
import type { Limited, PriorityLevelConfiguration } from './types.js';

const MAX_QUEUES = 10_000_000;
/** What the hash that deals a flow's hand of queues has. */
const HASH_BITS = 60;
/** Of v1beta3, which the conversion takes out. */
const ZERO_SHARES = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';

export function validate({ metadata, spec }: PriorityLevelConfiguration): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  if (metadata.annotations?.[ZERO_SHARES] !== undefined) errors.push(forbidden('metadata.annotations', `annotation '${ZERO_SHARES}' is forbidden`));
  if ((metadata.name === 'exempt') !== (spec.type === 'Exempt'))
    errors.push(invalid('spec.type', spec.type ?? '', "type must be 'Exempt' if and only if name is 'exempt'"));
  switch (spec.type) {
    case 'Exempt':
      if (spec.limited !== undefined) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
      validateShares('spec.exempt', spec.exempt ?? {}, errors);
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

function validateLimited(
  { nominalConcurrencyShares: shares = 0, lendablePercent: lendable = 0, borrowingLimitPercent: borrowing, limitResponse }: Limited,
  errors: FieldError[],
): void {
  if (shares < 0) errors.push(invalid('spec.limited.nominalConcurrencyShares', shares, 'must be a non-negative integer'));
  const path = 'spec.limited.limitResponse';
  const queuing = limitResponse?.queuing;
  switch (limitResponse?.type) {
    case 'Reject':
      if (queuing !== undefined) errors.push(forbidden(`${path}.queuing`, 'must be nil if limited.limitResponse.type is not Limited'));
      break;
    case 'Queue': {
      const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing ?? {};
      if (queuing === undefined) {
        errors.push(required(`${path}.queuing`, 'must not be empty if limited.limitResponse.type is Limited'));
        break;
      }
      if (queueLengthLimit <= 0) errors.push(invalid(`${path}.queuing.queueLengthLimit`, queueLengthLimit, 'must be positive'));
      if (queues <= 0) errors.push(invalid(`${path}.queuing.queues`, queues, 'must be positive'));
      else if (queues > MAX_QUEUES) errors.push(invalid(`${path}.queuing.queues`, queues, `must not be greater than ${MAX_QUEUES}`));
      if (handSize <= 0) errors.push(invalid(`${path}.queuing.handSize`, handSize, 'must be positive'));
      else if (handSize > queues) errors.push(invalid(`${path}.queuing.handSize`, handSize, `should not be greater than queues (${queues})`));
      else if (entropyBits(queues, handSize) > HASH_BITS)
        errors.push(
          invalid(
            `${path}.queuing.handSize`,
            handSize,
            `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${HASH_BITS}`,
          ),
        );
      break;
    }
    default:
      errors.push(notSupported(`${path}.type`, limitResponse?.type ?? '', ['Queue', 'Reject']));
  }
  if (lendable < 0 || lendable > 100) errors.push(invalid('spec.limited.lendablePercent', lendable, 'must be between 0 and 100, inclusive'));
  if (borrowing !== undefined && borrowing < 0)
    errors.push(invalid('spec.limited.borrowingLimitPercent', borrowing, 'if specified, must be a non-negative integer'));
}

function validateShares(path: string, { nominalConcurrencyShares: shares = 0, lendablePercent: lendable = 0 }: Limited, errors: FieldError[]): void {
  if (shares < 0) errors.push(invalid(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'));
  if (lendable < 0 || lendable > 100) errors.push(invalid(`${path}.lendablePercent`, lendable, 'must be between 0 and 100, inclusive'));
}

/** How many bits tell one hand of queues from all others (shufflesharding.RequiredEntropyBits). */
const entropyBits = (queues: number, handSize: number): number => Math.ceil(Math.log2(queues) * handSize);
