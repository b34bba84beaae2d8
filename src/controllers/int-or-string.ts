/** k8s.io/apimachinery/pkg/util/intstr: `3` or `25%` of a total. */
import type { IntOrString } from '../resources/pod-template/types.js';

/** GetScaledValueFromIntOrPercent; what is neither a number nor a percentage counts as 0. */
export function scaledValue(value: IntOrString | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) return 0;
  const share = (Number(percent) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
