/** What kinds there are: /api, /apis and below, in the legacy and the aggregated form (k8s.io/apiserver/pkg/endpoints/discovery). */
import { createHash } from 'node:crypto';
import { type AnyResourceView, type CustomFacts, type ResourceNames, resourceId, type SubresourceNames } from '../../api/resource.js';
import type { Answer } from '../long-running.js';
import { json, pageNotFound } from './answer.js';
import { healthPaths } from './health.js';
import { parseAccept } from './negotiate.js';
import { JSON_WEB_KEYS, OPENID_CONFIGURATION } from './openid-paths.js';
import { subresourcesOf } from './subresource-names.js';
import { METRICS, virtualKinds } from './virtual-kinds.js';

/** A kind as discovery shows it. */
export interface Discovered {
  readonly names: ResourceNames;
  readonly subresources: readonly SubresourceNames[];
  /** As what it is kept in the store; absent: it is only answered, as component statuses are. */
  readonly stored?: Pick<ResourceNames, 'group' | 'version' | 'kind'>;
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export const discoveredKinds = (views: readonly AnyResourceView[]): readonly Discovered[] => [
  ...views.map((view) => (view.custom === undefined ? builtIn(view, views) : defined(view, view.custom))),
  ...virtualKinds.map((names) => ({ names: inOrder(names), subresources: [] })),
];

const builtIn = (view: AnyResourceView, all: readonly AnyResourceView[]): Discovered => ({
  names: inOrder(view.names),
  subresources: subresourcesOf(resourceId(view.names), view.names.kind),
  ...storedNames(view, all),
});

/** The verbs of custom resources come as apiextensions-apiserver lists them, those of all others sorted. */
const defined = ({ names }: AnyResourceView, { subresources, storageVersion, verbs }: CustomFacts): Discovered => ({
  names: { ...names, verbs },
  subresources,
  stored: { ...names, version: storageVersion },
});

const inOrder = (names: ResourceNames): ResourceNames => ({ ...names, verbs: [...(names.verbs ?? ALL_VERBS)].sort() });

/** What can only be asked for is worked out, not kept (component statuses, reviews). */
function storedNames({ names, storedAs }: AnyResourceView, all: readonly AnyResourceView[]): { readonly stored?: ResourceNames } {
  if (names.verbs !== undefined && !names.verbs.includes('watch')) return {};
  const stored = storedAs === undefined ? names : all.find((other) => other.storedAs === undefined && resourceId(other.names) === storedAs.resource)?.names;
  return { stored: stored ?? names };
}

/** Priorities of kube-apiserver's and the aggregator's groups; custom resources' groups follow by name, and then metrics. */
const GROUP_ORDER = [
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

const rank = (group: string): number => {
  const at = GROUP_ORDER.indexOf(group);
  if (group === METRICS) return GROUP_ORDER.length + 1;
  return at < 0 ? GROUP_ORDER.length : at;
};

const groupsOf = (kinds: readonly Discovered[]): readonly string[] =>
  [...new Set(kinds.map(({ names }) => names.group))].filter((group) => group !== '').sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

/** Newest first: v2, v1, v1beta1. */
const versionsOf = (kinds: readonly Discovered[], group: string): readonly string[] =>
  [...new Set(kinds.filter(({ names }) => names.group === group).map(({ names }) => names.version))].sort(
    (a, b) => versionRank(b) - versionRank(a) || (a < b ? -1 : 1),
  );

function versionRank(version: string): number {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  // What is no version by Kubernetes' rules comes last.
  if (match === null) return -1;
  const [, major = '0', stage, minor = '0'] = match;
  const stability = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return stability * 1_000_000 + Number(major) * 1000 + Number(minor);
}

const sorted = (kinds: readonly Discovered[], group: string, version: string): readonly Discovered[] =>
  kinds.filter(({ names }) => names.group === group && names.version === version).sort((a, b) => (a.names.plural < b.names.plural ? -1 : 1));

/** undefined: the path is no discovery path. */
export function discover(path: string, accept: string | undefined, kinds: readonly Discovered[]): Answer | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, group = '', version = ''] = parts;
  if (root === undefined) return json(JSON.stringify({ paths: rootPaths(kinds) }, null, 2));
  if (root === 'api') {
    if (parts.length === 1) return aggregatedOr(accept, kinds, [''], legacyVersions);
    if (parts.length === 2) return resourceList(kinds, '', group);
    return undefined;
  }
  if (root !== 'apis' || parts.length > 3) return undefined;
  if (parts.length === 1) return aggregatedOr(accept, kinds, groupsOf(kinds), () => groupList(kinds));
  if (parts.length === 3) return resourceList(kinds, group, version);
  const found = groupsOf(kinds).includes(group);
  return found ? json({ kind: 'APIGroup', apiVersion: 'v1', ...groupBody(kinds, group) }) : pageNotFound();
}

