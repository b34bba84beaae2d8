/** One object on its way through a build, and the names it has had (kustomize api/resource, kyaml resid). */
import { matchesSelector, parseSelector } from '../../api/selectors.js';
import { splitGroupVersion } from '../../client/rest-mapper.js';
import { parseGoRegExp } from '../../text/go-regexp.js';
import { UsageError } from '../command.js';
import { copyOf, isMissing, isTree, type Tree, textOf } from './tree.js';

export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
}

export type Behavior = 'unspecified' | 'create' | 'replace' | 'merge';

/** Changed in place by transformers; what kustomize notes in annotations and removes at the end stands beside the object. */
export interface Resource {
  object: Tree;
  /** Names, namespaces and kinds it had, oldest first. */
  previous: readonly { readonly name: string; readonly namespace: string; readonly kind: string }[];
  prefixes: readonly string[];
  suffixes: readonly string[];
  behavior: Behavior;
  needsHash: boolean;
  /** Of a patch: what it may change. */
  mayRename: boolean;
  mayChangeKind: boolean;
  /** Variables whose value comes from here. */
  variables: readonly string[];
  /** Where it comes from: the text of the annotation, if somebody asked for it. */
  origin: string;
}

export const resourceOf = (object: Tree): Resource => ({
  object,
  previous: [],
  prefixes: [],
  suffixes: [],
  behavior: 'unspecified',
  needsHash: false,
  mayRename: false,
  mayChangeKind: false,
  variables: [],
  origin: '',
});

export const copyOfResource = (resource: Resource): Resource => ({ ...resource, object: copyOf(resource.object) });

/** The map at metadata.<field>, of the values that are there as text. */
export function metadataMap({ object }: Resource, field: 'labels' | 'annotations'): Record<string, string> {
  const map = isTree(object['metadata']) ? object['metadata'][field] : undefined;
  return isTree(map) ? Object.fromEntries(Object.entries(map).map(([key, value]) => [key, textOf(value)])) : {};
}

/** Puts a map there, or nothing when it is empty. */
export function setMetadataMap(resource: Resource, field: 'labels' | 'annotations', map: Readonly<Record<string, string>>): void {
  const metadata = metadataOf(resource);
  if (Object.keys(map).length > 0) metadata[field] = { ...map };
  else delete metadata[field];
}

export function metadataOf({ object }: Resource): Tree {
  if (!isTree(object['metadata'])) object['metadata'] = {};
  return object['metadata'] as Tree;
}

const metadataText = ({ object }: Resource, field: string): string => (isTree(object['metadata']) ? textOf(object['metadata'][field]) : '');
export const nameOf = (resource: Resource): string => metadataText(resource, 'name');
export const namespaceOf = (resource: Resource): string => metadataText(resource, 'namespace');
export const kindOf = ({ object }: Resource): string => textOf(object['kind']);

export function setMetadata(resource: Resource, field: 'name' | 'namespace', value: string): void {
  if (value !== '') metadataOf(resource)[field] = value;
  else if (isTree(resource.object['metadata'])) delete resource.object['metadata'][field];
}

export const gvkOf = ({ object }: Resource): Gvk => ({ ...splitGroupVersion(textOf(object['apiVersion'])), kind: textOf(object['kind']) });
export const currentId = (resource: Resource): ResId => ({ ...gvkOf(resource), name: nameOf(resource), namespace: namespaceOf(resource) });

/** Oldest first, without the current one. */
export function previousIds(resource: Resource): readonly ResId[] {
  const { group, version } = gvkOf(resource);
  return resource.previous.map((one) => ({ group, version, ...one }));
}
export const originalId = (resource: Resource): ResId => previousIds(resource)[0] ?? currentId(resource);
export const allIds = (resource: Resource): readonly ResId[] => [...previousIds(resource), currentId(resource)];

/** Notes the current name before it changes. */
export function storePreviousId(resource: Resource): void {
  const id = currentId(resource);
  resource.previous = [...resource.previous, { name: id.name, namespace: effectiveNamespace(id), kind: id.kind }];
}

