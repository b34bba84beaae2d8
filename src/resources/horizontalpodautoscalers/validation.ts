/** pkg/apis/autoscaling/validation/validation.go ValidateHorizontalPodAutoscaler, errors in its order. */
import { type FieldError, forbidden, index, invalid, notSupported, required } from '../../api/field.js';
import { quantity } from '../../api/quantity.js';
import { dnsLabel } from '../meta/names.js';
import { goQuantity, validateContainerResourceName } from '../meta/resource-names.js';
import { validateCounts } from '../meta/status.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  MetricIdentifier,
  MetricSourceType,
  MetricSpec,
  MetricTarget,
  ScalingPolicy,
  ScalingRules,
} from './types.js';

const MAX_WINDOW = 3600;
const MAX_PERIOD = 1800;
const SOURCE_TYPES: readonly string[] = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const TARGET_TYPES: readonly string[] = ['Utilization', 'Value', 'AverageValue'];
const SELECT_POLICIES: readonly string[] = ['Disabled', 'Max', 'Min'];
const POLICY_TYPES: readonly string[] = ['Percent', 'Pods'];

export function validate({ metadata, spec }: HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, 'spec', errors);
  return errors;
}

export function validateUpdate(autoscaler: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(autoscaler.metadata, old.metadata, errors);
  validateSpec(autoscaler.spec, 'spec', errors);
  return errors;
}

function validateSpec(
  { minReplicas, maxReplicas, scaleTargetRef, metrics = [], behavior }: HorizontalPodAutoscalerSpec,
  at: string,
  errors: FieldError[],
): void {
  if (minReplicas !== undefined && minReplicas < 1) errors.push(invalid(`${at}.minReplicas`, minReplicas, 'must be greater than or equal to 1'));
  if (maxReplicas < 1) errors.push(invalid(`${at}.maxReplicas`, maxReplicas, 'must be greater than 0'));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalid(`${at}.maxReplicas`, maxReplicas, 'must be greater than or equal to `minReplicas`'));
  validateReference(scaleTargetRef, `${at}.scaleTargetRef`, errors);
  metrics.forEach((metric, i) => {
    validateMetric(metric, index(`${at}.metrics`, i), errors);
  });
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors.push(forbidden(`${at}.metrics`, 'must specify at least one Object or External metric to support scaling to zero replicas'));
  validateRules(behavior?.scaleUp, `${at}.behavior.scaleUp`, errors);
  validateRules(behavior?.scaleDown, `${at}.behavior.scaleDown`, errors);
}

/** IsValidPathSegmentName. */
function validateSegment(name: string, at: string, errors: FieldError[]): void {
  if (name === '.' || name === '..') errors.push(invalid(at, name, `may not be '${name}'`));
  for (const char of ['/', '%']) if (name.includes(char)) errors.push(invalid(at, name, `may not contain '${char}'`));
}

function validateReference(reference: CrossVersionObjectReference | undefined, at: string, errors: FieldError[]): void {
  for (const field of ['kind', 'name'] as const) {
    const value = reference?.[field] ?? '';
    if (value === '') errors.push(required(`${at}.${field}`));
    else validateSegment(value, `${at}.${field}`, errors);
  }
}

const FIELDS: Readonly<Record<MetricSourceType, 'object' | 'external' | 'pods' | 'resource' | 'containerResource'>> = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

function validateMetric(metric: MetricSpec, at: string, errors: FieldError[]): void {
  if (!metric.type) errors.push(required(`${at}.type`, 'must specify a metric source type'));
  if (!SOURCE_TYPES.includes(metric.type ?? '')) errors.push(notSupported(`${at}.type`, metric.type ?? '', SOURCE_TYPES));
  const present = Object.values(FIELDS).filter((field) => metric[field] !== undefined);
  // Only the first is looked into.
  if (present[0] !== undefined) validateSource(metric, present[0], `${at}.${present[0]}`, errors);
  const expected = FIELDS[metric.type];
  // Twice, upstream as well.
  if (expected === undefined) errors.push(notSupported(`${at}.type`, metric.type ?? '', SOURCE_TYPES));
  if (expected !== undefined && metric[expected] === undefined)
    errors.push(required(`${at}.${expected}`, 'must populate information for the given metric source'));
  if (present.length !== 1)
    for (const field of present) if (field !== expected) errors.push(forbidden(`${at}.${field}`, 'must populate the given metric source only'));
}

