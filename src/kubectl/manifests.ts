/** Manifests: text → documents → objects, with kubectl's words for what is wrong (apimachinery util/yaml decoder.go, unstructured helpers.go). */

import { byteLength } from '../api/bytes.js';
import { isJsonObject as isMap } from '../api/json-data.js';
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { goJsonValue } from '../text/go-json.js';
import { goJson } from '../text/go-json-writer.js';
import { type ParsedYaml, parseYaml } from '../text/yaml.js';
import { UsageError } from './command.js';

/** One document: its value, or why it cannot be read. */
export type Document = { readonly value: Json } | { readonly error: string };

/**
 * The documents of a stream in order; after an unreadable one nothing more comes. Empty and `null` documents are left out. What begins
 * as JSON is read as JSON, value after value; if that fails at the first or second, the rest is YAML (util/yaml YAMLOrJSONDecoder).
 */
export function* readDocuments(text: string): Generator<Document> {
  let at = 0;
  let jsonError: string | undefined;
  if (/^\s*\{/.test(text)) {
    for (let count = 0; jsonError === undefined; count++) {
      if (text.slice(at).trim() === '') return;
      const read = goJsonValue(text, at);
      if ('error' in read) {
        const isCut = read.at >= text.length;
        if (count > 1) yield { error: isCut ? 'unexpected EOF' : read.error };
        if (count > 1) return;
        jsonError = isCut ? 'unexpected EOF' : `json: offset ${byteLength(text.slice(0, read.at)) + 1}: ${read.error}`;
        at += (/^[^\S\n]*\n?/.exec(text.slice(at)) as RegExpExecArray)[0].length;
      } else {
        const value = JSON.parse(text.slice(at, read.end)) as Json;
        if (value !== null) yield { value };
        at = read.end;
      }
    }
  }
  for (const part of splitYaml(at === 0 ? text : text.slice(at))) {
    const parsed = 'separator' in part ? { error: `invalid Yaml document separator: ${part.separator}` } : withReason(parseYaml(part.text));
    if ('error' in parsed) {
      yield { error: jsonError ?? parsed.error };
      return;
    }
    if (parsed.value !== null && parsed.value !== undefined) yield { value: parsed.value as Json };
    jsonError = undefined;
  }
}

const withReason = (parsed: ParsedYaml): ParsedYaml =>
  'error' in parsed ? { error: `error converting YAML to JSON: ${parsed.isJson === true ? '' : 'yaml: '}${parsed.error}` } : parsed;

/** yaml.YAMLReader: a line `---` ends a document, unless nothing has come yet. Nothing but a comment may stand behind it. */
function* splitYaml(text: string): Generator<{ readonly text: string } | { readonly separator: string }> {
  if (!text.includes('\n---') && !text.startsWith('---')) {
    yield { text };
    return;
  }
  let part = '';
  for (const line of text.split(/(?<=\n)/)) {
    const behind = line.startsWith('---') ? line.slice(3).trim() : '#';
    if (behind !== '' && !behind.startsWith('#')) {
      yield { separator: behind };
      return;
    }
    if (line.startsWith('---') && part !== '') {
      yield { text: part };
      part = '';
    } else part += line;
  }
  if (part !== '') yield { text: part };
}

/**
 * What client-side validation still does when the server validates fields: kind and apiVersion must be there, of the items of a List
 * too (kubectl pkg/validation schema.go, pkg/util/openapi). No server validates such a list: `modelErrors` does.
 */
export function validationError(value: Json, modelErrors: (item: JsonObject) => readonly string[] = () => []): string | undefined {
  const itemErrors = (item: Json): readonly string[] => {
    const errors = kindErrors(item);
    return errors.length === 0 ? modelErrors(item as JsonObject) : errors;
  };
  const found = isPlainList(value)
    ? Array.isArray(value['items'])
      ? value['items'].flatMap((item) => itemErrors(item as Json))
      : [NO_OBJECT]
    : kindErrors(value);
  const errors = [...new Set(found)];
  if (errors.length === 0) return undefined;
  return `error validating data: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}${VALIDATE_HINT}`;
}

export const VALIDATE_HINT = '; if you choose to ignore these errors, turn validation off with --validate=false';

/** A `v1 List`: of this kind no server knows anything. */
export const isPlainList = (value: Json): value is JsonObject => isMap(value) && value['apiVersion'] === 'v1' && value['kind'] === 'List';

const NO_OBJECT = 'invalid object to validate';

function kindErrors(value: Json): readonly string[] {
  if (!isMap(value)) return [NO_OBJECT];
  const [apiVersion, kind] = [value['apiVersion'] ?? undefined, value['kind'] ?? undefined];
  const errors: string[] = [];
  if (apiVersion === undefined) errors.push('apiVersion not set');
  else if (typeof apiVersion !== 'string') errors.push("apiVersion isn't string type");
  else if (!isGroupVersion(apiVersion)) errors.push(`unexpected GroupVersion string: ${apiVersion}`);
  if (kind === undefined) errors.push('kind not set');
  else if (typeof kind !== 'string') errors.push("kind isn't string type");
  return errors;
}

/** schema.ParseGroupVersion takes it. */
const isGroupVersion = (text: string): boolean => text.split('/').length <= 2;

export { isMap };

const goType = (value: Json | undefined): string =>
  Array.isArray(value) ? 'array' : value === null || value === undefined ? 'null' : typeof value === 'boolean' ? 'bool' : (typeof value as string);

/** The unstructured decoder (unstructured/helpers.go, cli-runtime metadata_decoder.go): throws its errors without the file's name. */
export function decodeObject(value: Json): KubeObject {
  if (!isMap(value)) throw new UsageError(`json: cannot unmarshal ${goType(value)} into Go value of type unstructured.detector`);
  const { apiVersion, kind, metadata } = value;
  const hasVersion = typeof apiVersion === 'string';
  if (typeof kind !== 'string' || kind === '' || (hasVersion && !isGroupVersion(apiVersion)))
    throw new UsageError(`Object 'Kind' is missing in '${goJson(value)}'`);
  if (!hasVersion && apiVersion !== undefined && apiVersion !== null)
    throw new UsageError(`json: cannot unmarshal ${goType(apiVersion)} into Go struct field metadataOnlyObject.apiVersion of type string`);
  if (metadata !== undefined && metadata !== null && !isMap(metadata))
    throw new UsageError(`json: cannot unmarshal ${goType(metadata)} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta`);
  const wrong = isMap(metadata) ? metadataError(metadata) : undefined;
  if (wrong !== undefined) throw new UsageError(wrong);
  return value as unknown as KubeObject;
}

function metadataError(metadata: JsonObject): string | undefined {
  for (const field of ['name', 'generateName', 'namespace', 'uid', 'resourceVersion'])
    if (metadata[field] !== undefined && metadata[field] !== null && typeof metadata[field] !== 'string') return fieldError(metadata[field], field);
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field];
    if (map === undefined || map === null) continue;
    if (!isMap(map)) return `json: cannot unmarshal ${goType(map)} into Go struct field ObjectMeta.metadata.${field} of type map[string]string`;
    for (const key of Object.keys(map).sort()) if (typeof map[key] !== 'string' && map[key] !== null) return fieldError(map[key], field);
  }
  return undefined;
}

const fieldError = (value: Json | undefined, field: string): string =>
  `json: cannot unmarshal ${goType(value)} into Go struct field ObjectMeta.metadata.${field} of type string`;
