/** /openapi/v3 and /openapi/v2: what kubectl's validation, apply and explain read (k8s.io/kube-openapi). */
import { createHash } from 'node:crypto';
import { isJsonObject } from '../../api/json-data.js';
import type { Json, JsonObject } from '../../api/object.js';
import type { AnyResource, ResourceNames, SchemaField, Schemas } from '../../api/resource.js';
import type { ApiRequest } from '../../api/transport.js';
import type { Answer } from '../long-running.js';
import { json } from './answer.js';
import { customToV2, pathsToV2, type Swagger, toProtobuf, toV2 } from './openapi-v2.js';
import { JSON_WEB_KEY_SET, JSON_WEB_KEYS, OPENID_CONFIGURATION } from './openid-paths.js';

/** dist/schema-descriptions.json.br: upstream's name and texts of every definition. */
export type Descriptions = Readonly<
  Record<string, { readonly name?: string; readonly description: string; readonly fields: Readonly<Record<string, string>> }>
>;

type OpenApi = (path: string, request: ApiRequest) => Answer | undefined;

/** What of a kind is documented. `isAsked`: it is created and never kept, as reviews are. */
export type Documented = Pick<AnyResource, 'names' | 'schema' | 'custom'> & { readonly isAsked?: true };

/** Where discovery answers, and with what. */
const DISCOVERY: Readonly<Record<string, string>> = { api: 'V1APIVersions', apis: 'V1APIGroupList', version: 'VersionInfo' };
/** Where it answers with a text, and of which type. */
const TEXTS: Readonly<Record<string, string>> = { [OPENID_CONFIGURATION.slice(1)]: 'application/json', [JSON_WEB_KEYS.slice(1)]: JSON_WEB_KEY_SET };

export function openapi(resources: () => readonly Documented[], version: string, schemas: () => Schemas, descriptions: () => Descriptions): OpenApi {
  const documents = new Map<string, { readonly of: readonly Documented[]; readonly body: object; readonly hash: string }>();
  const document = (path: string) => {
    let made = documents.get(path);
    const of = resources().filter((resource) => groupPath(resource.names) === path && resource.custom?.isServed !== false);
    // Custom kinds come and go.
    if (made?.of.length !== of.length || made.of.some((resource, i) => resource !== of[i])) {
      const maker = new DocumentMaker(schemas(), descriptions(), version);
      const body =
        of.length > 0 ? maker.make(of) : TEXTS[path] !== undefined ? maker.text(path, TEXTS[path]) : maker.discovery(path, DISCOVERY[path] ?? 'V1APIGroup');
      made = { of, body, hash: createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase() };
      documents.set(path, made);
    }
    return made;
  };
  let swagger: { readonly of: readonly Documented[]; readonly body: Swagger; readonly hash: string } | undefined;
  const documentV2 = (of: readonly Documented[]) => {
    if (swagger?.of.length !== of.length || swagger.of.some((resource, i) => resource !== of[i])) {
      const body = new DocumentMaker(schemas(), descriptions(), version).makeV2(of);
      swagger = { of, body, hash: createHash('sha512').update(JSON.stringify(body)).digest('hex').toUpperCase() };
    }
    return swagger;
  };
  return (path, request) => {
    const served = resources().filter(({ custom }) => custom?.isServed !== false);
    if (path === '/openapi/v2') {
      const { body, hash } = documentV2(served);
      const headers = { etag: `"${hash}"` };
      if (!(request.headers['accept'] ?? '').includes('protobuf')) return json(body, 200, headers);
      return { status: 200, headers: { ...headers, 'content-type': PROTOBUF }, body: toProtobuf(body) };
    }
    const groups = served.flatMap(({ names: { group } }) => (group === '' ? [] : [`apis/${group}`]));
    const paths = [...new Set([...served.map(({ names }) => groupPath(names)), ...groups, ...Object.keys(DISCOVERY), ...Object.keys(TEXTS)])].sort();
    if (path === '/openapi/v3')
      return json({ paths: Object.fromEntries(paths.map((one) => [one, { serverRelativeURL: `/openapi/v3/${one}?hash=${document(one).hash}` }])) });
    const wanted = path.slice('/openapi/v3/'.length);
    return paths.includes(wanted) ? json(document(wanted).body, 200, { etag: `"${document(wanted).hash}"` }) : undefined;
  };
}

const groupPath = ({ group, version }: ResourceNames): string => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

/** `com.example.stable.v1.CronTab`. */
const customName = ({ group, version, kind }: ResourceNames): string => `${group.split('.').reverse().join('.')}.${version}.${kind}`;

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const INT_OR_STRING = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';

/** Types that are no structs in the schema. */
const SPECIAL: Readonly<Record<string, string>> = {
  Date: `${META}.Time`,
  MicroTime: `${META}.MicroTime`,
  Quantity: QUANTITY,
  IntOrString: INT_OR_STRING,
};

