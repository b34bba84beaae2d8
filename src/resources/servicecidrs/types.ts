/** networking.k8s.io/v1 ServiceCIDR (k8s.io/api/networking/v1). */
import type { KubeObject } from '../../api/object.js';

export interface ServiceCIDR extends KubeObject {
  readonly spec: { readonly cidrs?: readonly string[] };
  readonly status: { readonly conditions?: readonly ServiceCIDRCondition[] };
}

export interface ServiceCIDRCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}
