/** kubectl proxy (pkg/cmd/proxy/proxy.go, pkg/proxy/proxy_server.go): HTTP/1.1 on a local port, answered by the API server. */
import { createServer, type Socket } from 'node:net';
import { StatusError } from '../../api/errors.js';
import type { ApiResponse } from '../../api/transport.js';
import { decode } from '../../client/rest-client.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';

const command: Command<FlagValues> = {
  use: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  short: 'Run a proxy to the API server',
  long: `Run a proxy between this machine and the API server. Whoever can talk to it can do what you can do, except for paths and methods that are filtered.`,
  examples: `# The whole API on port 8001
kubectl proxy

# On another port, with files of a directory
kubectl proxy --port=8011 --www=./local/www/

# On any free port
kubectl proxy --port=0`,
  flags: [
    { name: 'accept-hosts', type: 'string', default: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$', usage: 'Hosts to answer to, as regular expressions.' },
    { name: 'accept-paths', type: 'string', default: '^.*', usage: 'Paths to answer to, as regular expressions.' },
    { name: 'address', type: 'string', default: '127.0.0.1', usage: 'The address to listen on.' },
    { name: 'api-prefix', type: 'string', default: '/', usage: 'Where the API begins.' },
    { name: 'append-server-path', type: 'bool', usage: "Put the path of the kubeconfig's server before each path." },
    { name: 'disable-filter', type: 'bool', usage: 'Answer everything. Dangerous when others can reach the port.' },
    { name: 'keepalive', type: 'duration', default: '0s', usage: 'How long connections are kept; 0: not at all.' },
    { name: 'port', short: 'p', type: 'int', default: '8001', usage: 'The port to listen on; 0: any that is free.' },
    { name: 'reject-methods', type: 'string', default: '^$', usage: "Methods not to answer to, as regular expressions (--reject-methods='POST,PUT,PATCH')." },
    {
      name: 'reject-paths',
      type: 'string',
      default: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
      usage: 'Paths not to answer to, as regular expressions; stronger than --accept-paths.',
    },
    { name: 'unix-socket', short: 'u', type: 'string', usage: 'The unix socket to listen on.' },
    { name: 'www', short: 'w', type: 'string', usage: 'Also answer with files of this directory.' },
    { name: 'www-prefix', short: 'P', type: 'string', default: '/static/', usage: 'Where those files begin.' },
  ],
  async complete(_, flags) {
    if (flags.int('port') !== 8001 && flags.string('unix-socket') !== '') throw new UsageError('cannot set --unix-socket and --port at the same time');
    return flags;
  },
  run,
};
export default command;

async function run(flags: FlagValues, factory: Factory): Promise<void> {
  const port = flags.int('port');
  if (port < 0 || port > 65535) throw new UsageError(`listen tcp: address ${port}: invalid port`);
  const server = createServer((socket) => void serve(socket, flags, factory));
  const path = flags.string('unix-socket');
  await new Promise<void>((done, failed) => {
    server.once('error', (error) =>
      failed(
        new UsageError(
          `listen tcp ${flags.string('address')}:${port}: bind: ${(error as { code?: string }).code === 'EADDRINUSE' ? 'address already in use' : error.message}`,
        ),
      ),
    );
    if (path !== '') server.listen(path, done);
    else server.listen(port, flags.string('address'), done);
  });
  const address = server.address();
  factory.streams.out(`Starting to serve on ${typeof address === 'string' || address === null ? path : `${address.address}:${address.port}`}\n`);
  await new Promise<void>((done) => server.on('close', () => done()));
}

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One request a connection: the answer says `Connection: close`. */
async function serve(socket: Socket, flags: FlagValues, factory: Factory): Promise<void> {
  const stop = new AbortController();
  socket.on('close', () => stop.abort());
  socket.on('error', () => stop.abort());
  try {
    const request = await readRequest(socket);
    if (request === undefined) return;
    if (!isAllowed(request, flags)) return write(socket, 403, { 'content-type': 'text/html; charset=utf-8' }, '<h3>Unauthorized</h3>');
    await answer(socket, request, factory, flags, stop.signal);
  } catch (error) {
    write(socket, 502, { 'content-type': 'text/plain' }, String(error));
  } finally {
    socket.end();
  }
}

async function readRequest(socket: Socket): Promise<HttpRequest | undefined> {
  let data = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    data = Buffer.concat([data, chunk]);
    const end = data.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const [first = '', ...lines] = data.subarray(0, end).toString('latin1').split('\r\n');
    const [method = '', path = ''] = first.split(' ');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    const length = Number(headers['content-length'] ?? 0);
    if (data.length >= end + 4 + length) return { method, path, headers, body: data.subarray(end + 4, end + 4 + length) };
  }
  return undefined;
}

