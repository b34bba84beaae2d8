/** POST, PUT, PATCH and DELETE of objects and of their subresources (k8s.io/apiserver/pkg/endpoints/handlers). */
import { badRequest, failure, methodNotSupported, notFound, unknownResource } from '../../api/errors.js';
import { isMap } from '../../api/json-data.js';
import { type KubeObject, keyOf, type ObjectKey } from '../../api/object.js';
import type { Outside } from '../../api/outside.js';
import { type AnyResource, apiVersionOf, resourceId, type Schemas } from '../../api/resource.js';
import type { Structs } from '../../api/structs.js';
import type { ApiRequest, UserInfo } from '../../api/transport.js';
import type { Patch, PatchType, WriteOptions } from '../../api/verbs.js';
import type { Answer } from '../long-running.js';
import { patchValue } from '../patch.js';
import { tableOf } from '../table.js';
import type { Verbs } from '../verbs.js';
import { json } from './answer.js';
import { decodeBody, mediaType, readBody, readJson, unsupportedMediaType } from './body.js';
import { negotiate } from './negotiate.js';
import { deleteOptions, writeOptions } from './options.js';
import { includeObject, listKindOf, observed, presentOne, type ReadContext, select, storedIn, toWire } from './read.js';
import type { Query, ResourceRequest } from './request-info.js';

/** What writing takes beyond reading: loaded only when a request writes. */
export interface WriteSide {
  resources(): readonly AnyResource[];
  readonly verbs: Verbs;
  readonly outside: Outside;
  schemas(): Schemas;
  structs(): Structs;
}

export interface WriteRequest {
  readonly request: ApiRequest;
  readonly query: Query;
  readonly target: ResourceRequest;
  readonly resource: AnyResource;
  readonly user: UserInfo;
  readonly warn: (text: string) => void;
}

/** Status of a write that has no object to show. */
const success = (details: object | undefined, code?: number) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  ...(details === undefined ? {} : { details }),
  ...(code === undefined ? {} : { code }),
});

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

const CUSTOM_PATCHES =
  'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

/** Of a definition that is being deleted. */
const notOnCustom = ({ names }: AnyResource, verb: string) =>
  failure(405, 'MethodNotAllowed', `${verb} is not supported on resources of kind ${JSON.stringify(resourceId(names))}`, {
    group: names.group,
    kind: names.plural,
  });

export class Writer {
  constructor(
    private readonly context: ReadContext,
    private readonly side: WriteSide,
  ) {}

  write(write: WriteRequest): Answer {
    const { request, target, resource } = write;
    const { method } = request;
    const verb = method === 'POST' ? 'create' : method === 'PUT' ? 'update' : method === 'PATCH' ? 'patch' : target.name === '' ? 'deletecollection' : 'delete';
    if (target.subresource !== '' && target.subresource !== 'status') return this.subresource(write);
    if (target.subresource === 'status' && !resource.strategy.hasStatus) throw unknownResource();
    if (target.subresource === 'status' && (method === 'POST' || method === 'DELETE')) throw methodNotSupported();
    if (resource.names.verbs !== undefined && !resource.names.verbs.includes(verb))
      throw resource.custom === undefined ? methodNotSupported() : notOnCustom(resource, verb);
    if (method === 'POST') return target.name === '' ? this.create(write) : failMethod();
    if (method === 'DELETE') return target.name === '' ? this.deleteCollection(write) : this.deleteOne(write);
    if (target.name === '') throw methodNotSupported();
    return method === 'PUT' ? this.replace(write) : this.patch(write);
  }

  /** GET of a subresource: of a body of its own (scale), or of the object. */
  read(resource: AnyResource, key: ObjectKey, name: string, query: Query, accept: string | undefined): Answer {
    const form = negotiate(accept);
    const { verbs, columns } = resource.subresources?.[name] ?? {};
    if (verbs?.includes('get') === false) throw methodNotSupported();
    const answer = this.side.verbs.clients.subresource(storedIn(resource), key, name, 'get', undefined, {}).answer as KubeObject;
    if (answer.kind === resource.names.kind) return json(presentOne(this.context, resource, answer, form, query));
    if (form !== 'table' || columns === undefined) return json(answer);
    return json(tableOf({ columns }, [answer], {}, includeObject(query), this.context.now()));
  }

  private create(write: WriteRequest): Answer {
    const { resource, query, request, target } = write;
    const options = { ...writeOptions('CreateOptions', request, query, false, write.warn, write.user), ...spokenIn(resource) };
    const object = this.decode(write, { namespace: target.namespace, name: '' }, options);
    const created = this.once(() => this.side.verbs.clients.create(storedIn(resource), this.toStored(resource, object), options));
    return this.show(write, created, 201);
  }

