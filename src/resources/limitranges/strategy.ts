/** pkg/registry/core/limitrange/strategy.go, SetDefaults_LimitRangeItem. */
import type { Strategy } from '../../api/resource.js';
import { over } from '../pod-template/fill.js';
import { roundResources } from '../pod-template/round.js';
import type { LimitRange, LimitRangeItem, Quantities } from './types.js';
import { validate, validateUpdate } from './validation.js';

const AMOUNTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

export const strategy: Strategy<LimitRange> = {
  defaults: (range) => ({ ...range, spec: { ...range.spec, limits: range.spec?.limits?.map(defaultItem) ?? null } }),
  // Upstream it is another uid.
  prepareForCreate: (range) => withNull(range.metadata.name ? range : { ...range, metadata: { ...range.metadata, name: range.metadata.uid ?? '' } }),
  prepareForUpdate: withNull,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
};

/** Storing forgets the difference between no limits and null. */
function withNull(range: LimitRange): LimitRange {
  return range.spec.limits?.length ? range : { ...range, spec: { ...range.spec, limits: null } };
}

/** A container's default limit is its maximum; its default request the default limit, else the minimum. */
function defaultItem(given: LimitRangeItem): LimitRangeItem {
  const item = AMOUNTS.reduce((rounded, field) => over(rounded, field, roundResources), given);
  if (item.type !== 'Container') return item;
  const limits: Quantities = { ...item.max, ...item.default };
  const requests: Quantities = { ...item.min, ...limits, ...item.defaultRequest };
  return {
    ...item,
    ...(Object.keys(limits).length === 0 ? {} : { default: limits }),
    ...(Object.keys(requests).length === 0 ? {} : { defaultRequest: requests }),
  };
}
