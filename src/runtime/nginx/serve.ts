/** How nginx answers by a configuration that is not the image's own: which server, which location, and what stands there. */
import type { NetworkResult, ProcessHost, ServedRequest } from '../process.js';
import { type Directive, find, portsOfServer, reasonOf, serversOf } from './config.js';

export interface NginxAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly takes: number;
  /** For the error log; whom it was handed to. */
  readonly error?: string;
  readonly upstream?: string;
  /** Not for the access log. */
  readonly isQuiet?: boolean;
}

type Http = Extract<ServedRequest, { type: 'http' }>;

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

function serverFor(config: readonly Directive[], port: number, host: string): readonly Directive[] | undefined {
  const listening = serversOf(config).filter((server) => portsOfServer(server).includes(port));
  const isNamed = (server: readonly Directive[]): boolean =>
    server.some(({ name, args }) => name === 'server_name' && args.some((one) => one === host || (one.startsWith('*.') && host.endsWith(one.slice(1)))));
  const isDefault = (server: readonly Directive[]): boolean => server.some(({ name, args }) => name === 'listen' && args.includes('default_server'));
  return listening.find(isNamed) ?? listening.find(isDefault) ?? listening[0];
}

/** `=` first, then the longest prefix if it is `^~`, then the first expression, then the longest prefix. */
function locationFor(server: readonly Directive[], path: string): Directive | undefined {
  const all = server.filter(({ name }) => name === 'location');
  const exact = all.find(({ args }) => args[0] === '=' && args[1] === path);
  if (exact !== undefined) return exact;
  const prefixOf = ({ args }: Directive): string | undefined => (args.length === 1 ? args[0] : args[0] === '^~' ? args[1] : undefined);
  let longest: Directive | undefined;
  for (const one of all) {
    const prefix = prefixOf(one);
    if (prefix !== undefined && path.startsWith(prefix) && prefix.length > (longest === undefined ? -1 : (prefixOf(longest) ?? '').length)) longest = one;
  }
  if (longest?.args[0] === '^~') return longest;
  const fits = ({ args }: Directive): boolean => {
    if (args[0] !== '~' && args[0] !== '~*') return false;
    try {
      return new RegExp(args[1] ?? '', args[0] === '~*' ? 'i' : '').test(path);
    } catch {
      return false;
    }
  };
  return all.find(fits) ?? longest;
}

