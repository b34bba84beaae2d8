/** pkg/apis/storage/validation/validation.go ValidateStorageClass. */
import { isSemanticEqual } from '../../api/equality.js';
import { duplicate, type FieldError, forbidden, index, invalid, notSupported, required, tooLong } from '../../api/field.js';
import { qualifiedName } from '../meta/names.js';
import { FIELD_IMMUTABLE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { StorageClass } from './types.js';

/** Bytes, keys and values together. */
const MAX_PARAMETERS = 256 * 1024;
const MAX_PARAMETER_COUNT = 512;

export function validate(storage: StorageClass): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(storage.metadata, { namespaced: false }, errors);
  validateProvisioner(storage.provisioner ?? '', errors);
  validateParameters(storage.parameters ?? {}, errors);
  const { reclaimPolicy, volumeBindingMode } = storage;
  if (reclaimPolicy && !['Delete', 'Retain'].includes(reclaimPolicy)) errors.push(notSupported('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']));
  const modes = ['Immediate', 'WaitForFirstConsumer'];
  if (volumeBindingMode === undefined) errors.push(required('volumeBindingMode'));
  else if (!modes.includes(volumeBindingMode)) errors.push(notSupported('volumeBindingMode', volumeBindingMode, modes));
  validateTopologies(storage.allowedTopologies ?? [], errors);
  return errors;
}

export function validateUpdate(storage: StorageClass, old: StorageClass): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(storage);
  validateObjectMetaUpdate(storage.metadata, old.metadata, errors);
  if (!isSemanticEqual(storage.parameters ?? {}, old.parameters ?? {})) errors.push(forbidden('parameters', 'updates to parameters are forbidden.'));
  if (storage.provisioner !== old.provisioner) errors.push(forbidden('provisioner', 'updates to provisioner are forbidden.'));
  if (storage.reclaimPolicy !== old.reclaimPolicy) errors.push(forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'));
  if (storage.volumeBindingMode !== old.volumeBindingMode) errors.push(invalid('volumeBindingMode', storage.volumeBindingMode, FIELD_IMMUTABLE));
  validateTopologies(storage.allowedTopologies ?? [], errors);
  return errors;
}

function validateProvisioner(provisioner: string, errors: FieldError[]): void {
  if (provisioner === '') errors.push(required('provisioner', ''));
  else for (const problem of qualifiedName(provisioner.toLowerCase())) errors.push(invalid('provisioner', provisioner.toLowerCase(), problem));
}

function validateParameters(parameters: Readonly<Record<string, string>>, errors: FieldError[]): void {
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETER_COUNT) {
    errors.push(tooLong('parameters', MAX_PARAMETER_COUNT));
    return;
  }
  let size = 0;
  for (const [key, value] of entries) {
    if (key === '') errors.push(invalid('parameters', key, 'field can not be empty.'));
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > MAX_PARAMETERS) errors.push(tooLong('parameters', MAX_PARAMETERS));
}

function validateTopologies(terms: NonNullable<StorageClass['allowedTopologies']>, errors: FieldError[]): void {
  // Upstream compares with as many empty terms as there are terms, and only then with those before.
  const before = terms.map(() => '{}');
  terms.forEach((term, i) => {
    const keys = new Set<string>();
    (term.matchLabelExpressions ?? []).forEach(({ key, values }, j) => {
      const path = index(`${index('allowedTopologies', i)}.matchLabelExpressions`, j);
      if (!values?.length) errors.push(required(`${path}.values`));
      const seen = new Set<string>();
      values?.forEach((value, k) => {
        if (seen.has(value)) errors.push(duplicate(index(`${path}.values`, k), value));
        seen.add(value);
      });
      for (const problem of qualifiedName(key)) errors.push(invalid(`${path}.key`, key, problem));
      if (keys.has(key)) errors.push(duplicate(`${path}.key`, key));
      keys.add(key);
    });
    const said = meaningOf(term);
    for (const one of before) if (one === said) errors.push(duplicate(`${index('allowedTopologies', i)}.matchLabelExpressions`, ''));
    before.push(said);
  });
}

/** The same text for terms that ask for the same, in whatever order. */
function meaningOf({ matchLabelExpressions = [] }: NonNullable<StorageClass['allowedTopologies']>[number]): string {
  const byKey = new Map(matchLabelExpressions.map(({ key, values }) => [key, [...new Set(values ?? [])].sort()]));
  return JSON.stringify(Object.fromEntries([...byKey].sort(([a], [b]) => (a < b ? -1 : 1))));
}
