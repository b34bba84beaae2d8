/** configMapGenerator and secretGenerator (kustomize api/internal/generators, api/kv, api/hasher). */
import { UsageError } from '../command.js';
import { hashSuffix, isText } from '../keyed-data.js';
import { type Loader, loadFile } from './loader.js';
import {
  append,
  type Behavior,
  currentId,
  findByAnyId,
  goId,
  isSameId,
  kindOf,
  metadataMap,
  metadataOf,
  nameOf,
  namespaceOf,
  type Resource,
  resourceOf,
  setMetadata,
  setMetadataMap,
  storePreviousId,
} from './resource.js';
import { goList, isTree, type Tree, textOf, withPrefix } from './tree.js';

export interface GeneratorOptions {
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
export interface GeneratorArgs {
  readonly name?: string;
  readonly namespace?: string;
  readonly behavior?: string;
  readonly files?: readonly string[];
  readonly literals?: readonly string[];
  readonly env?: string;
  readonly envs?: readonly string[];
  readonly type?: string;
  readonly options?: GeneratorOptions;
}

/** types.MergeGlobalOptionsIntoLocal. */
function mergedOptions(own: GeneratorOptions | undefined, all: GeneratorOptions | undefined): GeneratorOptions | undefined {
  if (all === undefined) return own;
  if (own === undefined) return all;
  const map = (field: 'labels' | 'annotations') => (own[field] === undefined && all[field] === undefined ? {} : { [field]: { ...all[field], ...own[field] } });
  return {
    ...map('labels'),
    ...map('annotations'),
    disableNameSuffixHash: own.disableNameSuffixHash === true || all.disableNameSuffixHash === true,
    immutable: own.immutable === true || all.immutable === true,
  };
}

export async function generate(loader: Loader, kind: 'ConfigMap' | 'Secret', args: GeneratorArgs, all: GeneratorOptions | undefined): Promise<Resource> {
  const { name = '' } = args;
  if (name === '') throw new UsageError('a configmap must have a name');
  const options = mergedOptions(args.options, all);
  const data: Tree = {};
  const binaryData: Tree = {};
  const known = new Set<string>();
  for (const [key, bytes] of await pairsOf(loader, args)) {
    if (known.has(key)) throw new UsageError(`configmap ${name} illegally repeats the key \`${key}\``);
    known.add(key);
    if (kind === 'Secret') data[key] = base64(bytes);
    else if (isText(bytes)) data[key] = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    else binaryData[key] = base64(bytes);
  }
  const resource = resourceOf({
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(args.namespace === undefined || args.namespace === '' ? {} : { namespace: args.namespace }) },
    ...(kind === 'Secret' ? { type: args.type || 'Opaque', data } : {}),
    ...(kind === 'ConfigMap' && Object.keys(data).length > 0 ? { data } : {}),
    ...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
    ...(options?.immutable === true ? { immutable: true } : {}),
  });
  for (const field of ['labels', 'annotations'] as const) if (options?.[field] !== undefined) setMetadataMap(resource, field, options[field]);
  resource.needsHash = options?.disableNameSuffixHash !== true;
  resource.behavior = ['create', 'replace', 'merge'].includes(args.behavior ?? '') ? (args.behavior as Behavior) : 'unspecified';
  return resource;
}

/** In lines of 70 characters, if there is more than one. */
function base64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64');
  return text.length <= 70 ? text : text.replace(/.{1,70}/g, '$&\n');
}

type Pair = readonly [string, Uint8Array];

