/** SetDefaults_ResourceList of pkg/apis/core/v1/defaults.go: amounts below a thousandth are rounded up to one. */
import { formatQuantity, quantity } from '../../api/quantity.js';
import { over } from './fill.js';
import type { ResourceList, ResourceRequirements } from './types.js';

export const roundRequirements = (requirements: ResourceRequirements): ResourceRequirements =>
  over(over(requirements, 'limits', roundResources), 'requests', roundResources);

/** Whole numbers, millis and the usual suffixes are exact already. */
const IS_MILLI = /^\d+(?:m|[KMGTPE]i|[kMGTPE])?$/;

export function roundResources(list: ResourceList): ResourceList {
  let rounded: Record<string, string> | undefined;
  for (const name in list) {
    const text = list[name] as string;
    if (typeof text === 'string' && IS_MILLI.test(text)) continue;
    const value = quantity(text);
    const rest = value.nano % 1_000_000n;
    if (rest === 0n) continue;
    rounded ??= { ...list };
    rounded[name] = formatQuantity({ format: value.format, nano: value.nano - rest + (value.nano > 0n ? 1_000_000n : 0n) });
  }
  return rounded ?? list;
}