/** kyaml openapi precomputedIsNamespaceScoped: what is known for certain (Kubernetes 1.21) to be in no namespace. */
const CLUSTER_SCOPED: readonly (readonly [group: string, versions: readonly string[], kinds: readonly string[]])[] = [
  ['', ['v1'], ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume']],
  ['admissionregistration.k8s.io', ['v1', 'v1beta1'], ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']],
  ['apiextensions.k8s.io', ['v1', 'v1beta1'], ['CustomResourceDefinition']],
  ['apiregistration.k8s.io', ['v1', 'v1beta1'], ['APIService']],
  ['certificates.k8s.io', ['v1', 'v1beta1'], ['CertificateSigningRequest']],
  ['flowcontrol.apiserver.k8s.io', ['v1beta1'], ['FlowSchema', 'PriorityLevelConfiguration']],
  ['networking.k8s.io', ['v1', 'v1beta1'], ['IngressClass']],
  ['node.k8s.io', ['v1', 'v1beta1'], ['RuntimeClass']],
  ['policy', ['v1beta1'], ['PodSecurityPolicy']],
  ['rbac.authorization.k8s.io', ['v1', 'v1beta1'], ['ClusterRole', 'ClusterRoleBinding']],
  ['scheduling.k8s.io', ['v1', 'v1beta1'], ['PriorityClass']],
  ['storage.k8s.io', ['v1', 'v1beta1'], ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment']],
];

export const isClusterScoped = ({ group, version, kind }: Gvk): boolean =>
  CLUSTER_SCOPED.some(([inGroup, versions, kinds]) => group === inGroup && versions.includes(version) && kinds.includes(kind));

export const NO_NAMESPACE = '_non_namespaceable_';
export const effectiveNamespace = (id: ResId): string => (isClusterScoped(id) ? NO_NAMESPACE : id.namespace === '' ? 'default' : id.namespace);
export const isSameNamespace = (a: ResId, b: ResId): boolean => effectiveNamespace(a) === effectiveNamespace(b);
export const isSameGvk = (a: Gvk, b: Gvk): boolean => a.group === b.group && a.version === b.version && a.kind === b.kind;
export const isSameGvkn = (a: ResId, b: ResId): boolean => a.name === b.name && isSameGvk(a, b);
export const isSameId = (a: ResId, b: ResId): boolean => isSameNamespace(a, b) && isSameGvkn(a, b);

/** Gvk.IsSelected: what the selector leaves open matches. */
export const isSelected = (id: Gvk, selector: Partial<Gvk>): boolean =>
  (['group', 'version', 'kind'] as const).every((part) => (selector[part] ?? '') === '' || selector[part] === id[part]);

export const gvkText = ({ group, version, kind }: Partial<Gvk>): string => `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}`;
/** `Deployment.v1.apps/web.[noNs]`. */
export const idText = (id: Partial<ResId>): string => `${gvkText(id)}/${id.name || '[noName]'}.${id.namespace || '[noNs]'}`;

/** %#v of a resid.ResId. */
export const goId = (id: ResId): string => {
  const quoted = (['group', 'version', 'kind', 'name', 'namespace'] as const).map((part) => JSON.stringify(id[part]));
  return `resid.ResId{Gvk:resid.Gvk{Group:${quoted[0]}, Version:${quoted[1]}, Kind:${quoted[2]}, isClusterScoped:${isClusterScoped(id)}}, Name:${quoted[3]}, Namespace:${quoted[4]}}`;
};

/** Whom a patch, a replacement target or a rejection means: patterns for whole names, selectors of labels and annotations. */
export interface Target {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** What is no pattern matches nothing. */
export function matchesPattern(pattern: string | undefined, value: string): boolean {
  if (pattern === undefined || pattern === '') return true;
  const wanted = parseGoRegExp(`^(?:${pattern})$`);
  return !('problem' in wanted) && wanted.test(value);
}

export const matchesGvk = (target: Target, id: Gvk): boolean =>
  matchesPattern(target.group, id.group) && matchesPattern(target.version, id.version) && matchesPattern(target.kind, id.kind);

export function matchesSelectors(target: Target, resource: Resource): boolean {
  const matches = (text: string | undefined, map: Record<string, string>): boolean => {
    if (text === undefined || text === '') return true;
    const selector = parseSelector(text);
    if ('error' in selector) throw new UsageError(selector.error);
    return matchesSelector(selector, map);
  };
  return matches(target.labelSelector, metadataMap(resource, 'labels')) && matches(target.annotationSelector, metadataMap(resource, 'annotations'));
}

/** ResMap.Select. */
export const selectResources = (resources: readonly Resource[], target: Target): readonly Resource[] =>
  resources.filter((resource) => {
    const [current, original] = [currentId(resource), originalId(resource)];
    return (
      (matchesPattern(target.namespace, effectiveNamespace(original)) || matchesPattern(target.namespace, effectiveNamespace(current))) &&
      (matchesPattern(target.name, original.name) || matchesPattern(target.name, current.name)) &&
      matchesGvk(target, gvkOf(resource)) &&
      matchesSelectors(target, resource)
    );
  });

/** ResMap.GetMatchingResourcesByAnyId. */
export const findByAnyId = (resources: readonly Resource[], matches: (id: ResId) => boolean): readonly Resource[] =>
  resources.filter((resource) => allIds(resource).some(matches));

/** ResMap.Append: an id may be there once. */
export function append(resources: Resource[], added: readonly Resource[]): void {
  for (const resource of added) {
    const id = currentId(resource);
    if (resources.some((one) => isSameId(id, currentId(one)))) throw new UsageError(`may not add resource with an already registered id: ${idText(id)}`);
    resources.push(resource);
  }
}

/** Is there nothing left of it? */
export const isGone = ({ object }: Resource): boolean => isMissing(object) || Object.keys(object).length === 0;
