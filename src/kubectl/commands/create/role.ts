/** kubectl create role (pkg/cmd/create/create_role.go). */
import type { KubeObject } from '../../../api/object.js';
import { UsageError } from '../../command.js';
import { generator } from '../../generator.js';
import { hasResources, ROLE_FLAGS, rulesOf, verbsOf } from '../../role-generator.js';

export default generator({
  use: 'role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a role with one rule',
  examples: `# Reading pods
kubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods

# Reading two pods
kubectl create role pod-reader --verb=get --resource=pods --resource-name=readablepod --resource-name=anotherpod

# A resource of a group
kubectl create role foo --verb=get,list,watch --resource=rs.apps

# A subresource
kubectl create role foo --verb=get,list,watch --resource=pods,pods/status`,
  flags: ROLE_FLAGS,
  resource: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'roles', namespaced: true },
  check(options) {
    if (verbsOf(options).length === 0) throw new UsageError('at least one verb must be specified');
    if (!hasResources(options)) throw new UsageError('at least one resource must be specified');
  },
  build: async (options, factory) =>
    ({
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: options.name, creationTimestamp: null },
      rules: await rulesOf(options, factory),
    }) as KubeObject,
});
