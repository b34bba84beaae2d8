/** Builds a kustomization (sigs.k8s.io/kustomize api/krusty, api/internal/target): resources, generators, components, transformers. */

import { emitYaml } from '../../text/yaml-emitter.js';
import { UsageError } from '../command.js';
import type { Files } from '../files.js';
import { builtinGenerators, builtinTransformers } from './builtins.js';
import { configurationOfCrds } from './crds.js';
import { resourcesIn } from './documents.js';
import { DEFAULT_CONFIG, EMPTY_CONFIG, type FieldSpec, mergeConfigs, mergeSpecs, type TransformerConfig } from './field-specs.js';
import { absorb, addHashes, generate } from './generators.js';
import { checkKustomization, decodeConfig, decodeKustomization, deprecations, type Kustomization, type SortOptions } from './kustomization.js';
import { type Loader, loaderBelow, loaderOf, loadText } from './loader.js';
import { fixReferences } from './name-references.js';
import { configured, json6902Patch, patch, strategicPatches, type Transformer } from './patches.js';
import { applyReplacements, loadReplacements } from './replacements.js';
import { append, currentId, gvkOf, gvkText, isGone, isSameGvk, metadataMap, type Resource, setMetadataMap } from './resource.js';
import { addEntries, addToNames, setImages, setNamespace, setReplicas } from './transformers.js';
import { isTree, prefixed, withPrefix } from './tree.js';
import { addVariables, mergeVariables, resolveVariables, type Variable } from './variables.js';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What kustomize has besides, and podsim has not. */
const UNSUPPORTED = ['openapi', 'validators'] as const;

export interface BuildOptions {
  /** Hears of fields that are out of use. */
  readonly warn?: (text: string) => void;
  readonly order?: 'legacy' | 'none';
  /** Files may lie outside the directory. */
  readonly isFree?: boolean;
  /** What is at a URL. */
  readonly read?: (url: string) => Promise<string>;
}

/** ResAccumulator. */
interface Accumulator {
  readonly resources: Resource[];
  config: TransformerConfig;
  readonly variables: Variable[];
}

interface Target {
  readonly loader: Loader;
  readonly spec: Kustomization;
  readonly fileName: string;
  /** Its directory, from where the build began. */
  readonly origin: string;
}

/** filepath.Join of two relative paths. */
function joined(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${directory}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/') || '.';
}

/** The objects as a YAML stream. */
export async function buildKustomization(
  files: Files,
  directory: string,
  { warn = () => undefined, order = 'legacy', isFree = false, read }: BuildOptions = {},
): Promise<string> {
  const builder = new Builder(warn);
  const target = await builder.load(await loaderOf(files, directory, isFree, read));
  const { resources, config, variables } = await builder.accumulate(target, emptyAccumulator());
  addHashes(resources);
  fixReferences(resources, config.nameReference);
  resolveVariables(resources, variables, config.varReference, warn);
  const { sortOptions, buildMetadata = [] } = target.spec;
  const left = sorted(
    resources.filter((one) => (metadataMap(one, 'annotations')['config.kubernetes.io/local-config'] ?? 'false') === 'false'),
    sortOptions ?? { order: order === 'legacy' ? 'legacy' : 'fifo' },
  );
  if (buildMetadata.includes('managedByLabel'))
    addEntries(left, { 'app.kubernetes.io/managed-by': 'kustomize-(devel)' }, [{ path: 'metadata/labels', create: true }]);
  for (const one of left) {
    const origin = buildMetadata.includes('originAnnotations') ? { 'config.kubernetes.io/origin': one.origin } : {};
    if (isTree(one.object['metadata'])) setMetadataMap(one, 'annotations', { ...metadataMap(one, 'annotations'), ...origin });
  }
  return left.map(({ object }) => emitYaml(object)).join('---\n');
}

const emptyAccumulator = (): Accumulator => ({ resources: [], config: EMPTY_CONFIG, variables: [] });

