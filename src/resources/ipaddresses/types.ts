/** networking.k8s.io/v1 IPAddress (k8s.io/api/networking/v1): one address taken from a ServiceCIDR. Its name is the address. */
import type { KubeObject } from '../../api/object.js';

export interface IPAddress extends KubeObject {
  readonly spec: { readonly parentRef?: ParentReference };
}

export interface ParentReference {
  readonly group?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
}
