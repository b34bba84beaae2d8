/** flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration (k8s.io/api/flowcontrol/v1). */
import type { KubeObject } from '../../api/object.js';

export interface PriorityLevelConfiguration extends KubeObject {
  readonly spec: {
    /** `Exempt` or `Limited`. */
    readonly type: string;
    readonly limited?: Limited;
    readonly exempt?: { readonly nominalConcurrencyShares?: number; readonly lendablePercent?: number };
  };
  readonly status: object;
}

export interface Limited {
  readonly nominalConcurrencyShares?: number;
  readonly lendablePercent?: number;
  readonly borrowingLimitPercent?: number;
  readonly limitResponse?: LimitResponse;
}

export interface LimitResponse {
  /** `Queue` or `Reject`. */
  readonly type: string;
  readonly queuing?: { readonly queues?: number; readonly handSize?: number; readonly queueLengthLimit?: number };
}
