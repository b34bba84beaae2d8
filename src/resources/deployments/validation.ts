/** pkg/apis/apps/validation/validation.go ValidateDeployment and ValidateDeploymentUpdate, errors in its order. */
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateAtMost, validateCollisions, validateCounts } from '../meta/status.js';
import { validateNonnegative, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import {
  goIntOrString,
  invalidSelector,
  plainValue,
  validateAlwaysRunningTemplate,
  validateAtMost100Percent,
  validateIntOrPercent,
  validateSameSelector,
  validateSelector,
  validateTemplateLabels,
} from '../pod-template/workloads.js';
import type { Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment } from './types.js';

export function validate({ metadata, spec }: Deployment): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, 'spec', errors);
  return errors;
}

export function validateUpdate(deployment: Deployment, old: Deployment): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(deployment.metadata, old.metadata, errors);
  validateSpec(deployment.spec, 'spec', errors);
  validateSameSelector(deployment.spec.selector, old.spec.selector, 'spec.selector', errors);
  return errors;
}

function validateSpec(spec: DeploymentSpec, at: string, errors: FieldError[]): void {
  validateNonnegative(spec.replicas, `${at}.replicas`, errors);
  if (validateSelector(spec.selector, `${at}.selector`, 'deployment', errors)) {
    validateTemplateLabels(spec.selector, spec.template, `${at}.template.metadata.labels`, errors);
    validateAlwaysRunningTemplate(spec.template, `${at}.template`, 'ReplicaSet', errors);
  } else errors.push(invalidSelector(spec.selector, `${at}.selector`));
  validateStrategy(spec.strategy ?? {}, `${at}.strategy`, errors);
  validateNonnegative(spec.minReadySeconds, `${at}.minReadySeconds`, errors);
  validateNonnegative(spec.revisionHistoryLimit, `${at}.revisionHistoryLimit`, errors);
  if (spec.progressDeadlineSeconds === undefined) return;
  validateNonnegative(spec.progressDeadlineSeconds, `${at}.progressDeadlineSeconds`, errors);
  if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0))
    errors.push(invalid(`${at}.progressDeadlineSeconds`, spec.progressDeadlineSeconds, 'must be greater than minReadySeconds'));
}

function validateStrategy(strategy: DeploymentStrategy, at: string, errors: FieldError[]): void {
  if (strategy.type === 'Recreate') {
    if (strategy.rollingUpdate !== undefined) errors.push(forbidden(`${at}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (strategy.type === 'RollingUpdate') {
    if (strategy.rollingUpdate === undefined) errors.push(required(`${at}.rollingUpdate`, 'this should be defaulted and never be nil'));
    else validateRollingUpdate(strategy.rollingUpdate, `${at}.rollingUpdate`, errors);
  } else {
    errors.push(notSupported(at, goBadValue('apps.DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate']));
  }
}

function validateRollingUpdate({ maxUnavailable, maxSurge }: RollingUpdateDeployment, at: string, errors: FieldError[]): void {
  validateIntOrPercent(maxUnavailable, `${at}.maxUnavailable`, errors);
  validateIntOrPercent(maxSurge, `${at}.maxSurge`, errors);
  if (plainValue(maxUnavailable) === 0 && plainValue(maxSurge) === 0)
    errors.push(invalid(`${at}.maxUnavailable`, goIntOrString(maxUnavailable ?? 0), 'may not be 0 when `maxSurge` is 0'));
  validateAtMost100Percent(maxUnavailable, `${at}.maxUnavailable`, errors);
}

export function validateStatusUpdate({ status = {} }: Deployment, { status: old = {} }: Deployment): FieldError[] {
  const errors: FieldError[] = [];
  const counts = ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'collisionCount'];
  validateCounts(status, counts, errors);
  validateAtMost(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], 'replicas', 'cannot be greater than status.replicas', errors);
  validateAtMost(status, ['availableReplicas'], 'readyReplicas', 'cannot be greater than readyReplicas', errors);
  validateCollisions(status, old, errors);
  return errors;
}
