/** What the API server answers to pods: HTTP on the simulated network. Who asks is told by the token of a service account. */
import { unauthorized } from '../api/errors.js';
import type { ApiRequest } from '../api/transport.js';
import { reviewedUser, tokenReview } from '../apiserver/authorization/token-review.js';
import { ANONYMOUS } from '../apiserver/authorization/user.js';
import type { Answer, ApiServer } from '../apiserver/long-running.js';
import { failed } from '../apiserver/rest/answer.js';
import type { Wire } from '../apiserver/wire.js';
import type { ServedAnswer, ServedRequest } from '../runtime/index.js';

const METHODS: Readonly<Record<string, ApiRequest['method']>> = { DELETE: 'DELETE', GET: 'GET', HEAD: 'GET', PATCH: 'PATCH', POST: 'POST', PUT: 'PUT' };

/** Milliseconds that an answer takes. */
const TAKES = 5;

export function answerInCluster(server: ApiServer, wire: Wire, request: ServedRequest): ServedAnswer {
  if (request.type !== 'http') return { takes: TAKES };
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { status, body } = answerTo(server, { ...request, headers });
  const isText = typeof body === 'string';
  return {
    status,
    headers: { 'Cache-Control': 'no-cache, private', 'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json' },
    body: isText ? body : body === undefined ? '' : wire.text(body, { path: request.path, headers }),
    takes: TAKES,
  };
}

function answerTo(server: ApiServer, { method, path, headers, body }: ServedRequest & { readonly type: 'http' }): Answer {
  const token = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const user = token === undefined ? ANONYMOUS : reviewedUser(server.handle(tokenReview(token)).body);
  const verb = METHODS[method];
  if (user === undefined || verb === undefined) return failed(unauthorized());
  return server.handle({ method: verb, path, headers, ...(body === '' ? {} : { body }), user });
}
