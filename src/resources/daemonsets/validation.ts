/** pkg/apis/apps/validation/validation.go ValidateDaemonSet and ValidateDaemonSetUpdate, errors in its order. */
import { type FieldError, invalid, notSupported, required } from '../../api/field.js';
import { selectorOf } from '../../api/selectors.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateLabelSelector } from '../meta/labels.js';
import { validateCollisions, validateCounts } from '../meta/status.js';
import { validateNonnegative, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import {
  goIntOrString,
  goSelector,
  plainValue,
  validateAlwaysRunningTemplate,
  validateAtMost100Percent,
  validateIntOrPercent,
  validateSameSelector,
  validateTemplateLabels,
} from '../pod-template/workloads.js';
import type { DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from './types.js';

export function validate({ metadata, spec }: DaemonSet): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, 'spec', errors);
  return errors;
}

export function validateUpdate(set: DaemonSet, old: DaemonSet): FieldError[] {
  // As a whole first (strategy.go ValidateUpdate), so that its causes come twice.
  const errors = validate(set);
  validateObjectMetaUpdate(set.metadata, old.metadata, errors);
  validateSpec(set.spec, 'spec', errors);
  validateSameSelector(set.spec.selector, old.spec.selector, 'spec.selector', errors);
  return errors;
}

function validateSpec(spec: DaemonSetSpec, at: string, errors: FieldError[]): void {
  const { selector, template, updateStrategy = {} } = spec;
  const before = errors.length;
  validateLabelSelector(selector, `${at}.selector`, errors);
  const isEmpty = selector !== undefined && (selectorOf(selector) ?? []).length === 0;
  if (errors.length === before && !isEmpty) validateTemplateLabels(selector, template, `${at}.template.metadata.labels`, errors);
  if (isEmpty) errors.push(invalid(`${at}.selector`, goSelector(selector), 'empty selector is invalid for daemonset'));
  validateAlwaysRunningTemplate(template, `${at}.template`, 'DaemonSet', errors);
  validateNonnegative(spec.minReadySeconds, `${at}.minReadySeconds`, errors);
  validateUpdateStrategy(updateStrategy, `${at}.updateStrategy`, errors);
  validateNonnegative(spec.revisionHistoryLimit, `${at}.revisionHistoryLimit`, errors);
}

function validateUpdateStrategy({ type, rollingUpdate }: DaemonSetUpdateStrategy, at: string, errors: FieldError[]): void {
  if (type === 'OnDelete') return;
  if (type === 'RollingUpdate') {
    if (rollingUpdate === undefined) errors.push(required(`${at}.rollingUpdate`));
    else validateRollingUpdate(rollingUpdate, `${at}.rollingUpdate`, errors);
    return;
  }
  errors.push(notSupported(at, goBadValue('apps.DaemonSetUpdateStrategy', { type, rollingUpdate }), ['RollingUpdate', 'OnDelete']));
}

function validateRollingUpdate({ maxUnavailable, maxSurge }: RollingUpdateDaemonSet, at: string, errors: FieldError[]): void {
  validateIntOrPercent(maxUnavailable, `${at}.maxUnavailable`, errors);
  validateIntOrPercent(maxSurge, `${at}.maxSurge`, errors);
  validateAtMost100Percent(maxUnavailable, `${at}.maxUnavailable`, errors);
  validateAtMost100Percent(maxSurge, `${at}.maxSurge`, errors);
  const [hasUnavailable, hasSurge] = [plainValue(maxUnavailable) !== 0, plainValue(maxSurge) !== 0];
  if (hasUnavailable && hasSurge) errors.push(invalid(`${at}.maxSurge`, goIntOrString(maxSurge ?? 0), 'may not be set when maxUnavailable is non-zero'));
  if (!hasUnavailable && !hasSurge) errors.push(required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
}

export function validateStatusUpdate({ status = {} }: DaemonSet, { status: old = {} }: DaemonSet): FieldError[] {
  const errors: FieldError[] = [];
  const scheduled = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady', 'observedGeneration'];
  validateCounts(status, [...scheduled, 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable', 'collisionCount'], errors);
  validateCollisions(status, old, errors);
  return errors;
}
