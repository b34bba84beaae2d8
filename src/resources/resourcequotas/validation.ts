/** pkg/apis/core/validation/validation.go ValidateResourceQuota. */
import { type BadValue, type FieldError, goSyntax, invalid, mapKey, required } from '../../api/field.js';
import { quantity } from '../../api/quantity.js';
import { goBadValue, goFieldValue } from '../meta/go/syntax.js';
import { isHugePages, validateQuantityValue, validateResourceName } from '../meta/resource-names.js';
import { FIELD_IMMUTABLE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { ResourceQuota, ScopedSelectorRequirement } from './types.js';

const STANDARD: ReadonlySet<string> = new Set([
  ...['cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.storage', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory'],
  ...['limits.ephemeral-storage', 'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'persistentvolumeclaims', 'configmaps'],
  ...['services.nodeports', 'services.loadbalancers'],
]);
const SCOPES: ReadonlySet<string> = new Set([
  ...['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass'],
]);
const COMPUTE: ReadonlySet<string> = new Set(['pods', 'cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);

export function validate({ metadata, spec }: ResourceQuota): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  for (const name of Object.keys(spec.hard ?? {}).sort()) {
    const path = mapKey('spec.hard', name);
    validateQuotaResourceName(name, path, errors);
    validateQuantityValue(name, quantity(spec.hard?.[name]), path, errors);
  }
  validateScopes(spec, errors);
  return errors;
}

export function validateUpdate(quota: ResourceQuota, old: ResourceQuota): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(quota.metadata, old.metadata, errors);
  errors.push(...validate(quota));
  const sorted = ({ spec }: ResourceQuota): string => JSON.stringify([...new Set(spec.scopes)].sort());
  if (sorted(quota) !== sorted(old)) errors.push(invalid('spec.scopes', goFieldValue(quota.spec, 'scopes', '[]ResourceQuotaScope'), FIELD_IMMUTABLE));
  return errors;
}

function validateQuotaResourceName(name: string, path: string, errors: FieldError[]): void {
  validateResourceName(name, path, errors);
  if (!name.includes('/') && !isStandard(name)) errors.push(invalid(path, goSyntax(name), 'must be a standard resource for quota'));
}

/** The scopes that a selector can only say exist. */
const EXISTING: ReadonlySet<string> = new Set(['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']);

/** IsStandardQuotaResourceName. */
const isStandard = (name: string): boolean => STANDARD.has(name) || isQuotaHugePages(name);

const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith('requests.hugepages-');

function validateScopes(spec: ResourceQuota['spec'], errors: FieldError[]): void {
  const scopes = spec.scopes ?? [];
  const given = goFieldValue(spec, 'scopes', '[]ResourceQuotaScope');
  for (const scope of scopes) {
    if (!SCOPES.has(scope)) errors.push(invalid('spec.scopes', given, 'unsupported scope'));
    checkResources(scope, spec, 'spec.scopes', given, errors);
  }
  checkConflicts(scopes, 'spec.scopes', given, errors);
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  const path = 'spec.scopeSelector.matchExpressions';
  for (const requirement of requirements) {
    const { scopeName } = requirement;
    if (!SCOPES.has(scopeName)) errors.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'));
    checkResources(scopeName, spec, path, goBadValue('ScopeSelector', spec.scopeSelector), errors);
    validateRequirement(requirement, path, errors);
  }
  checkConflicts(
    requirements.map(({ scopeName }) => scopeName),
    path,
    given,
    errors,
  );
}

function validateRequirement(requirement: ScopedSelectorRequirement, path: string, errors: FieldError[]): void {
  const { scopeName, operator, values = [] } = requirement;
  if (EXISTING.has(scopeName) && operator !== 'Exists')
    errors.push(
      invalid(
        `${path}.operator`,
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ),
    );
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) errors.push(required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.push(
        invalid(
          `${path}.values`,
          goFieldValue(requirement, 'values', '[]string'),
          "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        ),
      );
  } else errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
}

function checkResources(scope: string, { hard = {} }: ResourceQuota['spec'], path: string, bad: BadValue, errors: FieldError[]): void {
  for (const name of Object.keys(hard))
    if (isStandard(name) && !isValidForScope(scope, name)) errors.push(invalid(path, bad, 'unsupported scope applied to resource'));
}

function checkConflicts(scopes: readonly string[], path: string, bad: BadValue, errors: FieldError[]): void {
  for (const pair of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ])
    if (pair.every((scope) => scopes.includes(scope))) errors.push(invalid(path, bad, 'conflicting scopes'));
}

/** IsResourceQuotaScopeValidForResource. */
function isValidForScope(scope: string, name: string): boolean {
  if (scope === 'BestEffort') return name === 'pods';
  if (!SCOPES.has(scope)) return true;
  if (scope === 'VolumeAttributesClass') return name === 'persistentvolumeclaims' || name === 'requests.storage';
  return COMPUTE.has(name);
}

export function validateStatusUpdate({ status }: ResourceQuota): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['hard', 'used'] as const)
    for (const name of Object.keys(status?.[field] ?? {}).sort()) {
      const path = mapKey(`status.${field}`, name);
      validateQuotaResourceName(name, path, errors);
      validateQuantityValue(name, quantity(status?.[field]?.[name]), path, errors);
    }
  return errors;
}
