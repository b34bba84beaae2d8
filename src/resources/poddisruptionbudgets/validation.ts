/** pkg/apis/policy/validation/validation.go ValidatePodDisruptionBudget, errors in its order. */
import { type FieldError, invalid, notSupported } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateLabelSelector } from '../meta/labels.js';
import { nameIsPathSegment } from '../meta/names.js';
import { validateConditions, validateCounts } from '../meta/status.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateAtMost100Percent, validateIntOrPercent } from '../pod-template/workloads.js';
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from './types.js';

const POLICIES: readonly string[] = ['AlwaysAllow', 'IfHealthyBudget'];

export function validate({ metadata, spec = {} }: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  validateSpec(spec, 'spec', errors);
  // Its own validation leaves metadata to the server, which looks when all else is well (registry/rest create.go BeforeCreate).
  if (errors.length === 0) validateObjectMeta(metadata, { namespaced: true, name: nameIsPathSegment, qualifiedFinalizers: false }, errors);
  return errors;
}

export function validateUpdate(budget: PodDisruptionBudget, old: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(budget.metadata, old.metadata, errors);
  validateSpec(budget.spec ?? {}, 'spec', errors);
  return errors;
}

function validateSpec(spec: PodDisruptionBudgetSpec, at: string, errors: FieldError[]): void {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    errors.push(invalid(at, goBadValue('policy.PodDisruptionBudgetSpec', spec), 'minAvailable and maxUnavailable cannot be both set'));
  validateIntOrPercent(minAvailable, `${at}.minAvailable`, errors);
  validateAtMost100Percent(minAvailable, `${at}.minAvailable`, errors);
  validateIntOrPercent(maxUnavailable, `${at}.maxUnavailable`, errors);
  validateAtMost100Percent(maxUnavailable, `${at}.maxUnavailable`, errors);
  validateLabelSelector(selector, `${at}.selector`, errors);
  if (policy !== undefined && !POLICIES.includes(policy)) errors.push(notSupported(`${at}.unhealthyPodEvictionPolicy`, policy, POLICIES));
}

export function validateStatusUpdate({ status }: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  validateConditions(status?.conditions ?? [], errors);
  validateCounts(status ?? {}, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'], errors);
  return errors;
}
