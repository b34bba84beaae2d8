/** A kustomization file, decoded as Go decodes it: names in any case, none that is unknown, the first wrong type reported (kustomize api/types). */
import { parseYaml } from '../../text/yaml.js';
import { UsageError } from '../command.js';
import type { FieldSpec, TransformerConfig } from './field-specs.js';
import type { GeneratorArgs, GeneratorOptions } from './generators.js';
import type { PatchEntry } from './patches.js';
import type { Replacement } from './replacements.js';
import type { Image, Replica } from './transformers.js';
import { isTree, type Tree, type Value } from './tree.js';
import type { Variable } from './variables.js';

export interface Label {
  readonly pairs?: Readonly<Record<string, string>>;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
  readonly fields?: readonly FieldSpec[];
}
export interface SortOptions {
  readonly order?: string;
  readonly legacySortOptions?: { readonly orderFirst?: readonly string[]; readonly orderLast?: readonly string[] };
}
export interface Kustomization {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly labels?: readonly Label[];
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly PatchEntry[];
  readonly patches?: readonly PatchEntry[];
  readonly images?: readonly Image[];
  readonly imageTags?: readonly Image[];
  readonly replacements?: readonly Replacement[];
  readonly replicas?: readonly Replica[];
  readonly vars?: readonly Variable[];
  readonly sortOptions?: SortOptions;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly crds?: readonly string[];
  readonly bases?: readonly string[];
  readonly configMapGenerator?: readonly GeneratorArgs[];
  readonly secretGenerator?: readonly GeneratorArgs[];
  readonly helmGlobals?: Tree;
  readonly helmCharts?: readonly Tree[];
  readonly helmChartInflationGenerator?: readonly Tree[];
  readonly generatorOptions?: GeneratorOptions;
  readonly configurations?: readonly string[];
  readonly generators?: readonly string[];
  readonly transformers?: readonly string[];
  readonly validators?: readonly string[];
  readonly buildMetadata?: readonly string[];
  readonly openapi?: Readonly<Record<string, string>>;
}

/** What a field may hold: how Go calls it, and what is within. */
interface Shape {
  readonly go: string;
  readonly json: 'string' | 'bool' | 'number' | 'array' | 'object' | 'any';
  /** Of an array's items or a map's values. */
  readonly of?: Shape;
  readonly fields?: Readonly<Record<string, Shape>>;
  /** What of a struct is there even when nothing was said of it. */
  readonly zero?: Tree;
  /** The embedded structs a field is in. */
  readonly via?: readonly string[];
}

const text: Shape = { go: 'string', json: 'string' };
const bool: Shape = { go: 'bool', json: 'bool' };
const int = (go: string): Shape => ({ go, json: 'number' });
const anything: Shape = { go: 'interface {}', json: 'any' };
const list = (of: Shape): Shape => ({ go: `[]${of.go}`, json: 'array', of });
const texts = list(text);
const textMap: Shape = { go: 'map[string]string', json: 'object', of: text };
const anyMap: Shape = { go: 'map[string]interface {}', json: 'object', of: anything };
const struct = (go: string, fields: Readonly<Record<string, Shape>>): Shape => ({ go: `types.${go}`, json: 'object', fields });
const some = (names: string, shape: Shape): Record<string, Shape> => Object.fromEntries(names.split(' ').map((name) => [name, shape]));

const within = (name: string, fields: Readonly<Record<string, Shape>>): Record<string, Shape> =>
  Object.fromEntries(Object.entries(fields).map(([field, shape]) => [field, { ...shape, via: [name, ...(shape.via ?? [])] }]));

const gvk = within('Gvk', some('group version kind', text));
const resId = within('ResId', { ...gvk, name: text, namespace: text });
const selector = struct('Selector', { ...resId, annotationSelector: text, labelSelector: text });
const generatorOptions = struct('GeneratorOptions', { labels: textMap, annotations: textMap, disableNameSuffixHash: bool, immutable: bool });
const generatorArgs = within('GeneratorArgs', {
  ...some('namespace name behavior', text),
  ...within('KvPairSources', { env: text, ...some('literals files envs', texts) }),
  options: generatorOptions,
});
const patch = struct('Patch', { path: text, patch: text, target: selector, options: struct('PatchArgs', some('allowNameChange allowKindChange', bool)) });
const image = struct('Image', some('name newName tagSuffix newTag digest', text));
const fieldSpec: Shape = { ...struct('FieldSpec', { ...gvk, path: text, create: bool }), zero: { path: '' } };
const fieldOptions = struct('FieldOptions', { delimiter: text, index: int('int'), encoding: text, create: bool });
const replacement = struct('Replacement', {
  source: struct('SourceSelector', { ...resId, fieldPath: text, options: fieldOptions }),
  targets: list({
    ...struct('TargetSelector', { select: selector, reject: list(selector), fieldPaths: texts, options: fieldOptions }),
    go: '*types.TargetSelector',
  }),
});
const helmChart = struct('HelmChart', {
  ...some('name version repo releaseName namespace valuesFile valuesMerge kubeVersion nameTemplate', text),
  ...some('additionalValuesFiles apiVersions', texts),
  ...some('includeCRDs skipHooks skipTests debug devel', bool),
  valuesInline: anyMap,
});

