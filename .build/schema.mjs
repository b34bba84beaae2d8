// Writes the schema of the API into the build output: `schema.json` (`Schemas` of src/api/resource.ts, no descriptions) and
// `schema-descriptions.json.br` (descriptions and upstream names, for `explain` and OpenAPI). Source: the models of
// @kubernetes/client-node, generated there from the OpenAPI document of Kubernetes v1.33; what they lack is in schema-facts.mjs.
// They say nothing of fields that are of another definition (`spec`, `livenessProbe`): kubernetes-types, from the document of v1.30, does.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { ALWAYS, ATOMIC_TYPES, BYTES, ENUMS, GO_TYPES, LISTS, MAPS, MERGE, POINTERS, QUANTITIES, ROOTS, UNIONS } from './schema-facts.mjs';

const VERSION = 'OpenAPI spec version: v1.33.0';

/** Kinds of the API, not of the client. */
const SKIP = new Set(['ObjectSerializer', 'VersionInfo', 'all']);

const DATES = { 'date-time': 'Date', 'date-time-micro': 'MicroTime' };

/** `Array<X>`, `{ [key: string]: X; }` and plain names, as `type` and `container`. */
function readType(text, format) {
  const list = /^Array<(.*)>$/.exec(text);
  if (list) return { ...readType(list[1], format), container: 'list' };
  const mapOfList = /^\{ \[key: string\]: Array<(.*)>; \}$/.exec(text);
  if (mapOfList) return { ...readType(mapOfList[1], format), container: 'maplist' };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(text);
  if (map) return { ...readType(map[1], format), container: 'map' };
  if (text === 'any') return { type: 'object' };
  if (text === 'Date' || text === 'V1MicroTime') return { type: DATES[format] ?? (text === 'Date' ? 'Date' : 'MicroTime') };
  if (format === 'byte') return { type: 'byte' };
  if (text === 'number') return { type: 'number', ...(format === '' ? {} : { format }) };
  return { type: text };
}

const unescaped = (text) => text.replaceAll("\\'", "'").replaceAll('\\"', '"').replaceAll('*_/', '*/').trim();

/** The comments in front of a class and its fields, and which fields are optional. */
function readDeclaration(text) {
  const fields = {};
  for (const match of text.matchAll(/(?:\/\*\*\n((?:\s*\*(?!\/).*\n)*?)\s*\*\/\n\s*)?^\s*'([^'\n]+)'(\?)?: /gm)) {
    const [, comment, name, optional] = match;
    fields[name] = { required: optional === undefined, description: readComment(comment) };
  }
  const head = /\/\*\*\n((?:\*(?!\/).*\n)*)\*\/\nexport declare class/.exec(text);
  return { description: readComment(head?.[1]), fields };
}

function readComment(comment) {
  if (comment === undefined) return '';
  return unescaped(
    comment
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, ''))
      .join('\n'),
  );
}

/** The name without the client's version prefix: `V1Pod` → `Pod`, `CoreV1Event` → `Event`. */
export const bareName = (definition) => definition.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?(?=[A-Z])/, '');

function fieldFacts(definition, name, field) {
  const key = `${definition}.${name}`;
  const facts = {};
  if (field.container === 'list') {
    const merge = MERGE[key];
    if (merge !== undefined) {
      facts.mergeKey = merge.key;
      if (merge.retainKeys) facts.retainKeys = true;
    }
    const list = LISTS[key];
    facts.listType = list === undefined ? 'atomic' : list.length === 0 ? 'set' : 'map';
    if (list !== undefined && list.length > 0) facts.listMapKeys = list;
  } else if (MERGE[key]?.retainKeys) facts.retainKeys = true;
  if (MERGE[key]?.replace) facts.mergeReplace = true;
  if ((MAPS[key] ?? (ATOMIC_TYPES.has(field.type) ? 'atomic' : '')) === 'atomic') facts.mapType = 'atomic';
  if (POINTERS.has(key)) facts.pointer = true;
  if (ALWAYS.has(key) || (['metadata', 'spec', 'status'].includes(name) && /^[A-Z]/.test(field.type))) facts.always = true;
  const values = ENUMS[key];
  if (values !== undefined) facts.enum = values;
  if (UNIONS[key] !== undefined) facts.union = UNIONS[key];
  const go = GO_TYPES[key];
  if (go !== undefined) facts.goType = go;
  return facts;
}

/** `io.k8s.api.apps.v1.DeploymentSpec` → `apps/v1`. */
const moduleOf = (name) => name.split('.').slice(-3, -1).join('/');

/** The comments in front of the fields of each interface of a module of kubernetes-types. */
function readInterfaces(text) {
  const interfaces = {};
  for (const [, name, body] of text.matchAll(/^export interface (\w+)[^\n]*\{\n([\s\S]*?)^\}/gm)) {
    const fields = {};
    for (const [, comment, quoted, plain] of body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:readonly )?(?:"([^"]+)"|([\w$]+))\??: /g))
      fields[quoted ?? plain] = readComment(comment.trim());
    interfaces[name] = fields;
  }
  return interfaces;
}

/** What is said of types that are no structs: `export type Quantity = string`. */
const SCALARS = { Quantity: 'api/resource', Date: 'meta/v1', MicroTime: 'meta/v1' };

