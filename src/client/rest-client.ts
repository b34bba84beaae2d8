/** Verbs on a Transport: client-go's rest.Request (k8s.io/client-go/rest/request.go). Failures are StatusErrors; warnings go to `onWarning`. */
import { failure, type Status, StatusError } from '../api/errors.js';
import type { KubeObject } from '../api/object.js';
import type { ApiResponse, Session, Transport } from '../api/transport.js';
import type { PatchType } from '../api/verbs.js';

/** Where a resource lives in the API: what a RESTMapping knows of its path. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** The plural. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** Query parameters; undefined, '' and false are left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly accept?: string;
  readonly contentType?: string;
  /** Besides those, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** JSON comes as the text that the server writes. */
  readonly asText?: boolean;
  /** Failures come back as they are. */
  readonly takesFailures?: boolean;
}

export interface ListObject extends KubeObject {
  readonly items: readonly KubeObject[];
}

export interface WatchMessage {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

export interface Target {
  readonly resource: ResourcePath;
  /** '' or absent: all namespaces (list), or a cluster-scoped resource. */
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

export interface RestClient {
  get<T extends KubeObject>(target: Target, options?: RequestOptions): Promise<T>;
  /** One page or all: follows `continue` when `query.limit` is set, joining the items (or the rows of Tables). */
  list(target: Target, options?: RequestOptions): Promise<ListObject>;
  create<T extends KubeObject>(target: Target, body: KubeObject, query?: Query): Promise<T>;
  update<T extends KubeObject>(target: Target, body: KubeObject, query?: Query): Promise<T>;
  patch<T extends KubeObject>(target: Target, type: PatchType, body: unknown, query?: Query): Promise<T>;
  /** Answers with the object or a Status. */
  delete(target: Target, body?: unknown, query?: Query): Promise<KubeObject>;
  /** Ends when the server ends it (timeoutSeconds) or `signal` aborts. */
  watch(target: Target, options?: RequestOptions): Promise<AsyncIterable<WatchMessage>>;
  /** Any request by path; throws on failure. */
  request(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options?: RequestOptions): Promise<ApiResponse>;
  /** Text as it comes: logs. */
  text(target: Target, options?: RequestOptions): Promise<AsyncIterable<string>>;
  /** exec, attach, portforward. */
  session(target: Target, query: Query, signal?: AbortSignal): Promise<Session>;
}

const PATCH_CONTENT: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** The server's Status (possibly with a changed message) as the error to throw. */
export function errorOf(status: Status): StatusError {
  return new StatusError(status);
}

/** The same error with other words: what client code does to say where it happened. */
export function withMessage(error: StatusError, message: string): StatusError {
  return new StatusError({ ...error.status, message });
}

export function restClient(transport: Transport, onWarning: (text: string) => void): RestClient {
  const request = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options: RequestOptions = {},
    failed: (response: ApiResponse, method: string) => Promise<Error> = failureOf,
  ): Promise<ApiResponse> => {
    const response = await transport({
      method,
      path: path + queryString(options.query),
      headers: {
        ...options.headers,
        accept: options.accept ?? 'application/json',
        ...(options.body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.asText === true ? { asText: true } : {}),
    });
    for (const text of warnings(response.headers['warning'])) onWarning(text);
    if (response.status >= 400 && options.takesFailures !== true) throw await failed(response, method);
    return response;
  };
  const object = async <T extends KubeObject>(...args: Parameters<typeof request>): Promise<T> => (await jsonBody(await request(...args))) as T;
  return {
    request: (method, path, options) => request(method, path, options),
    get: (target, options) => object('GET', pathOf(target), options),
    list: (target, options) => listAll(request, pathOf(target), options ?? {}),
    create: (target, body, query) =>
      object('POST', pathOf({ ...target, name: target.subresource === undefined ? '' : (target.name ?? '') }), { body, ...withQuery(query) }),
    update: (target, body, query) => object('PUT', pathOf(target), { body, ...withQuery(query) }),
    patch: (target, type, body, query) => object('PATCH', pathOf(target), { body, contentType: PATCH_CONTENT[type], ...withQuery(query) }),
    delete: (target, body, query) => object('DELETE', pathOf(target), { ...(body === undefined ? {} : { body }), ...withQuery(query) }),
    watch: async (target, options = {}) => {
      const response = await request('GET', pathOf(target), { ...options, query: { ...options.query, watch: true } });
      return messages(response);
    },
    text: async (target, options) => chunks(await request('GET', pathOf(target), { accept: 'application/json, */*', ...options })),
    session: async (target, query, signal) => {
      // A WebSocket is asked for with GET and, where that is refused, SPDY with POST (remotecommand/fallback.go): either verb will do.
      const ask = (method: 'GET' | 'POST') => request(method, pathOf(target), { query, ...(signal === undefined ? {} : { signal }) }, upgradeFailure);
      const response = await ask('GET').catch((error: unknown) => {
        if (error instanceof StatusError && error.code === 403) return ask('POST');
        throw error;
      });
      if (response.session === undefined) throw failure(500, 'InternalError', 'unable to upgrade connection');
      return response.session;
    },
  };
}

const withQuery = (query: Query | undefined): { query?: Query } => (query === undefined ? {} : { query });

/** A name that would lead elsewhere in the URL: nothing is asked. */
export class InvalidSegment extends Error {
  override readonly name = 'InvalidSegment';
}

/** What is wrong with it as a part of a path (apimachinery pkg/api/validation/path IsValidPathSegmentName). */
function checkSegment(what: string, text = ''): void {
  const problems =
    text === '.' || text === '..' ? [`may not be '${text}'`] : ['/', '%'].filter((char) => text.includes(char)).map((char) => `may not contain '${char}'`);
  if (problems.length > 0) throw new InvalidSegment(`invalid ${what} ${JSON.stringify(text)}: [${problems.join(' ')}]`);
}

/** `/apis/apps/v1/namespaces/default/deployments/web/scale`. */
function pathOf({ resource, namespace, name, subresource }: Target): string {
  if (resource.namespaced) checkSegment('namespace', namespace);
  checkSegment('resource name', name);
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const place = resource.namespaced && namespace !== undefined && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const rest = [resource.resource, name, subresource].filter((part) => part !== undefined && part !== '').map((part) => encodeURIComponent(part as string));
  return `${root}${place}/${rest.join('/')}`;
}

/** Go's url.Values.Encode: sorted by key, spaces as `+`. */
function queryString(query: Query | undefined): string {
  const parts: string[] = [];
  for (const key of Object.keys(query ?? {}).sort()) {
    const value = query?.[key];
    if (value === undefined || value === '' || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) parts.push(`${key}=${encodeURIComponent(String(one)).replaceAll('%20', '+')}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** The texts of `299 - "text"` warnings; several are joined by commas in one header (RFC 7234 §5.5). */
function warnings(header: string | undefined): string[] {
  if (header === undefined) return [];
  return [...header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] as string).replace(/\\(.)/g, '$1'));
}

export const isAsyncIterable = (body: unknown): body is AsyncIterable<unknown> => typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

export const decode = (chunk: unknown): string =>
  chunk instanceof Uint8Array ? new TextDecoder().decode(chunk) : typeof chunk === 'string' ? chunk : JSON.stringify(chunk);

/** The whole body as text. */
async function textBody(response: ApiResponse): Promise<string> {
  if (response.body === undefined || response.body === null) return '';
  if (!isAsyncIterable(response.body)) return decode(response.body);
  let text = '';
  for await (const chunk of response.body) text += decode(chunk);
  return text;
}

/** The answer is nothing that could be an object: the log of a pod. */
export class NoSerializer extends Error {
  override readonly name = 'NoSerializer';
}

/** The body as JSON; an empty one is {}. */
export async function jsonBody(response: ApiResponse): Promise<unknown> {
  const { body, headers } = response;
  const type = headers['content-type']?.split(';')[0] ?? '';
  if (type.startsWith('text/')) throw new NoSerializer(`serializer for ${type} doesn't exist`);
  if (typeof body === 'object' && body !== null && !isAsyncIterable(body) && !(body instanceof Uint8Array)) return body;
  const text = await textBody(response);
  return text === '' ? {} : JSON.parse(text);
}

/** What client-go makes of an answer that is no Status (rest.Request.newUnstructuredResponseError, errors.NewGenericServerResponse). */
async function failureOf(response: ApiResponse, method: string): Promise<StatusError> {
  let body: unknown;
  try {
    body = await jsonBody(response);
  } catch {
    body = undefined;
  }
  if (typeof body === 'object' && body !== null && (body as { kind?: unknown }).kind === 'Status') return errorOf(body as Status);
  const generic: Readonly<Record<number, readonly [string, string]>> = {
    400: ['BadRequest', 'the server rejected our request for an unknown reason'],
    401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
    403: ['Forbidden', 'forbidden'],
    404: ['NotFound', 'the server could not find the requested resource'],
    405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
    409: [method === 'POST' ? 'AlreadyExists' : 'Conflict', 'the server reported a conflict'],
    422: ['Invalid', 'the server rejected our request due to an error in our request'],
    503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
    504: ['Timeout', 'the server was unable to return a response in the time allotted, but may still be processing the request'],
  };
  const [reason, message] = generic[response.status] ?? [
    'InternalError',
    `an error on the server ("${typeof body === 'string' ? body : 'unknown'}") has prevented the request from succeeding`,
  ];
  return failure(response.status, reason, message);
}

/** An upgrade that was refused with words instead of a Status: the words are shown (client-go transport/spdy). */
async function upgradeFailure(response: ApiResponse, method: string): Promise<Error> {
  const text = typeof response.body === 'string' || response.body instanceof Uint8Array ? await textBody(response) : '';
  return text === '' || text.trimStart().startsWith('{') ? failureOf(response, method) : new UpgradeError(`unable to upgrade connection: ${text.trimEnd()}`);
}

/** The server would not open a session. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
}

async function listAll(request: RestClient['request'], path: string, options: RequestOptions): Promise<ListObject> {
  type Page = ListObject & { rows?: readonly unknown[] };
  const first = (await jsonBody(await request('GET', path, options))) as Page;
  const pages = [first];
  for (let next = continueOf(first); next !== undefined; next = continueOf(pages.at(-1) as Page))
    pages.push((await jsonBody(await request('GET', path, { ...options, query: { ...options.query, continue: next } }))) as Page);
  const { apiVersion, kind } = first;
  const typeMeta = { apiVersion, kind: kind?.replace(/List$/, '') };
  return {
    ...first,
    ...(first.items === undefined ? {} : { items: pages.flatMap(({ items }) => (items ?? []).map((item) => whole(item, typeMeta))) }),
    ...(first.rows === undefined || pages.length === 1 ? {} : { rows: pages.flatMap(({ rows }) => rows ?? []) }),
  };
}

/** The items of a typed list do not say what they are (unstructured.UnstructuredList). */
const whole = (item: KubeObject, typeMeta: { readonly apiVersion: string; readonly kind: string }): KubeObject =>
  item.kind === undefined ? ({ ...typeMeta, ...(item as object) } as KubeObject) : item;

function continueOf(list: KubeObject): string | undefined {
  const token = (list.metadata as { continue?: string } | undefined)?.continue;
  return token === undefined || token === '' ? undefined : token;
}

async function* chunks(response: ApiResponse): AsyncIterable<string> {
  if (!isAsyncIterable(response.body)) {
    const text = await textBody(response);
    if (text !== '') yield text;
    return;
  }
  for await (const chunk of response.body) yield decode(chunk);
}

/** Watch events: JSON values in process, or newline-separated text over the wire. */
async function* messages(response: ApiResponse): AsyncIterable<WatchMessage> {
  if (!isAsyncIterable(response.body)) return;
  let rest = '';
  for await (const chunk of response.body) {
    if (typeof chunk === 'object' && chunk !== null && !(chunk instanceof Uint8Array)) {
      yield chunk as WatchMessage;
      continue;
    }
    rest += decode(chunk);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (line.trim() !== '') yield JSON.parse(line) as WatchMessage;
    }
  }
}
