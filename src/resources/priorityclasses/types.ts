/** scheduling.k8s.io/v1 PriorityClass (k8s.io/api/scheduling/v1). */
import type { KubeObject } from '../../api/object.js';

export interface PriorityClass extends KubeObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly description?: string;
  /** `PreemptLowerPriority` or `Never`. */
  readonly preemptionPolicy?: string;
}
