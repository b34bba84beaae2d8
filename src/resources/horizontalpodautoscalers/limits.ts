/** How far and how fast: normalizeDesiredReplicas of pkg/controller/podautoscaler/horizontal.go. Pure but for the memory it is given. */
import { minutes, seconds, type Time } from '../../api/time.js';
import type { HorizontalPodAutoscalerBehavior, ScalingRules } from './types.js';

/** --horizontal-pod-autoscaler-downscale-stabilization. */
const DOWN_WINDOW = minutes(5);

/** What the controller remembers of an autoscaler between looks. */
export interface Memory {
  /** Recommendations before they were limited. */
  readonly recommendations: readonly { readonly at: Time; readonly replicas: number }[];
  readonly changes: readonly { readonly at: Time; readonly by: number }[];
}
export const NOTHING: Memory = { recommendations: [], changes: [] };

export interface Verdict {
  readonly replicas: number;
  readonly able: Note;
  readonly limited: Note & { readonly isLimited: boolean };
  readonly memory: Memory;
}
export interface Note {
  readonly reason: string;
  readonly message: string;
}

interface Wish {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly behavior: HorizontalPodAutoscalerBehavior | undefined;
  readonly now: Time;
}

const READY: Note = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const DOWN: Note = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const UP: Note = { reason: 'ScaleUpStabilized', message: 'recent recommendations were lower than current one, applying the lowest recent recommendation' };
const WITHIN: Note = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };
const TOO_MANY: Note = { reason: 'TooManyReplicas', message: 'the desired replica count is more than the maximum replica count' };
const TOO_FEW: Note = { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' };
const UP_LIMIT: Note = { reason: 'ScaleUpLimit', message: 'the desired replica count is increasing faster than the maximum scale rate' };
const DOWN_LIMIT: Note = { reason: 'ScaleDownLimit', message: 'the desired replica count is decreasing faster than the maximum scale rate' };

export function limit(wish: Wish, memory: Memory): Verdict {
  const { behavior, desired, now } = wish;
  const upWindow = seconds(behavior?.scaleUp?.stabilizationWindowSeconds ?? 0);
  const down = behavior?.scaleDown?.stabilizationWindowSeconds;
  const downWindow = down === undefined ? DOWN_WINDOW : seconds(down);
  const stable = stabilize(wish, memory, behavior === undefined ? undefined : upWindow, downWindow);
  const able = stable === desired ? READY : behavior !== undefined && desired >= wish.current ? UP : DOWN;
  const { replicas, note } = behavior === undefined ? plainLimit(wish, stable) : rateLimit(wish, stable, behavior, memory);
  const keep = Math.max(upWindow, downWindow);
  return {
    replicas,
    able,
    limited: { ...note, isLimited: replicas !== stable },
    memory: { ...memory, recommendations: [...memory.recommendations.filter(({ at }) => at > now - keep), { at: now, replicas: desired }] },
  };
}

/** Down to the highest recommendation of late; with behavior also up to the lowest. */
function stabilize({ current, desired, now }: Wish, { recommendations }: Memory, upWindow: number | undefined, downWindow: number): number {
  const since = (window: number) => recommendations.filter(({ at }) => at > now - window).map(({ replicas }) => replicas);
  const highest = Math.max(desired, ...since(downWindow));
  if (upWindow === undefined) return highest;
  const lowest = Math.min(desired, ...since(upWindow));
  return Math.min(Math.max(current, lowest), highest);
}

/** convertDesiredReplicasWithRules: at most twice as many at once, but four in any case. */
function plainLimit({ current, min, max }: Wish, desired: number): { replicas: number; note: Note } {
  const rate = Math.max(2 * current, 4);
  const [most, note] = max > rate ? [rate, UP_LIMIT] : [max, TOO_MANY];
  if (desired < min) return { replicas: min, note: TOO_FEW };
  return desired > most ? { replicas: most, note } : { replicas: desired, note: WITHIN };
}

/** convertDesiredReplicasWithBehaviorRate. */
function rateLimit(
  { current, min, max, now }: Wish,
  desired: number,
  behavior: HorizontalPodAutoscalerBehavior,
  { changes }: Memory,
): { replicas: number; note: Note } {
  const limits = (rules: ScalingRules | undefined, direction: 1 | -1): number[] =>
    (rules?.policies ?? []).map(({ type, value, periodSeconds }) => {
      // Where the period began, less what has changed since.
      const start = current - changes.filter(({ at }) => at > now - seconds(periodSeconds)).reduce((total, { by }) => total + by, 0);
      if (type === 'Pods') return start + direction * value;
      return direction > 0 ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100));
    });
  const far = (rules: ScalingRules | undefined, direction: 1 | -1): number => {
    if (rules?.selectPolicy === 'Disabled') return current;
    const all = limits(rules, direction);
    const isWide = rules?.selectPolicy !== 'Min';
    return direction > 0 === isWide ? Math.max(...all) : Math.min(...all);
  };
  if (desired > current) {
    const rate = Math.max(current, far(behavior.scaleUp, 1));
    const [most, note] = max > rate ? [rate, UP_LIMIT] : [max, TOO_MANY];
    if (desired > most) return { replicas: most, note };
  } else if (desired < current) {
    const rate = Math.min(current, far(behavior.scaleDown, -1));
    const [least, note] = min < rate ? [rate, DOWN_LIMIT] : [min, TOO_FEW];
    if (desired < least) return { replicas: least, note };
  }
  return { replicas: desired, note: WITHIN };
}
