/** How nginx answers by a configuration that is not the image's own: which server, which location, and what stands there. */
import type { NetworkResult, ProcessHost, ServedRequest } from '../process.js';
import { type Directive, find, isSecurePort, reasonOf } from './config.js';
import { expressionOf, locationFor, serverFor } from './locations.js';
import { rewrite } from './rewrite.js';
import { fill, type Request, take } from './variables.js';

export interface NginxAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly takes: number;
  /** For the error log; whom it was handed to. */
  readonly error?: string;
  readonly upstream?: string;
  /** It is what another server has said. */
  readonly isTheirs?: true;
  /** Not for the access log. */
  readonly isQuiet?: boolean;
}

export type Http = Extract<ServedRequest, { type: 'http' }>;

const REASONS: Readonly<Record<number, string>> = {
  301: '301 Moved Permanently',
  302: '302 Found',
  303: '303 See Other',
  307: '307 Temporary Redirect',
  308: '308 Permanent Redirect',
  400: '400 Bad Request',
  401: '401 Authorization Required',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Not Allowed',
  413: '413 Request Entity Too Large',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
};

/** nginx's own page for a status. */
export const pageOf = (status: number, signature: string): string =>
  REASONS[status] === undefined
    ? ''
    : `<html>\r\n<head><title>${REASONS[status]}</title></head>\r\n<body>\r\n<center><h1>${REASONS[status]}</h1></center>\r\n<hr><center>${signature}</center>\r\n</body>\r\n</html>\r\n`;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  xml: 'text/xml',
  txt: 'text/plain',
  js: 'application/javascript',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  ico: 'image/x-icon',
};

/** By the extension (nginx's mime.types); undefined: the server's own for what it does not know. */
export const contentTypeOf = (path: string): string | undefined => TYPES[/\.(\w+)$/.exec(path)?.[1] ?? ''];

/** An internal redirection leads to another at most so often. */
const MAX_CYCLES = 10;

export function serveNginx(config: readonly Directive[], port: number, http: Http, host: ProcessHost, signature: string): NginxAnswer | undefined {
  const name = (http.headers['Host'] ?? http.headers['host'] ?? '').replace(/:\d+$/, '');
  const server = serverFor(config, port, name);
  if (server === undefined) return undefined;
  const level = find(config, 'http')?.block ?? [];
  const [uri = '/', query = ''] = http.path.split(/\?(.*)/s, 2);
  const isSecure = http.secure === true;
  const maps = level.filter((one) => one.name === 'map');
  const request: Request = { http, host, name, port, isSecure, server, maps, uri: decoded(uri), query, set: new Map(), captures: [] };
  const exchange = new Exchange(request, level, signature);
  if (isSecurePort(server, port) && !isSecure) return exchange.plain();
  const first = rewrite(request, server);
  return first.does === 'return' ? exchange.returned(first.args, [server, level]) : exchange.visit();
}

const decoded = (uri: string): string => {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
};

/** One request on its way through a server's locations. */
class Exchange {
  private hops = 0;
  /** An error's page is being looked for: another error is shown as it is. */
  private isError = false;
  /** And has that one's status. */
  private status: number | undefined;
  constructor(
    private readonly request: Request,
    private readonly http: readonly Directive[],
    private readonly signature: string,
  ) {}

  page(status: number, error?: string): NginxAnswer {
    const headers = { 'Content-Type': 'text/html' };
    return { status, body: pageOf(status, this.signature), headers, takes: 1, ...(error === undefined ? {} : { error }) };
  }

  /** Who has not begun TLS where it is spoken. */
  plain(): NginxAnswer {
    const why = 'The plain HTTP request was sent to HTTPS port';
    const page = this.page(400);
    const body = page.body
      .replace(/<title>.*<\/title>/, `<title>400 ${why}</title>`)
      .replace('</h1></center>\r\n', `</h1></center>\r\n<center>${why}</center>\r\n`);
    return { ...page, body };
  }

