/** Descriptions of roles and bindings: kubectl pkg/describe/describe.go, with pkg/util/rbac (BreakdownRule, CompactRules). No events. */
import type { KubeObject } from '../../api/object.js';
import type { IndentedWriter } from '../../api/resource.js';
import { describeAnnotations, describeLabels } from '../meta/describe.js';
import type { PolicyRule, RoleRef, Subject } from './types.js';

export function describeRole({ metadata, rules }: KubeObject & { readonly rules: readonly PolicyRule[] | null }, out: IndentedWriter): void {
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, 'PolicyRule:');
  out.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  out.line(1, '---------\t-----------------\t--------------\t-----');
  for (const { resource, group, urls, names, verbs } of compactRules(rules ?? []))
    out.line(1, `${combine(resource, group)}\t[${urls.join(' ')}]\t[${names.join(' ')}]\t[${verbs.join(' ')}]`);
}

export function describeBinding(
  { metadata, roleRef, subjects }: KubeObject & { readonly roleRef: RoleRef; readonly subjects?: readonly Subject[] },
  out: IndentedWriter,
): void {
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, 'Role:');
  out.line(1, `Kind:\t${roleRef.kind}`);
  out.line(1, `Name:\t${roleRef.name}`);
  out.line(0, 'Subjects:');
  out.line(1, 'Kind\tName\tNamespace');
  out.line(1, '----\t----\t---------');
  for (const { kind, name, namespace } of subjects ?? []) out.line(1, `${kind}\t${name}\t${namespace ?? ''}`);
}

/** A rule about one resource of one group, or about one URL. */
export interface SimpleRule {
  readonly group: string | undefined;
  readonly resource: string | undefined;
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly verbs: readonly string[];
}

/** One row per group, resource and name: rules are broken down to single ones, then the verbs of equal ones are put together. */
export function compactRules(rules: readonly PolicyRule[]): readonly SimpleRule[] {
  const simple = new Map<string, { rule: SimpleRule; verbs: string[] }>();
  const compact: SimpleRule[] = [];
  for (const rule of rules.flatMap(breakDown)) {
    if (rule.resource === undefined) {
      compact.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.group, rule.resource, rule.names]);
    const known = simple.get(key);
    if (known === undefined) simple.set(key, { rule, verbs: [...rule.verbs] });
    else known.verbs.push(...rule.verbs.filter((verb) => !known.verbs.includes(verb)));
  }
  for (const { rule, verbs } of simple.values()) compact.push({ ...rule, verbs });
  return compact
    .map((rule) => ({ rule, text: sortKey(rule) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ rule }) => rule);
}

function breakDown({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): readonly SimpleRule[] {
  const rules: SimpleRule[] = [];
  for (const group of apiGroups ?? [])
    for (const resource of resources ?? [])
      for (const verb of verbs ?? [])
        for (const names of resourceNames?.length ? resourceNames.map((name) => [name]) : [[]]) rules.push({ group, resource, names, urls: [], verbs: [verb] });
  for (const url of nonResourceURLs ?? [])
    for (const verb of verbs ?? []) rules.push({ group: undefined, resource: undefined, names: [], urls: [url], verbs: [verb] });
  return rules;
}

/** SortableRuleSlice compares the rules' generated String(). */
function sortKey({ group, resource, names, urls, verbs }: SimpleRule): string {
  const list = (items: readonly string[]): string => `[${items.join(' ')}]`;
  return `&PolicyRule{Verbs:${list(verbs)},APIGroups:${list(group === undefined ? [] : [group])},Resources:${list(resource === undefined ? [] : [resource])},ResourceNames:${list(names)},NonResourceURLs:${list(urls)},}`;
}

/** `deployments.apps/scale`. */
export function combine(resource: string | undefined, group: string | undefined): string {
  if (resource === undefined) return '';
  const slash = resource.indexOf('/');
  const name = slash < 0 ? resource : resource.slice(0, slash);
  return `${name}${group ? `.${group}` : ''}${slash < 0 ? '' : resource.slice(slash)}`;
}
