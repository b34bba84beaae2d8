/** coordination.k8s.io/v1 Lease (k8s.io/api/coordination/v1). */
import type { KubeObject } from '../../api/object.js';

export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}
