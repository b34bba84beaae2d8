/** patches, patchesStrategicMerge, patchesJson6902 (kustomize api/internal/builtins/Patch*Transformer.go). */
import { applyJsonPatch, JsonPatchError } from '../../api/json-patch.js';
import type { Json } from '../../api/object.js';
import { goJsonSyntaxError } from '../../text/go-json.js';
import { type ParsedYaml, parseYaml } from '../../text/yaml.js';
import { emitYaml } from '../../text/yaml-emitter.js';
import { UsageError } from '../command.js';
import { patchTypeOf } from '../patch-schema.js';
import { resourcesIn } from './documents.js';
import { type Loader, loadText } from './loader.js';
import { mergePatch } from './merge.js';
import {
  append,
  copyOfResource,
  findByAnyId,
  gvkOf,
  idText,
  isSameId,
  kindOf,
  nameOf,
  namespaceOf,
  originalId,
  type ResId,
  type Resource,
  selectResources,
  setMetadata,
  storePreviousId,
  type Target,
} from './resource.js';
import { copyOf, type Tree, type Value, withPrefix } from './tree.js';

export interface PatchEntry {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: Target;
  readonly options?: { readonly allowNameChange?: boolean; readonly allowKindChange?: boolean };
}

/** A patch read and ready: applied to the resources, which it may change, drop and reorder. */
export type Transformer = (resources: Resource[]) => void;

/** What a builtin's configuration failed with (kusttarget.go configureBuiltinPlugin). */
export async function configured<T>(name: string, config: object, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withPrefix(`trouble configuring builtin ${name} with config: \`\n${emitYaml(config)}\``, error);
  }
}

export const strategicPatches = (loader: Loader, paths: readonly string[]): Promise<Transformer> =>
  configured('PatchStrategicMergeTransformer', { paths }, async () => {
    const patches: Resource[] = [];
    for (const path of paths) {
      // What reads as objects is a patch; all else is the name of a file
      let found: Resource[] | undefined;
      try {
        found = resourcesIn(path);
      } catch {
        found = undefined;
      }
      patches.push(...(found ?? inFile(path, await loadText(loader, path))));
    }
    if (patches.length === 0) throw new UsageError(`patch appears to be empty; files=[${paths.join(' ')}], Patch=`);
    return (resources) => {
      for (const patch of patches) applyTo(resources, [byId(resources, originalId(patch))], patch);
    };
  });

function inFile(path: string, text: string): Resource[] {
  try {
    return resourcesIn(text);
  } catch (error) {
    if (error instanceof UsageError && error.message.includes('MalformedYAMLError')) throw new UsageError(`${error.message} in File: ${path}`);
    throw error;
  }
}

