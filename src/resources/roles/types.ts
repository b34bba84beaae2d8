/** rbac.authorization.k8s.io/v1 Role (k8s.io/api/rbac/v1). */
import type { KubeObject } from '../../api/object.js';
import type { PolicyRule } from '../rbac/types.js';

export interface Role extends KubeObject {
  readonly rules: readonly PolicyRule[] | null;
}
