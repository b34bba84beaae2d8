/** `transformers:`, `generators:` and `validators:` that are kustomize's own plugins (api/internal/plugins/loader, builtinhelpers); others are not run. */
import { emitYaml } from '../../text/yaml-emitter.js';
import { UsageError } from '../command.js';
import type { FieldSpec } from './field-specs.js';
import { addHashes, type GeneratorArgs, generate } from './generators.js';
import type { Loader } from './loader.js';
import { json6902Patch, type PatchEntry, patch, strategicPatches, type Transformer } from './patches.js';
import { applyReplacements, loadReplacements, type Replacement } from './replacements.js';
import { gvkOf, gvkText, kindOf, nameOf, namespaceOf, type Resource } from './resource.js';
import { addEntries, addToNames, type Image, type Replica, setImages, setNamespace, setReplicas } from './transformers.js';
import type { Tree } from './tree.js';

/** A plugin's configuration, as far as ours have one. */
interface Config {
  readonly fieldSpecs?: readonly FieldSpec[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly namespace?: string;
  readonly imageTag?: Image;
  readonly replica?: Replica;
  readonly paths?: readonly string[];
  readonly patches?: string;
  readonly path?: string;
  readonly patch?: string;
  readonly jsonOp?: string;
  readonly target?: PatchEntry['target'];
  readonly options?: PatchEntry['options'];
  readonly replacements?: readonly Replacement[];
}

type MakeTransformer = (config: Config, loader: Loader, resource: Resource) => Transformer | Promise<Transformer>;

const TRANSFORMERS: Readonly<Record<string, MakeTransformer>> = {
  AnnotationsTransformer:
    ({ annotations = {}, fieldSpecs = [] }) =>
    (resources) =>
      addEntries(resources, annotations, fieldSpecs),
  HashTransformer: () => addHashes,
  ImageTagTransformer:
    ({ imageTag = {}, fieldSpecs = [] }) =>
    (resources) =>
      setImages(resources, imageTag, fieldSpecs),
  LabelTransformer:
    ({ labels = {}, fieldSpecs = [] }) =>
    (resources) =>
      addEntries(resources, labels, fieldSpecs),
  NamespaceTransformer: ({ fieldSpecs = [] }, _, resource) => {
    const namespace = namespaceOf(resource);
    return (resources) => {
      if (namespace !== '') setNamespace(resources, namespace, fieldSpecs);
    };
  },
  PatchJson6902Transformer: ({ target, path, jsonOp }, loader) =>
    json6902Patch(loader, {
      ...(target === undefined ? {} : { target }),
      ...(path === undefined ? {} : { path }),
      ...(jsonOp === undefined ? {} : { patch: jsonOp }),
    }),
  PatchStrategicMergeTransformer: ({ paths = [], patches = '' }, loader) => strategicPatches(loader, [...paths, ...(patches === '' ? [] : [patches])]),
  PatchTransformer: ({ path, patch: inline, target, options }, loader) =>
    patch(loader, {
      ...(path === undefined ? {} : { path }),
      ...(inline === undefined ? {} : { patch: inline }),
      ...(target === undefined ? {} : { target }),
      ...(options === undefined ? {} : { options }),
    }),
  PrefixTransformer:
    ({ prefix = '', fieldSpecs = [] }) =>
    (resources) => {
      if (prefix !== '') addToNames(resources, 'prefix', prefix, fieldSpecs);
    },
  ReplacementTransformer: async ({ replacements = [] }, loader) => {
    const all = await loadReplacements(loader, replacements);
    return (resources) => applyReplacements(resources, all);
  },
  ReplicaCountTransformer:
    ({ replica = {}, fieldSpecs = [] }) =>
    (resources) =>
      setReplicas(resources, replica, fieldSpecs),
  SuffixTransformer:
    ({ suffix = '', fieldSpecs = [] }) =>
    (resources) => {
      if (suffix !== '') addToNames(resources, 'suffix', suffix, fieldSpecs);
    },
};

/** One for each configuration. */
export async function builtinTransformers(loader: Loader, configs: readonly Resource[]): Promise<readonly Transformer[]> {
  const all: Transformer[] = [];
  for (const resource of configs) {
    checkOwn(resource, [...Object.keys(TRANSFORMERS), ...GENERATORS]);
    const make = TRANSFORMERS[kindOf(resource)];
    if (make === undefined) throw new UsageError(`plugin ${idOf(resource)} not a transformer`);
    all.push(await make(resource.object as Config, loader, resource));
  }
  return all;
}

const GENERATORS = ['ConfigMapGenerator', 'SecretGenerator'];

/** What each configuration generates, with where it comes from. */
export async function builtinGenerators(loader: Loader, configs: readonly Resource[]): Promise<readonly Resource[]> {
  const all: Resource[] = [];
  for (const resource of configs) {
    try {
      checkOwn(resource, [...GENERATORS, ...Object.keys(TRANSFORMERS)]);
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`loading generator plugins: failed to load generator: ${error.message}`);
      throw error;
    }
    const kind = kindOf(resource);
    if (!GENERATORS.includes(kind)) throw new UsageError(`loading generator plugins: plugin ${idOf(resource)} not a generator`);
    const { metadata: _, apiVersion: __, kind: ___, ...args } = resource.object as Tree;
    const named = { ...(args as GeneratorArgs), name: nameOf(resource), namespace: namespaceOf(resource) };
    const made = await generate(loader, kind === 'Secret' || kind === 'SecretGenerator' ? 'Secret' : 'ConfigMap', named, undefined);
    made.origin = `${resource.origin}${emitYaml({ configuredBy: { apiVersion: 'builtin', kind, name: nameOf(resource) } })}`;
    all.push(made);
  }
  return all;
}

function checkOwn(resource: Resource, known: readonly string[]): void {
  const gvk = gvkOf(resource);
  if (gvk.group !== '' || gvk.version !== 'builtin') throw new UsageError(`external plugins disabled; unable to load external plugin '${gvk.kind}'`);
  if (!known.includes(gvk.kind)) throw new UsageError(`unable to load builtin ${gvkText(gvk)}`);
}

const idOf = (resource: Resource): string => `${gvkText(gvkOf(resource))}/${nameOf(resource)}.${namespaceOf(resource) || '[noNs]'}`;
