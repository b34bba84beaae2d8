/** What the API server answers to pods: HTTP on the simulated network. Who asks is told by the token of a service account. */
import { unauthorized } from '../api/errors.js';
import type { ApiRequest } from '../api/transport.js';
import { reviewedUser, tokenReview } from '../apiserver/authorization/token-review.js';
import { ANONYMOUS } from '../apiserver/authorization/user.js';
import type { Answer, ApiServer } from '../apiserver/long-running.js';
import type { ServedAnswer, ServedRequest } from '../runtime/index.js';

const METHODS: Readonly<Record<string, ApiRequest['method']>> = { DELETE: 'DELETE', GET: 'GET', HEAD: 'GET', PATCH: 'PATCH', POST: 'POST', PUT: 'PUT' };

/** Milliseconds that an answer takes. */
const TAKES = 5;

export function answerInCluster(server: ApiServer, request: ServedRequest): ServedAnswer {
  if (request.type !== 'http') return { takes: TAKES };
  const { status, body } = answerTo(server, request);
  const isText = typeof body === 'string';
  return {
    status,
    headers: { 'Cache-Control': 'no-cache, private', 'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json' },
    // curl, wget and browsers are shown it indented (endpoints/handlers/negotiation isPrettyPrint).
    body: isText ? body : body === undefined ? '' : JSON.stringify(inOrder(body), null, 2),
    takes: TAKES,
  };
}

/** Go writes the fields of a struct in the order in which it has them; ours come as they were sent. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { kind, apiVersion, metadata, spec, status, items, ...rest } = value as Readonly<Record<string, unknown>>;
  const ordered = { kind, apiVersion, metadata: metadataInOrder(metadata), spec, status, ...rest };
  return Array.isArray(items) ? { ...ordered, items: items.map(inOrder) } : ordered;
}

function metadataInOrder(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null) return metadata;
  const { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp, labels, ...rest } = metadata as Readonly<Record<string, unknown>>;
  return { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp, labels, ...rest };
}

function answerTo(server: ApiServer, { method, path, headers, body }: ServedRequest & { readonly type: 'http' }): Answer {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const token = /^Bearer\s+(\S+)$/i.exec(lower['authorization'] ?? '')?.[1];
  const user = token === undefined ? ANONYMOUS : reviewedUser(server.handle(tokenReview(token)).body);
  const verb = METHODS[method];
  if (user !== undefined && verb !== undefined) return server.handle({ method: verb, path, headers: lower, ...(body === '' ? {} : { body }), user });
  const { status } = unauthorized();
  return { status: status.code ?? 401, headers: {}, body: status };
}
