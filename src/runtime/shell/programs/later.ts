/** Programs that do everything at once and show it when its time has come: clients of the network. */
import { byteLength } from '../../../api/bytes.js';
import type { Time } from '../../../api/time.js';
import { after, milliseconds } from '../../../api/time.js';
import type { ProgramContext, Wait } from '../program.js';

export interface Outcome {
  readonly code: number;
  readonly out?: string;
  readonly err?: string;
  /** Milliseconds it took. */
  readonly takes: number;
  /** What it writes comes first, and the wait after it. */
  readonly early?: boolean;
  /** Written to this absolute path. */
  readonly file?: { readonly path: string; readonly data: string };
}

/** Runs `work` once; its outcome is shown after the time it took. */
export function later(context: ProgramContext, work: () => Outcome): number | Wait {
  let state = context.state as { until: Time; outcome: Outcome } | undefined;
  if (state === undefined) {
    const outcome = work();
    state = { until: after(context.now, milliseconds(Math.max(0, Math.round(outcome.takes)))), outcome };
    context.state = state;
  }
  const { out, err, file, code, early = false } = state.outcome;
  if (early) {
    if (err !== undefined) context.err(err);
    if (out !== undefined) context.out(out);
    context.state = { ...state, outcome: { code, takes: 0 } };
  }
  if (context.now < state.until) return { wait: 'time', until: state.until };
  if (early) return code;
  if (err !== undefined) context.err(err);
  if (file !== undefined) context.files.write(file.path, file.data, { at: context.now });
  if (out !== undefined) context.out(out);
  return code;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  418: "I'm a teapot",
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
export const reasonOf = (status: number): string => REASONS[status] ?? 'Unknown';

export interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly userinfo?: string;
}

/** `http://host:80/path`, also without the scheme. */
export function parseUrl(text: string): Url | undefined {
  const match = /^(?:(\w+):\/\/)?(?:([^@/]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?([/?#].*)?$/s.exec(text.trim());
  if (match === null) return undefined;
  const scheme = (match[1] ?? 'http').toLowerCase();
  const port = match[4] === undefined || match[4] === '' ? (scheme === 'https' ? 443 : 80) : Number(match[4]);
  const rest = (match[5] ?? '/').replace(/#.*/s, '');
  return {
    scheme,
    host: match[3] as string,
    port,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    ...(match[2] === undefined ? {} : { userinfo: match[2] }),
  };
}

/** Where a redirect leads. */
export function redirected(from: Url, location: string): Url | undefined {
  return /^\w+:\/\//.test(location) ? parseUrl(location) : { ...from, path: location.startsWith('/') ? location : `/${location}` };
}

export const hostHeader = (url: Url): string => (url.port === (url.scheme === 'https' ? 443 : 80) ? url.host : `${url.host}:${url.port}`);

/** In the cluster, as far as an address can say. */
export const isPrivate = (ip: string): boolean => /^(10|127|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(ip);

/** `Sun, 06 Nov 1994 08:49:37 GMT`. */
const httpDate = (at: Time): string => new Date(at).toUTCString();

/** All response headers in the order a server like nginx sends them; what the answer lacks is added. */
export function headerLines(status: number, headers: Readonly<Record<string, string>>, body: string, now: Time): readonly string[] {
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  const lines = [`HTTP/1.1 ${status} ${reasonOf(status)}`];
  const put = (name: string, value: string): void => {
    const own = given.get(name.toLowerCase());
    lines.push(`${own?.[0] ?? name}: ${own?.[1] ?? value}`);
    given.delete(name.toLowerCase());
  };
  if (given.has('server')) put('Server', '');
  put('Date', httpDate(now));
  if (given.has('content-type')) put('Content-Type', '');
  put('Content-Length', String(byteLength(body)));
  for (const [name, value] of given.values()) lines.push(`${name}: ${value}`);
  if (!given.has('connection')) lines.push('Connection: keep-alive');
  return lines;
}