/** What `kubectl get --raw /` lists: of a real server's paths those that are answered here. */
function rootPaths(kinds: readonly Discovered[]): readonly string[] {
  const groups = groupsOf(kinds).flatMap((group) => [`/apis/${group}`, ...versionsOf(kinds, group).map((version) => `/apis/${group}/${version}`)]);
  return [
    OPENID_CONFIGURATION,
    '/api',
    '/api/v1',
    '/apis',
    '/apis/',
    ...groups,
    ...healthPaths,
    '/metrics',
    '/metrics/slis',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    JSON_WEB_KEYS,
    '/version',
  ].sort();
}

function aggregatedOr(accept: string | undefined, kinds: readonly Discovered[], groups: readonly string[], legacy: () => object): Answer {
  const version = aggregated(accept);
  return version === undefined ? json(legacy()) : aggregatedList(version, kinds, groups);
}

/** The first version asked for; kubectl before 1.30 knows v2beta1 alone. */
function aggregated(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of parseAccept(accept ?? '')) {
    if (type === 'application/json' && parameters['as'] === 'APIGroupDiscoveryList' && parameters['g'] === 'apidiscovery.k8s.io') {
      if (parameters['v'] === 'v2' || parameters['v'] === 'v2beta1') return parameters['v'];
    } else if (type === 'application/json') return undefined;
  }
  return undefined;
}

const legacyVersions = () => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' }],
});

const groupList = (kinds: readonly Discovered[]) => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupsOf(kinds).map((group) => groupBody(kinds, group)),
});

function groupBody(kinds: readonly Discovered[], group: string): object {
  const versions = versionsOf(kinds, group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceList(kinds: readonly Discovered[], group: string, version: string): Answer {
  const found = sorted(kinds, group, version);
  if (found.length === 0) return pageNotFound();
  const resources = found.flatMap(({ names, subresources, stored }) => [
    {
      name: names.plural,
      singularName: names.singular,
      namespaced: names.namespaced,
      kind: names.kind,
      verbs: names.verbs,
      ...(names.shortNames.length > 0 ? { shortNames: names.shortNames } : {}),
      ...(names.categories.length > 0 ? { categories: names.categories } : {}),
      ...(stored === undefined ? {} : { storageVersionHash: storageVersionHash(stored) }),
    },
    ...subresources.map((subresource) => ({
      name: `${names.plural}/${subresource.name}`,
      singularName: '',
      namespaced: names.namespaced,
      ...(subresource.version === '' ? {} : { group: subresource.group, version: subresource.version }),
      kind: subresource.kind,
      verbs: subresource.verbs,
    })),
  ]);
  return json({
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources,
  });
}

/** What 1.33 still keeps in an older version than it prefers. */
const STORED_VERSIONS: Readonly<Record<string, string>> = { IPAddress: 'v1beta1', ServiceCIDR: 'v1beta1', CustomResourceDefinition: 'v1beta1' };

/** discovery.StorageVersionHash. */
const storageVersionHash = (names: Pick<ResourceNames, 'group' | 'version' | 'kind'>): string =>
  createHash('sha256')
    .update(`${names.group}/${STORED_VERSIONS[names.kind] ?? names.version}/${names.kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64');

function aggregatedList(version: string, kinds: readonly Discovered[], groups: readonly string[]): Answer {
  const items = groups.map((group) => ({
    metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
    versions: versionsOf(kinds, group).map((one) => ({ version: one, resources: sorted(kinds, group, one).map(aggregatedResource), freshness: 'Current' })),
  }));
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
  return json(body, 200, { 'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList` });
}

function aggregatedResource({ names, subresources }: Discovered): object {
  return {
    resource: names.plural,
    // Kinds of the parent's own group and version are left blank there, as upstream leaves them.
    responseKind: { group: '', version: '', kind: names.kind },
    scope: names.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: names.singular,
    verbs: names.verbs,
    ...(names.shortNames.length > 0 ? { shortNames: names.shortNames } : {}),
    ...(names.categories.length > 0 ? { categories: names.categories } : {}),
    ...(subresources.length > 0
      ? {
          subresources: subresources.map(({ name, group, version, kind, verbs }) => ({ subresource: name, responseKind: { group, version, kind }, verbs })),
        }
      : {}),
  };
}
