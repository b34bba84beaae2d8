/** rbac.authorization.k8s.io/v1 ClusterRole (k8s.io/api/rbac/v1). */
import type { KubeObject } from '../../api/object.js';
import type { LabelSelector } from '../../api/selectors.js';
import type { PolicyRule } from '../rbac/types.js';

export interface ClusterRole extends KubeObject {
  readonly rules: readonly PolicyRule[] | null;
  /** Its rules are gathered from the ClusterRoles these select. */
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}