const matchesAny = (patterns: string, text: string): boolean => patterns.split(',').some((pattern) => new RegExp(pattern).test(text));

function isAllowed({ method, path, headers }: HttpRequest, flags: FlagValues): boolean {
  if (flags.bool('disable-filter')) return true;
  const host = (headers['host'] ?? '').replace(/:\d+$/, '');
  const bare = path.split('?')[0] as string;
  return (
    matchesAny(flags.string('accept-hosts'), host) &&
    !matchesAny(flags.string('reject-methods'), method) &&
    !matchesAny(flags.string('reject-paths'), bare) &&
    matchesAny(flags.string('accept-paths'), bare)
  );
}

/** Of this connection, or of what is made of it. */
const OWN: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'transfer-encoding']);

async function answer(socket: Socket, request: HttpRequest, factory: Factory, flags: FlagValues, signal: AbortSignal): Promise<void> {
  const prefix = flags.string('www-prefix');
  if (flags.string('www') !== '' && request.path.startsWith(prefix)) return serveFile(socket, request.path.slice(prefix.length), factory, flags.string('www'));
  const api = flags.string('api-prefix').replace(/\/*$/, '/');
  if (!request.path.startsWith(api)) return write(socket, 404, { 'content-type': 'text/plain' }, '404 page not found\n');
  const path = `/${request.path.slice(api.length)}`;
  let response: ApiResponse;
  try {
    response = await factory.client.request(request.method as 'GET', path, {
      accept: request.headers['accept'] ?? '*/*',
      headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OWN.has(name))),
      ...(request.body.length === 0 ? {} : { body: request.body.toString('utf8'), contentType: request.headers['content-type'] ?? 'application/json' }),
      signal,
      asText: true,
      takesFailures: true,
    });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return write(socket, error.code, { 'content-type': 'application/json' }, `${JSON.stringify(error.status)}\n`);
  }
  const { body } = response;
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) {
    socket.write(head(response.status, { ...response.headers, 'transfer-encoding': 'chunked' }));
    for await (const chunk of body as AsyncIterable<unknown>) {
      const text = decode(chunk);
      socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    }
    socket.write('0\r\n\r\n');
    return;
  }
  write(socket, response.status, { 'content-type': 'application/json', ...response.headers }, (body ?? '') as string | Uint8Array);
}

async function serveFile(socket: Socket, name: string, factory: Factory, directory: string): Promise<void> {
  const clean = decodeURIComponent(name.split('?')[0] as string)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
  const path = `${directory}/${clean}`;
  const kind = await factory.files.kind(path);
  const file = kind?.kind === 'directory' ? `${path}/index.html` : path;
  if ((await factory.files.kind(file))?.kind !== 'file') return write(socket, 404, { 'content-type': 'text/plain' }, '404 page not found\n');
  const types: Readonly<Record<string, string>> = {
    html: 'text/html; charset=utf-8',
    css: 'text/css',
    js: 'text/javascript',
    json: 'application/json',
    txt: 'text/plain',
  };
  write(socket, 200, { 'content-type': types[file.split('.').at(-1) as string] ?? 'application/octet-stream' }, await factory.files.readBytes(file));
}

const head = (status: number, headers: Readonly<Record<string, string>>): string =>
  `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}\r\n${Object.entries({ ...headers, connection: 'close' })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

function write(socket: Socket, status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  socket.write(head(status, { ...headers, 'content-length': String(bytes.length) }));
  socket.write(bytes);
}