  private replace(write: WriteRequest): Answer {
    const { resource, query, request, target } = write;
    const options = { ...writeOptions('UpdateOptions', request, query, false, write.warn, write.user), ...statusOf(target), ...spokenIn(resource) };
    this.checkConvertible(resource, keyOfTarget(target));
    const object = this.toStored(resource, this.decode(write, keyOfTarget(target), options, true));
    const { object: stored, created } = this.once(() => this.side.verbs.clients.replace(storedIn(resource), object, options));
    return this.show(write, stored, created ? 201 : 200);
  }

  private patch(write: WriteRequest): Answer {
    const { resource, query, request, target } = write;
    const patch = this.readPatch(request, resource);
    const options = {
      ...writeOptions('PatchOptions', request, query, patch.type === 'apply', write.warn, write.user),
      ...statusOf(target),
      ...spokenIn(resource),
    };
    const key = keyOfTarget(target);
    const isApplied = resource.custom !== undefined && patch.type === 'apply';
    if (resource.storedAs !== undefined && !isApplied) return this.patchFace(write, patch, options);
    const given = isApplied ? this.inStorageVersion(resource, patch, key) : patch;
    const { object, created } = this.once(() => this.side.verbs.clients.patch(storedIn(resource), key, given, options));
    return this.show(write, object, created ? 201 : 200);
  }

  /** A second face is patched as it shows itself. */
  private patchFace(write: WriteRequest, patch: Patch, options: WriteOptions): Answer {
    const { resource, target } = write;
    const key = keyOfTarget(target);
    const stored = this.context.store.get(storedIn(resource), key);
    if (stored === undefined) throw notFound(resourceId(resource.names), key.name);
    const given: Patch = patch.type === 'apply' ? { type: 'merge', body: patch.body } : patch;
    const whole = toWire(this.context, resource, stored);
    const patched = patchValue(resource, this.side, whole, given, { options, trusted: false }, () => whole);
    const { object } = this.once(() => this.side.verbs.clients.replace(storedIn(resource), this.toStored(resource, patched), options));
    return this.show(write, object, 200);
  }

  /** What cannot be read in the version asked for cannot be written in it either. */
  private checkConvertible(resource: AnyResource, key: ObjectKey): void {
    const stored = resource.custom?.converts === true ? this.context.store.get(storedIn(resource), key) : undefined;
    if (stored !== undefined) observed(this.context, resource, stored);
  }

  /** A write is not made again when its answer has to wait for a webhook that converts it. */
  private once<T>(work: () => T): T {
    return this.side.outside.once('write', work);
  }

  /** Who applies a custom resource in one version owns the same fields of the stored one. */
  private inStorageVersion({ names, custom }: AnyResource, patch: Patch, { namespace, name }: ObjectKey): Patch {
    const { body } = patch;
    const apiVersion = `${names.group}/${custom?.storageVersion}`;
    if (!isMap(body)) return patch;
    if (custom?.converts !== true || body['apiVersion'] !== apiVersionOf(names)) return { ...patch, body: { ...body, apiVersion } };
    const metadata = { name, ...(namespace === '' ? {} : { namespace }), ...(isMap(body['metadata']) ? body['metadata'] : {}) };
    return { ...patch, body: custom.current({ ...body, metadata } as unknown as KubeObject) };
  }

  private readPatch(request: ApiRequest, { custom }: AnyResource): Patch {
    const type = PATCH_TYPES[mediaType(request)];
    if (custom !== undefined && (type === undefined || type === 'strategic')) throw unsupportedMediaType(CUSTOM_PATCHES);
    if (type === undefined) throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type\n\nAvailable representations: ', {});
    // No body is an empty one.
    const body = request.body ?? '';
    const { value } = readJson(body, (why) => badRequest(type === 'json' || type === 'merge' ? `error decoding patch: ${why}` : why));
    return { type, body: value, ...(request.repeated === undefined ? {} : { repeated: request.repeated }) };
  }

  private deleteOne(write: WriteRequest): Answer {
    const { resource, request, query, target } = write;
    const options = { ...deleteOptions(this.readOptions(request), query, write.user, write.warn), ...spokenIn(resource) };
    const id = resourceId(resource.names);
    this.checkConvertible(resource, keyOfTarget(target));
    const { object, removed } = this.once(() => this.side.verbs.clients.delete(storedIn(resource), keyOfTarget(target), options));
    if (!removed || resource.strategy.returnsDeletedObject === true) return this.show(write, object, 200);
    const { name, uid } = object.metadata;
    const dot = id.indexOf('.');
    return json(success({ name, ...(dot < 0 ? {} : { group: id.slice(dot + 1) }), kind: resource.names.plural, uid }));
  }

