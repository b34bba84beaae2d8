/** core/v1 Namespace (k8s.io/api/core/v1). */
import type { KubeObject } from '../../api/object.js';

export interface Namespace extends KubeObject {
  readonly spec: NamespaceSpec;
  readonly status: NamespaceStatus;
}

export interface NamespaceSpec {
  /** What must be cleaned up before the namespace goes; unlike metadata.finalizers, written through /finalize. */
  readonly finalizers?: readonly string[];
}

export interface NamespaceStatus {
  readonly phase?: 'Active' | 'Terminating';
  readonly conditions?: readonly NamespaceCondition[];
}

export interface NamespaceCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}
