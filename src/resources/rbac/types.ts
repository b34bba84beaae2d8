/** Parts of the four rbac.authorization.k8s.io/v1 kinds (k8s.io/api/rbac/v1). */
import type { Rule } from '../../api/policy-rules.js';

export type PolicyRule = Rule;

export interface Subject {
  /** `User`, `Group` or `ServiceAccount`. */
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface RoleRef {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}
