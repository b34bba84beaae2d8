/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding (k8s.io/api/admissionregistration/v1). */
import type { KubeObject } from '../../api/object.js';
import type { LabelSelector } from '../../api/selectors.js';
import type { MatchResources } from '../webhooks/types.js';

export interface ValidatingAdmissionPolicyBinding extends KubeObject {
  readonly spec: {
    readonly policyName?: string;
    readonly paramRef?: { readonly name?: string; readonly namespace?: string; readonly selector?: LabelSelector; readonly parameterNotFoundAction?: string };
    readonly matchResources?: MatchResources;
    readonly validationActions?: readonly string[];
  };
}