function validateSource(metric: MetricSpec, field: (typeof FIELDS)[MetricSourceType], at: string, errors: FieldError[]): void {
  if (field === 'object' && metric.object !== undefined) {
    const { describedObject, metric: identifier, target } = metric.object;
    validateReference(describedObject, `${at}.describedObject`, errors);
    validateIdentifier(identifier, `${at}.metric`, errors);
    validateTarget(target, `${at}.target`, errors);
    if (target?.value === undefined && target?.averageValue === undefined)
      errors.push(required(`${at}.target.averageValue`, 'must set either a target value or averageValue'));
  } else if (field === 'external' && metric.external !== undefined) {
    const { metric: identifier, target } = metric.external;
    validateIdentifier(identifier, `${at}.metric`, errors);
    validateTarget(target, `${at}.target`, errors);
    if (target?.value === undefined && target?.averageValue === undefined)
      errors.push(required(`${at}.target.averageValue`, 'must set either a target value for metric or a per-pod target'));
    if (target?.value !== undefined && target.averageValue !== undefined)
      errors.push(forbidden(`${at}.target.value`, 'may not set both a target value for metric and a per-pod target'));
  } else if (field === 'pods' && metric.pods !== undefined) {
    validateIdentifier(metric.pods.metric, `${at}.metric`, errors);
    validateTarget(metric.pods.target, `${at}.target`, errors);
    if (metric.pods.target?.averageValue === undefined) errors.push(required(`${at}.target.averageValue`, 'must specify a positive target averageValue'));
  } else if (field === 'resource' && metric.resource !== undefined) {
    if (!metric.resource.name) errors.push(required(`${at}.name`, 'must specify a resource name'));
    validateUsage(metric.resource.target, at, errors);
  } else if (metric.containerResource !== undefined) {
    const { name, container } = metric.containerResource;
    if (!name) errors.push(required(`${at}.name`, 'must specify a resource name'));
    else validateContainerResourceName(name, `${at}.name`, errors);
    if (!container) errors.push(required(`${at}.container`, 'must specify a container'));
    else for (const problem of dnsLabel(container)) errors.push(invalid(`${at}.container`, container, problem));
    validateUsage(metric.containerResource.target, at, errors);
  }
}

function validateUsage(target: MetricTarget | undefined, at: string, errors: FieldError[]): void {
  validateTarget(target, `${at}.target`, errors);
  if (target?.averageUtilization === undefined && target?.averageValue === undefined)
    errors.push(required(`${at}.target.averageUtilization`, 'must set either a target raw value or a target utilization'));
  if (target?.averageUtilization !== undefined && target.averageValue !== undefined)
    errors.push(forbidden(`${at}.target.averageValue`, 'may not set both a target raw value and a target utilization'));
}

function validateIdentifier(identifier: MetricIdentifier | undefined, at: string, errors: FieldError[]): void {
  const name = identifier?.name ?? '';
  if (name === '') errors.push(required(`${at}.name`, 'must specify a metric name'));
  else validateSegment(name, `${at}.name`, errors);
}

function validateTarget(target: MetricTarget | undefined, at: string, errors: FieldError[]): void {
  const type = target?.type ?? '';
  if (type === '') errors.push(required(`${at}.type`, 'must specify a metric target type'));
  if (!TARGET_TYPES.includes(type)) errors.push(invalid(`${at}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const field of ['value', 'averageValue'] as const) {
    const value = target?.[field];
    if (value !== undefined && quantity(value).nano <= 0n) errors.push(invalid(`${at}.${field}`, goQuantity(quantity(value)), 'must be positive'));
  }
  if (target?.averageUtilization !== undefined && target.averageUtilization < 1)
    errors.push(invalid(`${at}.averageUtilization`, target.averageUtilization, 'must be greater than 0'));
}

function validateRules(rules: ScalingRules | undefined, at: string, errors: FieldError[]): void {
  if (rules === undefined) return;
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules;
  if (window !== undefined && window < 0) errors.push(invalid(`${at}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'));
  if (window !== undefined && window > MAX_WINDOW)
    errors.push(invalid(`${at}.stabilizationWindowSeconds`, window, `must be less than or equal to ${MAX_WINDOW}`));
  if (selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy)) errors.push(notSupported(`${at}.selectPolicy`, selectPolicy, SELECT_POLICIES));
  if (policies.length === 0) errors.push(required(`${at}.policies`, 'must specify at least one Policy'));
  policies.forEach((policy, i) => {
    validatePolicy(policy, index(`${at}.policies`, i), errors);
  });
}

function validatePolicy({ type, value = 0, periodSeconds = 0 }: ScalingPolicy, at: string, errors: FieldError[]): void {
  if (!POLICY_TYPES.includes(type)) errors.push(notSupported(`${at}.type`, type ?? '', POLICY_TYPES));
  if (value <= 0) errors.push(invalid(`${at}.value`, value, 'must be greater than zero'));
  if (periodSeconds <= 0) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, 'must be greater than zero'));
  if (periodSeconds > MAX_PERIOD) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, `must be less than or equal to ${MAX_PERIOD}`));
}

export function validateStatusUpdate({ status }: HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  validateCounts(status ?? {}, ['currentReplicas', 'desiredReplicas'], errors);
  return errors;
}
