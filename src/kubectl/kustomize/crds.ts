/** `crds:`: OpenAPI definitions of custom kinds, which say where names, labels and annotations stand in them (api/internal/accumulator/loadconfigfromcrds.go). */
import { parseYaml } from '../../text/yaml.js';
import { UsageError } from '../command.js';
import { EMPTY_CONFIG, type FieldSpec, mergeConfigs, type TransformerConfig } from './field-specs.js';
import { type Loader, loadText } from './loader.js';
import { goList, isTree, type Tree, textOf, type Value } from './tree.js';

export async function configurationOfCrds(loader: Loader, paths: readonly string[]): Promise<TransformerConfig> {
  let config = EMPTY_CONFIG;
  for (const path of paths) {
    let text: string;
    try {
      text = await loadText(loader, path);
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`loading CRDs ${goList(paths)}: ${error.message}`) : error;
    }
    const parsed = parseYaml(text);
    if ('error' in parsed || !isTree(parsed.value)) {
      const why = 'error' in parsed ? parsed.error : 'json: cannot unmarshal';
      throw new UsageError(`loading CRDs ${goList(paths)}: unable to parse open API definition from '${path}': ${why}`);
    }
    const types = parsed.value;
    for (const name of Object.keys(types)) {
      const properties = propertiesOf(types, name);
      if (['kind', 'apiVersion', 'metadata'].every((field) => field in properties))
        config = mergeConfigs(config, configOf(types, name, name.split('.').at(-1) as string, [], new Set()));
    }
  }
  return config;
}

function propertiesOf(types: Tree, name: string): Tree {
  const type = types[name];
  const schema = isTree(type) ? (type['Schema'] ?? type['schema']) : undefined;
  const properties = isTree(schema) ? schema['properties'] : undefined;
  return isTree(properties) ? properties : {};
}

function configOf(types: Tree, name: string, kind: string, path: readonly string[], entered: ReadonlySet<string>): TransformerConfig {
  let config = EMPTY_CONFIG;
  if (entered.has(name)) return config;
  for (const [field, property] of Object.entries(propertiesOf(types, name))) {
    if (!isTree(property)) continue;
    const said = (extension: string): string | undefined => textIn(property[`x-kubernetes-${extension}`]);
    const at = (...more: readonly string[]): FieldSpec => ({ kind, path: [...path, field, ...more].join('/') });
    const [version, referred] = [said('object-ref-api-version'), said('object-ref-kind')];
    config = mergeConfigs(config, {
      ...EMPTY_CONFIG,
      ...(said('annotation') === undefined ? {} : { commonAnnotations: [at()] }),
      ...(said('label-selector') === undefined ? {} : { commonLabels: [at()] }),
      ...(said('identity') === undefined ? {} : { namePrefix: [at()] }),
      ...(version === undefined || referred === undefined
        ? {}
        : { nameReference: [{ kind: referred, version, fieldSpecs: [at(said('object-ref-name-key') ?? 'name')] }] }),
    });
    const reference = textIn(property['$ref']);
    if (reference !== undefined) config = mergeConfigs(config, configOf(types, reference, kind, [...path, field], new Set([...entered, name])));
  }
  return config;
}

const textIn = (value: Value | undefined): string | undefined => (typeof value === 'string' ? textOf(value) : undefined);