const KUSTOMIZATION = struct('Kustomization', {
  ...some('kind apiVersion namePrefix nameSuffix namespace', text),
  metadata: struct('ObjectMeta', { name: text, namespace: text, labels: textMap, annotations: textMap }),
  openapi: textMap,
  commonLabels: textMap,
  labels: list(
    struct('Label', {
      pairs: textMap,
      includeSelectors: bool,
      includeTemplates: bool,
      fields: list(fieldSpec),
    }),
  ),
  commonAnnotations: textMap,
  patchesStrategicMerge: list({ ...text, go: 'types.PatchStrategicMerge' }),
  patchesJson6902: list(patch),
  patches: list(patch),
  images: list(image),
  imageTags: list(image),
  replacements: list(struct('ReplacementField', { path: text, ...replacement.fields })),
  replicas: list(struct('Replica', { name: text, count: int('int64') })),
  vars: list(
    struct('Var', {
      name: text,
      objref: struct('Target', { apiVersion: text, ...gvk, name: text, namespace: text }),
      fieldref: struct('FieldSelector', { fieldPath: text }),
    }),
  ),
  sortOptions: struct('SortOptions', {
    order: { ...text, go: 'types.SortOrder' },
    legacySortOptions: struct('LegacySortOptions', some('orderFirst orderLast', texts)),
  }),
  ...some('resources components crds bases configurations generators transformers validators buildMetadata', texts),
  configMapGenerator: list(struct('ConfigMapArgs', generatorArgs)),
  secretGenerator: list(struct('SecretArgs', { ...generatorArgs, type: text })),
  helmGlobals: struct('HelmGlobals', some('chartHome configHome', text)),
  helmCharts: list(helmChart),
  helmChartInflationGenerator: list(
    struct('HelmChartArgs', {
      ...some('chartName chartVersion chartRepoUrl chartHome chartRepoName helmBin helmHome values valuesMerge releaseName releaseNamespace', text),
      valuesLocal: anyMap,
      extraArgs: texts,
    }),
  ),
  generatorOptions,
});

const fieldSpecs: Shape = { ...list(fieldSpec), go: 'types.FsSlice' };
const CONFIG: Shape = {
  ...struct('TransformerConfig', {
    ...some('namePrefix nameSuffix namespace labels templateLabels commonLabels commonAnnotations varReference images replicas', fieldSpecs),
    nameReference: { ...list({ ...struct('NameBackReferences', { ...gvk, fieldSpecs }), zero: { fieldSpecs: [] } }), go: 'builtinconfig.nbrSlice' },
  }),
  go: 'builtinconfig.TransformerConfig',
};

/** What `configurations` names (builtinconfig.MakeTransformerConfig). */
export const decodeConfig = (content: string): Partial<TransformerConfig> => decodeFile(content, true, () => CONFIG) as Partial<TransformerConfig>;

/** What a replacement's `path` names: one, or a list of them. */
export const decodeReplacements = (content: string): readonly Replacement[] => {
  const found = decodeFile(content, false, (value) => {
    if (Array.isArray(value)) return list(replacement);
    if (isTree(value)) return replacement;
    const type = value === null ? '<nil>' : typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw new UsageError(`unsupported replacement type encountered within replacement path: ${type}`);
  });
  return (Array.isArray(found) ? found : [found]) as unknown as readonly Replacement[];
};

/** sigs.k8s.io/yaml's Unmarshal, and UnmarshalStrict, which takes no field it does not know. */
function decodeFile(content: string, isStrict: boolean, shapeOf: (value: Value) => Shape): Value {
  const parsed = parseYaml(content);
  if ('error' in parsed) throw new UsageError(`error converting YAML to JSON: yaml: ${parsed.error}`);
  const value = parsed.value as Value;
  const shape = shapeOf(value);
  const problem = (why: string) => new UsageError(`error unmarshaling JSON: while decoding JSON: json: ${why}`);
  if (value !== null && kindOf(value) !== shape.json) throw problem(`cannot unmarshal ${kindOf(value)} into Go value of type ${shape.go}`);
  const problems: Problems = { found: [], isStrict };
  const decoded = decode(value, shape, nameOf(shape), [], problems);
  if (problems.found[0] !== undefined) throw problem(problems.found[0]);
  return decoded ?? zeroOf(shape);
}

