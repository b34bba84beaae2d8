/** nginx's variables: what a request has, what the configuration makes of it (map), what was set on the way. */
import type { ProcessHost } from '../process.js';
import type { Directive } from './config.js';
import { regularExpression } from './locations.js';
import type { Http } from './serve.js';

/** What a request has come to so far. */
export interface Request {
  readonly http: Http;
  readonly host: ProcessHost;
  /** Whom it asks for, without a port. */
  readonly name: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly server: readonly Directive[];
  /** `map` blocks. */
  readonly maps: readonly Directive[];
  uri: string;
  query: string;
  /** What `set` and named captures have given, and the last expression's `$1` … `$9`. */
  readonly set: Map<string, string>;
  captures: readonly (string | undefined)[];
}

/** A text with its variables filled in. */
export const fill = (request: Request, text: string): string =>
  text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, plain: string | undefined) => variableOf(request, braced ?? plain ?? ''));

function variableOf(request: Request, variable: string): string {
  if (/^[1-9]$/.test(variable)) return request.captures[Number(variable)] ?? '';
  const set = request.set.get(variable);
  if (set !== undefined) return set;
  const map = request.maps.find(({ args }) => args[1] === `$${variable}`);
  return map === undefined ? known(request, variable) : mapped(request, map);
}

/** Texts first (whatever their case), then expressions in their order, then the default (ngx_http_map_module). */
function mapped(request: Request, { args, block = [] }: Directive): string {
  const source = fill(request, args[0] ?? '');
  const give = (one: Directive | undefined): string => fill(request, one?.args[0] ?? '');
  const plain = block.find(({ name }) => name !== 'default' && !name.startsWith('~') && name.replace(/^\\/, '').toLowerCase() === source.toLowerCase());
  if (plain !== undefined) return give(plain);
  for (const one of block) {
    if (!one.name.startsWith('~')) continue;
    const ignoresCase = one.name.startsWith('~*');
    const found = regularExpression(one.name.slice(ignoresCase ? 2 : 1), ignoresCase)?.exec(source);
    if (found === null || found === undefined) continue;
    take(request, found);
    return give(one);
  }
  return give(block.find(({ name }) => name === 'default'));
}

/** Keeps what an expression has caught. */
export function take(request: Request, found: RegExpExecArray): void {
  request.captures = [...found];
  for (const [name, value] of Object.entries(found.groups ?? {})) request.set.set(name, value ?? '');
}

function known({ http, host, name, port, isSecure, server, uri, query }: Request, variable: string): string {
  const header = /^http_(\w+)$/.exec(variable)?.[1]?.replaceAll('_', '-').toLowerCase();
  if (header !== undefined) return Object.entries(http.headers).find(([one]) => one.toLowerCase() === header)?.[1] ?? '';
  const argument = /^arg_(\w+)$/.exec(variable)?.[1];
  if (argument !== undefined) return new RegExp(`(?:^|&)${argument}=([^&]*)`, 'i').exec(query)?.[1] ?? '';
  const cookie = /^cookie_(\w+)$/.exec(variable)?.[1];
  if (cookie !== undefined) return new RegExp(`(?:^|;\\s*)${cookie}=([^;]*)`, 'i').exec(http.headers['Cookie'] ?? '')?.[1] ?? '';
  const values: Readonly<Record<string, string>> = {
    uri,
    document_uri: uri,
    host: name,
    http_host: http.headers['Host'] ?? name,
    hostname: host.hostname,
    request_uri: http.path,
    request_method: http.method,
    request: `${http.method} ${http.path} HTTP/1.1`,
    request_body: http.body,
    args: query,
    query_string: query,
    is_args: query === '' ? '' : '?',
    scheme: isSecure ? 'https' : 'http',
    https: isSecure ? 'on' : '',
    server_port: String(port),
    server_addr: host.ip,
    server_name: server.find((one) => one.name === 'server_name')?.args[0] ?? '',
    server_protocol: 'HTTP/1.1',
    remote_addr: http.from,
    remote_port: '48214',
    remote_user: '',
    proxy_add_x_forwarded_for: [http.headers['X-Forwarded-For'], http.from].filter((one) => one !== undefined).join(', '),
    content_type: http.headers['Content-Type'] ?? '',
    content_length: http.headers['Content-Length'] ?? '',
    document_root: server.find((one) => one.name === 'root')?.args[0] ?? '/etc/nginx/html',
    pid: '29',
    time_iso8601: new Date(host.now).toISOString().replace(/\.\d+Z$/, '+00:00'),
    msec: (host.now / 1000).toFixed(3),
    nginx_version: host.version ?? host.tag,
    request_id: '0123456789abcdef0123456789abcdef',
    dollar: '$',
  };
  return values[variable] ?? '';
}