class Builder {
  constructor(private readonly warn: (text: string) => void) {}

  /** KustTarget.Load. */
  async load(loader: Loader, origin = ''): Promise<Target> {
    const { files, root } = loader;
    const found: string[] = [];
    for (const name of NAMES) if ((await files.kind(`${root}/${name}`))?.kind === 'file') found.push(name);
    const [name] = found;
    if (name === undefined) throw new UsageError(`unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${root}'`);
    if (found.length > 1) throw new UsageError(`Found multiple kustomization files under: ${root}\n`);
    const spec = decodeKustomization(await files.read(`${root}/${name}`));
    for (const text of deprecations(spec)) this.warn(text);
    checkKustomization(spec, root);
    for (const field of UNSUPPORTED)
      if (Object.keys(spec[field] ?? {}).length > 0) throw new UsageError(`podsim's kustomize does not support the field "${field}"`);
    return { loader, spec, origin, fileName: name };
  }

  /** KustTarget.accumulateTarget: a component adds to what there is. */
  async accumulate(target: Target, accumulator: Accumulator): Promise<Accumulator> {
    const { loader, spec } = target;
    try {
      for (const path of [...(spec.resources ?? []), ...(spec.bases ?? [])]) await this.addResource(target, accumulator, path);
    } catch (error) {
      throw withPrefix('accumulating resources', error);
    }
    accumulator.config = mergeConfigs(accumulator.config, await configurationOf(loader, spec.configurations ?? []));
    accumulator.config = mergeConfigs(accumulator.config, await configurationOfCrds(loader, spec.crds ?? []));
    await this.runGenerators(target, accumulator);
    let all = accumulator;
    try {
      for (const path of spec.components ?? []) all = await this.addComponent(target, all, path);
    } catch (error) {
      throw withPrefix('accumulating components', error);
    }
    const own = await transformersOf(target, all.config);
    const plugins = await builtinTransformers(loader, await this.pluginsIn(target, spec.transformers ?? []));
    for (const transform of [...own, ...plugins]) {
      transform(all.resources);
      const left = all.resources.filter((one) => !isGone(one));
      if (left.length < all.resources.length) all.resources.splice(0, all.resources.length, ...left);
    }
    addVariables(all.variables, all.resources, spec.vars ?? []);
    return all;
  }

  /** Configurations of plugins: in the text itself, in files, or built of directories. */
  private async pluginsIn(target: Target, given: readonly string[]): Promise<readonly Resource[]> {
    const found = emptyAccumulator();
    const paths: string[] = [];
    for (const one of given) {
      let inline: readonly Resource[] | undefined;
      try {
        inline = resourcesIn(one);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
      }
      if (inline === undefined) paths.push(one);
      else {
        for (const resource of inline) resource.origin = `configuredIn: ${joined(target.origin, target.fileName)}\n`;
        append(found.resources, inline);
      }
    }
    for (const path of paths) {
      const before = found.resources.length;
      await this.addResource(target, found, path);
      for (const resource of found.resources.slice(before)) resource.origin = `configuredIn: ${joined(target.origin, path)}\n`;
    }
    return found.resources;
  }

  /** A file, or else a directory. */
  private async addResource({ loader, origin }: Target, accumulator: Accumulator, path: string): Promise<void> {
    let failure: UsageError;
    try {
      await addFile(loader, accumulator, path, joined(origin, path));
      return;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      failure = error;
    }
    const prefix = `accumulation err='${failure.message}'`;
    let below: Loader;
    try {
      below = await loaderBelow(loader, path);
    } catch (error) {
      throw failure.message.includes('MalformedYAMLError') ? failure : withPrefix(prefix, error);
    }
    try {
      const made = await this.accumulateDirectory(below, joined(origin, path), emptyAccumulator(), false);
      mergeInto(accumulator, made, below);
    } catch (error) {
      throw withPrefix(prefix, error);
    }
  }

