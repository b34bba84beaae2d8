/** What the API server answers to pods: HTTP on the simulated network. Who asks is told by the token of a service account. */
import { unauthorized } from '../api/errors.js';
import type { ApiRequest } from '../api/transport.js';
import { reviewedUser, tokenReview } from '../apiserver/authorization/token-review.js';
import { ANONYMOUS } from '../apiserver/authorization/user.js';
import type { Answer, ApiServer, Cursor, Frame, Poll } from '../apiserver/long-running.js';
import { failed } from '../apiserver/rest/answer.js';
import type { Wire } from '../apiserver/wire.js';
import type { GoesOn, ServedAnswer, ServedRequest } from '../runtime/index.js';

const METHODS: Readonly<Record<string, ApiRequest['method']>> = { DELETE: 'DELETE', GET: 'GET', HEAD: 'GET', PATCH: 'PATCH', POST: 'POST', PUT: 'PUT' };

/** Milliseconds that an answer takes. */
const TAKES = 5;

export function answerInCluster(server: ApiServer, wire: Wire, request: ServedRequest): ServedAnswer {
  if (request.type !== 'http') return { takes: TAKES };
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { continues, input } = request;
  if (continues !== undefined) return moreOf(server, wire, continues as Cursor, input);
  const { status, body, headers: given, longRunning } = answerTo(server, { ...request, headers });
  if (longRunning !== undefined) {
    const goesOn = goesOnFrom(longRunning.cursor, longRunning.chunks === 'frames' ? 'frames' : 'lines', {});
    return { status, headers: capital(given), body: '', goesOn, takes: TAKES };
  }
  const isText = typeof body === 'string';
  return {
    status,
    headers: { 'Cache-Control': 'no-cache, private', 'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...capital(given) },
    body: isText ? body : body === undefined ? '' : wire.text(body, { path: request.path, headers }),
    takes: TAKES,
  };
}

/** What has come of an answer that goes on. */
function moreOf(server: ApiServer, wire: Wire, cursor: Cursor, input: (ServedRequest & { readonly type: 'http' })['input']): ServedAnswer {
  const poll = input === undefined ? server.poll(cursor) : server.send(cursor, input.channel, input.data);
  const isFrames = cursor.type === 'session' || cursor.type === 'forward';
  const chunks = poll.chunks.map((chunk) => {
    if (isFrames) return { channel: (chunk as Frame).channel, data: Buffer.from((chunk as Frame).data).toString('base64') };
    return typeof chunk === 'string' ? chunk : wire.text(chunk, { path: '', headers: {} });
  });
  return {
    status: 200,
    headers: {},
    body: JSON.stringify(chunks),
    ...(poll.cursor === undefined ? {} : { goesOn: goesOnFrom(poll.cursor, isFrames ? 'frames' : 'lines', poll) }),
    takes: 0,
  };
}

function goesOnFrom(cursor: Cursor, as: GoesOn['as'], { next }: Pick<Poll, 'next'>): GoesOn {
  const { resource } = cursor;
  return { from: cursor, as, ...(next === undefined ? {} : { next }), resources: typeof resource === 'string' ? [resource] : ['pods'] };
}

const capital = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()), value]));

function answerTo(server: ApiServer, { method, path, headers, body }: ServedRequest & { readonly type: 'http' }): Answer {
  const token = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const user = token === undefined ? ANONYMOUS : reviewedUser(server.handle(tokenReview(token)).body);
  const verb = METHODS[method];
  if (user === undefined || verb === undefined) return failed(unauthorized());
  return server.handle({ method: verb, path, headers, ...(body === '' ? {} : { body }), user });
}
