/**
 * Nobody grants what they do not hold: roles (unless they may `escalate`) and bindings (unless they may `bind`). Upstream has
 * this in the kinds' storage (pkg/registry/rbac/role/policybased, rolebinding/policybased; rule.go Covers).
 */
import { isSemanticEqual } from '../../api/equality.js';
import { forbidden, notFound } from '../../api/errors.js';
import { goQuote } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import { type Rule, uncovered } from '../../api/policy-rules.js';
import type { UserInfo } from '../../api/transport.js';
import type { ClusterRole } from '../../resources/clusterroles/types.js';
import type { PolicyRule, RoleRef } from '../../resources/rbac/types.js';
import type { Store } from '../../store/store.js';
import { authorize, grants, rulesOf } from '../authorization/rbac.js';
import { isAdministrator } from '../authorization/user.js';
import type { AdmissionPlugin, Attributes } from './plugin.js';

const GROUP = 'rbac.authorization.k8s.io';

const FULL_AUTHORITY: readonly Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

const isAggregating = (role: KubeObject | undefined): boolean => ((role as ClusterRole | undefined)?.aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0;

/** IsOnlyMutatingGCFields: owners and finalizers are no permissions. */
function isForCollector(object: KubeObject, old: KubeObject | undefined): boolean {
  const rest = ({ metadata, ...content }: KubeObject) => {
    const { ownerReferences: _, finalizers: __, managedFields: ___, resourceVersion: ____, ...others } = metadata;
    return { ...content, metadata: others };
  };
  return old !== undefined && isSemanticEqual(rest(object), rest(old));
}

export const roleEscalation = (store: Store): AdmissionPlugin => ({
  name: 'RoleEscalation',
  operations: ['CREATE', 'UPDATE'],
  resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map((plural) => `${plural}.${GROUP}`),
  validate(object, old, attributes) {
    const { user } = attributes.options;
    if (user === undefined || isAdministrator(user) || object === undefined || isForCollector(object, old)) return;
    const isBinding = attributes.id.includes('bindings');
    const { roleRef } = object as { readonly roleRef?: RoleRef };
    if (may(store, user, attributes, isBinding ? 'bind' : 'escalate', isBinding ? roleRef : undefined)) return;
    const { namespace } = attributes.key;
    const referred = isBinding && roleRef !== undefined ? rulesOf(store, roleRef, namespace) : undefined;
    if (isBinding && roleRef !== undefined && referred === undefined) throw notFound(attributes.id, roleRef.name);
    const wanted = referred ?? (object as { readonly rules?: readonly PolicyRule[] | null }).rules ?? [];
    const held = [...grants(store, user, namespace)].flatMap(({ rules }) => rules);
    const missing = uncovered(held, wanted);
    if (missing.length === 0) {
      // What it gathers may be anything.
      if ([object, old].some(isAggregating) && uncovered(held, FULL_AUTHORITY).length > 0)
        throw forbidden(attributes.id, object.metadata.name ?? '', 'must have cluster-admin privileges to use the aggregationRule');
      return;
    }
    const why = `user ${goQuote(user.name)} (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${printed(missing).join('\n')}`;
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

/** Verbs of the same group, resource and name together, those of a URL each for itself; sorted (CompactRules, CompactString). */
function printed(rules: readonly Rule[]): readonly string[] {
  const compact = new Map<string, { readonly rule: Rule; readonly verbs: string[] }>();
  for (const rule of rules) {
    const { apiGroups, resources, resourceNames, nonResourceURLs, verbs } = rule;
    const key = JSON.stringify(nonResourceURLs === undefined ? [apiGroups, resources, resourceNames] : rule);
    const found = compact.get(key);
    if (found === undefined) compact.set(key, { rule, verbs: [...verbs] });
    else if (nonResourceURLs === undefined) found.verbs.push(...verbs);
  }
  return [...compact.values()]
    .map(({ rule, verbs }) => {
      const parts = [
        ...(rule.apiGroups === undefined ? [] : [`APIGroups:${quotedList(rule.apiGroups)}`]),
        ...(rule.resources === undefined ? [] : [`Resources:${quotedList(rule.resources)}`]),
        ...(rule.nonResourceURLs === undefined ? [] : [`NonResourceURLs:${quotedList(rule.nonResourceURLs)}`]),
        ...(rule.resourceNames === undefined ? [] : [`ResourceNames:${quotedList(rule.resourceNames)}`]),
        `Verbs:${quotedList(verbs)}`,
      ];
      return `{${parts.join(', ')}}`;
    })
    .sort();
}

/** %q of a list. */
const quotedList = (values: readonly string[]): string => `[${values.map(goQuote).join(' ')}]`;
