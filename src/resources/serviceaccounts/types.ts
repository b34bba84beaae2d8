/** core/v1 ServiceAccount (k8s.io/api/core/v1). */
import type { KubeObject } from '../../api/object.js';

export interface ServiceAccount extends KubeObject {
  readonly secrets?: readonly { readonly name?: string }[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly automountServiceAccountToken?: boolean;
}
