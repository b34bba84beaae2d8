/** Names and amounts of resources (cpu, hugepages-2Mi, nvidia.com/gpu): pkg/apis/core/helper/helpers.go and its rules in core/validation. */
import { type FieldError, goSyntax, invalid } from '../../api/field.js';
import { formatQuantity, type Quantity, quantity, quantityMilliValue, quantityValue } from '../../api/quantity.js';
import { parseQuantityParts } from '../../controllers/go-quantity.js';
import { qualifiedName } from './names.js';

const INTEGERS: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
const STANDARD: ReadonlySet<string> = new Set([
  ...INTEGERS,
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'storage',
  'requests.storage',
]);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isStandardResource = (name: string): boolean => STANDARD.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-');
export const isStandardContainerResource = (name: string): boolean => name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || isHugePages(name);
/** Unprefixed, or in the kubernetes.io domain. */
export const isNativeResource = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtendedResource = (name: string): boolean =>
  !isNativeResource(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;
/** Requests and limits may differ. */
export const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePages(name);
const isIntegerResource = (name: string): boolean => INTEGERS.has(name) || isExtendedResource(name);

/** A core.ResourceName has a String method, so messages print it bare. */
const bare = goSyntax;

/** validateResourceName: qualified, and standard when it has no domain. */
export function validateResourceName(name: string, path: string, errors: FieldError[]): void {
  const before = errors.length;
  for (const problem of qualifiedName(name)) errors.push(invalid(path, bare(name), problem));
  if (errors.length === before && !name.includes('/') && !isStandardResource(name))
    errors.push(invalid(path, bare(name), 'must be a standard resource type or fully qualified'));
}

/** validateContainerResourceName: an unknown plain name is reported twice, as upstream does. */
export function validateContainerResourceName(name: string, path: string, errors: FieldError[]): void {
  if (name === 'cpu' || name === 'memory') return;
  validateResourceName(name, path, errors);
  if (!name.includes('/')) {
    if (!isStandardContainerResource(name)) errors.push(invalid(path, bare(name), 'must be a standard resource for containers'));
  } else if (!isNativeResource(name) && !isExtendedResource(name)) errors.push(invalid(path, bare(name), "doesn't follow extended resource name standard"));
}

/** ValidateResourceQuantityValue: not negative; whole where the resource is counted. */
export function validateQuantityValue(name: string, value: Quantity, path: string, errors: FieldError[]): void {
  if (value.nano < 0n) errors.push(invalid(path, formatQuantity(value), 'must be greater than or equal to 0'));
  if (isIntegerResource(name) && quantityMilliValue(value) % 1000 !== 0) errors.push(invalid(path, goQuantity(value), 'must be an integer'));
}

/** A whole number of pages (IsHugePageResourceValueDivisible). */
export function isDivisibleIntoPages(name: string, value: Quantity): boolean {
  const page = quantity(name.slice('hugepages-'.length));
  if (page.nano <= 0n || quantityMilliValue(page) % 1000 !== 0) return false;
  return quantityValue(value) % quantityValue(page) === 0;
}

/** %#v of a resource.Quantity that has been printed once. */
export function goQuantity(value: Quantity): { readonly goSyntax: string } {
  const text = formatQuantity(value);
  const { mantissa, scale } = parseQuantityParts(text);
  return goSyntax(
    `resource.Quantity{i:resource.int64Amount{value:${mantissa}, scale:${scale}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"${text}", Format:"${value.format}"}`,
  );
}
