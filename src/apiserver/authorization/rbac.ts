/** Roles and bindings decide (plugin/pkg/auth/authorizer/rbac rbac.go, pkg/registry/rbac/validation/rule.go). */
import type { UserInfo } from '../../api/transport.js';
import type { ClusterRoleBinding } from '../../resources/clusterrolebindings/types.js';
import type { ClusterRole } from '../../resources/clusterroles/types.js';
import type { PolicyRule, RoleRef, Subject } from '../../resources/rbac/types.js';
import type { RoleBinding } from '../../resources/rolebindings/types.js';
import type { Role } from '../../resources/roles/types.js';
import type { Store } from '../../store/store.js';
import type { Attributes } from './attributes.js';
import { AUTHENTICATED, isAdministrator } from './user.js';

const GROUP = 'rbac.authorization.k8s.io';

export interface Decision {
  readonly allowed: boolean;
  /** Why, or what went wrong on the way. */
  readonly reason: string;
}

/** Roles that a binding names and that are not there. */
const missing = (kind: string, name: string): string => `RBAC: ${kind === 'Role' ? 'role' : 'clusterrole'}.${GROUP} ${JSON.stringify(name)} not found`;

export function authorize(store: Store, attributes: Attributes): Decision {
  if (isAdministrator(attributes.user)) return { allowed: true, reason: '' };
  if (isForEverybody(attributes)) return { allowed: true, reason: '' };
  const problems: string[] = [];
  for (const { rules, binding, problem } of grants(store, attributes.user, attributes.resource?.namespace ?? '')) {
    if (problem !== undefined) problems.push(problem);
    if (rules.some((rule) => allows(rule, attributes))) return { allowed: true, reason: `RBAC: allowed by ${binding}` };
  }
  return { allowed: false, reason: problems.length === 0 ? '' : problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]` };
}

/** What system:discovery, system:public-info-viewer and system:basic-user give to all, even where those roles have not been made. */
function isForEverybody({ user, verb, path, resource }: Attributes): boolean {
  if (resource === undefined) {
    if (verb !== 'get') return false;
    if (/^\/(healthz|livez|readyz|version)(\/|$)/.test(path)) return true;
    return user.groups.includes(AUTHENTICATED) && /^\/(api|apis|openapi)(\/|$)/.test(path);
  }
  if (verb !== 'create' || !user.groups.includes(AUTHENTICATED)) return false;
  const { group, resource: plural } = resource;
  return (
    (group === 'authorization.k8s.io' && (plural === 'selfsubjectaccessreviews' || plural === 'selfsubjectrulesreviews')) ||
    (group === 'authentication.k8s.io' && plural === 'selfsubjectreviews')
  );
}

interface Grant {
  readonly rules: readonly PolicyRule[];
  /** `ClusterRoleBinding "x" of ClusterRole "y" to User "u"`. */
  readonly binding: string;
  readonly problem?: string;
}

/** Cluster-wide bindings, then those of the namespace. */
export function* grants(store: Store, user: UserInfo, namespace: string): Generator<Grant> {
  for (const binding of store.list<ClusterRoleBinding>(`clusterrolebindings.${GROUP}`)) yield* grantOf(store, user, 'ClusterRoleBinding', binding, '');
  if (namespace === '') return;
  for (const binding of store.list<RoleBinding>(`rolebindings.${GROUP}`, { namespace })) yield* grantOf(store, user, 'RoleBinding', binding, namespace);
}

function* grantOf(store: Store, user: UserInfo, kind: string, binding: ClusterRoleBinding | RoleBinding, namespace: string): Generator<Grant> {
  const subject = (binding.subjects ?? []).find((candidate) => appliesTo(candidate, user, namespace));
  if (subject === undefined) return;
  const { roleRef } = binding;
  const name = namespace === '' ? binding.metadata.name : `${binding.metadata.name}/${namespace}`;
  const text = `${kind} ${JSON.stringify(name)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subject.kind} ${JSON.stringify(
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? namespace}` : subject.name,
  )}`;
  const rules = rulesOf(store, roleRef, namespace);
  yield rules === undefined ? { rules: [], binding: text, problem: missing(roleRef.kind, roleRef.name) } : { rules, binding: text };
}

/** undefined: there is no such role. */
export function rulesOf(store: Store, { kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
  if (kind === 'Role') return store.get<Role>(`roles.${GROUP}`, { namespace, name })?.rules ?? undefined;
  const role = store.get<ClusterRole>(`clusterroles.${GROUP}`, { namespace: '', name });
  return role === undefined ? undefined : (role.rules ?? []);
}

function appliesTo(subject: Subject, user: UserInfo, namespace: string): boolean {
  if (subject.kind === 'User') return subject.name === user.name;
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  return user.name === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
}

const includes = (list: readonly string[] | undefined, value: string): boolean => list?.includes('*') === true || list?.includes(value) === true;

function allows(rule: PolicyRule, { verb, path, resource }: Attributes): boolean {
  if (!includes(rule.verbs, verb)) return false;
  if (resource === undefined)
    return (rule.nonResourceURLs ?? []).some((url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));
  const { group, resource: plural, subresource, name } = resource;
  const combined = subresource === '' ? plural : `${plural}/${subresource}`;
  const matches = includes(rule.resources, combined) || (subresource !== '' && rule.resources?.includes(`*/${subresource}`) === true);
  return includes(rule.apiGroups, group) && matches && ((rule.resourceNames ?? []).length === 0 || rule.resourceNames?.includes(name) === true);
}
