/** core/v1 ComponentStatus (k8s.io/api/core/v1). Made when asked for, never stored. */
import type { KubeObject } from '../../api/object.js';

export interface ComponentStatus extends KubeObject {
  readonly conditions?: readonly ComponentCondition[];
}

export interface ComponentCondition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly error?: string;
}
