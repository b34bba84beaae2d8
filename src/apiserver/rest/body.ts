/** Request bodies: from bytes or text to a JSON value, and from that to an object of the kind the URL names. */
import { badRequest, failure } from '../../api/errors.js';
import { isMap, own } from '../../api/json-data.js';
import type { KubeObject, ObjectKey } from '../../api/object.js';
import { type AnyResource, apiVersionOf, type Schemas } from '../../api/resource.js';
import type { ApiRequest } from '../../api/transport.js';
import type { WriteOptions } from '../../api/verbs.js';
import { parseJson } from '../decode/json-text.js';
import { decodeAs } from '../decode.js';
import { checkIdentity, reportStrict } from '../patch.js';

export interface Body {
  readonly value: unknown;
  /** It came as text, whose key order counts. */
  readonly isText: boolean;
  /** `duplicate field "spec.x"`. */
  readonly duplicates: readonly string[];
  /** The paths of all its keys as they stand in the text. */
  readonly keys: readonly string[];
}

const TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const KNOWN: ReadonlySet<string> = new Set(['', ...TYPES.split(', ')]);

/** Encodings other than JSON have been read by the time a request comes here (http/bodies.ts). */
export function readBody(request: ApiRequest, kind: string): Body {
  const type = mediaType(request);
  const isText = typeof request.body === 'string' || request.body instanceof Uint8Array;
  if (!KNOWN.has(type) || (isText && type !== 'application/json' && type !== ''))
    throw unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${TYPES}`);
  const body = readJson(request.body ?? '', (why, text) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${summary(text)})`),
  );
  return request.repeated === undefined ? body : { ...body, duplicates: [request.repeated] };
}

/** A JSON body, parsed if it is text yet. */
export function readJson(body: unknown, refuse: (why: string, text: string) => Error): Body {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return { value: body, isText: false, duplicates: [], keys: [] };
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const parsed = parseJson(text);
  if ('error' in parsed) throw refuse(parsed.error, text);
  return { ...parsed, isText: true };
}

export const mediaType = (request: ApiRequest): string => (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
export const unsupportedMediaType = (message: string) => failure(415, 'UnsupportedMediaType', message);

const SHOWN = 30;

/** The first bytes, as text if it looks like an object (handlers/rest.go summarizeData). */
function summary(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return '<empty>';
  const shown = bytes.subarray(0, SHOWN).toString(text.startsWith('{') ? 'utf8' : 'hex');
  return bytes.length > SHOWN ? `${shown} ...` : shown;
}

/** Decodes the body as the kind of the URL, with its name and namespace filled in from there. `isNamed`: it must say its name itself. */
export function decodeBody(
  schemas: Schemas,
  resource: Pick<AnyResource, 'names' | 'schema' | 'custom'>,
  body: Body,
  key: ObjectKey,
  options: WriteOptions,
  isNamed = false,
): KubeObject {
  const { names } = resource;
  const group = apiVersionOf(names);
  const cannot = (why: string) => badRequest(`${names.kind} in version "${names.version}" cannot be handled as a ${names.kind}: ${why}`);
  checkKind(schemas, resource, body.value);
  const decoded = decodeAs(schemas, resource, body.value, { sorted: !body.isText });
  if (decoded.error !== undefined) throw cannot(decoded.error);
  reportStrict(resource.custom === undefined ? asRead(body, decoded.strict) : [...body.duplicates, ...decoded.strict], { options }, cannot);
  const object = { ...decoded.value, apiVersion: group, kind: names.kind } as unknown as KubeObject;
  checkIdentity(key.name === '' ? withoutName(object) : object, key);
  if (isNamed && !object.metadata.name) throw badRequest(`the name of the object (${key.name} based on URL) was undeterminable: name must be provided`);
  const { namespace } = key;
  // A namespace on what has none is forgotten (rest.EnsureObjectNamespaceMatchesRequestNamespace).
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(namespace === '' ? {} : { namespace }), ...(key.name === '' ? {} : { name: key.name }) } };
}

/**
 * What was found while reading into a type, key by key: what is unknown is skipped, with all that stands twice in it. (A custom resource
 * is read whole before its fields are looked at.)
 */
function asRead({ duplicates, keys }: Body, unknown: readonly string[]): readonly string[] {
  if (duplicates.length === 0 || unknown.length === 0 || keys.length === 0) return [...duplicates, ...unknown];
  const found = new Set<string>();
  const read = new Set<string>();
  let skipped = '';
  for (const key of keys) {
    if (skipped !== '' && (key === skipped || key.startsWith(`${skipped}.`) || key.startsWith(`${skipped}[`))) continue;
    const name = JSON.stringify(key);
    skipped = unknown.includes(`unknown field ${name}`) ? key : '';
    if (skipped !== '') found.add(`unknown field ${name}`);
    else if (read.has(key)) found.add(`duplicate field ${name}`);
    read.add(key);
  }
  return [...found];
}

const withoutName = (object: KubeObject): KubeObject => ({ ...object, metadata: { namespace: object.metadata.namespace ?? '' } });

/** A body that says it is another kind. One that says nothing is taken at the URL's word. */
function checkKind(schemas: Schemas, { names, custom }: Pick<AnyResource, 'names' | 'custom'>, value: unknown): void {
  // Null is an object without anything.
  if (value === null) return;
  if (!isMap(value))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${names.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (${summary(JSON.stringify(value) ?? '')})`,
    );
  const kind = own(value, 'kind') ?? names.kind;
  const apiVersion = own(value, 'apiVersion') ?? apiVersionOf(names);
  if (kind === names.kind && apiVersion === apiVersionOf(names)) return;
  const [group = '', version = ''] = String(apiVersion).includes('/') ? String(apiVersion).split('/') : ['', String(apiVersion)];
  const cannot = `${String(kind)} in version "${version}" cannot be handled as a ${names.kind}`;
  if (group === names.group && (kind === names.kind || (custom === undefined && !isRegistered(schemas, String(kind), version))))
    throw badRequest(
      `${cannot}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  if (apiVersion !== apiVersionOf(names)) {
    if (kind === names.kind || group !== names.group)
      throw badRequest(`the API version in the data (${String(apiVersion)}) does not match the expected API version (${apiVersionOf(names)})`);
  }
  throw badRequest(`${cannot}: converting (${goPackage(group, version)}.${String(kind)}) to (${goPackage(names.group, '')}.${names.kind}): unknown conversion`);
}

/** Is there a type of that name and version? Groups share versions, so that a kind of another group passes. */
function isRegistered(schemas: Schemas, kind: string, version: string): boolean {
  const name = `${version.slice(0, 1).toUpperCase()}${version.slice(1)}${kind}`;
  return schemas[name] !== undefined || Object.keys(schemas).some((one) => one.endsWith(name));
}

/** `v1` of the external types, `core`, `apps` … of the internal ones. */
const goPackage = (group: string, version: string): string => (version !== '' ? version : group === '' ? 'core' : (group.split('.')[0] ?? group));
