/** core/v1 Endpoints (k8s.io/api/core/v1): the older form of EndpointSlice, still written by its controller. */
import type { KubeObject } from '../../api/object.js';

export interface Endpoints extends KubeObject {
  readonly subsets?: readonly EndpointSubset[];
}

/** The cross product of its addresses and ports. */
export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports?: readonly EndpointPort[];
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: { readonly kind?: string; readonly namespace?: string; readonly name?: string; readonly uid?: string };
}

export interface EndpointPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly appProtocol?: string;
}
