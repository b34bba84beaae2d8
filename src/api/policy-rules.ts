/** What rules of RBAC allow, taken apart and compared (component-helpers auth/rbac/validation policy_comparator.go). */

/** The part of a PolicyRule that counts. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const each = (list: readonly string[] | undefined): readonly (string | undefined)[] => (list === undefined || list.length === 0 ? [undefined] : list);

/** One rule for every verb, group, resource and name. */
function singleRules(rule: Rule): readonly Rule[] {
  const resources = (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((resource) =>
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
  const urls = (rule.nonResourceURLs ?? []).flatMap((url) => rule.verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return [...resources, ...urls];
}

/** What of `wanted` the held rules do not allow, as single rules. */
export const uncovered = (held: readonly Rule[], wanted: readonly Rule[]): readonly Rule[] =>
  wanted.flatMap(singleRules).filter((rule) => !held.some((holder) => covers(holder, rule)));

const has = (list: readonly string[] | undefined, value: string | undefined): boolean =>
  value !== undefined && (list?.includes('*') === true || list?.includes(value) === true);

function covers(holder: Rule, rule: Rule): boolean {
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
