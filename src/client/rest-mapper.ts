/** Names → resources: `po`, `Pod`, `deployments.v1.apps`, `hpa.autoscal` (k8s.io/apimachinery/pkg/api/meta restmapper.go, client-go restmapper/). */
import type { KubeObject } from '../api/object.js';
import type { ResourcePath, RestClient } from './rest-client.js';

/** One version of a resource, as discovery tells it. */
export interface RestMapping extends ResourcePath {
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  /** Names of its subresources, with the group, version and kind of their bodies. */
  readonly subresources: Readonly<Record<string, { readonly group: string; readonly version: string; readonly kind: string }>>;
}

/** meta.NoKindMatchError. */
export class NoKindMatch extends Error {
  override readonly name = 'NoKindMatch';
  constructor(kind: string, groupVersion: string) {
    super(`no matches for kind "${kind}" in version "${groupVersion}"`);
  }
}

/** meta.NoResourceMatchError, in the words kubectl's checkErr gives it. */
export class NoResourceMatch extends Error {
  override readonly name = 'NoResourceMatch';
  constructor(
    readonly resource: string,
    group = '',
    version = '',
  ) {
    const inGroup = group === '' ? '' : ` in group "${group}"`;
    const inVersion = version === '' ? '' : group === '' ? ` in version "${version}"` : ` and version "${version}"`;
    super(`the server doesn't have a resource type "${resource}"${inGroup}${inVersion}`);
  }
}

export interface RestMapper {
  /** All versions of all resources, in the server's order of preference. */
  readonly mappings: readonly RestMapping[];
  /** `TYPE[.VERSION][.GROUP]` as the command line has it, or undefined. */
  find(argument: string): RestMapping | undefined;
  /** Like {@link find}; throws the words of resource.Builder: `the server doesn't have a resource type "foo"`. */
  resolve(argument: string): RestMapping;
  /** By resource name alone, for `explain` and `create role`: throws NoResourceMatch. */
  resourceFor(resource: string, group: string, version: string): RestMapping;
  /**
   * By what a manifest says, a kind in lower case too, and lists of kinds, which no server has (client-go restmapper/discovery.go);
   * throws NoKindMatch.
   */
  kindFor(apiVersion: string, kind: string): RestMapping;
  /** The preferred version of each resource of a category (`all`), or undefined when there is none of that name. */
  category(name: string): readonly RestMapping[] | undefined;
}

interface DiscoveryResource {
  readonly resource: string;
  readonly responseKind?: { readonly group?: string; readonly version?: string; readonly kind: string };
  readonly scope: string;
  readonly singularResource?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly {
    readonly subresource: string;
    readonly responseKind?: { readonly group?: string; readonly version?: string; readonly kind: string };
  }[];
}
interface GroupDiscovery extends KubeObject {
  readonly versions: readonly { readonly version: string; readonly resources?: readonly DiscoveryResource[] }[];
}

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/** Asks /api and /apis (aggregated discovery), or, of a server without it, every group and version. */
export async function discover(client: RestClient): Promise<readonly RestMapping[]> {
  const answers = await Promise.all(
    ['/api', '/apis'].map(
      async (path) => (await client.request('GET', path, { accept: AGGREGATED })).body as { kind?: string; items?: readonly GroupDiscovery[] },
    ),
  );
  const mappings: RestMapping[] = [];
  for (const [i, answer] of answers.entries()) {
    if (answer.kind === 'APIGroupDiscoveryList') {
      for (const group of answer.items ?? [])
        for (const version of group.versions)
          for (const resource of version.resources ?? []) mappings.push(mappingOf(group.metadata?.name ?? '', version.version, resource));
    } else mappings.push(...(await legacyDiscovery(client, i === 0 ? '' : '/apis', answer)));
  }
  return mappings;
}

function mappingOf(group: string, version: string, found: DiscoveryResource): RestMapping {
  return {
    group,
    version,
    resource: found.resource,
    kind: found.responseKind?.kind ?? '',
    namespaced: found.scope === 'Namespaced',
    singular: found.singularResource ?? '',
    shortNames: found.shortNames ?? [],
    categories: found.categories ?? [],
    verbs: found.verbs ?? [],
    subresources: Object.fromEntries(
      (found.subresources ?? []).map(({ subresource, responseKind }) => [
        subresource,
        { group: responseKind?.group || group, version: responseKind?.version || version, kind: responseKind?.kind ?? '' },
      ]),
    ),
  };
}

interface LegacyResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

async function legacyDiscovery(client: RestClient, prefix: string, answer: unknown): Promise<RestMapping[]> {
  const groupVersions =
    prefix === ''
      ? ((answer as { versions?: readonly string[] }).versions ?? [])
      : ((answer as { groups?: readonly { versions: readonly { groupVersion: string }[] }[] }).groups ?? []).flatMap((group) =>
          group.versions.map((v) => v.groupVersion),
        );
  const mappings: RestMapping[] = [];
  for (const groupVersion of groupVersions) {
    const list = (await client.request('GET', `${prefix === '' ? '/api' : prefix}/${groupVersion}`)).body as { resources?: readonly LegacyResource[] };
    const { group, version } = splitGroupVersion(groupVersion);
    const all = list.resources ?? [];
    for (const found of all.filter((one) => !one.name.includes('/')))
      mappings.push({
        group,
        version,
        resource: found.name,
        kind: found.kind,
        namespaced: found.namespaced,
        singular: found.singularName ?? '',
        shortNames: found.shortNames ?? [],
        categories: found.categories ?? [],
        verbs: found.verbs ?? [],
        subresources: Object.fromEntries(
          all
            .filter((one) => one.name.startsWith(`${found.name}/`))
            .map((one) => [one.name.slice(found.name.length + 1), { group: one.group ?? group, version: one.version ?? version, kind: one.kind }]),
        ),
      });
  }
  return mappings;
}

