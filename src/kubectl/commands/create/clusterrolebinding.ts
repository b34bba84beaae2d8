/** kubectl create clusterrolebinding (pkg/cmd/create/create_clusterrolebinding.go). */
import type { KubeObject } from '../../../api/object.js';
import { generator } from '../../generator.js';
import { SUBJECT_FLAGS, subjectsOf } from '../../subjects.js';

export default generator({
  use: 'clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a cluster role binding',
  examples: `# For two users and a group
kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --user=user2 --group=group1`,
  flags: [{ name: 'clusterrole', type: 'string', usage: 'The cluster role to bind', required: true }, ...SUBJECT_FLAGS('it is for')],
  resource: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterrolebindings', namespaced: false },
  wraps: 'clusterrolebinding: ',
  build({ name, flags }) {
    const subjects = subjectsOf(flags);
    return {
      kind: 'ClusterRoleBinding',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name, creationTimestamp: null },
      ...(subjects.length === 0 ? {} : { subjects }),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: flags.string('clusterrole') },
    } as KubeObject;
  },
});
