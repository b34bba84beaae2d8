/** kubectl create clusterrole (pkg/cmd/create/create_clusterrole.go). */
import type { KubeObject } from '../../../api/object.js';
import { UsageError } from '../../command.js';
import { type GeneratorOptions, generator } from '../../generator.js';
import { hasResources, ROLE_FLAGS, rulesOf, verbsOf } from '../../role-generator.js';

const NON_RESOURCE_VERBS = ['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options'];

export default generator({
  use: 'clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a cluster role',
  examples: `# Reading pods
kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods

# Reading two pods
kubectl create clusterrole pod-reader --verb=get --resource=pods --resource-name=readablepod --resource-name=anotherpod

# A resource of a group
kubectl create clusterrole foo --verb=get,list,watch --resource=rs.apps

# A path that is no resource
kubectl create clusterrole "foo" --verb=get --non-resource-url=/logs/*

# All cluster roles with a label together
kubectl create clusterrole monitoring --aggregation-rule="rbac.example.com/aggregate-to-monitoring=true"`,
  flags: [
    ...ROLE_FLAGS,
    { name: 'aggregation-rule', type: 'tristate', default: '', usage: 'Labels of the cluster roles that are put together in it.' },
    { name: 'non-resource-url', type: 'stringSlice', usage: 'A path that is no resource, to be allowed.' },
  ],
  resource: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', namespaced: false },
  check,
  async build(options, factory) {
    const labels = aggregationLabels(options);
    return {
      kind: 'ClusterRole',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: options.name, creationTimestamp: null },
      rules: labels === undefined ? await rulesOf(options, factory, urlsOf(options)) : null,
      ...(labels === undefined ? {} : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] } }),
    } as KubeObject;
  },
});

function urlsOf({ flags }: GeneratorOptions): readonly string[] {
  const urls = [...new Set(flags.strings('non-resource-url').filter((url) => url !== ''))];
  return urls.includes('*') ? ['*'] : urls;
}

function aggregationLabels({ flags }: GeneratorOptions): Record<string, string> | undefined {
  const text = flags.string('aggregation-rule');
  if (text === '') return undefined;
  if (text.split(',').some((pair) => !pair.includes('=')))
    throw new UsageError(`invalid argument ${JSON.stringify(text)} for "--aggregation-rule" flag: malformed pair, expect string=string`, 'usage');
  return Object.fromEntries(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

function check(options: GeneratorOptions): void {
  const verbs = verbsOf(options);
  const urls = urlsOf(options);
  if (aggregationLabels(options) !== undefined) {
    if (verbs.length > 0 || urls.length > 0 || hasResources(options) || options.flags.strings('resource-name').length > 0) {
      throw new UsageError('aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames');
    }
    return;
  }
  if (verbs.length === 0) throw new UsageError('at least one verb must be specified');
  if (!hasResources(options) && urls.length === 0) throw new UsageError('one of resource or nonResourceURL must be specified');
  if (urls.length === 0) return;
  for (const verb of verbs) if (!NON_RESOURCE_VERBS.includes(verb)) throw new UsageError(`invalid verb: '${verb}' for nonResourceURL`);
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) throw new UsageError('nonResourceURL should start with /');
    if (url.slice(0, -1).includes('*')) throw new UsageError("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
}