export function splitGroupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** `v1`, `apps/v1`. */
export const groupVersionOf = (mapping: Pick<RestMapping, 'group' | 'version'>): string =>
  mapping.group === '' ? mapping.version : `${mapping.group}/${mapping.version}`;

/** `pods`, `deployments.apps`: schema.GroupResource.String(). */
export const groupResourceOf = (mapping: Pick<RestMapping, 'group' | 'resource'>): string =>
  mapping.group === '' ? mapping.resource : `${mapping.resource}.${mapping.group}`;

/** `warn` hears of short names that more than one resource has (client-go restmapper/shortcut.go). */
export function restMapper(mappings: readonly RestMapping[], warn: (text: string) => void = () => undefined): RestMapper {
  /** DefaultRESTMapper.ResourcesFor with shortcuts expanded: exact group first, then a prefix of the group. */
  const search = (word: string, group: string | undefined, version: string | undefined): RestMapping | undefined => {
    const name = word.toLowerCase();
    // A short name of this very group stands for the resource in whatever version (shortcutExpander).
    const inGroup = (test: (candidate: string) => boolean, named: (mapping: RestMapping) => boolean, any = false) =>
      mappings.find((mapping) => test(mapping.group) && (any || version === undefined || mapping.version === version) && named(mapping));
    // Some kinds have no singular.
    const byName = (mapping: RestMapping) => name !== '' && (mapping.resource === name || mapping.singular === name);
    const byShort = (mapping: RestMapping) => mapping.shortNames.includes(name);
    for (const named of [byName, byShort]) {
      const found =
        group === undefined
          ? inGroup(() => true, named)
          : (inGroup((candidate) => candidate === group, named, named === byShort) ??
            (group === '' ? undefined : inGroup((candidate) => candidate.startsWith(group), named)));
      if (found === undefined) continue;
      if (named === byShort && group === undefined) warnOfOthers(name, found);
      return found;
    }
    return undefined;
  };
  const warnOfOthers = (name: string, found: RestMapping): void => {
    const others = new Set(mappings.filter((one) => one.shortNames.includes(name)).map(groupResourceOf));
    others.delete(groupResourceOf(found));
    for (const other of others) warn(`short name "${name}" could also match lower priority resource ${other}`);
  };
  const byKind = (kind: string, group: string | undefined, version: string | undefined): RestMapping | undefined =>
    mappings.find(
      (mapping) =>
        mapping.kind.toLowerCase() === kind.toLowerCase() &&
        (group === undefined || mapping.group === group) &&
        (version === undefined || mapping.version === version),
    );
  const find = (argument: string): RestMapping | undefined => {
    const [word = '', ...rest] = argument.split('.');
    if (rest.length >= 2) {
      const [version, ...group] = rest;
      const found = search(word, group.join('.'), version) ?? byKind(word, group.join('.'), version);
      if (found !== undefined) return found;
    }
    if (rest.length === 1) {
      // `pods.v1.` and `po.v1`: schema.ParseResourceArg needs three parts, but a lone version of the core group is looked up as a group and fails
      return search(word, rest[0] as string, undefined) ?? byKind(word, rest[0] as string, undefined);
    }
    const group = rest.length === 0 ? undefined : rest.join('.');
    return search(word, group, undefined) ?? byKind(word, group, undefined);
  };
  return {
    mappings,
    find,
    resolve(argument) {
      const found = find(argument);
      if (found === undefined) throw new NoResourceMatch(argument.split('.')[0] as string);
      return found;
    },
    resourceFor(resource, group, version) {
      const found = search(resource, group === '' ? undefined : group, version === '' ? undefined : version);
      if (found === undefined) throw new NoResourceMatch(resource, group, version);
      return found;
    },
    kindFor(apiVersion, kind) {
      const { group, version } = splitGroupVersion(apiVersion);
      // Of no version: of any, and asked for as such, which finds nothing
      const isOne = (one: RestMapping) => one.group === group && (version === '' || one.version === version);
      const found = mappings.find((one) => isOne(one) && (one.kind === kind || one.kind.toLowerCase() === kind));
      if (found !== undefined) return version === '' ? { ...found, version } : found;
      const item = mappings.find((one) => isOne(one) && (kind === 'List' || `${one.kind}List` === kind));
      if (item === undefined) throw new NoKindMatch(kind, apiVersion);
      return { ...item, kind, resource: `${kind.toLowerCase()}s`, singular: kind.toLowerCase(), namespaced: kind !== 'List' && item.namespaced };
    },
    category(name) {
      const seen = new Set<string>();
      const found = mappings.filter((mapping) => {
        const id = groupResourceOf(mapping);
        if (!mapping.categories.includes(name) || seen.has(id)) return false;
        seen.add(id);
        return true;
      });
      return found.length === 0 ? undefined : found;
    },
  };
}
