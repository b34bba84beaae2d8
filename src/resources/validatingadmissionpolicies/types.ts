/** admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy (k8s.io/api/admissionregistration/v1). */
import type { KubeObject } from '../../api/object.js';
import type { MatchResources } from '../webhooks/types.js';

export interface ValidatingAdmissionPolicy extends KubeObject {
  readonly spec: {
    readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
    readonly matchConstraints?: MatchResources;
    readonly validations?: readonly Validation[];
    readonly failurePolicy?: string;
    readonly auditAnnotations?: readonly { readonly key: string; readonly valueExpression: string }[];
    readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  };
  readonly status: { readonly observedGeneration?: number; readonly typeChecking?: object };
}

export interface Validation {
  readonly expression: string;
  readonly message?: string;
  readonly reason?: string;
  readonly messageExpression?: string;
}
