/**
 * node:http in front of the API server, for `podsim serve`: real requests in, the same Transport as in process, real answers
 * out. What is wrong with a request is answered with a Status; nothing that comes in takes the server down.
 */
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { failure, internalError, methodNotSupported, type Status, StatusError, unauthorized } from '../api/errors.js';
import type { ApiRequest, ApiResponse, Transport } from '../api/transport.js';
import { type Authenticator, authenticator } from './http/authenticate.js';
import { bodyOf, readBytes } from './http/bodies.js';
import { PlainError } from './http/plain-error.js';
import type { ProtobufFields } from './http/protobuf.js';
import type { Wire } from './wire.js';

export interface HttpOptions {
  readonly transport: Transport;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM. Absent: plain HTTP. */
  readonly tls?: { readonly key: string; readonly certificate: string; readonly ca: string };
  /** The administrator's bearer token. */
  readonly token: string;
  readonly protobufFields: () => ProtobufFields;
  readonly wire: Wire;
  /** Milliseconds of the machine. */
  readonly now: () => number;
  /** Of the bugs that an answer of 500 hides. */
  readonly onError?: (error: unknown) => void;
}

export interface HttpServer {
  /** `https://127.0.0.1:6443`. */
  readonly url: string;
  /** Ends watches cleanly, lets requests finish, and closes. */
  close(): Promise<void>;
}

const LIMITS = {
  /** Streams open at a time: watches, followed logs, sessions. */
  streams: 1000,
  connections: 2000,
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 64 * 1024,
} as const;

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

