/** pkg/apis/core/validation/validation.go ValidateNamespace; the labels of k8s.io/pod-security-admission. */
import { type FieldError, index, invalid, mapKey } from '../../api/field.js';
import { nameIsLabel, qualifiedName } from '../meta/names.js';
import { STANDARD_FINALIZERS, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Namespace } from './types.js';

const LEVELS = ['privileged', 'baseline', 'restricted'];

export function validate({ metadata, spec }: Namespace): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false, name: nameIsLabel }, errors);
  validateFinalizers(spec.finalizers ?? [], errors);
  // The PodSecurity plugin looks at the labels of what has been found valid.
  return errors.length > 0 ? errors : podSecurityErrors(metadata.labels ?? {});
}

/** ValidateNamespaceFinalizeUpdate, which says which of the finalizers it is. */
export function validateFinalize({ spec }: Namespace): FieldError[] {
  const errors: FieldError[] = [];
  spec.finalizers?.forEach((finalizer, i) => {
    validateFinalizer(finalizer, index('spec.finalizers', i), errors);
  });
  return errors;
}

export function validateUpdate(namespace: Namespace, old: Namespace): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(namespace.metadata, old.metadata, errors);
  validateFinalizers(namespace.spec.finalizers ?? [], errors);
  return errors.length > 0 ? errors : podSecurityErrors(namespace.metadata.labels ?? {});
}

function validateFinalizers(finalizers: readonly string[], errors: FieldError[]): void {
  for (const finalizer of finalizers) validateFinalizer(finalizer, 'spec.finalizers', errors);
}

function validateFinalizer(finalizer: string, path: string, errors: FieldError[]): void {
  for (const problem of qualifiedName(finalizer)) errors.push(invalid(path, finalizer, problem));
  if (!finalizer.includes('/') && !STANDARD_FINALIZERS.has(finalizer))
    errors.push(invalid(path, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'));
}

function podSecurityErrors(labels: Readonly<Record<string, string>>): FieldError[] {
  const errors: FieldError[] = [];
  for (const mode of ['enforce', 'audit', 'warn']) {
    const key = `pod-security.kubernetes.io/${mode}`;
    const level = labels[key];
    if (level !== undefined && !LEVELS.includes(level)) errors.push(invalid(mapKey('metadata.labels', key), level, `must be one of ${LEVELS.join(', ')}`));
    const versionKey = `${key}-version`;
    const version = labels[versionKey];
    if (version !== undefined && version !== 'latest' && !/^v1\.([0-9]|[1-9][0-9]*)$/.test(version))
      errors.push(invalid(mapKey('metadata.labels', versionKey), version, 'must be "latest" or "v1.x"'));
  }
  return errors;
}

export function validateStatusUpdate({ metadata, status }: Namespace): FieldError[] {
  const phase = status?.phase ?? '';
  const [only, when] = metadata.deletionTimestamp === undefined ? ['Active', 'is empty'] : ['Terminating', 'is not empty'];
  return phase === only ? [] : [invalid('status.Phase', phase, `may only be '${only}' if \`deletionTimestamp\` ${when}`)];
}
