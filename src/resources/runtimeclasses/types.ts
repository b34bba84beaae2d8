/** node.k8s.io/v1 RuntimeClass (k8s.io/api/node/v1). */
import type { KubeObject } from '../../api/object.js';
import type { Toleration } from '../pod-template/types.js';

export interface RuntimeClass extends KubeObject {
  readonly handler: string;
  readonly overhead?: { readonly podFixed?: Readonly<Record<string, string>> };
  readonly scheduling?: { readonly nodeSelector?: Readonly<Record<string, string>>; readonly tolerations?: readonly Toleration[] };
}