function describeScalars(descriptions, types) {
  for (const [type, module] of Object.entries(SCALARS)) {
    const text = readFileSync(join(types, `${module}.d.ts`), 'utf8');
    const [, comment] = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export type ${type === 'Date' ? 'Time' : type} `).exec(text);
    descriptions[type] = { description: readComment(comment.trim()), fields: {} };
  }
  // client-node writes what is said of the type over what is said of a field of it.
  descriptions.IntOrString = { description: descriptions.V1ServicePort.fields.targetPort, fields: {} };
}

/** Describes the fields that nothing has been said of, or no more than of their type. */
function describeReferences(descriptions, schemas, types) {
  const modules = {};
  const ofTypes = new Set(['IntOrString', 'MicroTime'].map((type) => descriptions[type].description));
  for (const [definition, { name, fields }] of Object.entries(descriptions)) {
    if (name === undefined) continue;
    const module = moduleOf(name);
    const path = join(types, `${module}.d.ts`);
    modules[module] ??= existsSync(path) ? readInterfaces(readFileSync(path, 'utf8')) : {};
    const known = modules[module][name.split('.').at(-1)] ?? {};
    for (const field of Object.keys(schemas[definition].fields))
      if (known[field] && (fields[field] === undefined || ofTypes.has(fields[field]))) fields[field] = known[field];
  }
}

/** Writes the two assets. `clientNode` and `types` are the packages' directories. */
export async function generate(clientNode, types, dist) {
  const models = join(clientNode, 'dist/gen/models');
  const schemas = {};
  const descriptions = {};
  for (const file of readdirSync(models).sort()) {
    if (!file.endsWith('.js') || SKIP.has(file.slice(0, -3))) continue;
    const definition = file.slice(0, -3);
    const source = readFileSync(join(models, file), 'utf8');
    if (!source.includes(VERSION)) continue; // left over from an older version of the API
    const table = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(source);
    const declaration = readDeclaration(readFileSync(join(models, `${definition}.d.ts`), 'utf8'));
    const fields = {};
    const texts = {};
    for (const { name, baseName, type, format } of table ? JSON.parse(table[1]) : []) {
      let field = readType(type, format);
      const key = `${definition}.${baseName}`;
      if (QUANTITIES.has(key)) field = { ...field, type: 'Quantity' };
      if (BYTES.has(key)) field = { ...field, type: 'byte' };
      const declared = declaration.fields[name];
      fields[baseName] = { ...field, ...(declared?.required ? { required: true } : {}), ...fieldFacts(definition, baseName, field) };
      if (declared?.description) texts[baseName] = declared.description;
    }
    schemas[definition] = { fields };
    descriptions[definition] = { description: declaration.description, fields: texts };
  }
  // Its type is known to no model: an empty struct.
  schemas.V1CustomResourceSubresourceStatus = { fields: {} };
  descriptions.V1CustomResourceSubresourceStatus = { description: '', fields: {} };
  schemas.V1CustomResourceSubresources.fields.status.type = 'V1CustomResourceSubresourceStatus';
  checkFacts(schemas);
  nameDefinitions(schemas, descriptions);
  describeScalars(descriptions, types);
  describeReferences(descriptions, schemas, types);
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'schema.json'), JSON.stringify(schemas));
  const text = Buffer.from(JSON.stringify(descriptions));
  writeFileSync(join(dist, 'schema-descriptions.json.br'), brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
  writeFileSync(
    join(dist, 'schema-NOTICE.txt'),
    `schema.json and schema-descriptions.json.br are derived from the models of @kubernetes/client-node\n(Copyright The Kubernetes Authors, Apache License 2.0), generated from the OpenAPI document of Kubernetes v1.33;\ndescriptions that those lack are from kubernetes-types (Apache License 2.0), generated from the document of v1.30.\n\n${readFileSync(join(clientNode, 'LICENSE'), 'utf8')}`,
  );
}

/** A fact about a field that is not there is a typing mistake of ours. */
function checkFacts(schemas) {
  const all = [
    ...Object.keys(MERGE),
    ...Object.keys(LISTS),
    ...Object.keys(MAPS),
    ...Object.keys(ENUMS),
    ...Object.keys(GO_TYPES),
    ...QUANTITIES,
    ...BYTES,
    ...POINTERS,
    ...ALWAYS,
  ];
  const unknown = all.filter((key) => schemas[key.split('.')[0]]?.fields[key.slice(key.indexOf('.') + 1)] === undefined);
  const types = [...ATOMIC_TYPES].filter((name) => schemas[name] === undefined);
  if (unknown.length + types.length > 0) throw new Error(`schema-facts.mjs names unknown fields: ${[...unknown, ...types].join(', ')}`);
}

/** Upstream's names (`io.k8s.api.core.v1.ContainerPort`): a definition is in the group of the first root kind that reaches it. */
function nameDefinitions(schemas, descriptions) {
  const visit = (definition, prefix) => {
    if (schemas[definition] === undefined || descriptions[definition].name !== undefined) return;
    descriptions[definition].name = `${prefix}.${bareName(definition)}`;
    for (const field of Object.values(schemas[definition].fields)) visit(field.type, prefix);
  };
  for (const [prefix, roots] of ROOTS) for (const root of roots) visit(root, prefix);
}
