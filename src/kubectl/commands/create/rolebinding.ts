/** kubectl create rolebinding (pkg/cmd/create/create_rolebinding.go). */
import type { KubeObject } from '../../../api/object.js';
import { UsageError } from '../../command.js';
import { generator } from '../../generator.js';
import { SUBJECT_FLAGS, subjectsOf } from '../../subjects.js';

export default generator({
  use: 'rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a binding of a role or cluster role',
  examples: `# For two users and a group
kubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1

# For a service account
kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev`,
  flags: [
    { name: 'clusterrole', type: 'string', usage: 'The cluster role to bind' },
    { name: 'role', type: 'string', usage: 'The role to bind' },
    ...SUBJECT_FLAGS('it is for'),
  ],
  resource: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'rolebindings', namespaced: true },
  wraps: 'rolebinding: ',
  check({ flags }) {
    if ((flags.string('clusterrole') === '') === (flags.string('role') === '')) throw new UsageError('exactly one of clusterrole or role must be specified');
  },
  build({ name, flags }) {
    const subjects = subjectsOf(flags);
    const role = flags.string('role');
    return {
      kind: 'RoleBinding',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name, creationTimestamp: null },
      ...(subjects.length === 0 ? {} : { subjects }),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role === '' ? 'ClusterRole' : 'Role', name: role || flags.string('clusterrole') },
    } as KubeObject;
  },
});
