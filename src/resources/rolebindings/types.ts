/** rbac.authorization.k8s.io/v1 RoleBinding (k8s.io/api/rbac/v1). */
import type { KubeObject } from '../../api/object.js';
import type { RoleRef, Subject } from '../rbac/types.js';

export interface RoleBinding extends KubeObject {
  readonly subjects?: readonly Subject[];
  readonly roleRef: RoleRef;
}