const SPECIAL_SCHEMAS: Readonly<Record<string, object>> = {
  Date: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
  Quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  IntOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
};

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: JsonObject;
  readonly components: object;
}

class DocumentMaker {
  private readonly made: Record<string, object> = {};

  constructor(
    private readonly schemas: Schemas,
    private readonly descriptions: Descriptions,
    private readonly version: string,
  ) {}

  /** Of `/api/`, `/apis/`, `/apis/GROUP/` and `/version/`. */
  discovery(path: string, schema: string): Document {
    const ref = { $ref: `#/components/schemas/${this.define(schema)}` };
    const get = { responses: { 200: { description: 'OK', content: { 'application/json': { schema: ref } } } } };
    return this.document({ [`/${path}/`]: { get } });
  }

  text(path: string, type: string): Document {
    return this.document({ [`/${path}/`]: { get: { responses: { 200: { description: 'OK', content: { [type]: { schema: { type: 'string' } } } } } } } });
  }

  make(resources: readonly Documented[]): Document {
    const paths: Record<string, object> = {};
    for (const resource of resources) {
      const { names } = resource;
      Object.assign(paths, this.pathsOf(resource));
      const { group, version, kind } = names;
      if (resource.custom === undefined) this.define(resource.schema, [{ group, version, kind }]);
      else this.made[customName(names)] = this.customSchema(names, resource.custom.openApi);
    }
    return this.document(paths);
  }

  makeV2(resources: readonly Documented[]): Swagger & { readonly swagger: string; readonly paths: object } {
    const { info, paths } = this.make(resources.filter(({ custom }) => custom === undefined));
    const definitions = Object.fromEntries(Object.entries(this.made).map(([name, schema]) => [name, toV2(schema as JsonObject)]));
    for (const { names, custom } of resources)
      if (custom !== undefined) definitions[customName(names)] = this.customSchema(names, customToV2(custom.openApi), V2_METADATA);
    const customPaths = Object.assign({}, ...resources.filter(({ custom }) => custom !== undefined).map((resource) => this.pathsOf(resource)));
    return { swagger: '2.0', info, paths: pathsToV2({ ...paths, ...customPaths }), definitions };
  }

  private document(paths: Readonly<Record<string, object>>): Document {
    return { openapi: '3.0.0', info: { title: 'Kubernetes', version: this.version }, paths: paths as JsonObject, components: { schemas: this.made } };
  }