export const patch = (loader: Loader, entry: PatchEntry): Promise<Transformer> => {
  const { path = '', patch: inline = '', target, options } = entry;
  const config = {
    ...(path === '' ? {} : { path }),
    ...(inline === '' ? {} : { patch: inline }),
    ...(target === undefined ? {} : { target }),
    ...(options === undefined ? {} : { options }),
  };
  return configured('PatchTransformer', config, async () => {
    const trimmed = inline.trim();
    if (trimmed === '' && path === '') throw new UsageError(`must specify one of patch and path in\n${emitYaml(config)}`);
    if (trimmed !== '' && path !== '') throw new UsageError(`patch and path can't be set at the same time\n${emitYaml(config)}`);
    const source = trimmed === '' ? `[path: ${JSON.stringify(path)}]` : `[patch: ${JSON.stringify(trimmed)}]`;
    let text = trimmed;
    try {
      if (text === '') text = await loadText(loader, path);
    } catch (error) {
      throw withPrefix(`failed to get the patch file from path(${path})`, error);
    }
    const merges = attempt(() => resourcesIn(text));
    const operations = attempt(() => operationsIn(text));
    if ((merges?.length ?? 0) > 0 && (operations?.length ?? 0) > 0) throw new UsageError(`illegally qualifies as both an SM and JSON patch: ${source}`);
    if (merges === undefined && operations === undefined) throw new UsageError(`unable to parse SM or JSON patch from ${source}`);
    if (merges !== undefined && (merges.length > 0 || operations !== undefined)) {
      for (const one of merges) Object.assign(one, { mayRename: options?.allowNameChange === true, mayChangeKind: options?.allowKindChange === true });
      return merges.length === 0 ? () => undefined : (resources: Resource[]) => mergeAll(resources, merges, target, source);
    }
    return (resources: Resource[]) => {
      // Nothing that merges, and no list: taken for operations, and read when they are carried out
      if (operations === undefined) throw new UsageError('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
      operateAll(resources, operations, target, source);
    };
  });
};

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** jsonpatch.DecodePatch of JSON or of YAML's first document. */
function operationsIn(text: string): readonly Json[] {
  // What begins with a bracket is JSON and nothing else
  const parsed = text.startsWith('[') ? parsedJson(text) : parseYaml(text.split(/^---.*$/m).find((part) => part.trim() !== '') ?? '');
  if ('error' in parsed) throw new UsageError(parsed.error);
  const { value } = parsed;
  if (value === null) return [];
  if (!Array.isArray(value) || value.some((one) => one !== null && (typeof one !== 'object' || Array.isArray(one)))) throw new UsageError('no operations');
  return value as readonly Json[];
}

function parsedJson(text: string): ParsedYaml {
  const error = goJsonSyntaxError(text);
  return error === undefined ? { value: JSON.parse(text) as unknown } : { error };
}

function mergeAll(resources: Resource[], patches: readonly Resource[], target: Target | undefined, source: string): void {
  if (target !== undefined) {
    if (patches.length > 1)
      throw new UsageError(`Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`);
    applyTo(resources, selectResources(resources, target), patches[0] as Resource);
    return;
  }
  for (const one of patches) {
    const id = originalId(one);
    let found: Resource;
    try {
      found = byId(resources, id);
    } catch (error) {
      throw withPrefix(`no resource matches strategic merge patch ${JSON.stringify(idText(id))}`, error);
    }
    applyStrategic(found, one);
  }
}

/** ResMap.GetById. */
function byId(resources: readonly Resource[], id: ResId): Resource {
  const found = findByAnyId(resources, (one) => isSameId(id, one));
  if (found.length === 1) return found[0] as Resource;
  throw new UsageError(`${found.length > 1 ? 'multiple' : 'no'} matches for Id ${idText(id)}; failed to find unique target for patch ${idText(id)}`);
}

/** ResMap.ApplySmPatch: to those selected, and what is gone afterwards is left out. */
function applyTo(resources: Resource[], selected: readonly Resource[], patch: Resource): void {
  const left: Resource[] = [];
  for (const resource of resources) {
    if (selected.includes(resource)) {
      const own = copyOfResource(patch);
      Object.assign(own.object, { apiVersion: resource.object['apiVersion'] as Value });
      applyStrategic(resource, own);
    }
    if (Object.keys(resource.object).length > 0) append(left, [resource]);
  }
  resources.splice(0, resources.length, ...left);
}

function applyStrategic(resource: Resource, patch: Resource): void {
  const [name, namespace, kind] = [nameOf(resource), namespaceOf(resource), kindOf(resource)];
  if (patch.mayRename || patch.mayChangeKind) storePreviousId(resource);
  const { group } = gvkOf(resource);
  const merged = mergePatch(resource.object, copyOf(patch.object), patchTypeOf(group, kind));
  resource.object = merged ?? {};
  if (merged === undefined) return;
  if (!patch.mayChangeKind) resource.object['kind'] = kind;
  if (!patch.mayRename) setMetadata(resource, 'name', name);
  setMetadata(resource, 'namespace', namespace);
}

function operateAll(resources: readonly Resource[], operations: readonly Json[], target: Target | undefined, source: string): void {
  if (target === undefined) throw new UsageError(`must specify a target for JSON patch ${source}`);
  for (const resource of selectResources(resources, target)) {
    storePreviousId(resource);
    operate(resource, operations);
  }
}

function operate(resource: Resource, operations: readonly Json[]): void {
  try {
    resource.object = applyJsonPatch(resource.object as Json, operations as Json) as unknown as Tree;
  } catch (error) {
    throw error instanceof JsonPatchError ? new UsageError(error.message) : error;
  }
}

export const json6902Patch = (loader: Loader, { path = '', patch: inline = '', target }: PatchEntry): Promise<Transformer> => {
  const config = { ...(target === undefined ? {} : { target }), ...(path === '' ? {} : { path }), ...(inline === '' ? {} : { jsonOp: inline }) };
  return configured('PatchJson6902Transformer', config, async () => {
    if ((target?.name ?? '') === '') throw new UsageError('must specify the target name');
    if (path === '' && inline === '') throw new UsageError('empty file path and empty jsonOp');
    if (path !== '' && inline !== '') throw new UsageError('must specify a file path or jsonOp, not both');
    const text = path === '' ? inline : await loadText(loader, path);
    if (text === '') throw new UsageError(`patch file '${path}' empty seems to be empty`);
    const parsed = text.startsWith('[') ? parsedJson(text) : parseYaml(text);
    if ('error' in parsed)
      throw new UsageError(text.startsWith('[') ? `decoding ${text}: ${parsed.error}` : `error converting YAML to JSON: yaml: ${parsed.error}`);
    const operations = parsed.value as Json;
    if (operations !== null && !Array.isArray(operations))
      throw new UsageError(`decoding ${JSON.stringify(operations)}: json: cannot unmarshal object into Go value of type jsonpatch.Patch`);
    if (operations === null || (operations as readonly Json[]).length === 0) throw new UsageError(`patch appears to be empty; file=${path}, JsonOp=${text}`);
    return (resources) => {
      for (const resource of selectResources(resources, target as Target)) operate(resource, operations as readonly Json[]);
    };
  });
};
