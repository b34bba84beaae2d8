/** Namespace, names, labels, annotations, replicas and images (kustomize api/internal/builtins, api/filters). */
import { parseGoRegExp } from '../../text/go-regexp.js';
import { UsageError } from '../command.js';
import type { FieldSpec } from './field-specs.js';
import { atField, atFields, setEntry } from './fields.js';
import {
  currentId,
  findByAnyId,
  gvkOf,
  gvkText,
  isClusterScoped,
  isSameId,
  isSelected,
  kindOf,
  originalId,
  type Resource,
  storePreviousId,
} from './resource.js';
import { isTree, type Place, textOf, type Value } from './tree.js';

export function setNamespace(resources: readonly Resource[], namespace: string, specs: readonly FieldSpec[]): void {
  for (const resource of resources) {
    storePreviousId(resource);
    const set = (place: Place) => place.set(namespace);
    if (!isClusterScoped(gvkOf(resource))) atField(resource, { path: 'metadata/namespace', create: true }, set, 'scalar');
    if (['RoleBinding', 'ClusterRoleBinding'].includes(kindOf(resource))) {
      const subjects = resource.object['subjects'];
      // Only accounts that are called `default` follow
      if (Array.isArray(subjects)) for (const one of subjects) if (isTree(one) && one['name'] === 'default') one['namespace'] = namespace;
    }
    const isCore = textOf(resource.object['apiVersion']) === 'v1';
    atFields(
      resource,
      specs.filter(({ path }) => path !== 'metadata/namespace' && (isCore || path !== 'metadata/name')),
      set,
      'scalar',
    );
    const same = resources.filter((one) => isSameId(currentId(one), currentId(resource)));
    if (same.length !== 1)
      throw new UsageError(`namespace transformation produces ID conflict: [${same.map(({ object }) => JSON.stringify(object)).join(' ')}]`);
  }
}

/** Kinds that keep their names. */
const UNNAMED = [{ kind: 'CustomResourceDefinition' }, { group: 'apiregistration.k8s.io', kind: 'APIService' }, { kind: 'Namespace' }];

export function addToNames(resources: readonly Resource[], of: 'prefix' | 'suffix', text: string, specs: readonly FieldSpec[]): void {
  for (const resource of resources) {
    const id = originalId(resource);
    if (UNNAMED.some((selector) => isSelected(id, selector))) continue;
    for (const spec of specs) {
      if (!isSelected(id, spec)) continue;
      if (spec.path === 'metadata/name') {
        if (of === 'prefix') resource.prefixes = [...resource.prefixes, text];
        else resource.suffixes = [...resource.suffixes, text];
        storePreviousId(resource);
      }
      atField(resource, spec, (place) => {
        const old = textOf(place.get());
        place.set(of === 'prefix' ? `${text}${old}` : `${old}${text}`);
      });
    }
  }
}

/** Labels or annotations. */
export function addEntries(resources: readonly Resource[], entries: Readonly<Record<string, string>>, specs: readonly FieldSpec[]): void {
  for (const resource of resources) for (const key of Object.keys(entries).sort()) atFields(resource, specs, setEntry(key, entries[key] as string), 'map');
}

export interface Replica {
  readonly name?: string;
  readonly count?: number;
}

export function setReplicas(resources: readonly Resource[], { name = '', count = 0 }: Replica, specs: readonly FieldSpec[]): void {
  let isFound = false;
  for (const spec of specs) {
    for (const resource of findByAnyId(resources, (id) => id.name === name && isSelected(id, spec))) {
      isFound = true;
      atField(resource, spec, (place) => place.set(count), 'scalar');
    }
  }
  if (!isFound) throw new UsageError(`resource with name ${name} does not match a config with the following GVK [${specs.map(gvkText).join(' ')}]`);
}

export interface Image {
  readonly name?: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly tagSuffix?: string;
  readonly digest?: string;
}

export function setImages(resources: readonly Resource[], image: Image, specs: readonly FieldSpec[]): void {
  const set = (place: Place): void => {
    const value = place.get();
    if (value !== null && typeof value === 'object')
      throw new UsageError(`wrong node kind: expected ScalarNode but was ${Array.isArray(value) ? 'SequenceNode' : 'MappingNode'}`);
    const changed = newImage(textOf(value), image);
    if (changed !== undefined) place.set(changed);
  };
  // Lists called so, wherever they are, and then what the configuration says
  for (const resource of resources) if (kindOf(resource) !== 'CustomResourceDefinition') inContainers(resource.object, set);
  for (const resource of resources) if (kindOf(resource) !== 'CustomResourceDefinition') atFields(resource, specs, set);
}

function inContainers(value: Value, set: (place: Place) => void): void {
  if (Array.isArray(value)) for (const item of value) inContainers(item, set);
  if (!isTree(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    inContainers(inner, set);
    if (!['containers', 'initContainers'].includes(field) || !Array.isArray(inner)) continue;
    for (const item of inner) {
      if (isTree(item) && 'image' in item)
        set({
          get: () => item['image'],
          set(to) {
            item['image'] = to;
          },
        });
    }
  }
}

/** undefined: it is another image. The name is a pattern. */
function newImage(value: string, { name = '', newName = '', newTag = '', tagSuffix = '', digest = '' }: Image): string | undefined {
  const wanted = parseGoRegExp(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
  if ('problem' in wanted || !wanted.test(value)) return undefined;
  let [base, tag, hash] = splitImage(value);
  if (newName !== '') base = newName;
  if (newTag !== '') [tag, hash] = [newTag, digest];
  else if (digest !== '') [tag, hash] = ['', digest];
  else if (tagSuffix !== '') [tag, hash] = [`${tag}${tagSuffix}`, ''];
  return `${base}${tag === '' ? '' : `:${tag}`}${hash === '' ? '' : `@${hash}`}`;
}

function splitImage(image: string): [name: string, tag: string, digest: string] {
  const slash = Math.max(image.indexOf('/'), 0);
  const at = image.indexOf('@', slash);
  const colon = image.indexOf(':', slash);
  if (at < 0 && colon < 0) return [image, '', ''];
  if (at >= 0 && (colon < 0 || at < colon)) return [image.slice(0, at), '', image.slice(at + 1)];
  if (at >= 0) return [image.slice(0, colon), image.slice(colon + 1, at), image.slice(at + 1)];
  return [image.slice(0, colon), image.slice(colon + 1), ''];
}
