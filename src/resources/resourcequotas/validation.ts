/** pkg/apis/core/validation/validation.go ValidateResourceQuota. */
import { type FieldError, type GoSyntax, goQuote, goSyntax, invalid, mapKey, notSupported, required } from '../../api/field.js';
import { quantity } from '../../api/quantity.js';
import { isHugePages, isNativeResource, validateQuantityValue, validateResourceName } from '../meta/resource-names.js';
import { FIELD_IMMUTABLE, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { ResourceQuota } from './types.js';

const STANDARD: ReadonlySet<string> = new Set([
  ...['cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.storage', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory'],
  ...['limits.ephemeral-storage', 'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'persistentvolumeclaims', 'configmaps'],
  ...['services.nodeports', 'services.loadbalancers'],
]);
const SCOPES: ReadonlySet<string> = new Set([
  ...['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass'],
]);
const COMPUTE: ReadonlySet<string> = new Set([
  ...['pods', 'cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory', 'ephemeral-storage'],
  ...['requests.ephemeral-storage', 'limits.ephemeral-storage'],
]);

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
  const sorted = ({ spec }: ResourceQuota): string => [...(spec.scopes ?? [])].sort().join();
  if (sorted(quota) !== sorted(old)) errors.push(invalid('spec.scopes', goScopes(quota.spec.scopes ?? []), FIELD_IMMUTABLE));
  return errors;
}

function validateQuotaResourceName(name: string, path: string, errors: FieldError[]): void {
  validateResourceName(name, path, errors);
  if (!name.includes('/') && !STANDARD.has(name) && !isQuotaHugePages(name))
    errors.push(invalid(path, goSyntax(name), 'must be a standard resource for quota'));
}

const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith('requests.hugepages-');

const goScopes = (scopes: readonly string[]): GoSyntax => goSyntax(`[]core.ResourceQuotaScope{${scopes.map(goQuote).join(', ')}}`);

function validateScopes({ scopes = [], scopeSelector, hard }: ResourceQuota['spec'], errors: FieldError[]): void {
  checkScopes(scopes, 'spec.scopes', Object.keys(hard ?? {}), errors);
  const requirements = scopeSelector?.matchExpressions ?? [];
  if (requirements.length === 0) return;
  const path = 'spec.scopeSelector.matchExpressions';
  for (const { scopeName, operator, values = [] } of requirements) {
    if (['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'].includes(scopeName) && operator !== 'Exists')
      errors.push(
        invalid(
          `${path}.operator`,
          operator,
          "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      );
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) errors.push(required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        errors.push(
          invalid(
            `${path}.values`,
            goSyntax(`[]string{${values.map(goQuote).join(', ')}}`),
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
          ),
        );
    } else errors.push(notSupported(`${path}.operator`, operator, ['DoesNotExist', 'Exists', 'In', 'NotIn']));
  }
  checkScopes(
    requirements.map(({ scopeName }) => scopeName),
    path,
    Object.keys(hard ?? {}),
    errors,
  );
}

function checkScopes(scopes: readonly string[], path: string, resources: readonly string[], errors: FieldError[]): void {
  for (const scope of scopes) {
    if (!SCOPES.has(scope)) errors.push(invalid(path, goScopes(scopes), 'unsupported scope'));
    if (!resources.every((name) => isValidForScope(scope, name))) errors.push(invalid(path, goScopes(scopes), 'unsupported scope applied to resource'));
  }
  for (const pair of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ])
    if (pair.every((scope) => scopes.includes(scope))) errors.push(invalid(path, goScopes(scopes), 'conflicting scopes'));
}

/** IsResourceQuotaScopeValidForResource. */
function isValidForScope(scope: string, name: string): boolean {
  if (scope === 'BestEffort') return name === 'pods';
  if (!SCOPES.has(scope)) return true;
  if (scope === 'VolumeAttributesClass') return name === 'persistentvolumeclaims' || name === 'requests.storage';
  const isExtended = name.startsWith('requests.') && !isNativeResource(name.slice('requests.'.length));
  return COMPUTE.has(name) || isQuotaHugePages(name) || isExtended;
}