  private async addComponent({ loader, origin }: Target, accumulator: Accumulator, path: string): Promise<Accumulator> {
    const quoted = (doing: string, error: unknown) => (error instanceof UsageError ? new UsageError(`${doing} ${JSON.stringify(error.message)}`) : error);
    let below: Loader;
    try {
      below = await loaderBelow(loader, path);
    } catch (error) {
      throw quoted('loader.New', error);
    }
    try {
      const made = await this.accumulateDirectory(below, joined(origin, path), accumulator, true);
      const result = emptyAccumulator();
      mergeInto(result, made, below);
      return result;
    } catch (error) {
      throw quoted('accumulateDirectory:', error);
    }
  }

  private async accumulateDirectory(loader: Loader, origin: string, accumulator: Accumulator, isComponent: boolean): Promise<Accumulator> {
    let target: Target;
    try {
      target = await this.load(loader, origin);
    } catch (error) {
      throw withPrefix(`couldn't make target for path '${loader.root}'`, error);
    }
    const { kind = 'Kustomization' } = target.spec;
    if (isComponent && kind !== 'Component') throw new UsageError(`expected kind 'Component' for path '${loader.root}' but got '${kind}'`);
    if (!isComponent && kind === 'Component') throw new UsageError(`expected kind != 'Component' for path '${loader.root}'`);
    try {
      return await this.accumulate(target, accumulator);
    } catch (error) {
      throw withPrefix(`recursed accumulation of path '${loader.root}'`, error);
    }
  }

  private async runGenerators(target: Target, { resources }: Accumulator): Promise<void> {
    const { loader, spec, origin, fileName } = target;
    for (const chart of spec.helmCharts ?? []) {
      await configured('HelmChartInflationGenerator', { ...spec.helmGlobals, ...chart }, async () => {
        throw new UsageError('must specify --enable-helm');
      });
    }
    for (const [kind, list = []] of [['ConfigMap', spec.configMapGenerator] as const, ['Secret', spec.secretGenerator] as const]) {
      for (const args of list) {
        const made = await generate(loader, kind, args, spec.generatorOptions);
        made.origin = `configuredIn: ${joined(origin, fileName)}\n${emitYaml({ configuredBy: { apiVersion: 'builtin', kind: `${kind}Generator` } })}`;
        prefixed('merging from generator &{0xc000000000 <nil>}', () => absorb(resources, made));
      }
    }
    for (const made of await builtinGenerators(loader, await this.pluginsIn(target, spec.generators ?? [])))
      prefixed('merging from generator &{0xc000000000 <nil>}', () => absorb(resources, made));
  }
}

async function addFile(loader: Loader, { resources }: Accumulator, path: string, origin: string): Promise<void> {
  let found: Resource[];
  try {
    found = [];
    append(found, resourcesIn(await loadText(loader, path)));
    for (const one of found) one.origin = emitYaml({ path: origin });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const inFile = error.message.includes('MalformedYAMLError') ? ` in File: ${path}` : '';
    throw new UsageError(`accumulating resources from '${path}': ${error.message}${inFile}`);
  }
  prefixed(`merging resources from '${path}'`, () => append(resources, found));
}

/** ResAccumulator.MergeAccumulator. */
function mergeInto(accumulator: Accumulator, made: Accumulator, { root }: Loader): void {
  prefixed(`recursed merging from path '${root}'`, () => {
    append(accumulator.resources, made.resources);
    accumulator.config = mergeConfigs(accumulator.config, made.config);
    mergeVariables(accumulator.variables, made.variables);
  });
}

/** builtinconfig.MakeTransformerConfig. */
async function configurationOf(loader: Loader, paths: readonly string[]): Promise<TransformerConfig> {
  let config = DEFAULT_CONFIG;
  for (const path of paths) {
    config = mergeConfigs(config, { ...EMPTY_CONFIG, ...decodeConfig(await loadText(loader, path)) });
  }
  return config;
}