  /** The location of the path, its rewrites, its answer. `named`: a location by its name. */
  visit(named?: string): NginxAnswer {
    const { request } = this;
    const { server } = request;
    this.hops += 1;
    if (this.hops > MAX_CYCLES) return this.page(500, `rewrite or internal redirection cycle while internally redirecting to "${request.uri}"`);
    const location = named === undefined ? locationFor(server, request.uri) : server.find((one) => one.name === 'location' && one.args[0] === named);
    const found = location === undefined ? undefined : expressionOf(location)?.exec(request.uri);
    if (found !== null && found !== undefined) take(request, found);
    const block = location?.block ?? [];
    // To whom asks for it from outside it is not there.
    if (find(block, 'internal') !== undefined && this.hops === 1) return this.failed(this.page(404), [block, server, this.http]);
    const outcome = rewrite(request, block);
    if (outcome.does === 'look again') return this.visit();
    const levels = [...(outcome.does === 'go on' && outcome.within !== undefined ? [outcome.within] : []), block, server, this.http];
    if (outcome.does === 'return') return this.returned(outcome.args, levels);
    return this.failed(this.content(location, levels), levels);
  }

  returned(args: readonly string[], levels: readonly (readonly Directive[])[]): NginxAnswer {
    const [code = '', text] = args;
    const type = inherited(levels, 'default_type')?.args[0] ?? 'text/plain';
    if (!/^\d+$/.test(code)) return this.finished({ ...this.page(302), headers: { 'Content-Type': 'text/html', Location: this.absolute(code) } }, levels);
    const status = Number(code);
    if ([301, 302, 303, 307, 308].includes(status))
      return this.finished({ ...this.page(status), headers: { 'Content-Type': 'text/html', Location: this.absolute(text ?? '') } }, levels);
    if (text === undefined) return this.failed(this.page(status), levels);
    return this.finished({ status, body: text, headers: { 'Content-Type': type }, takes: 1 }, levels);
  }

  /** A redirect within the server names it (absolute_redirect). */
  private absolute(target: string): string {
    const { name, port, isSecure } = this.request;
    if (!target.startsWith('/')) return target;
    return `${isSecure ? 'https' : 'http'}://${name}${port === (isSecure ? 443 : 80) ? '' : `:${port}`}${target}`;
  }

