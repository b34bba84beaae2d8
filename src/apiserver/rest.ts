/**
 * The API over HTTP-shaped requests: method, path and headers → verb → status and body. This module and what it imports are
 * the read side, light enough for every `get`; what writes is handed in when a request needs it.
 */
import { methodNotSupported, notFound, StatusError, unknownResource } from '../api/errors.js';
import type { StateMap } from '../api/reconciler.js';
import { type AnyResource, type AnyResourceView, resourceId, type Schemas } from '../api/resource.js';
import type { Time } from '../api/time.js';
import type { ApiRequest, UserInfo } from '../api/transport.js';
import type { Store } from '../store/store.js';
import { attributesOf, refusal } from './authorization/attributes.js';
import { authorize } from './authorization/rbac.js';
import { ADMINISTRATOR, impersonated, isAdministrator } from './authorization/user.js';
import { DEFINITIONS } from './custom-kinds.js';
import type { Answer, ApiServer, Cursor, Poll } from './long-running.js';
import { failed, json, pageNotFound, withWarnings } from './rest/answer.js';
import type { Connect } from './rest/connect.js';
import { discover, discoveredKinds } from './rest/discovery.js';
import { healthOf } from './rest/health.js';
import { openidPath } from './rest/openid-paths.js';
import { getList, getOne, type ReadContext } from './rest/read.js';
import type { RequestCounts } from './rest/request-counts.js';
import { isOn, type Parsed, parseRequest, type ResourceRequest } from './rest/request-info.js';
import { subresourcesOf } from './rest/subresource-names.js';
import { type VersionInfo, versionText } from './rest/version.js';
import { METRICS, virtualKinds } from './rest/virtual-kinds.js';
import { pollWatch, startWatch } from './rest/watch.js';
import type { Writer, WriteSide } from './rest/write.js';

export interface ApiServerOptions {
  readonly store: Store;
  readonly views: readonly AnyResourceView[];
  /** The kinds that definitions define, as of now; absent on the read side, which does not know them. */
  custom?(): readonly AnyResource[];
  /** Saved state, for `observe`. */
  readonly state: StateMap;
  now(): Time;
  readonly version: VersionInfo;
  readonly counts: RequestCounts;
  /** Read when somebody looks at who owns which field. */
  readonly schemas: () => Schemas;
  /** Present in a turn that writes: see {@link needsWriteSide}. */
  readonly writes?: {
    readonly side: WriteSide;
    readonly writer: Writer;
    readonly nodes: NodeRequests;
    readonly connect: Connect;
    openapi(path: string, request: ApiRequest): Answer | undefined;
    /** Of one of rest/openid-paths.ts. */
    openid(path: string): Answer;
    /** /metrics and /metrics/slis. */
    metrics(path: string): Answer;
    readonly virtual: AnswerVirtual;
  };
}

/** Kinds that are answered and not kept (rest/virtual.ts). */
export type AnswerVirtual = (target: ResourceRequest, parsed: Parsed, request: ApiRequest, user: UserInfo) => Answer;

/** logs, exec, attach and port-forward: what a node answers (rest/node-requests.ts). */
export interface NodeRequests {
  start(target: ResourceRequest, parsed: Parsed, request: ApiRequest): Answer;
  poll(cursor: Cursor): Poll;
  send(cursor: Cursor, channel: number, data: Uint8Array | undefined): Poll;
  end(cursor: Cursor): void;
}

const NODE_BOUND: ReadonlySet<string> = new Set(['log', 'exec', 'attach', 'portforward', 'proxy']);

/** Whether a request can be answered by the read side alone. */
export function needsWriteSide(request: ApiRequest): boolean {
  if (request.method !== 'GET') return true;
  const parsed = parseRequest(request);
  if (parsed.resource === undefined) return parsed.path.startsWith('/openapi') || isMetrics(parsed.path) || openidPath(parsed.path) !== undefined;
  const { group, subresource } = parsed.resource;
  return group === METRICS || (subresource !== '' && subresource !== 'status');
}

/** A definition is involved: the read side, kept light, knows no custom kinds. */
export class NeedsWriteSide extends Error {
  override readonly name = 'NeedsWriteSide';
}