  /** What apiextensions-apiserver publishes of a definition: its schema, and the fields that every object has (controller/openapi/builder). */
  private customSchema({ group, version, kind }: ResourceNames, schema: JsonObject, reference = this.v3Metadata): JsonObject {
    const kinds = { 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
    const isV2 = reference === V2_METADATA;
    if (isV2 && isOpen(schema)) return { type: 'object', ...kinds };
    const text = (field: string) => ({ type: 'string', description: this.descriptions['V1Pod']?.fields[field] ?? '' });
    const metadata = { ...reference, description: this.descriptions['V1Pod']?.fields['metadata'] ?? '' };
    const embedded = this.withEmbedded(schema, metadata, isV2);
    const properties = { ...(embedded['properties'] as JsonObject | undefined), apiVersion: text('apiVersion'), kind: text('kind'), metadata };
    return { ...embedded, properties, ...kinds };
  }

  private get v3Metadata(): JsonObject {
    return { allOf: [{ $ref: `#/components/schemas/${this.define('V1ObjectMeta')}` }] };
  }

  /** Objects within the object have the fields that every object has. In v2 those would forbid all others where any are allowed. */
  private withEmbedded(schema: JsonObject, metadata: JsonObject, isV2: boolean): JsonObject {
    const inner = (value: Json | undefined) => (isJsonObject(value) ? this.withEmbedded(value, metadata, isV2) : value);
    const { properties, items, additionalProperties } = schema;
    const given = properties as JsonObject | undefined;
    const made: JsonObject = {
      ...schema,
      ...(given === undefined ? {} : { properties: Object.fromEntries(Object.entries(given).map(([name, of]) => [name, inner(of as Json) as Json])) }),
      ...(items === undefined ? {} : { items: inner(items as Json) as Json }),
      ...(additionalProperties === undefined ? {} : { additionalProperties: inner(additionalProperties as Json) as Json }),
    };
    if (schema['x-kubernetes-embedded-resource'] !== true || (isV2 && isOpen(schema))) return made;
    const text = (description: string) => ({ type: 'string', description });
    const required = new Set([...((schema['required'] ?? []) as string[]), 'kind', 'apiVersion']);
    return {
      ...made,
      properties: { ...(made['properties'] as JsonObject | undefined), apiVersion: text(EMBEDDED.apiVersion), kind: text(EMBEDDED.kind), metadata },
      required: [...required],
    };
  }

  private nameOf(definition: string): string {
    return this.descriptions[definition]?.name ?? definition;
  }

  private define(definition: string, kinds?: readonly object[]): string {
    const name = this.nameOf(definition);
    const schema = this.schemas[definition];
    if (this.made[name] !== undefined || schema === undefined) return name;
    const properties: Record<string, object> = {};
    const made: Record<string, unknown> = { type: 'object', properties };
    this.made[name] = made;
    const { description, fields = {} } = this.descriptions[definition] ?? {};
    if (description) made['description'] = description;
    const required: string[] = [];
    for (const [key, field] of Object.entries(schema.fields)) {
      properties[key] = this.property(field, fields[key] ?? '');
      if (field.required) required.push(key);
    }
    if (required.length > 0) made['required'] = required;
    if (kinds !== undefined) made['x-kubernetes-group-version-kind'] = kinds;
    return name;
  }

  private property(field: SchemaField, text: string): object {
    const element = this.element(field, field.container !== undefined || field.always === true);
    const description = describe(text, field);
    const facts = {
      ...(description === '' ? {} : { description }),
      ...(field.listType === undefined ? {} : { 'x-kubernetes-list-type': field.listType }),
      ...(field.listMapKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': field.listMapKeys }),
      ...(field.mergeKey ? { 'x-kubernetes-patch-merge-key': field.mergeKey } : {}),
      ...(field.mergeKey === undefined && !field.retainKeys ? {} : { 'x-kubernetes-patch-strategy': strategyOf(field) }),
    };
    switch (field.container) {
      case 'list':
        return { type: 'array', items: element, ...facts };
      case 'map':
        return { type: 'object', additionalProperties: element, ...facts };
      case 'maplist':
        return { type: 'object', additionalProperties: { type: 'array', items: element }, ...facts };
      default:
        return { ...element, ...(field.enum === undefined ? {} : { enum: field.enum }), ...facts };
    }
  }

  private element(field: SchemaField, isPlain: boolean): object {
    const special = SPECIAL[field.type];
    if (special !== undefined) {
      this.made[special] ??= { ...SPECIAL_SCHEMAS[field.type], description: this.descriptions[field.type]?.description ?? '' };
      return { allOf: [{ $ref: `#/components/schemas/${special}` }] };
    }
    if (this.schemas[field.type] !== undefined)
      return { allOf: [{ $ref: `#/components/schemas/${this.define(field.type)}` }], ...(isPlain ? { default: {} } : {}) };
    switch (field.type) {
      case 'number':
        return field.format === 'double'
          ? { type: 'number', format: 'double' }
          : { type: 'integer', ...(field.format === undefined ? {} : { format: field.format }) };
      case 'byte':
        return { type: 'string', format: 'byte' };
      default:
        return { type: field.type };
    }
  }

  /** An operation only says which kind it is about, and that the server validates fields. */
  private pathsOf({ names, schema, custom, isAsked }: Documented): Readonly<Record<string, object>> {
    const { group, version, kind, plural, namespaced } = names;
    const root = `/${groupPath(names)}`;
    const ref = {
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${custom === undefined ? this.nameOf(schema) : customName(names)}` } } },
    };
    const operation = (action: string, validates: boolean) => ({
      tags: [group === '' ? 'core_v1' : `${group.split('.')[0]}_${version}`],
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version, kind },
      ...(validates ? { parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string', uniqueItems: true } }] } : {}),
      responses: { 200: { description: 'OK', ...ref } },
    });
    const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
    if (isAsked === true) return { [collection]: { post: operation('post', true) } };
    return {
      [`${root}/${plural}`]: { get: operation('list', false), ...(namespaced ? {} : { post: operation('post', true) }) },
      ...(namespaced ? { [collection]: { get: operation('list', false), post: operation('post', true) } } : {}),
      [`${collection}/{name}`]: {
        get: operation('get', false),
        put: operation('put', true),
        patch: operation('patch', true),
        delete: operation('delete', false),
      },
    };
  }
}

const strategyOf = (field: SchemaField): string => [...(field.mergeKey === undefined ? [] : ['merge']), ...(field.retainKeys ? ['retainKeys'] : [])].join(',');

/** Upstream's generator puts the values of an enum behind the text. */
function describe(text: string, field: SchemaField): string {
  if (field.enum === undefined) return text;
  return `${text}\n\nPossible enum values:\n${field.enum.map((value) => ` - \`${JSON.stringify(value)}\``).join('\n')}`.trimStart();
}

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const V2_METADATA: JsonObject = { $ref: `#/definitions/${META}.ObjectMeta` };

/** What is said of the fields of an object within an object. */
const EMBEDDED = {
  apiVersion:
    'apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
};

const isOpen = (schema: JsonObject): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true;
