/** What `create role` and `create clusterrole` share (pkg/cmd/create/create_role.go, create_clusterrole.go). */
import { groupResourceOf, type RestMapper } from '../client/rest-mapper.js';
import { type Factory, type Flag, UsageError } from './command.js';
import type { GeneratorOptions } from './generator.js';

export const ROLE_FLAGS: readonly Flag[] = [
  { name: 'resource', type: 'stringSlice', usage: 'The resources of the rule' },
  { name: 'resource-name', type: 'stringArray', usage: 'Names of objects that the rule is about; may be repeated' },
  { name: 'verb', type: 'stringSlice', usage: 'The verbs of the rule' },
];

const STANDARD_VERBS = [
  '*',
  'get',
  'delete',
  'list',
  'create',
  'update',
  'patch',
  'watch',
  'proxy',
  'deletecollection',
  'use',
  'bind',
  'escalate',
  'impersonate',
];
/** Verbs that make sense for a few resources only. */
const SPECIAL_VERBS: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io'],
  escalate: ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io'],
  impersonate: ['users', 'serviceaccounts', 'groups', 'userextras.authentication.k8s.io'],
};

/** Without empty and repeated ones; `*` stands for all. */
export function verbsOf({ flags }: GeneratorOptions): readonly string[] {
  const verbs = [...new Set(flags.strings('verb').filter((verb) => verb !== ''))];
  return verbs.includes('*') ? ['*'] : verbs;
}

interface Part {
  readonly resource: string;
  readonly group: string;
  readonly subresource: string;
}

function partsOf({ flags }: GeneratorOptions): readonly Part[] {
  const parts: Part[] = [];
  for (const text of flags.strings('resource')) {
    const [name = '', subresource = ''] = text.split(/\/(.*)/s);
    const [resource = '', group = ''] = name.split(/\.(.*)/s);
    if (resource === '' && (subresource !== '' || group !== '')) throw new UsageError('resource must be specified if apiGroup/subresource specified');
    if (resource === '') continue;
    if (resource === '*' && parts.length === 0 && flags.strings('resource').length === 1) return [{ resource: '*', group, subresource }];
    if (!parts.some((one) => one.resource === resource && one.group === group && one.subresource === subresource)) parts.push({ resource, group, subresource });
  }
  return parts;
}

/** RoleOptions.validateResource: complains as kubectl does. */
function checkRule(options: GeneratorOptions, factoryWarn: (text: string) => void): void {
  for (const verb of verbsOf(options)) if (!STANDARD_VERBS.includes(verb)) factoryWarn(`'${verb}' is not a standard resource verb`);
}

export const hasResources = (options: GeneratorOptions): boolean => partsOf(options).length > 0;

/** A resource that the server does not have is good for a verb that is for it: RoleOptions.validateResource. */
function resourceFor(mapper: RestMapper, resource: string, group: string, verbs: readonly string[]): { readonly group: string; readonly resource: string } {
  let found = { group, resource };
  let unknown: unknown;
  try {
    found = mapper.resourceFor(resource, group, '');
  } catch (error) {
    unknown = error;
  }
  const special = verbs.filter((verb) => SPECIAL_VERBS[verb] !== undefined);
  const bad = special.find((verb) => SPECIAL_VERBS[verb]?.includes(groupResourceOf(found)) !== true);
  if (bad !== undefined) throw new UsageError(`can not perform '${bad}' on '${found.resource}' in group '${found.group}'`);
  if (unknown !== undefined && special.length === 0) throw unknown;
  return found;
}

/** One rule a group; members in the order of Go's PolicyRule. */
export async function rulesOf(options: GeneratorOptions, factory: Factory, nonResourceUrls: readonly string[] = []): Promise<object[]> {
  const verbs = verbsOf(options);
  if (hasResources(options)) checkRule(options, (text) => factory.streams.err(`Warning: ${text}\n`));
  const resourceNames = options.flags.strings('resource-name');
  const groups = new Map<string, string[]>();
  for (const { resource, group, subresource } of partsOf(options)) {
    const found = resource === '*' ? { group, resource } : resourceFor(await factory.mapper(), resource, group, verbs);
    const name = subresource === '' ? found.resource : `${found.resource}/${subresource}`;
    groups.set(found.group, [...(groups.get(found.group) ?? []), name]);
  }
  const rules: object[] = [...groups.keys()].sort().map((group) => ({
    verbs,
    apiGroups: [group],
    resources: groups.get(group),
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
  }));
  if (nonResourceUrls.length > 0) rules.push({ verbs, nonResourceURLs: nonResourceUrls });
  return rules;
}
