/** flowcontrol.apiserver.k8s.io/v1 FlowSchema (k8s.io/api/flowcontrol/v1). */
import type { KubeObject } from '../../api/object.js';

export interface FlowSchema extends KubeObject {
  readonly spec: {
    readonly priorityLevelConfiguration: { readonly name: string };
    readonly matchingPrecedence?: number;
    readonly distinguisherMethod?: { readonly type: string };
    readonly rules?: readonly object[];
  };
  readonly status: { readonly conditions?: readonly FlowSchemaCondition[] };
}

export interface FlowSchemaCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}
