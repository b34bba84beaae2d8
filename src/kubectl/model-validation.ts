/**
 * Validation by the OpenAPI v2 document: what kubectl still does itself with the items of a `v1 List`, which no server validates whole
 * (kubectl pkg/validation; kube-openapi util/proto/validation).
 */
import { isJsonObject as isMap } from '../api/json-data.js';
import type { Json, JsonObject } from '../api/object.js';
import { splitGroupVersion } from '../client/rest-mapper.js';
import { byBytes } from '../text/go-json-writer.js';
import type { SwaggerDocument, SwaggerSchema } from './explaining-openapiv2.js';

/** What is wrong with an object, if the document knows its kind. */
export function modelErrors(document: SwaggerDocument, object: JsonObject): readonly string[] {
  const { group, version } = splitGroupVersion(String(object['apiVersion']));
  const { kind } = object;
  const known = Object.entries(document.definitions ?? {}).find(([, one]) =>
    one['x-kubernetes-group-version-kind']?.some((gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind),
  );
  return known === undefined ? [] : new Validator(document).errors(object, known[1], known[0], String(kind));
}

class Validator {
  constructor(private readonly document: SwaggerDocument) {}

  /** `model`: where in the document the schema stands; `path`: where in the object the value does. */
  errors(value: Json, schema: SwaggerSchema, model: string, path: string): readonly string[] {
    const { $ref, type = '', properties, required = [], items, additionalProperties } = schema;
    if ($ref !== undefined) {
      const name = $ref.split('/').at(-1) as string;
      return this.errors(value, this.document.definitions?.[name] ?? {}, name, path);
    }
    const at = (text: string): string => `ValidationError(${path}): ${text}`;
    const wrong = (expected: string): readonly string[] => [at(`invalid type for ${model}: got "${typeOf(value)}", expected "${expected}"`)];
    if (properties !== undefined) {
      if (!isMap(value)) return wrong('map');
      const found: string[] = [];
      for (const [key, member] of members(value)) {
        const field = Object.hasOwn(properties, key) ? properties[key] : undefined;
        if (field === undefined) found.push(at(`unknown field "${key}" in ${model}`));
        else found.push(...this.errors(member, field, `${model}.${key}`, `${path}.${key}`));
      }
      const missing = required.filter((key) => (value[key] ?? null) === null);
      return [...found, ...missing.map((key) => at(`missing required field "${key}" in ${model}`))];
    }
    if (type === 'array') {
      if (!Array.isArray(value)) return wrong('array');
      return value.flatMap((item, i) =>
        item === null ? [at(`unknown object type "nil" in ${path}[${i}]`)] : this.errors(item as Json, items ?? {}, model, `${path}[${i}]`),
      );
    }
    if (type === 'object') {
      if (!isMap(value)) return wrong('map');
      return Object.entries(value)
        .sort(([a], [b]) => byBytes(a, b))
        .flatMap(([key, member]) =>
          member === null
            ? [`unknown object type "nil" in ${path}.${key}`]
            : this.errors(member as Json, typeof additionalProperties === 'object' ? additionalProperties : {}, model, `${path}.${key}`),
        );
    }
    return type === '' || fits(value, type) ? [] : wrong(type);
  }
}

/** Members that hold something, by their names. */
const members = (value: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(value)
    .filter(([, member]) => member !== null)
    .sort(([a], [b]) => byBytes(a, b)) as readonly (readonly [string, Json])[];

function typeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'object' ? 'map' : typeof value;
}

/** Any value may stand for a string, and any number for another. */
function fits(value: Json, type: string): boolean {
  if (typeof value === 'object') return false;
  if (type === 'string') return true;
  return type === 'boolean' ? typeof value === 'boolean' : typeof value === 'number';
}
