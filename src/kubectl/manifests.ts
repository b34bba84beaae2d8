/** Manifests: text → documents → objects, with kubectl's words for what is wrong (apimachinery util/yaml decoder.go, unstructured helpers.go). */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { goJson } from '../text/go-json-writer.js';
import { parseYaml } from '../text/yaml.js';
import { UsageError } from './command.js';

/** One document: its value, or why it cannot be read. */
export type Document = { readonly value: Json } | { readonly error: string };

/** The documents of a stream in order; after an unreadable one nothing more comes. Empty and `null` documents are left out. */
export function* readDocuments(text: string): Generator<Document> {
  if (/^\s*\{/.test(text)) {
    const values = readJsonStream(text);
    if (values !== undefined) {
      yield* values;
      return;
    }
  }
  for (const part of splitYaml(text)) {
    const parsed = parseYaml(part);
    if ('error' in parsed) {
      yield { error: `error converting YAML to JSON: yaml: ${parsed.error}` };
      return;
    }
    if (parsed.value !== null && parsed.value !== undefined) yield { value: parsed.value as Json };
  }
}

/** JSON values one after another; undefined: not JSON after all (a trailing comma …), to be read as YAML. */
function readJsonStream(text: string): readonly Document[] | undefined {
  const found: Document[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] as string)) at++;
    if (at >= text.length) return found;
    const end = endOfJson(text, at);
    if (end === undefined) return text[at] === '{' ? [...found, { error: 'unexpected EOF' }] : undefined;
    try {
      const value = JSON.parse(text.slice(at, end)) as Json;
      if (value !== null) found.push({ value });
    } catch {
      return undefined;
    }
    at = end;
  }
}

/** Where the brackets opened at `start` are all closed again. */
function endOfJson(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
}

/** yaml.YAMLReader: a line `---` ends a document, unless nothing has come yet. */
function* splitYaml(text: string): Generator<string> {
  if (!text.includes('\n---') && !text.startsWith('---')) {
    yield text;
    return;
  }
  let part = '';
  for (const line of text.split(/(?<=\n)/)) {
    if (/^---\s*$/.test(line) && part !== '') {
      yield part;
      part = '';
    } else part += line;
  }
  if (part !== '') yield part;
}

/** What client-side validation still does when the server validates fields: kind and apiVersion must be there (NoDoubleKeySchema …). */
export function validationError(value: Json): string | undefined {
  const hint = '; if you choose to ignore these errors, turn validation off with --validate=false';
  if (!isMap(value)) return `error validating data: invalid object to validate${hint}`;
  const missing = [
    typeof value['apiVersion'] === 'string' && value['apiVersion'] !== '' ? '' : 'apiVersion not set',
    typeof value['kind'] === 'string' && value['kind'] !== '' ? '' : 'kind not set',
  ].filter((text) => text !== '');
  if (missing.length === 0) return undefined;
  return `error validating data: ${missing.length === 1 ? missing[0] : `[${missing.join(', ')}]`}${hint}`;
}

export const isMap = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const goType = (value: Json | undefined): string =>
  Array.isArray(value) ? 'array' : value === null || value === undefined ? 'null' : typeof value === 'boolean' ? 'bool' : (typeof value as string);

/** The unstructured decoder: throws its errors without the file's name. */
export function decodeObject(value: Json): KubeObject {
  if (!isMap(value)) throw new UsageError(`json: cannot unmarshal ${goType(value)} into Go value of type unstructured.detector`);
  if (value['kind'] !== undefined && value['kind'] !== null && typeof value['kind'] !== 'string') {
    throw new UsageError(`json: cannot unmarshal ${goType(value['kind'])} into Go struct field detector.kind of type string`);
  }
  if (typeof value['kind'] !== 'string' || value['kind'] === '') throw new UsageError(`Object 'Kind' is missing in '${goJson(value)}'`);
  const metadata = value['metadata'];
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
