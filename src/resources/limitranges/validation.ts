/** pkg/apis/core/validation/validation.go ValidateLimitRange. */
import { duplicate, type FieldError, forbidden, index, invalid, mapKey, required } from '../../api/field.js';
import { compareQuantities, formatQuantity, type Quantity, quantity, quantityMilliValue } from '../../api/quantity.js';
import { qualifiedName } from '../meta/names.js';
import { goQuantity, isOvercommitAllowed, validateContainerResourceName, validateResourceName } from '../meta/resource-names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { LimitRange, LimitRangeItem } from './types.js';

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim'];

export function validate({ metadata, spec }: LimitRange): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  const types = new Set<string>();
  spec.limits?.forEach((item, i) => {
    const path = index('spec.limits', i);
    validateType(item.type ?? '', `${path}.type`, errors);
    if (types.has(item.type)) errors.push(duplicate(`${path}.type`, item.type));
    types.add(item.type);
    validateItem(item, path, errors);
  });
  return errors;
}

export function validateUpdate(range: LimitRange, old: LimitRange): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(range.metadata, old.metadata, errors);
  return [...errors, ...validate(range)];
}

function validateType(type: string, path: string, errors: FieldError[]): void {
  const before = errors.length;
  for (const problem of qualifiedName(type)) errors.push(invalid(path, type, problem));
  if (errors.length === before && !type.includes('/') && !TYPES.includes(type))
    errors.push(invalid(path, type, 'must be a standard limit type or fully qualified'));
}

function validateItem(item: LimitRangeItem, path: string, errors: FieldError[]): void {
  const names = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio'): void => {
    const validateName = item.type === 'Pod' || item.type === 'Container' ? validateContainerResourceName : validateResourceName;
    for (const name of Object.keys(item[field] ?? {}).sort()) validateName(name, mapKey(`${path}.${field}`, name), errors);
  };
  names('max');
  names('min');
  if (item.type === 'Pod') {
    if (item.default && Object.keys(item.default).length > 0) errors.push(forbidden(`${path}.default`, "may not be specified when `type` is 'Pod'"));
    if (item.defaultRequest && Object.keys(item.defaultRequest).length > 0)
      errors.push(forbidden(`${path}.defaultRequest`, "may not be specified when `type` is 'Pod'"));
  } else {
    names('default');
    names('defaultRequest');
  }
  if (item.type === 'PersistentVolumeClaim' && item.min?.['storage'] === undefined && item.max?.['storage'] === undefined)
    errors.push(required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'));
  names('maxLimitRequestRatio');
  const all = new Set([item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio].flatMap((list) => Object.keys(list ?? {})));
  for (const name of [...all].sort()) validateBounds(name, item, path, errors);
}

/** The amounts of one resource must be in order: min ≤ default request ≤ default ≤ max. */
function validateBounds(name: string, item: LimitRangeItem, path: string, errors: FieldError[]): void {
  const read = (list: LimitRangeItem['max']): Quantity | undefined => (list?.[name] === undefined ? undefined : quantity(list[name]));
  const min = read(item.min);
  const max = read(item.max);
  const request = read(item.defaultRequest);
  const limit = read(item.default);
  const ratio = read(item.maxLimitRequestRatio);
  /** `printed` is the value shown; upstream prints a bound in place of the default now and then. */
  const ordered = (
    low: Quantity | undefined,
    high: Quantity | undefined,
    field: string,
    printed: Quantity | undefined,
    lowName: string,
    highName: string,
  ): void => {
    if (low === undefined || high === undefined || printed === undefined || compareQuantities(low, high) <= 0) return;
    const text = `${lowName} value ${formatQuantity(low)} is greater than ${highName} value ${formatQuantity(high)}`;
    errors.push(invalid(mapKey(`${path}.${field}`, name), goQuantity(printed), text));
  };
  ordered(min, max, 'min', min, 'min', 'max');
  ordered(min, request, 'defaultRequest', request, 'min', 'default request');
  ordered(request, max, 'defaultRequest', request, 'default request', 'max');
  ordered(request, limit, 'defaultRequest', request, 'default request', 'default limit');
  ordered(min, limit, 'default', min, 'min', 'default');
  ordered(limit, max, 'default', max, 'default', 'max');
  if (ratio !== undefined) validateRatio(ratio, min, max, mapKey(`${path}.maxLimitRequestRatio`, name), errors);
  if (!isOvercommitAllowed(name) && limit !== undefined && request !== undefined && compareQuantities(limit, request) !== 0) {
    const text = `default value ${formatQuantity(limit)} must equal to defaultRequest value ${formatQuantity(request)} in ${name}`;
    errors.push(invalid(mapKey(`${path}.defaultRequest`, name), goQuantity(request), text));
  }
}

function validateRatio(ratio: Quantity, min: Quantity | undefined, max: Quantity | undefined, path: string, errors: FieldError[]): void {
  if (quantityMilliValue(ratio) < 1000) errors.push(invalid(path, goQuantity(ratio), `ratio ${formatQuantity(ratio)} is less than 1`));
  if (min === undefined || max === undefined || min.nano === 0n) return;
  const widest = quantityMilliValue(max) / quantityMilliValue(min);
  if (quantityMilliValue(ratio) / 1000 > widest)
    errors.push(invalid(path, goQuantity(ratio), `ratio ${formatQuantity(ratio)} is greater than max/min = ${widest.toFixed(6)}`));
}
