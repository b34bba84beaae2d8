/** PodDisruptionBudget: k8s.io/api/policy/v1 types.go at v1.33. */
import type { KubeObject } from '../../api/object.js';
import type { LabelSelector } from '../../api/selectors.js';
import type { IntOrString } from '../pod-template/types.js';

export interface PodDisruptionBudget extends KubeObject {
  readonly spec?: PodDisruptionBudgetSpec;
  readonly status?: PodDisruptionBudgetStatus;
}

export interface PodDisruptionBudgetSpec {
  readonly minAvailable?: IntOrString;
  readonly selector?: LabelSelector;
  readonly maxUnavailable?: IntOrString;
  readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
}

export interface PodDisruptionBudgetStatus {
  readonly observedGeneration?: number;
  /** Pods evicted but not yet seen terminating, with the time of their eviction. */
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly conditions?: readonly PodDisruptionBudgetCondition[];
}

/** metav1.Condition. */
export interface PodDisruptionBudgetCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}