export function serveNginx(config: readonly Directive[], port: number, request: Http, host: ProcessHost, signature: string): NginxAnswer | undefined {
  const name = (request.headers['Host'] ?? request.headers['host'] ?? '').replace(/:\d+$/, '');
  const server = serverFor(config, port, name);
  if (server === undefined) return undefined;
  const http = find(config, 'http')?.block ?? [];
  const variables = variablesOf(request, host, name, port, server);
  return visit(request.path.split('?')[0] ?? '/', 0);

  function page(status: number, error?: string): NginxAnswer {
    return { status, body: pageOf(status, signature), headers: { 'Content-Type': 'text/html' }, takes: 1, ...(error === undefined ? {} : { error }) };
  }

  function visit(path: string, hops: number): NginxAnswer {
    const location = locationFor(server as readonly Directive[], path);
    const block = location?.block ?? [];
    const levels = [block, server as readonly Directive[], http];
    const inherited = (directive: string): Directive | undefined => levels.map((level) => find(level, directive)).find((one) => one !== undefined);
    const own = (directive: string): Directive | undefined =>
      find(block, directive) ?? (location === undefined ? find(server as readonly Directive[], directive) : undefined);
    const fill = (text: string): string => text.replace(/\$\{?(\w+)\}?/g, (_, variable: string) => (variable === 'uri' ? path : (variables(variable) ?? '')));
    const added = Object.fromEntries(
      (levels.find((level) => level.some((one) => one.name === 'add_header')) ?? []).flatMap((one) =>
        one.name === 'add_header' ? [[one.args[0] ?? '', fill(one.args[1] ?? '')]] : [],
      ),
    );
    const isQuiet = inherited('access_log')?.args[0] === 'off';
    const withHeaders = (answer: NginxAnswer): NginxAnswer => ({ ...answer, headers: { ...answer.headers, ...added }, ...(isQuiet ? { isQuiet } : {}) });
    const type = inherited('default_type')?.args[0] ?? 'text/plain';

    const returned = find(server as readonly Directive[], 'return') ?? find(block, 'return');
    if (returned !== undefined) return withHeaders(answerOf(returned.args.map(fill), type));
    for (const { name: rule, args } of levels.find((level) => level.some((one) => one.name === 'deny' || one.name === 'allow')) ?? []) {
      if (rule === 'allow' && (args[0] === 'all' || args[0] === request.from)) break;
      if (rule === 'deny' && (args[0] === 'all' || args[0] === request.from)) return page(403, 'access forbidden by rule');
    }
    if (inherited('auth_basic') !== undefined && inherited('auth_basic')?.args[0] !== 'off' && request.headers['Authorization'] === undefined)
      return { ...page(401), headers: { 'Content-Type': 'text/html', 'WWW-Authenticate': `Basic realm="${inherited('auth_basic')?.args[0]}"` } };
    if (own('stub_status') !== undefined)
      return withHeaders({
        status: 200,
        body: 'Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n',
        headers: { 'Content-Type': 'text/plain' },
        takes: 1,
      });
    const passed = own('proxy_pass');
    if (passed !== undefined) return withHeaders(proxy(fill(passed.args[0] ?? ''), location, path, levels, fill));

    const alias = find(block, 'alias')?.args[0];
    const root = inherited('root')?.args[0] ?? '/etc/nginx/html';
    const fileOf = (uri: string): string =>
      alias === undefined ? `${root.replace(/\/$/, '')}${uri}` : `${alias}${uri.slice((location?.args.at(-1) ?? '').length)}`;
    const tried = inherited('try_files')?.args;
    if (tried !== undefined) {
      for (const one of tried.slice(0, -1)) {
        const uri = fill(one);
        const kind = host.files.stat(fileOf(uri))?.type;
        if (uri.endsWith('/') ? kind === 'directory' : kind === 'file') return withHeaders(file(uri));
      }
      const last = fill(tried.at(-1) ?? '');
      if (last.startsWith('=')) return page(Number(last.slice(1)));
      return hops < 10 ? visit(last, hops + 1) : page(500, 'rewrite or internal redirection cycle');
    }
    return withHeaders(file(path));

    function file(uri: string): NginxAnswer {
      const at = fileOf(uri);
      try {
        return found(uri, at);
      } catch (error) {
        return page(403, `open() "${at}" failed (${reasonOf(error)})`);
      }
    }

    function found(uri: string, at: string): NginxAnswer {
      const stat = host.files.stat(at);
      if (stat?.type === 'file') return { status: 200, body: host.files.read(at), headers: { 'Content-Type': contentTypeOf(at) ?? type }, takes: 1 };
      if (stat?.type === 'directory' && uri.endsWith('/')) {
        const index = inherited('index')?.args ?? ['index.html'];
        for (const one of index) {
          if (host.files.stat(`${at}${one}`)?.type === 'file')
            return { status: 200, body: host.files.read(`${at}${one}`), headers: { 'Content-Type': 'text/html' }, takes: 1 };
        }
        if (inherited('autoindex')?.args[0] === 'on') return listing(uri, at);
        return page(403, `directory index of "${at}" is forbidden`);
      }
      if (stat?.type === 'directory')
        return { ...page(301), headers: { 'Content-Type': 'text/html', Location: `http://${name}${port === 80 ? '' : `:${port}`}${uri}/` } };
      return page(404, `open() "${at}" failed (2: No such file or directory)`);
    }
  }

  function listing(uri: string, at: string): NginxAnswer {
    const rows = host.files.list(at).map((one) => {
      const shown = host.files.stat(`${at}/${one}`)?.type === 'directory' ? `${one}/` : one;
      return `<a href="${shown}">${shown}</a>\r\n`;
    });
    const body = `<html>\r\n<head><title>Index of ${uri}</title></head>\r\n<body>\r\n<h1>Index of ${uri}</h1><hr><pre><a href="../">../</a>\r\n${rows.join('')}</pre><hr></body>\r\n</html>\r\n`;
    return { status: 200, body, headers: { 'Content-Type': 'text/html' }, takes: 1 };
  }

  function answerOf(args: readonly string[], type: string): NginxAnswer {
    const [code = '', text] = args;
    if (!/^\d+$/.test(code)) return { ...page(302), headers: { 'Content-Type': 'text/html', Location: code } };
    const status = Number(code);
    if ([301, 302, 303, 307, 308].includes(status)) return { ...page(status), headers: { 'Content-Type': 'text/html', Location: text ?? '' } };
    if (text === undefined) return page(status);
    return { status, body: text, headers: { 'Content-Type': type }, takes: 1 };
  }

  function proxy(
    target: string,
    location: Directive | undefined,
    path: string,
    levels: readonly (readonly Directive[])[],
    fill: (text: string) => string,
  ): NginxAnswer {
    const [, scheme = 'http', place = '', given] = /^(https?):\/\/([^/]+)(\/.*)?$/.exec(target) ?? [];
    const upstream = http.find((one) => one.name === 'upstream' && one.args[0] === place)?.block?.filter((one) => one.name === 'server') ?? [];
    const address = upstream[Math.floor(host.random() * upstream.length)]?.args[0] ?? place;
    const [to = '', port] = address.split(':');
    const prefix = location?.args.at(-1) ?? '/';
    const query = request.path.includes('?') ? request.path.slice(request.path.indexOf('?')) : '';
    const uri = given === undefined ? `${path}${query}` : `${given}${path.slice(prefix.length)}${query}`;
    const set = levels.find((level) => level.some((one) => one.name === 'proxy_set_header')) ?? [];
    const headers: Record<string, string> = { ...request.headers, Host: place };
    for (const { name: directive, args } of set) if (directive === 'proxy_set_header') headers[args[0] ?? ''] = fill(args[1] ?? '');
    const number = port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port);
    const result: NetworkResult = host.network.http({ method: request.method, scheme, host: to, port: number, path: uri, headers, body: request.body });
    if ('failure' in result) {
      const ip = host.network.resolve(to);
      const by = /^\d+(\.\d+){3}$/.test(to) || 'error' in ip ? to : (ip.addresses[0] ?? to);
      const up = { upstream: `${scheme}://${by}:${number}${uri}` };
      if (result.failure === 'timeout')
        return { ...page(504, 'upstream timed out (110: Operation timed out) while connecting to upstream'), ...up, takes: Math.min(result.takes, 60_000) };
      if (result.failure === 'no-host') return { ...page(502, `${to} could not be resolved (3: Host not found)`), takes: result.takes };
      const why = result.failure === 'no-route' ? '113: Host is unreachable' : '111: Connection refused';
      return { ...page(502, `connect() failed (${why}) while connecting to upstream`), ...up, takes: result.takes };
    }
    return { status: result.status ?? 200, body: result.body, headers: { ...result.headers, Server: signature }, takes: result.takes };
  }
}