  private deleteCollection(write: WriteRequest): Answer {
    const { resource, request, query, target } = write;
    const options = { ...deleteOptions(this.readOptions(request), query, write.user, write.warn), ...spokenIn(resource) };
    const { objects, metadata } = select(this.context, resource, target.namespace, query);
    const each = { ...options, isOfCollection: true };
    const { outside } = this.side;
    // What is gone is not deleted again when a webhook keeps the next one waiting.
    const chosen = outside.once('items', () => objects);
    const items = chosen.map((object) => {
      const { uid = '' } = object.metadata;
      const gone = outside.once(uid, () => this.side.verbs.clients.delete(storedIn(resource), keyOf(object), each).object);
      const deleted = toWire(this.context, resource, gone);
      // The list says what its items are.
      const { kind: _, apiVersion: __, ...item } = deleted;
      return resource.custom === undefined ? item : deleted;
    });
    return json({ kind: listKindOf(resource), apiVersion: apiVersionOf(resource.names), metadata, items });
  }

  private readOptions(request: ApiRequest): unknown {
    if (request.body === undefined || request.body === '' || (request.body instanceof Uint8Array && request.body.length === 0)) return undefined;
    return readBody(request, 'DeleteOptions').value;
  }

  /** scale, binding, eviction, token …: what the kind itself knows how to do. */
  private subresource(write: WriteRequest): Answer {
    const { request, query, target, resource } = write;
    const known = resource.subresources?.[target.subresource];
    if (known === undefined) throw unknownResource();
    const { method } = request;
    const verb = method === 'POST' ? 'create' : method === 'PUT' ? 'update' : method === 'PATCH' ? 'patch' : 'delete';
    if (!known.verbs.includes(verb)) throw methodNotSupported();
    const id = storedIn(resource);
    const key = keyOfTarget(target);
    const { clients } = this.side.verbs;
    const schema = this.subresourceSchema(resource, known.names.kind);
    const patch = method === 'PATCH' ? this.readPatch(request, resource) : undefined;
    const kind = method === 'POST' ? 'CreateOptions' : method === 'PUT' ? 'UpdateOptions' : 'PatchOptions';
    const options: WriteOptions = { ...writeOptions(kind, request, query, patch?.type === 'apply', write.warn, write.user), subresource: target.subresource };
    // Without group and version it is a kind of the parent's own.
    const names = known.names.version === '' ? { kind: known.names.kind } : known.names;
    const shape = { names: { ...resource.names, ...names }, schema };
    let body: KubeObject;
    if (patch === undefined) body = decodeBody(this.side.schemas(), shape, readBody(request, known.names.kind), key, options, method === 'PUT');
    else {
      const base = clients.subresource(id, key, target.subresource, 'get', undefined, options).answer;
      const given: Patch = patch.type === 'apply' ? { type: 'merge', body: patch.body } : patch;
      body = patchValue({ schema }, this.side, base, given, { options, trusted: false }, () => base);
    }
    const { answer } = clients.subresource(id, key, target.subresource, method === 'POST' ? 'create' : 'update', body, options);
    if (answer.kind === 'Status') return json(answer, (answer as { readonly code?: number }).code ?? 200);
    return json(answer, method === 'POST' ? 201 : 200);
  }

  private subresourceSchema(resource: AnyResource, kind: string): string {
    if (kind === resource.names.kind) return resource.schema;
    const schemas = this.side.schemas();
    const name = [`V1${kind}`, `AuthenticationV1${kind}`].find((candidate) => schemas[candidate] !== undefined);
    if (name === undefined) throw new Error(`no schema for ${kind}`);
    return name;
  }

  private decode(write: WriteRequest, key: ObjectKey, options: WriteOptions, isNamed = false): KubeObject {
    const body = readBody(write.request, write.resource.names.kind);
    return decodeBody(this.side.schemas(), write.resource, body, key, options, isNamed);
  }

  private toStored(resource: AnyResource, object: KubeObject): KubeObject {
    return resource.storedAs === undefined ? object : resource.storedAs.toStored(object);
  }

  private show({ resource, query, request }: WriteRequest, object: KubeObject, status: number): Answer {
    const form = negotiate(request.headers['accept']);
    return json(presentOne(this.context, resource, observed(this.context, resource, object) ?? object, form, query), status);
  }
}

const keyOfTarget = (target: ResourceRequest): ObjectKey => ({ namespace: target.namespace, name: target.name });
/** The version in which the client speaks, where another is stored. */
const spokenIn = ({ names, storedAs }: AnyResource): Pick<WriteOptions, 'as'> =>
  storedAs === undefined ? {} : { as: { group: names.group, version: names.version } };
const statusOf = (target: ResourceRequest): { subresource?: string } => (target.subresource === '' ? {} : { subresource: target.subresource });

function failMethod(): never {
  throw methodNotSupported();
}
