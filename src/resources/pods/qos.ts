/** The quality of service class of a pod: pkg/apis/core/v1/helper/qos. */
import { addQuantities, compareQuantities, type Quantity, quantity } from '../../api/quantity.js';
import { compareAmounts, quickMilli } from '../meta/quick-quantity.js';
import type { Container, PodSpec, ResourceList } from '../pod-template/types.js';
import type { QosClass } from './types.js';

const COUNTED = ['cpu', 'memory'] as const;
type Totals = Partial<Record<(typeof COUNTED)[number], Quantity>>;

/** Only cpu and memory count; a quantity of 0 is as none. */
export function qosClass(spec: PodSpec): QosClass {
  const containers = spec.initContainers === undefined ? spec.containers : [...(spec.containers ?? []), ...spec.initContainers];
  if (!containers?.some(hasAny)) return 'BestEffort';
  const only = containers.length === 1 ? containers[0] : undefined;
  const quick = only === undefined ? undefined : classOfOne(only);
  if (quick !== undefined) return quick;
  const requests: Totals = {};
  const limits: Totals = {};
  let isGuaranteed = true;
  for (const { resources } of containers) {
    add(requests, resources?.requests);
    if (add(limits, resources?.limits) < COUNTED.length) isGuaranteed = false;
  }
  if (Object.keys(requests).length === 0 && Object.keys(limits).length === 0) return 'BestEffort';
  for (const name of COUNTED) {
    const request = requests[name];
    const limit = limits[name];
    if ((request === undefined) !== (limit === undefined)) isGuaranteed = false;
    if (request !== undefined && limit !== undefined && compareQuantities(request, limit) !== 0) isGuaranteed = false;
  }
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

/** Most pods have one container, with amounts that need no arithmetic. */
function classOfOne({ resources }: Container): QosClass | undefined {
  const { limits, requests } = resources ?? {};
  let isGuaranteed = true;
  for (const name of COUNTED) {
    const limit = limits?.[name];
    const request = requests?.[name];
    if ((limit !== undefined && !quickMilli(limit)) || (request !== undefined && !quickMilli(request))) return undefined;
    isGuaranteed &&= limit !== undefined && request !== undefined && compareAmounts(limit, request) === 0;
  }
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function hasAny({ resources }: Container): boolean {
  for (const name of COUNTED) if (resources?.requests?.[name] !== undefined || resources?.limits?.[name] !== undefined) return true;
  return false;
}

/** Returns how many of the counted resources the list has. */
function add(totals: Totals, list: ResourceList | undefined): number {
  let count = 0;
  for (const name of COUNTED) {
    const text = list?.[name];
    if (text === undefined) continue;
    const value = quantity(text);
    if (value.nano <= 0n) continue;
    const before = totals[name];
    totals[name] = before === undefined ? value : addQuantities(before, value);
    count++;
  }
  return count;
}
