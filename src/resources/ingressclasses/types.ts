/** networking.k8s.io/v1 IngressClass (k8s.io/api/networking/v1). */
import type { KubeObject } from '../../api/object.js';

export interface IngressClass extends KubeObject {
  readonly spec: {
    readonly controller?: string;
    readonly parameters?: IngressClassParameters;
  };
}

export interface IngressClassParameters {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
  readonly scope?: string;
  readonly namespace?: string;
}
