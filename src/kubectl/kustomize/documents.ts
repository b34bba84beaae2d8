/** The objects of a file (kustomize api/resource/factory.go, kyaml kio/byteio_reader.go). */
import { goValue } from '../../text/go-format.js';
import { parseYaml } from '../../text/yaml.js';
import { UsageError } from '../command.js';
import { type Resource, resourceOf } from './resource.js';
import { isMissing, isTree, type Tree, textOf, type Value } from './tree.js';

/** Factory.SliceFromBytes. Throws what is wrong, without the file's name. */
export function resourcesIn(text: string): Resource[] {
  const documents = splitDocuments(text.replaceAll('\r\n', '\n'));
  const found: Tree[] = [];
  for (const document of documents) {
    const parsed = parseYaml(document, 'core');
    if ('error' in parsed) throw new UsageError(`MalformedYAMLError: yaml: ${parsed.error}`);
    const value = parsed.value as Value;
    if (isMissing(value) || (isTree(value) && Object.keys(value).length === 0)) continue;
    const isList = documents.length === 1 && isTree(value) && ['List', 'ResourceList'].includes(textOf(value['kind'])) && Array.isArray(value['items']);
    found.push(...(isList ? ((value as Tree)['items'] as Tree[]) : [value as Tree]));
  }
  return withoutLists(found.filter(isValid)).map(resourceOf);
}

/** A line that begins with `---` ends a document; the newline before it belongs to the separator. */
function splitDocuments(text: string): readonly string[] {
  const documents: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/\n---(.*)\n/g)) {
    const behind = (match[1] as string).trim();
    if (behind !== '' && !behind.startsWith('#')) throw new UsageError(`invalid document separator: ${match[0].trim()}`);
    documents.push(`${text.slice(from, match.index)}\n`);
    from = match.index + match[0].length;
  }
  return [...documents, text.slice(from)];
}

function isValid(value: Value): boolean {
  if (isMissing(value) || (isTree(value) && Object.keys(value).length === 0)) return false;
  if (!isTree(value)) throw new UsageError(`missing Resource metadata`);
  const { apiVersion, kind, metadata } = value;
  if (isMissing(apiVersion) && isMissing(kind) && isMissing(metadata)) throw new UsageError('missing Resource metadata');
  const name = isTree(metadata) ? textOf(metadata['name']) : '';
  const said = `{{${textOf(apiVersion)} ${textOf(kind)}} {{${name} ${isTree(metadata) ? textOf(metadata['namespace']) : ''}} ${mapText(metadata, 'labels')} ${mapText(metadata, 'annotations')}}}`;
  if (textOf(kind) === '') throw new UsageError(`missing kind in object ${said}`);
  if (!textOf(kind).endsWith('List') && name === '') throw new UsageError(`missing metadata.name in object ${said}`);
  return true;
}

function mapText(metadata: Value | undefined, field: string): string {
  const map = isTree(metadata) ? metadata[field] : undefined;
  return goValue(isTree(map) ? map : {});
}

/** A FooList stands for its items, which come last. */
function withoutLists(given: readonly Tree[]): Tree[] {
  const result: Tree[] = [];
  const queue = [...given];
  for (let object = queue.shift(); object !== undefined; object = queue.shift()) {
    const items = object['items'];
    if (!textOf(object['kind']).endsWith('List') || items === undefined) result.push(object);
    else if (Array.isArray(items)) queue.push(...(items.filter(isValid) as Tree[]));
    else if (items !== null)
      throw new UsageError(`expected array in ${textOf(object['kind'])}/items, but found ${isTree(items) ? 'map[string]interface {}' : typeof items}`);
  }
  return result;
}