async function pairsOf(loader: Loader, args: GeneratorArgs): Promise<readonly Pair[]> {
  const { files = [], literals = [] } = args;
  const envs = [...(args.envs ?? []), ...(args.env === undefined || args.env === '' ? [] : [args.env])];
  const pairs: Pair[] = [];
  try {
    for (const path of envs) pairs.push(...(await linesOf(loader, path)));
  } catch (error) {
    throw withPrefix(`loading KV pairs: env source files: ${goList(envs)}`, error);
  }
  try {
    for (const literal of literals) {
      const equals = literal.indexOf('=');
      if (equals <= 0) throw new UsageError(`invalid literal source ${literal}, expected key=value`);
      pairs.push([literal.slice(0, equals), Buffer.from(literal.slice(equals + 1).replace(/^(["'])([\s\S]*)\1$/, '$2'))]);
    }
  } catch (error) {
    throw withPrefix(`loading KV pairs: literal sources ${goList(literals)}`, error);
  }
  try {
    for (const source of files) {
      const [key, path] = fileSource(source);
      pairs.push([key, await loadFile(loader, path)]);
    }
  } catch (error) {
    throw withPrefix(`loading KV pairs: file sources: ${goList(files)}`, error);
  }
  return pairs;
}

async function linesOf(loader: Loader, path: string): Promise<readonly Pair[]> {
  const text = new TextDecoder().decode(await loadFile(loader, path));
  return text.split('\n').flatMap((whole): Pair[] => {
    const line = whole.replace(/\r$/, '').trimStart();
    if (line === '' || line.startsWith('#')) return [];
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    return key === '' ? [] : [[key, Buffer.from(equals < 0 ? '' : line.slice(equals + 1))]];
  });
}

function fileSource(source: string): readonly [key: string, path: string] {
  const parts = source.split('=');
  if (parts.length === 1) return [source.replace(/\/+$/, '').split('/').at(-1) as string, source];
  if (parts.length > 2) throw new UsageError(`source ${JSON.stringify(source)} key name or file path contains '='`);
  const [key, path] = parts as [string, string];
  if (key === '') throw new UsageError(`missing key name for file path ${JSON.stringify(path)} in source ${JSON.stringify(source)}`);
  if (path === '') throw new UsageError(`missing file path for key name ${JSON.stringify(key)} in source ${JSON.stringify(source)}`);
  return [key, path];
}

/** ResMap.AbsorbAll: behavior create adds, merge and replace change what is there. */
export function absorb(resources: Resource[], made: Resource): void {
  const id = currentId(made);
  const found = findByAnyId(resources, (one) => isSameId(id, one));
  const [old] = found;
  if (found.length > 1)
    throw new UsageError(`found multiple objects ${goList(found.map((one) => JSON.stringify(one.object)))} that could accept merge of ${goId(id)}`);
  if (old === undefined) {
    if (made.behavior === 'merge' || made.behavior === 'replace') throw new UsageError(`id ${goId(id)} does not exist; cannot merge or replace`);
    append(resources, [made]);
    return;
  }
  if (made.behavior !== 'merge' && made.behavior !== 'replace') throw new UsageError(`id ${goId(id)} exists; behavior must be merge or replace`);
  for (const field of ['labels', 'annotations'] as const) setMetadataMap(made, field, { ...metadataMap(old, field), ...metadataMap(made, field) });
  setMetadata(made, 'name', nameOf(old));
  setMetadata(made, 'namespace', namespaceOf(old));
  Object.assign(made, { previous: old.previous, prefixes: old.prefixes, suffixes: old.suffixes, variables: old.variables });
  if (made.behavior === 'merge') {
    made.origin = old.origin;
    for (const field of ['data', 'binaryData'] as const) {
      const [before, now] = [old.object[field], made.object[field]];
      const merged = { ...(isTree(before) ? before : {}), ...(isTree(now) ? now : {}) };
      if (Object.keys(merged).length > 0) made.object[field] = merged;
      else delete made.object[field];
    }
  }
  made.behavior = old.behavior;
  made.needsHash &&= old.needsHash;
  resources[resources.indexOf(old)] = made;
}

/** HashTransformer: the hash of what is generated goes behind its name. */
export function addHashes(resources: readonly Resource[]): void {
  for (const resource of resources) {
    if (!resource.needsHash) continue;
    storePreviousId(resource);
    metadataOf(resource)['name'] = `${nameOf(resource)}-${hashSuffix(encoded(resource))}`;
  }
}

function encoded(resource: Resource): object {
  const { data, binaryData, stringData, type } = resource.object;
  // The name is looked for under "metadata/name", a field that nothing has
  const name = '';
  if (kindOf(resource) === 'ConfigMap') return { kind: 'ConfigMap', name, data: isTree(data) ? data : '', ...(isTree(binaryData) ? { binaryData } : {}) };
  return { kind: 'Secret', name, type: textOf(type), data: isTree(data) ? data : '', ...(isTree(stringData) ? { stringData } : {}) };
}
