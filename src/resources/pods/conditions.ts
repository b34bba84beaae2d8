/** Conditions of pods: UpdatePodCondition of pkg/api/v1/pod/util.go. */
import { formatTime, type Time } from '../../api/time.js';
import type { Pod, PodCondition } from './types.js';

export type NewCondition = Pick<PodCondition, 'type' | 'status'> & { readonly reason?: string; readonly message?: string };

/** The pod with the condition added or changed; lastTransitionTime moves only when the status does. */
export function withCondition(pod: Pod, condition: NewCondition, now: Time): Pod {
  const conditions = pod.status?.conditions ?? [];
  const old = conditions.find((entry) => entry.type === condition.type);
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? null) : formatTime(now);
  const entry: PodCondition = { lastProbeTime: null, lastTransitionTime, ...condition };
  const next = old === undefined ? [...conditions, entry] : conditions.map((each) => (each === old ? entry : each));
  return { ...pod, status: { ...pod.status, conditions: next } };
}

export const isReady = (pod: Pod): boolean => pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