  /** What `error_page` has instead of an error's own page. */
  private failed(answer: NginxAnswer, levels: readonly (readonly Directive[])[]): NginxAnswer {
    const { request } = this;
    const rules = levels.find((level) => level.some((one) => one.name === 'error_page')) ?? [];
    const rule = rules.find((one) => one.name === 'error_page' && one.args.includes(String(answer.status)));
    if (
      answer.status < 300 ||
      rule === undefined ||
      this.isError ||
      (answer.isTheirs === true && inherited(levels, 'proxy_intercept_errors')?.args[0] !== 'on')
    )
      return this.finished(answer, levels);
    this.isError = true;
    const target = fill(request, rule.args.at(-1) ?? '');
    const change = rule.args.find((one) => one.startsWith('='));
    if (/^https?:\/\//.test(target)) return this.finished({ ...this.page(302), headers: { 'Content-Type': 'text/html', Location: target } }, levels);
    if (!target.startsWith('@')) request.uri = target;
    // `=200`: as if nothing had gone wrong; `=`: whatever comes of it.
    if (change !== '=') this.status = change === undefined ? answer.status : Number(change.slice(1));
    const shown = this.visit(target.startsWith('@') ? target : undefined);
    const error = answer.error ?? shown.error;
    return { ...shown, ...(error === undefined ? {} : { error }) };
  }

  private finished(given: NginxAnswer, levels: readonly (readonly Directive[])[]): NginxAnswer {
    const answer = this.status === undefined || given.status >= 300 ? given : { ...given, status: this.status };
    const isQuiet = inherited(levels, 'access_log')?.args[0] === 'off';
    // Without `always` only what has gone well gets them (ngx_http_headers_module).
    const isGood = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(answer.status);
    const rules = levels.find((level) => level.some((one) => one.name === 'add_header')) ?? [];
    const added = rules.flatMap(({ name, args }) => {
      if (name !== 'add_header' || !(isGood || args[2] === 'always')) return [];
      const value = fill(this.request, args[1] ?? '');
      return value === '' ? [] : [[args[0] ?? '', value] as const];
    });
    return { ...answer, headers: { ...answer.headers, ...Object.fromEntries(added) }, ...(isQuiet ? { isQuiet } : {}) };
  }

  private content(location: Directive | undefined, levels: readonly (readonly Directive[])[]): NginxAnswer {
    const { request } = this;
    const { http, host } = request;
    for (const { name: rule, args } of levels.find((level) => level.some((one) => one.name === 'deny' || one.name === 'allow')) ?? []) {
      if (rule === 'allow' && (args[0] === 'all' || args[0] === http.from)) break;
      if (rule === 'deny' && (args[0] === 'all' || args[0] === http.from)) return this.page(403, 'access forbidden by rule');
    }
    const realm = inherited(levels, 'auth_basic')?.args[0];
    if (realm !== undefined && realm !== 'off' && http.headers['Authorization'] === undefined)
      return { ...this.page(401), headers: { 'Content-Type': 'text/html', 'WWW-Authenticate': `Basic realm="${realm}"` } };
    // Handlers are a location's own.
    const owns = location === undefined ? levels : levels.slice(0, -2);
    const own = (directive: string): Directive | undefined => inherited(owns, directive);
    if (own('stub_status') !== undefined) {
      const body = 'Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n';
      return { status: 200, body, headers: { 'Content-Type': 'text/plain' }, takes: 1 };
    }
    const fileOf = this.filesOf(location, levels);
    const tried = inherited(levels, 'try_files')?.args;
    if (tried !== undefined) {
      for (const one of tried.slice(0, -1)) {
        const uri = fill(request, one);
        const kind = host.files.stat(fileOf(uri))?.type;
        if (!(uri.endsWith('/') ? kind === 'directory' : kind === 'file')) continue;
        return own('proxy_pass') === undefined ? this.file(uri, fileOf(uri), levels) : this.proxy(own('proxy_pass') as Directive, location, levels);
      }
      const last = fill(request, tried.at(-1) ?? '');
      if (last.startsWith('=')) return this.page(Number(last.slice(1)));
      if (last.startsWith('@')) return this.visit(last);
      const [uri = '', query] = last.split(/\?(.*)/s, 2);
      request.uri = uri;
      if (query !== undefined) request.query = query;
      return this.visit();
    }
    const passed = own('proxy_pass');
    return passed === undefined ? this.file(request.uri, fileOf(request.uri), levels) : this.proxy(passed, location, levels);
  }

  /** Where a path's file is. */
  private filesOf(location: Directive | undefined, levels: readonly (readonly Directive[])[]): (uri: string) => string {
    const alias = find(location?.block ?? [], 'alias')?.args[0];
    if (alias === undefined) {
      const root = fill(this.request, inherited(levels, 'root')?.args[0] ?? '/etc/nginx/html');
      return (uri) => `${root.replace(/\/$/, '')}${uri}`;
    }
    const isPattern = location !== undefined && expressionOf(location) !== undefined;
    return (uri) => (isPattern ? fill(this.request, alias) : `${fill(this.request, alias)}${uri.slice((location?.args.at(-1) ?? '').length)}`);
  }

  private file(uri: string, at: string, levels: readonly (readonly Directive[])[]): NginxAnswer {
    try {
      return this.found(uri, at, levels);
    } catch (error) {
      return this.page(403, `open() "${at}" failed (${reasonOf(error)})`);
    }
  }

  private found(uri: string, at: string, levels: readonly (readonly Directive[])[]): NginxAnswer {
    const { files } = this.request.host;
    const { method } = this.request.http;
    const type = inherited(levels, 'default_type')?.args[0] ?? 'text/plain';
    const stat = files.stat(at);
    if (stat?.type === 'file') {
      // Who was sent here for an error did not ask for this.
      if (method !== 'GET' && method !== 'HEAD' && !this.isError) return this.page(405);
      return { status: 200, body: files.read(at), headers: { 'Content-Type': contentTypeOf(at) ?? type }, takes: 1 };
    }
    if (stat?.type === 'directory' && uri.endsWith('/')) {
      const index = inherited(levels, 'index')?.args ?? ['index.html'];
      for (const one of index) {
        if (files.stat(`${at}${one}`)?.type !== 'file') continue;
        this.request.uri = `${uri}${one}`;
        return this.visit();
      }
      if (inherited(levels, 'autoindex')?.args[0] === 'on') return this.listing(uri, at);
      return this.page(403, `directory index of "${at}" is forbidden`);
    }
    if (stat?.type === 'directory') return { ...this.page(301), headers: { 'Content-Type': 'text/html', Location: this.absolute(`${uri}/`) } };
    return this.page(404, `open() "${at}" failed (2: No such file or directory)`);
  }

  private listing(uri: string, at: string): NginxAnswer {
    const { files } = this.request.host;
    const rows = files.list(at).map((one) => {
      const shown = files.stat(`${at}/${one}`)?.type === 'directory' ? `${one}/` : one;
      return `<a href="${shown}">${shown}</a>\r\n`;
    });
    const body = `<html>\r\n<head><title>Index of ${uri}</title></head>\r\n<body>\r\n<h1>Index of ${uri}</h1><hr><pre><a href="../">../</a>\r\n${rows.join('')}</pre><hr></body>\r\n</html>\r\n`;
    return { status: 200, body, headers: { 'Content-Type': 'text/html' }, takes: 1 };
  }

  private proxy({ args }: Directive, location: Directive | undefined, levels: readonly (readonly Directive[])[]): NginxAnswer {
    const { request } = this;
    const { http, host } = request;
    const [, scheme = 'http', place = '', given] = /^(https?):\/\/([^/]+)(\/.*)?$/.exec(fill(request, args[0] ?? '')) ?? [];
    const upstream = this.http.find((one) => one.name === 'upstream' && one.args[0] === place)?.block?.filter((one) => one.name === 'server') ?? [];
    const address = upstream[Math.floor(host.random() * upstream.length)]?.args[0] ?? place;
    const [to = '', port] = address.split(':');
    const prefix = location?.args.at(-1) ?? '/';
    const query = request.query === '' ? '' : `?${request.query}`;
    // With variables in it the target is taken as it is.
    const uri = given === undefined ? `${request.uri}${query}` : (args[0] ?? '').includes('$') ? given : `${given}${request.uri.slice(prefix.length)}${query}`;
    const set = levels.find((level) => level.some((one) => one.name === 'proxy_set_header')) ?? [];
    const headers: Record<string, string> = { ...http.headers, Host: place };
    for (const one of set) if (one.name === 'proxy_set_header') headers[one.args[0] ?? ''] = fill(request, one.args[1] ?? '');
    const number = port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port);
    const result: NetworkResult = host.network.http({ method: http.method, scheme, host: to, port: number, path: uri, headers, body: http.body });
    if ('failure' in result) {
      const ip = host.network.resolve(to);
      const by = /^\d+(\.\d+){3}$/.test(to) || 'error' in ip ? to : (ip.addresses[0] ?? to);
      const up = { upstream: `${scheme}://${by}:${number}${uri}` };
      if (result.failure === 'timeout')
        return {
          ...this.page(504, 'upstream timed out (110: Operation timed out) while connecting to upstream'),
          ...up,
          takes: Math.min(result.takes, 60_000),
        };
      if (result.failure === 'no-host') return { ...this.page(502, `${to} could not be resolved (3: Host not found)`), takes: result.takes };
      const why = result.failure === 'no-route' ? '113: Host is unreachable' : '111: Connection refused';
      return { ...this.page(502, `connect() failed (${why}) while connecting to upstream`), ...up, takes: result.takes };
    }
    return { status: result.status ?? 200, body: result.body, headers: { ...result.headers, Server: this.signature }, takes: result.takes, isTheirs: true };
  }
}

/** A directive of the innermost level that has it. */
const inherited = (levels: readonly (readonly Directive[])[], directive: string): Directive | undefined =>
  levels.map((level) => find(level, directive)).find((one) => one !== undefined);