/** nginx's variables, as far as they can be known. */
function variablesOf(request: Http, host: ProcessHost, name: string, port: number, server: readonly Directive[]): (variable: string) => string | undefined {
  const query = request.path.includes('?') ? request.path.slice(request.path.indexOf('?') + 1) : '';
  const set = new Map(server.flatMap((one) => (one.name === 'set' ? [[(one.args[0] ?? '').slice(1), one.args[1] ?? ''] as const] : [])));
  return (variable) => {
    const header = /^http_(\w+)$/.exec(variable)?.[1]?.replaceAll('_', '-').toLowerCase();
    if (header !== undefined) return Object.entries(request.headers).find(([one]) => one.toLowerCase() === header)?.[1] ?? '';
    const argument = /^arg_(\w+)$/.exec(variable)?.[1];
    if (argument !== undefined) return new URLSearchParams(query).get(argument) ?? '';
    const known: Readonly<Record<string, string>> = {
      host: name,
      http_host: request.headers['Host'] ?? name,
      hostname: host.hostname,
      request_uri: request.path,
      request_method: request.method,
      request: `${request.method} ${request.path} HTTP/1.1`,
      request_body: request.body,
      args: query,
      query_string: query,
      is_args: query === '' ? '' : '?',
      scheme: 'http',
      server_port: String(port),
      server_addr: host.ip,
      server_name: server.find((one) => one.name === 'server_name')?.args[0] ?? '',
      server_protocol: 'HTTP/1.1',
      remote_addr: request.from,
      remote_port: '48214',
      remote_user: '',
      proxy_add_x_forwarded_for: [request.headers['X-Forwarded-For'], request.from].filter((one) => one !== undefined).join(', '),
      proxy_host: '',
      pid: '29',
      time_iso8601: new Date(host.now).toISOString().replace(/\.\d+Z$/, '+00:00'),
      msec: (host.now / 1000).toFixed(3),
      nginx_version: '',
      request_id: '0123456789abcdef0123456789abcdef',
    };
    return set.get(variable) ?? known[variable];
  };
}
