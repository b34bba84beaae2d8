/** ClusterRoles gathered from others: pkg/controller/clusterroleaggregation. */

import { isSemanticEqual } from '../../api/equality.js';
import { keyOf } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import type { PolicyRule } from '../rbac/types.js';
import type { ClusterRole } from './types.js';

const ROLES = 'clusterroles.rbac.authorization.k8s.io';

/** Any change may concern any role that gathers; there are few. */
export const controller: Reconciler = {
  name: 'clusterrole-aggregation-controller',
  watches: [
    {
      resource: ROLES,
      keys: (_, api) =>
        api
          .list<ClusterRole>(ROLES)
          .filter(({ aggregationRule }) => aggregationRule !== undefined)
          .map(keyOf),
    },
  ],
  reconcile: (key, { api }) => {
    const role = api.get<ClusterRole>(ROLES, key);
    if (role?.aggregationRule === undefined) return undefined;
    const rules: PolicyRule[] = [];
    for (const given of role.aggregationRule.clusterRoleSelectors ?? []) {
      const selector = selectorOf(given);
      if (selector === undefined) continue;
      for (const other of api.list<ClusterRole>(ROLES)) {
        if (other.metadata.name === role.metadata.name || !matchesSelector(selector, other.metadata.labels)) continue;
        for (const rule of other.rules ?? []) if (!rules.some((known) => isSemanticEqual(known, rule))) rules.push(rule);
      }
    }
    if (!isSemanticEqual(rules, role.rules))
      api.update<ClusterRole>(ROLES, { ...role, rules: rules.length === 0 ? null : rules }, { fieldManager: 'clusterrole-aggregation-controller' });
    return undefined;
  },
};
