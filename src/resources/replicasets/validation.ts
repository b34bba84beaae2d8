/** pkg/apis/apps/validation/validation.go ValidateReplicaSet and ValidateReplicaSetUpdate, errors in its order. */
import type { FieldError } from '../../api/field.js';
import { validateReplicaCounts } from '../meta/status.js';
import { validateNonnegative, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { invalidSelector, validateAlwaysRunningTemplate, validateSameSelector, validateSelector, validateTemplateLabels } from '../pod-template/workloads.js';
import type { ReplicaSet, ReplicaSetSpec } from './types.js';

export function validate({ metadata, spec }: ReplicaSet): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, 'spec', errors);
  return errors;
}

export function validateUpdate(set: ReplicaSet, old: ReplicaSet): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(set);
  validateObjectMetaUpdate(set.metadata, old.metadata, errors);
  validateSpec(set.spec, 'spec', errors);
  validateSameSelector(set.spec.selector, old.spec.selector, 'spec.selector', errors);
  return errors;
}

function validateSpec(spec: ReplicaSetSpec, at: string, errors: FieldError[]): void {
  validateNonnegative(spec.replicas, `${at}.replicas`, errors);
  validateNonnegative(spec.minReadySeconds, `${at}.minReadySeconds`, errors);
  // The text says deployment, here too.
  if (validateSelector(spec.selector, `${at}.selector`, 'deployment', errors)) {
    validateTemplateLabels(spec.selector, spec.template ?? {}, `${at}.template.metadata.labels`, errors);
    validateAlwaysRunningTemplate(spec.template ?? {}, `${at}.template`, 'ReplicaSet', errors);
  } else errors.push(invalidSelector(spec.selector, `${at}.selector`));
}

export function validateStatusUpdate({ status = {} }: ReplicaSet): FieldError[] {
  const errors: FieldError[] = [];
  validateReplicaCounts(status, errors);
  return errors;
}
