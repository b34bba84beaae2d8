/** Requests and limits of a container: ValidateContainerResourceRequirements of pkg/apis/core/validation/validation.go. */
import { duplicate, type FieldError, forbidden, invalid, notFoundValue, notSupported, required } from '../../api/field.js';
import { formatQuantity, quantity } from '../../api/quantity.js';
import { dnsLabel } from '../meta/names.js';
import { compareAmounts, quickMilli } from '../meta/quick-quantity.js';
import { isDivisibleIntoPages, isHugePages, isOvercommitAllowed, validateContainerResourceName, validateQuantityValue } from '../meta/resource-names.js';
import type { ContainerResizePolicy, ResourceClaim, ResourceRequirements } from './types.js';

/** `claims`: the names of the pod's resourceClaims. */
export function validateResources(requirements: ResourceRequirements, claims: ReadonlySet<string>, at: string, errors: FieldError[]): void {
  const { limits, requests } = requirements;
  for (const name in limits) {
    validateAmount(name, limits[name] as string, `${at}.limits`, errors);
    validatePages(name, limits[name] as string, `${at}.limits`, errors);
  }
  for (const name in requests) {
    const request = requests[name] as string;
    validateAmount(name, request, `${at}.requests`, errors);
    validateLimit(name, request, limits?.[name], at, errors);
    validatePages(name, request, `${at}.requests`, errors);
  }
  const has = (test: (name: string) => boolean): boolean => Object.keys(limits ?? {}).some(test) || Object.keys(requests ?? {}).some(test);
  if (has(isHugePages) && !has((name) => name === 'cpu' || name === 'memory')) errors.push(forbidden(at, 'HugePages require cpu or memory'));
  if (requirements.claims) validateClaimNames(requirements.claims, claims, `${at}.claims`, errors);
}

/** Of a request at `at`. The paths have no key: upstream's are the lists themselves. */
function validateLimit(name: string, request: string, limit: string | undefined, at: string, errors: FieldError[]): void {
  if (limit === undefined) {
    if (!isOvercommitAllowed(name)) errors.push(required(`${at}.limits`, 'Limit must be set for non overcommitable resources'));
    return;
  }
  const order = compareAmounts(request, limit);
  if (order === 0) return;
  const text = formatQuantity(quantity(request));
  const bound = `${name} limit of ${formatQuantity(quantity(limit))}`;
  if (!isOvercommitAllowed(name)) errors.push(invalid(`${at}.requests`, text, `must be equal to ${bound}`));
  else if (order > 0) errors.push(invalid(`${at}.requests`, text, `must be less than or equal to ${bound}`));
}

function validatePages(name: string, text: string, list: string, errors: FieldError[]): void {
  if (!isHugePages(name)) return;
  const value = quantity(text);
  if (!isDivisibleIntoPages(name, value))
    errors.push(invalid(`${list}[${name}]`, formatQuantity(value), `${formatQuantity(value)} is not positive integer multiple of ${name}`));
}

/** One entry of limits or requests at `list`. */
function validateAmount(name: string, text: string, list: string, errors: FieldError[]): void {
  if ((name === 'cpu' || name === 'memory') && quickMilli(text) !== undefined) return;
  const at = `${list}[${name}]`;
  const value = quantity(text);
  validateContainerResourceName(name, at, errors);
  validateQuantityValue(name, value, at, errors);
}

/** Each names one of the pod's resourceClaims, once as a whole or once a request. */
function validateClaimNames(claims: readonly ResourceClaim[], known: ReadonlySet<string>, at: string, errors: FieldError[]): void {
  const seen = new Set<string>();
  claims.forEach(({ name = '', request = '' }, i) => {
    const path = `${at}[${i}]`;
    if (name === '') {
      errors.push(required(path));
      return;
    }
    if (seen.has(name)) errors.push(duplicate(path, name));
    else {
      if (request !== '') for (const problem of dnsLabel(request)) errors.push(invalid(`${path}.request`, request, problem));
      const key = request === '' ? name : `${name}/${request}`;
      if (seen.has(key)) errors.push(duplicate(path, key));
      else if (request === '') for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(path, name));
      seen.add(key);
    }
    if (!known.has(name)) {
      const list = known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`;
      const error = notFoundValue(path, name);
      errors.push({ ...error, detail: `${error.detail}: must be one of the names in pod.spec.resourceClaims${list}` });
    }
  });
}

/** validateResizePolicy; paths are the list's own, as upstream has them. */
export function validateResizePolicy(policies: readonly ContainerResizePolicy[], restartPolicy: string, at: string, errors: FieldError[]): void {
  const seen = new Set<string>();
  policies.forEach(({ resourceName = '', restartPolicy: policy = '' }, i) => {
    if (seen.has(resourceName)) errors.push(duplicate(`${at}[${i}]`, { goSyntax: resourceName }));
    seen.add(resourceName);
    if (resourceName === '') errors.push(required(at));
    else if (resourceName !== 'cpu' && resourceName !== 'memory') errors.push(notSupported(at, { goSyntax: resourceName }, ['cpu', 'memory']));
    if (policy === '') errors.push(required(at));
    else if (policy !== 'NotRequired' && policy !== 'RestartContainer') errors.push(notSupported(at, policy, ['NotRequired', 'RestartContainer']));
    if (restartPolicy === 'Never' && policy !== 'NotRequired') errors.push(invalid(at, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
  });
}
