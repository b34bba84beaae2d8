/**
 * /openapi/v2, worked out of the v3 schemas: definitions with plain references and nothing that OpenAPI v2 has no word for, as JSON or as
 * the protobuf of gnostic's OpenAPIv2.proto (kube-openapi pkg/handler, apiextensions-apiserver pkg/controller/openapi/v2).
 */
import { isJsonObject } from '../../api/json-data.js';
import type { Json, JsonObject } from '../../api/object.js';

const V3 = '#/components/schemas/';
const V2 = '#/definitions/';

/** These are one of several types in v3, which v2 cannot say. */
const ONE_OF_SEVERAL = ['oneOf', 'anyOf', 'not', 'default'];

/** A schema of the API's own as v2 has it: defaults are left out. */
export function toV2(schema: JsonObject): JsonObject {
  const { allOf, ...own } = schema;
  const inherited = (allOf as JsonObject[] | undefined)?.[0];
  const isUnion = own['oneOf'] !== undefined;
  const members = Object.entries({ ...inherited, ...own }).filter(([name]) => !ONE_OF_SEVERAL.includes(name));
  return { ...Object.fromEntries(members.map(([name, value]) => [name, nested(name, value as Json, toV2)])), ...(isUnion ? { type: 'string' } : {}) };
}

/** A definition's schema as it is published for v2: what kubectl's validation could not cope with is gone. */
export function customToV2(schema: JsonObject): JsonObject {
  const isNullable = schema['nullable'] === true;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const dropped = new Set(['allOf', 'oneOf', 'anyOf', 'not', 'nullable', ...(isNullable || isOpen ? ['items', 'properties'] : [])]);
  const { type, required, ...rest } = Object.fromEntries(Object.entries(schema).filter(([name]) => !dropped.has(name))) as JsonObject;
  const isTyped = type !== undefined && !isNullable && !(type === 'array' && rest['items'] === undefined) && !(type === 'object' && isOpen);
  const properties = (rest['properties'] ?? {}) as JsonObject;
  const additional = schema['additionalProperties'];
  const needed = isNullableSchema(additional) ? [] : ((required ?? []) as string[]).filter((name) => !isNullableSchema(properties[name]));
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, nested(name, value as Json, customToV2)])),
    ...(isTyped ? { type } : {}),
    ...(needed.length > 0 ? { required: needed } : {}),
  };
}

const isNullableSchema = (schema: Json | undefined): boolean => isJsonObject(schema) && schema['nullable'] === true;

function nested(name: string, value: Json, convert: (schema: JsonObject) => JsonObject): Json {
  if (name === '$ref') return String(value).replace(V3, V2);
  if ((name === 'items' || name === 'additionalProperties') && isJsonObject(value)) return convert(value);
  if (name !== 'properties') return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, schema]) => [key, convert(schema as JsonObject)]));
}

/** Paths of v3, whose operations only say what they are about. */
export function pathsToV2(paths: JsonObject): JsonObject {
  const operation = ({ parameters, responses: _, ...of }: JsonObject): JsonObject => ({
    ...of,
    ...(parameters === undefined
      ? {}
      : { parameters: (parameters as JsonObject[]).map(({ schema, ...parameter }) => ({ ...parameter, ...(schema as JsonObject) })) }),
    responses: { 200: { description: 'OK' } },
  });
  const methods = (path: JsonObject) => Object.fromEntries(Object.entries(path).map(([method, of]) => [method, operation(of as JsonObject)]));
  return Object.fromEntries(Object.entries(paths).map(([path, of]) => [path, methods(of as JsonObject)]));
}

export interface Swagger {
  readonly info: { readonly title: string; readonly version: string };
  readonly definitions: Readonly<Record<string, JsonObject>>;
}

/** The document of gnostic's message, without its paths. */
export function toProtobuf({ info, definitions }: Swagger): Uint8Array {
  return concat([
    text(1, '2.0'),
    bytes(2, concat([text(1, info.title), text(2, info.version)])),
    bytes(8, concat([])),
    bytes(9, concat(namedSchemas(1, definitions))),
  ]);
}

const namedSchemas = (number: number, schemas: JsonObject): Uint8Array[] =>
  Object.entries(schemas).map(([name, schema]) => bytes(number, concat([text(1, name), bytes(2, message(schema as JsonObject))])));

/** Which field of gnostic's Schema a keyword is, and how its value is written. */
const KEYWORDS: Readonly<Record<string, (value: Json) => Uint8Array>> = {
  $ref: (value) => text(1, String(value)),
  format: (value) => text(2, String(value)),
  title: (value) => text(3, String(value)),
  description: (value) => text(4, String(value)),
  default: (value) => bytes(5, any(value)),
  multipleOf: (value) => double(6, Number(value)),
  maximum: (value) => double(7, Number(value)),
  exclusiveMaximum: (value) => integer(8, Number(value)),
  minimum: (value) => double(9, Number(value)),
  exclusiveMinimum: (value) => integer(10, Number(value)),
  maxLength: (value) => integer(11, Number(value)),
  minLength: (value) => integer(12, Number(value)),
  pattern: (value) => text(13, String(value)),
  maxItems: (value) => integer(14, Number(value)),
  minItems: (value) => integer(15, Number(value)),
  uniqueItems: (value) => integer(16, Number(value)),
  maxProperties: (value) => integer(17, Number(value)),
  minProperties: (value) => integer(18, Number(value)),
  required: (value) => concat((value as string[]).map((name) => text(19, name))),
  enum: (value) => concat((value as Json[]).map((one) => bytes(20, any(one)))),
  additionalProperties: (value) => bytes(21, isJsonObject(value) ? bytes(1, message(value)) : integer(2, Number(value))),
  type: (value) => bytes(22, text(1, String(value))),
  items: (value) => bytes(23, bytes(1, message(value as JsonObject))),
  properties: (value) => bytes(25, concat(namedSchemas(1, value as JsonObject))),
  example: (value) => bytes(30, any(value)),
};

function message(schema: JsonObject): Uint8Array {
  const extension = (name: string, value: Json) => bytes(31, concat([text(1, name), bytes(2, any(value))]));
  return concat(
    Object.entries(schema).map(([name, value]) => (name.startsWith('x-') ? extension(name, value as Json) : (KEYWORDS[name]?.(value as Json) ?? concat([])))),
  );
}

/** A value of any type is YAML, which JSON is. */
const any = (value: Json): Uint8Array => text(2, `${JSON.stringify(value)}\n`);

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const bytes = (number: number, content: Uint8Array): Uint8Array => concat([varint(number * 8 + 2), varint(content.length), content]);
const text = (number: number, value: string): Uint8Array => bytes(number, new TextEncoder().encode(value));
const integer = (number: number, value: number): Uint8Array => concat([varint(number * 8), varint(value)]);

function double(number: number, value: number): Uint8Array {
  const content = new Uint8Array(8);
  new DataView(content.buffer).setFloat64(0, value, true);
  return concat([varint(number * 8 + 1), content]);
}

/** Whole numbers that are not negative. */
function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return Uint8Array.of(...out, rest);
}
