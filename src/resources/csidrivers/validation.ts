/** pkg/apis/storage/validation/validation.go ValidateCSIDriver. */
import { duplicate, type FieldError, index, invalid, notSupported, required } from '../../api/field.js';
import { goFieldValue } from '../meta/go/syntax.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { CSIDriver } from './types.js';

const FS_GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const MODES = ['Persistent', 'Ephemeral'];

export function validate(object: CSIDriver): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: false }, errors);
  const { spec } = object;
  if (spec.attachRequired === undefined) errors.push(required('spec.attachedRequired'));
  if (spec.podInfoOnMount === undefined) errors.push(required('spec.podInfoOnMount'));
  if (spec.storageCapacity === undefined) errors.push(required('spec.storageCapacity'));
  if (spec.fsGroupPolicy !== undefined && !FS_GROUP_POLICIES.includes(spec.fsGroupPolicy))
    errors.push(notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, FS_GROUP_POLICIES));
  const audiences = new Set<string>();
  spec.tokenRequests?.forEach(({ audience, expirationSeconds }, i) => {
    const path = index('spec.tokenRequests', i);
    if (audiences.has(audience)) errors.push(duplicate(`${path}.audience`, audience));
    audiences.add(audience);
    if (expirationSeconds !== undefined && expirationSeconds < 600)
      errors.push(invalid(`${path}.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes'));
    if (expirationSeconds !== undefined && expirationSeconds > 2 ** 32)
      errors.push(invalid(`${path}.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
  });
  for (const mode of spec.volumeLifecycleModes ?? []) if (!MODES.includes(mode)) errors.push(notSupported('spec.volumeLifecycleModes', mode, MODES));
  return errors;
}

export function validateUpdate(object: CSIDriver, old: CSIDriver): FieldError[] {
  const errors = validate(object);
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  validateImmutable(object.spec.attachRequired, old.spec.attachRequired, 'spec.attachedRequired', errors);
  validateImmutable(object.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, 'spec.volumeLifecycleModes', errors, () =>
    goFieldValue(object.spec, 'volumeLifecycleModes', '[]storage.VolumeLifecycleMode'),
  );
  return errors;
}