/** All are configured before the first is run (kusttarget_configplugin.go). */
async function transformersOf({ loader, spec }: Target, config: TransformerConfig): Promise<readonly Transformer[]> {
  const { namespace = '', namePrefix = '', nameSuffix = '', patchesStrategicMerge = [], commonAnnotations = {}, commonLabels = {} } = spec;
  const all: Transformer[] = [];
  if (patchesStrategicMerge.length > 0) all.push(await strategicPatches(loader, patchesStrategicMerge));
  for (const entry of spec.patches ?? []) all.push(await patch(loader, entry));
  if (namespace !== '') all.push((resources) => setNamespace(resources, namespace, config.namespace));
  if (namePrefix !== '') all.push((resources) => addToNames(resources, 'prefix', namePrefix, config.namePrefix));
  if (nameSuffix !== '') all.push((resources) => addToNames(resources, 'suffix', nameSuffix, config.nameSuffix));
  for (const label of spec.labels ?? []) {
    const specs = labelSpecs(label.fields ?? [], label.includeSelectors === true, label.includeTemplates === true, config);
    all.push((resources) => addEntries(resources, label.pairs ?? {}, specs));
  }
  all.push((resources) => addEntries(resources, commonLabels, config.commonLabels));
  all.push((resources) => addEntries(resources, commonAnnotations, config.commonAnnotations));
  for (const entry of spec.patchesJson6902 ?? []) all.push(await json6902Patch(loader, entry));
  for (const replica of spec.replicas ?? []) all.push((resources) => setReplicas(resources, replica, config.replicas));
  for (const image of [...(spec.images ?? []), ...(spec.imageTags ?? [])]) all.push((resources) => setImages(resources, image, config.images));
  const given = spec.replacements ?? [];
  if (given.length > 0) {
    const replacements = await configured('ReplacementTransformer', { Replacements: given }, () => loadReplacements(loader, given));
    all.push((resources) => applyReplacements(resources, replacements));
  }
  return all;
}

function labelSpecs(own: readonly FieldSpec[], inSelectors: boolean, inTemplates: boolean, config: TransformerConfig): readonly FieldSpec[] {
  try {
    const specs = mergeSpecs(own, config.labels);
    if (inSelectors) return mergeSpecs(specs, config.commonLabels);
    return mergeSpecs(inTemplates ? mergeSpecs(specs, config.templateLabels) : specs, [{ path: 'metadata/labels', create: true }]);
  } catch (error) {
    throw withPrefix('failed to merge labels', error);
  }
}

/** Kinds that come first and last in the order `legacy` (SortOrderTransformer.go). */
const FIRST = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

function sorted(resources: readonly Resource[], { order = '', legacySortOptions }: SortOptions): readonly Resource[] {
  if (order !== 'legacy') {
    if (order !== 'fifo') throw new UsageError(`the field 'sortOptions.order' must be one of [fifo, legacy]`);
    if (legacySortOptions !== undefined)
      throw new UsageError(`the field 'sortOptions.legacySortOptions' is set but the selected sort order is '${order}', not 'legacy'`);
    return resources;
  }
  const { orderFirst = FIRST, orderLast = LAST } = legacySortOptions ?? {};
  const rank = (kind: string) =>
    orderLast.includes(kind) ? 1 + orderLast.indexOf(kind) : orderFirst.includes(kind) ? orderFirst.indexOf(kind) - orderFirst.length : 0;
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const gvkKey = (one: Resource): string => {
    const { group, version, kind } = gvkOf(one);
    return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
  };
  const idKey = (one: Resource): string => {
    const id = currentId(one);
    return `${gvkText(id)}|${id.namespace || '~X'}|${id.name || '~N'}`;
  };
  return [...resources].sort((a, b) => {
    const [one, other] = [gvkOf(a), gvkOf(b)];
    return isSameGvk(one, other) ? compare(idKey(a), idKey(b)) : rank(one.kind) - rank(other.kind) || compare(gvkKey(a), gvkKey(b));
  });
}
