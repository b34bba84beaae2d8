/** Builds a kustomization (sigs.k8s.io/kustomize): resources, generators and the transformers people use; what is not known is an error. */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { splitGroupVersion } from '../client/rest-mapper.js';
import { emitYaml } from '../text/yaml-emitter.js';
import { applyMerge, applyOperations, applyStrategic } from './apply-patch.js';
import { UsageError } from './command.js';
import type { Files } from './files.js';
import { hashSuffix, isText } from './keyed-data.js';
import { isMap, readDocuments } from './manifests.js';
import { patchTypeOf } from './patch-schema.js';
import { at, podTemplatePath, withAt } from './pod-specs.js';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

interface Kustomization {
  readonly resources?: readonly string[];
  readonly bases?: readonly string[];
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly labels?: readonly { readonly pairs?: Readonly<Record<string, string>>; readonly includeSelectors?: boolean; readonly includeTemplates?: boolean }[];
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly images?: readonly { readonly name: string; readonly newName?: string; readonly newTag?: string; readonly digest?: string }[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly configMapGenerator?: readonly GeneratorArgs[];
  readonly secretGenerator?: readonly (GeneratorArgs & { readonly type?: string })[];
  readonly generatorOptions?: GeneratorSettings;
  readonly patches?: readonly { readonly path?: string; readonly patch?: string; readonly target?: Target }[];
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly { readonly path?: string; readonly patch?: string; readonly target: Target }[];
}
interface GeneratorSettings {
  readonly disableNameSuffixHash?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface GeneratorArgs {
  readonly name: string;
  readonly namespace?: string;
  readonly behavior?: string;
  readonly files?: readonly string[];
  readonly literals?: readonly string[];
  readonly envs?: readonly string[];
  readonly options?: GeneratorSettings;
}
interface Target {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
}

/** What is built, with what is still to be renamed: references follow names. */
interface Built {
  readonly object: KubeObject;
  /** The name references to it use. */
  readonly original: string;
  readonly needsHash: boolean;
}

const KNOWN = [
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'namespace',
  'namePrefix',
  'nameSuffix',
  'commonLabels',
  'labels',
  'commonAnnotations',
  'images',
  'replicas',
  'configMapGenerator',
  'secretGenerator',
  'generatorOptions',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
];

/** What kustomize has besides, and podsim has not. */
const UNSUPPORTED = [
  'buildMetadata',
  'components',
  'configurations',
  'crds',
  'generators',
  'helmCharts',
  'helmGlobals',
  'openapi',
  'replacements',
  'sortOptions',
  'transformers',
  'validators',
  'vars',
];
const LISTS = ['resources', 'bases', 'patchesStrategicMerge'];

/** Fields with a newer name, in the order they are complained of. */
const DEPRECATED: readonly (readonly [string, string])[] = [
  ['bases', 'resources'],
  ['commonLabels', 'labels'],
  ['patchesJson6902', 'patches'],
  ['patchesStrategicMerge', 'patches'],
];

/** Kinds that come first, in this order (kustomize api/internal/builtins/SortOrderTransformer.go, order `legacy`). */
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

function legacyOrder(a: KubeObject, b: KubeObject): number {
  const rank = (kind: string) => (FIRST.includes(kind) ? FIRST.indexOf(kind) - FIRST.length : LAST.includes(kind) ? 1 + LAST.indexOf(kind) : 0);
  const text = (object: KubeObject) => `${object.kind}_${object.apiVersion}_${object.metadata.namespace ?? ''}_${object.metadata.name}`;
  return rank(a.kind) - rank(b.kind) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
}

/** The objects as a YAML stream, in kustomize's order. `warn` hears of fields that are out of use. */
export async function buildKustomization(
  files: Files,
  directory: string,
  warn: (text: string) => void = () => undefined,
  order: 'legacy' | 'none' = 'legacy',
): Promise<string> {
  if (directory === '') throw new UsageError('must build at directory: directory path cannot be empty');
  const root = directory.replace(/\/+$/, '') || '/';
  const used = await readKustomization(files, root);
  for (const [field, instead] of DEPRECATED) {
    if (field in used)
      warn(`# Warning: '${field}' is deprecated. Please use '${instead}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.\n`);
  }
  const built = await build(files, root, []);
  const objects = withHashes(built).map(({ object }) => object);
  return (order === 'legacy' ? [...objects].sort(legacyOrder) : objects).map((object) => emitYaml(object)).join('---\n');
}

async function build(files: Files, directory: string, seen: readonly string[]): Promise<readonly Built[]> {
  const path = files.path(directory);
  if (seen.includes(path)) throw new UsageError(`cycle detected: candidate root '${path}' contains visited root '${path}'`);
  const spec = await readKustomization(files, directory);
  let built: readonly Built[] = [];
  for (const entry of [...(spec.resources ?? []), ...(spec.bases ?? [])]) built = [...built, ...(await load(files, directory, entry, [...seen, path]))];
  for (const args of spec.configMapGenerator ?? [])
    built = merged(built, await generate(files, directory, 'ConfigMap', args, spec.generatorOptions), args.behavior);
  for (const args of spec.secretGenerator ?? []) built = merged(built, await generate(files, directory, 'Secret', args, spec.generatorOptions), args.behavior);
  built = await patched(files, directory, spec, built);
  return transformed(spec, built);
}

async function readKustomization(files: Files, directory: string): Promise<Kustomization> {
  const found: string[] = [];
  const kind = (await files.kind(directory))?.kind;
  if (kind === undefined)
    throw new UsageError(`must build at directory: not a valid directory: ${await evalSymlinkText(files, directory, files.path(directory))}`);
  if (kind === 'file') throw new UsageError(`must build at directory: '${directory}': file is not directory`);
  for (const name of NAMES) if ((await files.kind(`${directory}/${name}`))?.kind === 'file') found.push(name);
  if (found.length === 0) {
    throw new UsageError(`unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${files.path(directory)}'`);
  }
  if (found.length > 1) throw new UsageError(`Found multiple kustomization files under: ${files.path(directory)}\n`);
  const [document] = readDocuments(await files.read(`${directory}/${found[0]}`));
  if (document === undefined) throw new UsageError('kustomization.yaml is empty');
  if ('error' in document) throw new UsageError(`invalid Kustomization: ${document.error}`);
  if (!isMap(document.value)) throw new UsageError('invalid Kustomization: json: cannot unmarshal into Go value of type types.Kustomization');
  // Go's decoder takes names in any case
  const value = Object.fromEntries(
    Object.entries(document.value).map(([key, one]) => {
      const name = KNOWN.find((known) => known.toLowerCase() === key.toLowerCase());
      if (UNSUPPORTED.includes(key)) throw new UsageError(`podsim's kustomize does not support the field "${key}"`);
      if (name === undefined) throw new UsageError(`invalid Kustomization: json: unknown field "${key}"`);
      return [name, one];
    }),
  );
  checkTexts(value);
  const text = LISTS.find((key) => typeof value[key] === 'string');
  if (text !== undefined)
    throw new UsageError(`invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.${text} of type []string`);
  return value as unknown as Kustomization;
}

/** Values of labels and annotations must be texts; a bare `y` is a bool. */
function checkTexts(value: JsonObject): void {
  const maps: readonly (readonly [string, Json | undefined])[] = [
    ['Kustomization.commonLabels', value['commonLabels']],
    ['Kustomization.commonAnnotations', value['commonAnnotations']],
    ['GeneratorOptions.generatorOptions.labels', at(value, ['generatorOptions', 'labels'])],
    ['GeneratorOptions.generatorOptions.annotations', at(value, ['generatorOptions', 'annotations'])],
  ];
  for (const [field, map] of maps) {
    const wrong = isMap(map) ? Object.values(map).find((one) => typeof one !== 'string') : undefined;
    if (wrong === undefined || wrong === null) continue;
    const type = typeof wrong === 'boolean' ? 'bool' : Array.isArray(wrong) ? 'array' : typeof wrong;
    throw new UsageError(`invalid Kustomization: json: cannot unmarshal ${type} into Go struct field ${field} of type string`);
  }
}

async function load(files: Files, directory: string, entry: string, seen: readonly string[]): Promise<readonly Built[]> {
  const path = entry.startsWith('/') ? entry : `${directory}/${entry}`;
  const kind = await files.kind(path);
  if (kind === undefined) {
    throw new UsageError(
      `accumulating resources: accumulation err='accumulating resources from '${entry}': evalsymlink failure on '${files.path(path)}' : lstat ${files.path(path)}: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '${files.path(path)}' : lstat ${files.path(path)}: no such file or directory`,
    );
  }
  if (kind.kind === 'directory') return build(files, path, seen);
  return objectsIn(await files.read(path), entry).map((object) => ({ object, original: object.metadata?.name ?? '', needsHash: false }));
}

function objectsIn(text: string, name: string): readonly KubeObject[] {
  const objects: KubeObject[] = [];
  for (const document of readDocuments(text)) {
    if ('error' in document)
      throw new UsageError(
        `accumulating resources: accumulating resources from '${name}': ${document.error.replace('error converting YAML to JSON: yaml', 'MalformedYAMLError: yaml')}`,
      );
    const values =
      isMap(document.value) && String(document.value['kind']).endsWith('List') && Array.isArray(document.value['items'])
        ? document.value['items']
        : [document.value];
    for (const value of values as readonly Json[]) {
      if (!isMap(value) || typeof value['kind'] !== 'string')
        throw new UsageError(`accumulating resources: accumulating resources from '${name}': missing Resource metadata`);
      objects.push(value as unknown as KubeObject);
    }
  }
  return objects;
}

async function checkFile(files: Files, directory: string, path: string): Promise<string> {
  const whole = files.path(path.startsWith('/') ? path : `${directory}/${path}`);
  const kind = (await files.kind(whole))?.kind;
  if (kind === 'file') return whole;
  if (kind === 'directory') throw new UsageError(`'${whole}' must resolve to a file`);
  throw new UsageError(await evalSymlinkText(files, whole, whole));
}

/** kustomize's fileSystem CleanedAbs and lstat: what it says of the first part of a path that is not there. */
async function evalSymlinkText(files: Files, said: string, whole: string): Promise<string> {
  let missing = '';
  for (const part of whole.split('/').slice(1)) {
    missing += `/${part}`;
    if ((await files.kind(missing)) === undefined) break;
  }
  return `evalsymlink failure on '${said}' : lstat ${missing}: no such file or directory`;
}

/** api/kv/kv.go: what files, literals and env files hold. A key must not come twice. */
async function entriesOf(files: Files, directory: string, args: GeneratorArgs): Promise<readonly (readonly [string, Uint8Array])[]> {
  const entries: [string, Uint8Array][] = [];
  await during(`loading KV pairs: env source files: ${goList(args.envs ?? [])}`, async () => {
    for (const env of args.envs ?? []) {
      for (const line of (await files.read(await checkFile(files, directory, env))).split(/\r?\n/)) {
        const match = /^\s*([^#=\s][^=]*)=([\s\S]*)$/.exec(line);
        if (match !== null) entries.push([match[1] as string, Buffer.from(match[2] as string)]);
      }
    }
  });
  await during(`loading KV pairs: literal sources ${goList(args.literals ?? [])}`, async () => {
    for (const literal of args.literals ?? []) {
      const equals = literal.indexOf('=');
      if (equals <= 0) throw new UsageError(`invalid literal source ${literal}, expected key=value`);
      entries.push([literal.slice(0, equals), Buffer.from(literal.slice(equals + 1).replace(/^(["'])([\s\S]*)\1$/, '$2'))]);
    }
  });
  await during(`loading KV pairs: file sources: ${goList(args.files ?? [])}`, async () => {
    for (const file of args.files ?? []) {
      const [key, path, ...more] = file.split('=') as [string, string?, ...string[]];
      if (more.length > 0) throw new UsageError(`source "${file}" key name or file path contains '='`);
      const source = path ?? key;
      entries.push([path === undefined ? (source.split('/').at(-1) as string) : key, await files.readBytes(await checkFile(files, directory, source))]);
    }
  });
  return entries;
}

/** Puts before an error what was being done. */
async function during<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${doing}: ${error.message}`);
    throw error;
  }
}

const goList = (items: readonly string[]): string => `[${items.join(' ')}]`;

async function generate(
  files: Files,
  directory: string,
  kind: string,
  args: GeneratorArgs & { type?: string },
  options: GeneratorSettings = {},
): Promise<Built> {
  const settings = { ...options, ...args.options };
  const entries = await entriesOf(files, directory, args);
  const twice = entries.find(([key], i) => entries.findIndex(([other]) => other === key) < i)?.[0];
  if (twice !== undefined) throw new UsageError(`configmap ${args.name} illegally repeats the key \`${twice}\``);
  const text = entries.filter(([, bytes]) => kind === 'ConfigMap' && isText(bytes)).map(([key, bytes]) => [key, new TextDecoder().decode(bytes)]);
  const binary = entries.filter(([, bytes]) => kind === 'Secret' || !isText(bytes)).map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]);
  const data =
    kind === 'Secret'
      ? { data: Object.fromEntries(binary) }
      : { ...(text.length > 0 ? { data: Object.fromEntries(text) } : {}), ...(binary.length > 0 ? { binaryData: Object.fromEntries(binary) } : {}) };
  const object = {
    apiVersion: 'v1',
    kind,
    ...data,
    metadata: {
      name: args.name,
      ...(args.namespace === undefined ? {} : { namespace: args.namespace }),
      ...(settings.labels === undefined ? {} : { labels: settings.labels }),
      ...(settings.annotations === undefined ? {} : { annotations: settings.annotations }),
    },
    ...(kind === 'Secret' ? { type: args.type ?? 'Opaque' } : {}),
  } as KubeObject;
  return { object, original: args.name, needsHash: settings.disableNameSuffixHash !== true };
}

/** behavior: create (default), merge or replace an object of the bases. */
function merged(built: readonly Built[], made: Built, behavior = 'create'): readonly Built[] {
  const same = (one: Built) => one.object.kind === made.object.kind && one.original === made.original;
  if (behavior === 'create') return [...built, made];
  if (!built.some(same)) throw new UsageError(`id resid.ResId{Name:"${made.original}"} does not exist; cannot ${behavior}`);
  return built.map((one) =>
    same(one)
      ? {
          ...made,
          object: behavior === 'merge' ? (applyMerge(one.object as unknown as Json, made.object as unknown as Json) as unknown as KubeObject) : made.object,
        }
      : one,
  );
}

type PatchEntry = NonNullable<Kustomization['patches']>[number];

const configuring = (transformer: string, config: object): string =>
  `trouble configuring builtin ${transformer} with config: \`\n${emitYaml(config as Json)}\``;

async function patched(files: Files, directory: string, spec: Kustomization, built: readonly Built[]): Promise<readonly Built[]> {
  const merges = spec.patchesStrategicMerge ?? [];
  const patches: readonly (PatchEntry & { readonly doing: string })[] = [
    ...merges.map((entry) => ({
      ...(entry.includes('\n') ? { patch: entry } : { path: entry }),
      doing: configuring('PatchStrategicMergeTransformer', { paths: [...merges] }),
    })),
    ...(spec.patches ?? []).map((entry) => ({
      ...entry,
      doing: `${configuring('PatchTransformer', entry)}: failed to get the patch file from path(${entry.path})`,
    })),
    ...(spec.patchesJson6902 ?? []).map((entry) => ({ ...entry, doing: configuring('PatchJson6902Transformer', entry) })),
  ];
  let result = built;
  for (const { path = '', patch, target, doing } of patches) {
    const text = patch ?? (await during(doing, async () => files.read(await checkFile(files, directory, path))));
    for (const document of readDocuments(text)) {
      if ('error' in document) throw new UsageError(`unable to parse SM or JSON patch from [${text}]`);
      result = onePatch(result, document.value, target);
    }
  }
  return result;
}

function onePatch(built: readonly Built[], patch: Json, target: Target | undefined): readonly Built[] {
  const isJson = Array.isArray(patch);
  const own = isMap(patch) ? (patch as unknown as KubeObject) : undefined;
  const matches = (one: Built): boolean => {
    const { object } = one;
    if (target === undefined)
      return own !== undefined && object.kind === own.kind && (one.original === own.metadata?.name || object.metadata.name === own.metadata?.name);
    const { group, version } = splitGroupVersion(object.apiVersion);
    const anchored = (pattern: string | undefined, value: string) => pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value);
    return (
      anchored(target.kind, object.kind) &&
      (anchored(target.name, one.original) || anchored(target.name, object.metadata.name ?? '')) &&
      anchored(target.namespace, object.metadata.namespace ?? '') &&
      anchored(target.group, group) &&
      anchored(target.version, version) &&
      (target.labelSelector === undefined ||
        target.labelSelector.split(',').every((pair) => object.metadata.labels?.[pair.split('=')[0] as string] === pair.split('=').at(-1)))
    );
  };
  if (!built.some(matches) && target === undefined) {
    throw new UsageError(
      `no resource matches strategic merge patch "${own?.kind}.${own?.apiVersion}/${own?.metadata?.name}.[noNs]": no matches for Id ${own?.kind}.${own?.apiVersion}/${own?.metadata?.name}.[noNs]; failed to find unique target for patch ${own?.kind}.${own?.apiVersion}/${own?.metadata?.name}.[noNs]`,
    );
  }
  return built.flatMap((one) => {
    if (!matches(one)) return [one];
    if (isJson) return [{ ...one, object: applyOperations(one.object as unknown as Json, patch) as unknown as KubeObject }];
    if (isMap(patch) && patch['$patch'] === 'delete') return [];
    const { metadata, ...rest } = patch as JsonObject;
    // A patch names its target; that does not rename it.
    const change = { ...rest, ...(isMap(metadata) ? { metadata: { ...metadata, name: one.object.metadata.name } } : {}) } as JsonObject;
    const type = patchTypeOf(splitGroupVersion(one.object.apiVersion).group, one.object.kind) ?? {};
    return [{ ...one, object: applyStrategic(one.object as unknown as JsonObject, change, type, 'before') as unknown as KubeObject }];
  });
}

const CLUSTER_KINDS = [
  'Namespace',
  'Node',
  'PersistentVolume',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'StorageClass',
  'PriorityClass',
  'IngressClass',
  'APIService',
];

function transformed(spec: Kustomization, built: readonly Built[]): readonly Built[] {
  const names = new Map<string, string>();
  let result = built.map((one) => {
    let { object } = one;
    if (spec.namespace !== undefined && !CLUSTER_KINDS.includes(object.kind)) object = withAt(object, ['metadata', 'namespace'], spec.namespace);
    if (spec.namespace !== undefined && object.kind === 'Namespace' && object.metadata.name !== spec.namespace)
      object = withAt(object, ['metadata', 'name'], spec.namespace);
    if ((spec.namePrefix !== undefined || spec.nameSuffix !== undefined) && object.kind !== 'CustomResourceDefinition' && object.kind !== 'Namespace') {
      const name = `${spec.namePrefix ?? ''}${object.metadata.name}${spec.nameSuffix ?? ''}`;
      names.set(`${object.kind}/${object.metadata.name}`, name);
      object = withAt(object, ['metadata', 'name'], name);
    }
    return { ...one, object };
  });
  for (const [key, name] of names) result = result.map((one) => ({ ...one, object: renamed(one.object, key, name) }));
  const selected = {
    ...spec.commonLabels,
    ...Object.assign({}, ...(spec.labels ?? []).filter((entry) => entry.includeSelectors === true).map((entry) => entry.pairs)),
  };
  const plain = Object.assign({}, ...(spec.labels ?? []).filter((entry) => entry.includeSelectors !== true).map((entry) => entry.pairs)) as Record<
    string,
    string
  >;
  const templates = Object.assign({}, ...(spec.labels ?? []).filter((entry) => entry.includeTemplates === true).map((entry) => entry.pairs)) as Record<
    string,
    string
  >;
  return result.map((one) => {
    let { object } = one;
    if (Object.keys(selected).length > 0) object = labelled(object, selected, true, true);
    if (Object.keys(plain).length > 0) object = labelled(object, plain, false, false);
    if (Object.keys(templates).length > 0) object = labelled(object, templates, false, true);
    if (spec.commonAnnotations !== undefined) object = annotated(object, spec.commonAnnotations);
    for (const image of spec.images ?? []) object = withImages(object, image);
    for (const { name, count } of spec.replicas ?? []) {
      if (one.original === name && ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(object.kind))
        object = withAt(object, ['spec', 'replicas'], count);
    }
    return { ...one, object };
  });
}

const merge = (object: KubeObject, path: readonly string[], pairs: Readonly<Record<string, string>>): KubeObject => {
  const old = at(object as unknown as Json, path);
  return withAt(object, path, { ...(isMap(old) ? old : {}), ...pairs });
};

function labelled(object: KubeObject, pairs: Readonly<Record<string, string>>, selectors: boolean, templates: boolean): KubeObject {
  let result = merge(object, ['metadata', 'labels'], pairs);
  const path = podTemplatePath(object);
  if (templates && path !== undefined && path.length > 0) result = merge(result, [...path, 'metadata', 'labels'], pairs);
  if (!selectors) return result;
  if (['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].includes(object.kind)) return merge(result, ['spec', 'selector', 'matchLabels'], pairs);
  if (
    ['Service', 'ReplicationController'].includes(object.kind) &&
    (object.kind !== 'Service' || at(object as unknown as Json, ['spec', 'selector']) !== undefined)
  ) {
    return merge(result, ['spec', 'selector'], pairs);
  }
  if (object.kind === 'NetworkPolicy' && at(object as unknown as Json, ['spec', 'podSelector', 'matchLabels']) !== undefined)
    return merge(result, ['spec', 'podSelector', 'matchLabels'], pairs);
  if (object.kind === 'PodDisruptionBudget') return merge(result, ['spec', 'selector', 'matchLabels'], pairs);
  return result;
}

function annotated(object: KubeObject, pairs: Readonly<Record<string, string>>): KubeObject {
  const path = podTemplatePath(object);
  const result = merge(object, ['metadata', 'annotations'], pairs);
  return path !== undefined && path.length > 0 ? merge(result, [...path, 'metadata', 'annotations'], pairs) : result;
}

function withImages(object: KubeObject, image: NonNullable<Kustomization['images']>[number]): KubeObject {
  const path = podTemplatePath(object);
  if (path === undefined) return object;
  let result = object;
  for (const list of ['initContainers', 'containers']) {
    const containers = at(result as unknown as Json, [...path, 'spec', list]);
    if (!Array.isArray(containers)) continue;
    result = withAt(
      result,
      [...path, 'spec', list],
      containers.map((container: Json) => (isMap(container) ? { ...container, image: newImage(String(container['image'] ?? ''), image) } : container)),
    );
  }
  return result;
}

function newImage(reference: string, { name, newName, newTag, digest }: NonNullable<Kustomization['images']>[number]): string {
  const match = /^(.*?)(?::([^:/@]+))?(@.+)?$/.exec(reference);
  if (match === null || match[1] !== name) return reference;
  const ending = digest !== undefined ? `@${digest}` : newTag !== undefined ? `:${newTag}` : `${match[2] === undefined ? '' : `:${match[2]}`}${match[3] ?? ''}`;
  return `${newName ?? name}${ending}`;
}

/** References to `kind/name` in pod specs, role bindings, ingresses … take the new name. */
function renamed(object: KubeObject, key: string, name: string): KubeObject {
  const [kind, old] = key.split('/') as [string, string];
  const fields: Readonly<Record<string, readonly (readonly string[])[]>> = {
    ConfigMap: [
      ['configMap', 'name'],
      ['configMapRef', 'name'],
      ['configMapKeyRef', 'name'],
    ],
    Secret: [
      ['secret', 'secretName'],
      ['secret', 'name'],
      ['secretRef', 'name'],
      ['secretKeyRef', 'name'],
      ['imagePullSecrets', 'name'],
      ['tls', 'secretName'],
      ['secrets', 'name'],
    ],
    Service: [
      ['service', 'name'],
      ['spec', 'serviceName'],
    ],
    ServiceAccount: [
      ['spec', 'serviceAccountName'],
      ['subjects', 'name'],
    ],
    PersistentVolumeClaim: [['persistentVolumeClaim', 'claimName']],
    Deployment: [['scaleTargetRef', 'name']],
    StatefulSet: [['scaleTargetRef', 'name']],
    Role: [['roleRef', 'name']],
    ClusterRole: [['roleRef', 'name']],
    PriorityClass: [['spec', 'priorityClassName']],
    StorageClass: [['spec', 'storageClassName']],
  };
  const wanted = fields[kind];
  if (wanted === undefined) return object;
  const walk = (value: Json, parent: string): Json => {
    if (Array.isArray(value)) return value.map((item) => walk(item as Json, parent));
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([field, inner]) => [
        field,
        wanted.some(([on, own]) => on === parent && own === field) && inner === old ? name : walk((inner ?? null) as Json, field),
      ]),
    );
  };
  return walk(object as unknown as Json, '') as unknown as KubeObject;
}

/** Generated config maps and secrets get the hash of their content behind their names, and so do references to them. */
function withHashes(built: readonly Built[]): readonly Built[] {
  let result = built;
  for (const one of built.filter(({ needsHash }) => needsHash)) {
    const { object } = one;
    const content = object as unknown as { data?: object; binaryData?: object; type?: string };
    const encoded =
      object.kind === 'ConfigMap'
        ? {
            kind: object.kind,
            name: '',
            data: content.data ?? '',
            ...(content.binaryData === undefined ? {} : { binaryData: content.binaryData }),
          }
        : { kind: object.kind, name: '', type: content.type, data: content.data ?? '' };
    const name = `${object.metadata.name}-${hashSuffix(encoded)}`;
    result = result.map((other) => {
      const isIt = other.object.kind === object.kind && other.object.metadata.name === object.metadata.name;
      return {
        ...other,
        object: isIt ? withAt(other.object, ['metadata', 'name'], name) : renamed(other.object, `${object.kind}/${object.metadata.name}`, name),
      };
    });
  }
  return result;
}
