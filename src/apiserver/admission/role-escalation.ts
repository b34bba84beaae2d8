/**
 * Nobody grants what they do not hold: roles (unless they may `escalate`) and bindings (unless they may `bind`). Upstream has
 * this in the kinds' storage (pkg/registry/rbac/role/policybased, rolebinding/policybased; rule.go Covers).
 */
import { forbidden, notFound } from '../../api/errors.js';
import { goQuote } from '../../api/field.js';
import { type Rule, uncovered } from '../../api/policy-rules.js';
import type { UserInfo } from '../../api/transport.js';
import type { PolicyRule, RoleRef } from '../../resources/rbac/types.js';
import type { Store } from '../../store/store.js';
import { authorize, grants, rulesOf } from '../authorization/rbac.js';
import { isAdministrator } from '../authorization/user.js';
import type { AdmissionPlugin, Attributes } from './plugin.js';

const GROUP = 'rbac.authorization.k8s.io';

export const roleEscalation = (store: Store): AdmissionPlugin => ({
  name: 'RoleEscalation',
  operations: ['CREATE', 'UPDATE'],
  resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map((plural) => `${plural}.${GROUP}`),
  validate(object, _old, attributes) {
    const { user } = attributes.options;
    if (user === undefined || isAdministrator(user) || object === undefined) return;
    const isBinding = attributes.id.includes('bindings');
    const { roleRef } = object as { readonly roleRef?: RoleRef };
    if (may(store, user, attributes, isBinding ? 'bind' : 'escalate', isBinding ? roleRef : undefined)) return;
    const { namespace } = attributes.key;
    const referred = isBinding && roleRef !== undefined ? rulesOf(store, roleRef, namespace) : undefined;
    if (isBinding && roleRef !== undefined && referred === undefined) throw notFound(attributes.id, roleRef.name);
    const wanted = referred ?? (object as { readonly rules?: readonly PolicyRule[] | null }).rules ?? [];
    const held = [...grants(store, user, namespace)].flatMap(({ rules }) => rules);
    const missing = uncovered(held, wanted);
    if (missing.length === 0) return;
    const groups = `[${user.groups.map(goQuote).join(' ')}]`;
    const why = `user ${goQuote(user.name)} (groups=${groups}) is attempting to grant RBAC permissions not currently held:\n${printed(missing).join('\n')}`;
    throw forbidden(attributes.id, object.metadata.name ?? '', why);
  },
});

/** `escalate` on the roles themselves, `bind` on the role referred to. */
function may(store: Store, user: UserInfo, { id, key }: Attributes, verb: string, role: RoleRef | undefined): boolean {
  const resource = role === undefined ? (id.split('.')[0] ?? '') : role.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  const name = role === undefined ? key.name : role.name;
  return authorize(store, { user, verb, path: '', resource: { group: GROUP, version: 'v1', resource, subresource: '', namespace: key.namespace, name } })
    .allowed;
}

/** Verbs of the same group, resource and names together, one line each, sorted (rbac helpers CompactRules, SortableRuleSlice). */
function printed(rules: readonly Rule[]): readonly string[] {
  const compact = new Map<string, { readonly rule: Rule; readonly verbs: string[] }>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]);
    const found = compact.get(key);
    if (found === undefined) compact.set(key, { rule, verbs: [...rule.verbs] });
    else found.verbs.push(...rule.verbs);
  }
  const list = (values: readonly string[]) => `[${values.map(goQuote).join(', ')}]`;
  return [...compact.values()]
    .map(({ rule, verbs }) => {
      const parts = [
        ...(rule.apiGroups === undefined ? [] : [`APIGroups:${list(rule.apiGroups)}`]),
        ...(rule.resources === undefined ? [] : [`Resources:${list(rule.resources)}`]),
        ...(rule.resourceNames === undefined ? [] : [`ResourceNames:${list(rule.resourceNames)}`]),
        ...(rule.nonResourceURLs === undefined ? [] : [`NonResourceURLs:${list(rule.nonResourceURLs)}`]),
        `Verbs:${list(verbs)}`,
      ];
      return `{${parts.join(', ')}}`;
    })
    .sort();
}