/** Custom kinds that are served. While there is no definition nobody is asked. */
function servedOf(options: ApiServerOptions): readonly AnyResource[] {
  if (options.custom === undefined && options.store.count(DEFINITIONS) > 0) throw new NeedsWriteSide();
  return options.custom?.().filter(({ custom }) => custom?.isServed === true) ?? [];
}

export function createApiServer(options: ApiServerOptions): ApiServer {
  const context: ReadContext = { store: options.store, state: options.state, now: () => options.now(), schemas: options.schemas };
  const views = new Map(options.views.map((view) => [viewKey(resourceId(view.names), view.names.version), view]));
  const viewOf = (resource: string, version: string) =>
    views.get(viewKey(resource, version)) ?? servedOf(options).find(({ names }) => resourceId(names) === resource && names.version === version);
  const serving: Serving = { options, context, viewOf };
  return {
    handle: (request) => handle(serving, request),
    poll: (cursor) => (cursor.type === 'watch' ? pollWatch(context, viewOf, cursor) : writesOf(options).nodes.poll(cursor)),
    send: (cursor, channel, data) => writesOf(options).nodes.send(cursor, channel, data),
    end: (cursor) => {
      if (cursor.type !== 'watch') writesOf(options).nodes.end(cursor);
    },
  };
}

const viewKey = (resource: string, version: string): string => `${resource}/${version}`;

/** What requests are answered from. */
interface Serving {
  readonly options: ApiServerOptions;
  readonly context: ReadContext;
  readonly viewOf: (resource: string, version: string) => AnyResourceView | undefined;
}

/** A request whose sender may make it. */
interface Admitted {
  readonly request: ApiRequest;
  readonly parsed: Parsed;
  readonly user: UserInfo;
  /** Tells the client more than the answer does. */
  warn(text: string): void;
}

function handle(serving: Serving, request: ApiRequest): Answer {
  const parsed = parseRequest(request);
  const answer = answerTo(serving, request, parsed);
  serving.options.counts.note(request, parsed, answer.status);
  return answer;
}

function answerTo(serving: Serving, request: ApiRequest, parsed: Parsed): Answer {
  const { options } = serving;
  const warnings: string[] = [];
  try {
    const user = admitUser(options.store, request, parsed);
    const admitted: Admitted = { request, parsed, user, warn: (text) => void warnings.push(text) };
    const answer = parsed.resource === undefined ? nonResource(options, parsed, request) : dispatch(serving, parsed.resource, admitted);
    return withWarnings(answer, warnings);
  } catch (error) {
    if (error instanceof StatusError) return withWarnings(failed(error), warnings);
    throw error;
  }
}

/** Who it is, or is to be taken for; throws what they are told when they may not. */
function admitUser(store: Store, request: ApiRequest, parsed: Parsed): UserInfo {
  const requester = request.user ?? ADMINISTRATOR;
  const other = impersonated(request);
  if (other !== undefined) checkImpersonation(store, requester, other);
  const user = other ?? requester;
  if (isAdministrator(user)) return user;
  const attributes = attributesOf(user, parsed);
  const { allowed, reason } = authorize(store, attributes);
  if (!allowed) throw refusal(attributes, reason);
  return user;
}

function checkImpersonation(store: Store, requester: UserInfo, other: UserInfo): void {
  const asked: readonly (readonly [string, string])[] = [['users', other.name], ...other.groups.map((group) => ['groups', group] as const)];
  for (const [resource, name] of asked) {
    const attributes = { user: requester, verb: 'impersonate', path: '', resource: { group: '', version: '', resource, subresource: '', namespace: '', name } };
    // The groups everybody is in need no leave.
    if (!name.startsWith('system:authenticated') && !authorize(store, attributes).allowed) throw refusal(attributes, '');
  }
}

function nonResource(options: ApiServerOptions, parsed: Parsed, request: ApiRequest): Answer {
  const { path, method } = parsed;
  const known = nonResourceAnswer(options, path, request);
  if (method !== 'GET' && known.status !== 404) throw methodNotSupported();
  return known;
}

const isMetrics = (path: string): boolean => path === '/metrics' || path === '/metrics/slis';

