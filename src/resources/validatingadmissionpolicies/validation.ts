/** pkg/apis/admissionregistration/validation/validation.go ValidateValidatingAdmissionPolicy; CEL expressions are not compiled. */
import { type FieldError, index, invalid, notSupported, required } from '../../api/field.js';
import { validateLabelSelector } from '../meta/labels.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateRule } from '../webhooks/validation.js';
import type { MatchResources, ValidatingAdmissionPolicy } from './types.js';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];

export function validate({ metadata, spec }: ValidatingAdmissionPolicy): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  if (spec.failurePolicy === undefined) errors.push(required('spec.failurePolicy'));
  else if (!FAILURE_POLICIES.includes(spec.failurePolicy)) errors.push(notSupported('spec.failurePolicy', spec.failurePolicy, FAILURE_POLICIES));
  if (spec.paramKind !== undefined) {
    if (!spec.paramKind.apiVersion) errors.push(required('spec.paramKind.apiVersion'));
    if (!spec.paramKind.kind) errors.push(required('spec.paramKind.kind'));
  }
  if (spec.matchConstraints === undefined) errors.push(required('spec.matchConstraints'));
  else {
    validateMatchResources(spec.matchConstraints, 'spec.matchConstraints', errors);
    if (!spec.matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'));
  }
  if (!spec.validations?.length && !spec.auditAnnotations?.length) {
    errors.push(required('spec.validations', 'validations or auditAnnotations must be non-empty'));
    errors.push(required('spec.auditAnnotations', 'validations or auditAnnotations must be non-empty'));
  }
  spec.validations?.forEach(({ expression = '', message, reason }, i) => {
    const path = index('spec.validations', i);
    if (expression.trim() === '') errors.push(required(`${path}.expression`, 'expression is not specified'));
    if (message !== undefined && message !== '' && message.trim() === '')
      errors.push(invalid(`${path}.message`, message, 'message must be non-empty if specified'));
    else if (message?.includes('\n')) errors.push(invalid(`${path}.message`, message, 'message must not contain line breaks'));
    if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, REASONS));
  });
  return errors;
}

export function validateUpdate(policy: ValidatingAdmissionPolicy, old: ValidatingAdmissionPolicy): FieldError[] {
  const errors = validate(policy);
  validateObjectMetaUpdate(policy.metadata, old.metadata, errors);
  return errors;
}

function validateMatchResources(match: MatchResources, path: string, errors: FieldError[]): void {
  if (match.matchPolicy === undefined) errors.push(required(`${path}.matchPolicy`));
  else if (!MATCH_POLICIES.includes(match.matchPolicy)) errors.push(notSupported(`${path}.matchPolicy`, match.matchPolicy, MATCH_POLICIES));
  if (match.namespaceSelector === undefined) errors.push(required(`${path}.namespaceSelector`));
  else validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`, errors);
  if (match.objectSelector === undefined) errors.push(required(`${path}.objectSelector`));
  else validateLabelSelector(match.objectSelector, `${path}.objectSelector`, errors);
  match.resourceRules?.forEach((rule, i) => {
    validateRule(rule, index(`${path}.resourceRules`, i), errors);
  });
  match.excludeResourceRules?.forEach((rule, i) => {
    validateRule(rule, index(`${path}.excludeResourceRules`, i), errors);
  });
}