/** Kustomization.Unmarshal. */
export function decodeKustomization(content: string): Kustomization {
  const parsed = parseYaml(content);
  const invalid = (why: string) => new UsageError(`invalid Kustomization: ${why}`);
  if ('error' in parsed) throw invalid(parsed.isJson === true ? parsed.error : `yaml: ${parsed.error}`);
  const value = parsed.value as Value;
  if (value === null) return {};
  if (!isTree(value)) throw invalid(`json: cannot unmarshal ${kindOf(value)} into Go value of type types.Kustomization`);
  const problems: Problems = { found: [], isStrict: true };
  const decoded = decode(value, KUSTOMIZATION, 'Kustomization', [], problems);
  if (problems.found[0] !== undefined) throw invalid(`json: ${problems.found[0]}`);
  return decoded as unknown as Kustomization;
}

const kindOf = (value: Value): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value);

/** A struct's own name. */
const nameOf = ({ go }: Shape): string => go.slice(go.lastIndexOf('.') + 1);

/** What a decoder complains of; the first is said. */
interface Problems {
  readonly found: string[];
  readonly isStrict: boolean;
}

/** Nulls leave a field as it was: unset. */
function decode(value: Value, shape: Shape, structName: string, path: readonly string[], problems: Problems): Value | undefined {
  if (value === null) return undefined;
  if (shape.json === 'any') return value;
  if (kindOf(value) !== shape.json) {
    problems.found.push(`cannot unmarshal ${kindOf(value)} into Go struct field ${[structName, ...path].join('.')} of type ${shape.go}`);
    return undefined;
  }
  if (shape.json === 'number' && !Number.isInteger(value)) {
    problems.found.push(`cannot unmarshal number ${String(value)} into Go struct field ${[structName, ...path].join('.')} of type ${shape.go}`);
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item) => decode(item, shape.of as Shape, structName, path, problems) ?? zeroOf(shape.of as Shape));
  if (!isTree(value)) return value;
  const result: Tree = { ...shape.zero };
  for (const key of Object.keys(value).sort()) {
    const { fields } = shape;
    const name = fields === undefined ? key : key in fields ? key : Object.keys(fields).find((field) => field.toLowerCase() === key.toLowerCase());
    if (name === undefined) {
      if (problems.isStrict) problems.found.push(`unknown field "${key}"`);
      continue;
    }
    const decoded =
      fields === undefined
        ? (decode(value[key] as Value, shape.of as Shape, structName, path, problems) ?? zeroOf(shape.of as Shape))
        : decode(value[key] as Value, fields[name] as Shape, nameOf(shape), [...path, ...((fields[name] as Shape).via ?? []), name], problems);
    if (decoded !== undefined) result[name] = decoded;
  }
  return result;
}

const zeroOf = ({ json, zero = {} }: Shape): Value => (json === 'string' ? '' : json === 'object' ? { ...zero } : null);

const EDIT_FIX = "Run 'kustomize edit fix' to update your Kustomization automatically.";
/** Fields with a newer name, in the order they are complained of. */
const DEPRECATED: readonly (readonly [keyof Kustomization, string, string])[] = [
  ['bases', 'resources', EDIT_FIX],
  ['commonLabels', 'labels', EDIT_FIX],
  ['imageTags', 'images', EDIT_FIX],
  ['patchesJson6902', 'patches', EDIT_FIX],
  ['patchesStrategicMerge', 'patches', EDIT_FIX],
  ['vars', 'replacements', `[EXPERIMENTAL] ${EDIT_FIX}`],
];

export const deprecations = (spec: Kustomization): readonly string[] =>
  DEPRECATED.filter(([field]) => spec[field] !== undefined).map(
    ([field, instead, advice]) => `# Warning: '${field}' is deprecated. Please use '${instead}' instead. ${advice}\n`,
  );

/** Kustomization.CheckEmpty and EnforceFields. */
export function checkKustomization(spec: Kustomization, root: string): void {
  const { kind, apiVersion, ...rest } = spec;
  if (Object.values(rest).every((value) => value === '')) throw new UsageError('kustomization.yaml is empty');
  const is = kind || 'Kustomization';
  const version = is === 'Component' ? 'kustomize.config.k8s.io/v1alpha1' : 'kustomize.config.k8s.io/v1beta1';
  const errors = [
    ...(is === 'Kustomization' || is === 'Component' ? [] : ['kind should be Kustomization or Component']),
    ...(apiVersion === undefined || apiVersion === '' || apiVersion === version ? [] : [`apiVersion for ${is} should be ${version}`]),
  ];
  if (errors.length > 0) throw new UsageError(`Failed to read kustomization file under ${root}:\n${errors.join('\n')}`);
}
