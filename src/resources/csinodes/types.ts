/** storage.k8s.io/v1 CSINode (k8s.io/api/storage/v1). */
import type { KubeObject } from '../../api/object.js';

export interface CSINode extends KubeObject {
  readonly spec: { readonly drivers: readonly CSINodeDriver[] | null };
}

export interface CSINodeDriver {
  readonly name: string;
  readonly nodeID: string;
  readonly topologyKeys: readonly string[] | null;
  readonly allocatable?: { readonly count?: number };
}
