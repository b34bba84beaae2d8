/**
 * Nobody grants what they do not hold: roles (unless they may `escalate`) and bindings (unless they may `bind`). Upstream has
 * this in the kinds' storage (pkg/registry/rbac/role/policybased, rolebinding/policybased; rule.go Covers).
 */
import { forbidden } from '../../api/errors.js';
import { goQuote } from '../../api/field.js';
import type { UserInfo } from '../../api/transport.js';
import type { PolicyRule, RoleRef } from '../../resources/rbac/types.js';
import type { Store } from '../../store/store.js';
import { authorize, grants, rulesOf } from '../authorization/rbac.js';
import type { AdmissionPlugin, Attributes } from './plugin.js';

const GROUP = 'rbac.authorization.k8s.io';

export const roleEscalation = (store: Store): AdmissionPlugin => ({
  name: 'RoleEscalation',
  operations: ['CREATE', 'UPDATE'],
  resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map((plural) => `${plural}.${GROUP}`),
  validate(object, _old, attributes) {
    const { user } = attributes.options;
    if (user === undefined || object === undefined) return;
    const isBinding = attributes.id.includes('bindings');
    const { roleRef } = object as { readonly roleRef?: RoleRef };
    if (may(store, user, attributes, isBinding ? 'bind' : 'escalate', isBinding ? roleRef : undefined)) return;
    const { namespace } = attributes.key;
    const wanted =
      isBinding && roleRef !== undefined
        ? (rulesOf(store, roleRef, namespace) ?? [])
        : ((object as { readonly rules?: readonly PolicyRule[] | null }).rules ?? []);
    const held = [...grants(store, user, namespace)].flatMap(({ rules }) => rules);
    const missing = wanted.flatMap(single).filter((rule) => !held.some((holder) => covers(holder, rule)));
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

const each = (list: readonly string[] | undefined): readonly (string | undefined)[] => (list === undefined || list.length === 0 ? [undefined] : list);

/** One rule for every verb, group, resource and name. */
function single(rule: PolicyRule): readonly PolicyRule[] {
  const urls = (rule.nonResourceURLs ?? []).flatMap((url) => rule.verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  const resources = (rule.resources ?? []).flatMap((resource) =>
    (rule.apiGroups ?? []).flatMap((group) =>
      rule.verbs.flatMap((verb) =>
        each(rule.resourceNames).map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name === undefined ? {} : { resourceNames: [name] }),
        })),
      ),
    ),
  );
  return [...urls, ...resources];
}

const has = (list: readonly string[] | undefined, value: string | undefined): boolean =>
  value !== undefined && (list?.includes('*') === true || list?.includes(value) === true);

function covers(holder: PolicyRule, rule: PolicyRule): boolean {
  if (!has(holder.verbs, rule.verbs[0])) return false;
  const url = rule.nonResourceURLs?.[0];
  if (url !== undefined)
    return (holder.nonResourceURLs ?? []).some((own) => own === '*' || own === url || (own.endsWith('*') && url.startsWith(own.slice(0, -1))));
  const resource = rule.resources?.[0] ?? '';
  const subresource = resource.includes('/') ? `*/${resource.split('/')[1]}` : undefined;
  const isNamed =
    (holder.resourceNames ?? []).length === 0 || (rule.resourceNames?.[0] !== undefined && holder.resourceNames?.includes(rule.resourceNames[0]) === true);
  return has(holder.apiGroups, rule.apiGroups?.[0]) && (has(holder.resources, resource) || has(holder.resources, subresource)) && isNamed;
}

/** Verbs of the same group, resource and names together, one line each, sorted (rbac helpers CompactRules, SortableRuleSlice). */
function printed(rules: readonly PolicyRule[]): readonly string[] {
  const compact = new Map<string, { readonly rule: PolicyRule; readonly verbs: string[] }>();
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