function nonResourceAnswer(options: ApiServerOptions, path: string, request: ApiRequest): Answer {
  if (path === '/version') return json(versionText(options.version));
  const health = healthOf(path, request.path);
  if (health !== undefined) return health;
  if (path.startsWith('/openapi/')) return options.writes?.openapi(path, request) ?? pageNotFound();
  if (isMetrics(path)) return writesOf(options).metrics(path);
  if (openidPath(path) !== undefined) return writesOf(options).openid(path);
  const kinds = discoveredKinds([...options.views, ...servedOf(options)]);
  const found = discover(path, request.headers['accept'], kinds);
  if (found !== undefined && found.status !== 404) return found;
  const [, root = '', group = '', version] = path.split('/');
  const isOfGroup = (root === 'api' && group !== '') || (root === 'apis' && version !== undefined && kinds.some(({ names }) => names.group === group));
  return isOfGroup ? failed(unknownResource()) : pageNotFound();
}

function dispatch(serving: Serving, target: ResourceRequest, admitted: Admitted): Answer {
  const { options, viewOf } = serving;
  const { request, parsed, user, warn } = admitted;
  if (virtualKinds.some((names) => names.plural === target.plural && names.group === target.group && names.version === target.version))
    return writesOf(options).virtual(target, parsed, request, user);
  const view = viewOf(resourceId(target.group === '' ? { group: '', plural: target.plural } : target), target.version);
  if (view === undefined) {
    // Of a group that is there, another version is asked of the group's own server.
    const known = [...options.views.map(({ names }) => names), ...virtualKinds, ...servedOf(options).map(({ names }) => names)].some(
      ({ group }) => group === target.group,
    );
    return known ? refuse() : pageNotFound();
  }
  const { names, custom } = view;
  if (custom?.warning !== undefined) warn(custom.warning);
  if (!names.namespaced && target.namespace !== '') throw unknownResource();
  if (names.deprecation !== undefined) {
    warn(names.deprecation);
    options.counts.noteDeprecated(target);
  }
  if (request.method === 'GET') return read(serving, view, target, admitted);
  if (names.namespaced && target.namespace === '') throw methodNotSupported();
  const { side, writer } = writesOf(options);
  const resource = side
    .resources()
    .find((candidate) => candidate.names.plural === names.plural && candidate.names.group === names.group && candidate.names.version === names.version);
  if (resource === undefined) throw methodNotSupported();
  if (NODE_BOUND.has(target.subresource)) return startOnNode(options, target, admitted);
  return writer.write({ request, query: parsed.query, target, resource: resource as AnyResource, user, warn });
}

const hasStatus = ({ names, custom }: AnyResourceView): boolean =>
  (custom?.subresources ?? subresourcesOf(resourceId(names), names.kind)).some(({ name }) => name === 'status');

function refuse(): never {
  throw unknownResource();
}

function writesOf(options: ApiServerOptions): NonNullable<ApiServerOptions['writes']> {
  if (options.writes === undefined) throw new Error('this request needs the write side');
  return options.writes;
}

function startOnNode(options: ApiServerOptions, target: ResourceRequest, { request, parsed, user, warn }: Admitted): Answer {
  const { nodes, connect } = writesOf(options);
  // Logs are read, not connected to.
  if (target.subresource !== 'log') connect(target, parsed, user, warn);
  return nodes.start(target, parsed, request);
}

function read({ options, context }: Serving, view: AnyResourceView, target: ResourceRequest, admitted: Admitted): Answer {
  const { query } = admitted.parsed;
  const accept = admitted.request.headers['accept'];
  const watches = isOn(query, 'watch');
  if (watches && target.subresource === '') return startWatch(context, view, target.namespace, query, accept, target.name);
  if (target.name === '') {
    if (view.names.verbs !== undefined && !view.names.verbs.includes('list')) throw methodNotSupported();
    return getList(context, view, target.namespace, query, accept);
  }
  if (view.names.namespaced && target.namespace === '') throw notFound(resourceId(view.names), target.name);
  const key = { namespace: target.namespace, name: target.name };
  if (target.subresource === 'status' && !hasStatus(view)) throw unknownResource();
  if (target.subresource === '' || target.subresource === 'status') return getOne(context, view, key, query, accept);
  const { side, writer } = writesOf(options);
  if (NODE_BOUND.has(target.subresource) && view.names.group === '') return startOnNode(options, target, admitted);
  const resource = side.resources().find(({ names }) => names === view.names || (names.plural === view.names.plural && names.group === view.names.group));
  if (resource?.subresources?.[target.subresource] === undefined) throw unknownResource();
  return writer.read(resource, key, target.subresource, query, accept);
}
