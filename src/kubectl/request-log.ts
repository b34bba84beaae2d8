/**
 * What `-v=6` and more say of each request (client-go transport/round_trippers.go, rest/request.go): 6 the answer's status, 7 the
 * request and its headers, 8 bodies too, 9 the request as a curl command. Times are the simulation's.
 */
import type { Time } from '../api/time.js';
import type { ApiRequest, ApiResponse, Transport } from '../api/transport.js';
import { klogLine, klogPair } from './klog.js';

export interface RequestLog {
  /** From 6. */
  readonly level: number;
  readonly now: () => Time;
  readonly server: () => Promise<string>;
  readonly write: (line: string) => void;
}

/** How much of a body is shown (request.go truncateBody). */
const SHOWN: Readonly<Record<number, number>> = { 8: 1024, 9: 10_240 };

/** The transport, with every request and answer told. */
export function loggedTransport(transport: Transport, { level, now, server, write }: RequestLog): Transport {
  const say = (where: string, text: string, ...pairs: readonly (readonly [string, string | number])[]) =>
    write(klogLine('I', now(), where, `"${text}"${pairs.map(([key, value]) => klogPair(key, value)).join('')}`));
  const body = (text: string): string => {
    const most = SHOWN[level] ?? Number.POSITIVE_INFINITY;
    return text.length <= most ? text : `${text.slice(0, most)} [truncated ${text.length - most} chars]`;
  };
  return async (request) => {
    const target = [['verb', request.method] as const, ['url', `${await server()}${request.path}`] as const];
    if (level >= 8) say('helper.go:105', 'Request Body', ['body', body(textOf(request.body))]);
    if (level >= 9) say('round_trippers.go:527', 'Request', ['curlCommand', `${curl(request, target[1]?.[1] as string)}\n`]);
    else if (level >= 7) say('round_trippers.go:527', 'Request', ...target, ['headers', headers(sent(request))]);
    const response = await transport(request);
    const status = ['status', statusOf(response)] as const;
    // In simulated time an answer takes none
    const took = ['milliseconds', 0] as const;
    const received = level >= 8 ? [['headers', headers(response.headers)] as const] : [];
    // What the request's line has said already is not said again
    say('round_trippers.go:632', 'Response', ...(level === 7 || level === 8 ? [] : target), status, ...received, took);
    if (level >= 8 && isText(response)) say('helper.go:105', 'Response Body', ['body', body(`${textOf(response.body)}\n`)]);
    return response;
  };
}

const USER_AGENT = 'kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0';

const sent = ({ headers: given }: ApiRequest): Readonly<Record<string, string>> => ({ ...given, 'user-agent': USER_AGENT });

/** `Accept: application/json`, a line each, sorted, under the names HTTP gives them. */
const headers = (all: Readonly<Record<string, string>>): string =>
  Object.keys(all)
    .sort()
    .map((name) => `${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: ${all[name]}\n`)
    .join('');

const curl = (request: ApiRequest, url: string): string => {
  const flags = headers(sent(request))
    .trimEnd()
    .split('\n')
    .map((line) => `-H ${JSON.stringify(line)}`);
  return `curl -v -X${request.method}  ${flags.join(' ')} '${url}'`;
};

/** A watch's or a followed log's body is still to come. */
const isText = ({ body }: ApiResponse): boolean => !(typeof body === 'object' && body !== null && Symbol.asyncIterator in body);

function textOf(body: unknown): string {
  if (body === undefined) return '';
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

const WORDS: Readonly<Record<number, string>> = {
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
const statusOf = ({ status }: ApiResponse): string => `${status} ${WORDS[status] ?? ''}`.trimEnd();