export function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const front = new Front(options, authenticator(options.token, options.transport, options.now));
  const settings = { maxHeaderSize: LIMITS.maxHeaderSize, headersTimeout: LIMITS.headersTimeout, requestTimeout: LIMITS.requestTimeout };
  const { tls } = options;
  const server: Server =
    tls === undefined
      ? createPlainServer(settings)
      : createTlsServer({ ...settings, key: tls.key, cert: tls.certificate, ca: tls.ca, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
  server.keepAliveTimeout = LIMITS.keepAliveTimeout;
  server.maxConnections = LIMITS.connections;
  server.on('request', (request, response) => void front.answer(request, response));
  server.on('upgrade', (request, socket, head) => void front.upgrade(request, socket as Socket, head));
  server.on('clientError', (error, socket) => refuseConnection(error, socket as Socket));
  server.on('tlsClientError', () => {});
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : options.port;
      const host = options.host.includes(':') ? `[${options.host}]` : options.host;
      resolve({ url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`, close: () => close(server, front) });
    });
  });
}

async function close(server: Server, front: Front): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  front.end();
  server.closeIdleConnections();
  await Promise.race([closed, front.drained()]);
  server.closeAllConnections();
  front.hangUp();
  await closed;
}

/** Malformed HTTP never becomes a request. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, text] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const body = `${code} ${text}`;
  socket.end(`HTTP/1.1 ${code} ${text}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}

class Front {
  private readonly open = new Set<AbortController>();
  /** Upgraded connections, which the server itself has forgotten. */
  private readonly upgraded = new Set<Socket>();
  private idle: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly options: HttpOptions,
    private readonly authenticate: Authenticator,
  ) {}

  /** Ends what would not end by itself. */
  end(): void {
    for (const controller of this.open) controller.abort();
  }

  /** Upgraded connections go when what was written has been sent, whether their clients are done or not. */
  hangUp(): void {
    for (const socket of this.upgraded) socket.destroySoon();
  }

  drained(): Promise<void> {
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.running++;
    const controller = new AbortController();
    response.on('close', () => controller.abort());
    response.on('error', () => controller.abort());
    try {
      const asked = await this.read(request, controller.signal);
      await this.write(response, this.options.wire.answer(asked, await this.options.transport(asked)), controller);
    } catch (error) {
      this.fail(request, response, error);
    } finally {
      this.running--;
      if (this.running === 0) for (const done of this.idle.splice(0)) done();
    }
  }

  async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const controller = new AbortController();
    this.upgraded.add(socket);
    socket.on('close', () => {
      controller.abort();
      this.open.delete(controller);
      this.upgraded.delete(socket);
    });
    socket.on('error', () => controller.abort());
    try {
      const user = await this.authenticate(request);
      if (user === undefined) throw unauthorized();
      this.take(controller);
      const method = request.method === 'POST' ? 'POST' : 'GET';
      const ask = (path: string) => this.options.transport({ method, path, headers: headersOf(request), user, signal: controller.signal });
      // Most servers never see one: its WebSocket library is read when the first comes.
      const { upgrade } = await import('./http/upgrade.js');
      await upgrade(request, socket, head, ask, (error) => this.noteBug(error));
    } catch (error) {
      const plain = error instanceof PlainError ? error : undefined;
      const status = plain === undefined ? this.statusOf(error) : undefined;
      const code = plain?.code ?? status?.code ?? 500;
      const body = plain?.text ?? JSON.stringify(status);
      const type = plain === undefined ? 'application/json' : 'text/plain; charset=utf-8';
      socket.end(
        `HTTP/1.1 ${code} ${status?.reason || 'Error'}\r\nContent-Type: ${type}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    }
  }

  private async read(request: IncomingMessage, signal: AbortSignal): Promise<ApiRequest> {
    const user = await this.authenticate(request);
    if (user === undefined) throw unauthorized();
    const { method = 'GET', url = '/' } = request;
    if (!METHODS.has(method)) throw methodNotSupported();
    const content = method === 'GET' ? {} : bodyOf(await readBytes(request), request.headers['content-type'] ?? '', this.options.protobufFields);
    return { method: method as ApiRequest['method'], path: url, headers: headersOf(request), user, signal, ...content };
  }

  private take(controller: AbortController): void {
    if (this.open.size >= LIMITS.streams) throw failure(429, 'TooManyRequests', 'Too many requests, please try again later.', { retryAfterSeconds: 1 });
    this.open.add(controller);
  }

  private async write(response: ServerResponse, answer: ApiResponse, controller: AbortController): Promise<void> {
    const { status, headers, body, session } = answer;
    if (session !== undefined) {
      controller.abort();
      // Upstream's words when somebody asks for a session without an upgrade.
      throw failure(400, 'BadRequest', 'Upgrade request required');
    }
    if (isStream(body)) {
      this.take(controller);
      try {
        await stream(response, status, headers, body, controller.signal);
      } finally {
        this.open.delete(controller);
      }
      return;
    }
    const content = (body ?? '') as string | Uint8Array;
    response.writeHead(status, { ...headers, ...apart(headers), 'cache-control': 'no-cache, private', 'content-length': Buffer.byteLength(content) });
    response.end(content);
  }

  private fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const status = this.statusOf(error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const content = this.options.wire.text(status, { path: request.url ?? '', headers: headersOf(request) });
    // What is left of a body that was too much is not read.
    const rest = status.code === 413 ? { connection: 'close' } : {};
    response.writeHead(status.code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content), ...rest });
    response.end(content);
  }

  /** What the server says no with is none. */
  private noteBug(error: unknown): void {
    if (!(error instanceof StatusError || error instanceof PlainError)) this.options.onError?.(error);
  }

  private statusOf(error: unknown): Status {
    if (error instanceof StatusError) return error.status;
    this.noteBug(error);
    return internalError('the server has failed; this is a bug in podsim').status;
  }
}

const isStream = (body: unknown): body is AsyncIterable<string | Uint8Array> => typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

/** Chunks as they come, no faster than the client takes them. */
async function stream(
  response: ServerResponse,
  status: number,
  headers: ApiResponse['headers'],
  body: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(status, { ...headers, 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  for await (const chunk of body) {
    if (signal.aborted) break;
    if (!response.write(chunk)) await drained(response, signal);
  }
  response.end();
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done);
  });
}

/** Each warning is a header of its own. */
function apart(headers: ApiResponse['headers']): Readonly<Record<string, readonly string[]>> {
  const warnings = headers['warning']?.match(/\d{3} \S+ "(?:[^"\\]|\\.)*"/gs);
  return warnings == null ? {} : { warning: warnings };
}

/** In lower case; repeated ones joined. */
function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  // Node keeps only the first of headers it does not know to be lists; groups may be many.
  const groups = request.headersDistinct['impersonate-group'];
  if (groups !== undefined) headers['impersonate-group'] = groups.join(',');
  return headers;
}
