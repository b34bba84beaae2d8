/** A Transport over the network: client-go's rest.HTTPClientFor (k8s.io/client-go/transport). TLS, identity, streams; sessions are WebSockets. */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as HttpsAgent, request as tlsRequest } from 'node:https';
import type { ApiRequest, ApiResponse, Transport } from '../api/transport.js';

export interface HttpClientOptions {
  /** `https://127.0.0.1:6443`, perhaps with a path. */
  readonly server: string;
  /** PEM. Absent: the machine's. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Sent as a bearer token. */
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  /** Takes any certificate. */
  readonly isInsecure?: boolean;
  /** The name to be proved, when it is not the address's. */
  readonly serverName?: string;
}

/** What a TLS connection is made with, besides the address. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
}

export function httpTransport(options: HttpClientOptions): Transport {
  const base = new URL(options.server.endsWith('/') ? options.server : `${options.server}/`);
  const isTls = base.protocol === 'https:';
  const tls: TlsOptions = {
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.certificate === undefined ? {} : { cert: options.certificate }),
    ...(options.key === undefined ? {} : { key: options.key }),
    rejectUnauthorized: options.isInsecure !== true,
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
  };
  const settings = { keepAlive: true, maxSockets: 100 };
  const agent = isTls ? new HttpsAgent({ ...settings, ...tls }) : new HttpAgent(settings);
  const identity = identityOf(options);
  return async (request) => {
    const url = new URL(request.path.replace(/^\//, ''), base);
    const headers = { ...identity, ...request.headers };
    if (isSession(url)) {
      const { openSession } = await import('./http/session.js');
      return openSession(url, headers, isTls ? tls : undefined, request.signal);
    }
    return send(isTls ? tlsRequest(url, { method: request.method, headers, agent }) : plainRequest(url, { method: request.method, headers, agent }), request);
  };
}

function identityOf({ token, username, password }: HttpClientOptions): Readonly<Record<string, string>> {
  if (token !== undefined && token !== '') return { authorization: `Bearer ${token}` };
  if (username !== undefined) return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
  return {};
}

const isSession = ({ pathname }: URL): boolean => /\/pods\/[^/]+\/(exec|attach|portforward)$/.test(pathname);

/** A watch or a followed log has no end of its own, and is read as it comes. */
const isStream = (path: string): boolean => /[?&](watch|follow)=(true|1)\b/.test(path);

function send(request: ClientRequest, { body, path, signal }: ApiRequest): Promise<ApiResponse> {
  const content = body === undefined ? undefined : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const abort = () => request.destroy();
    signal?.addEventListener('abort', abort);
    const finish = () => signal?.removeEventListener('abort', abort);
    request.on('error', (error) => {
      finish();
      import('./http/unreached.js').then(({ inGoWords }) => reject(inGoWords(asAddressed(error, request))), reject);
    });
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      const headers = headersOf(response);
      if (status < 400 && isStream(path)) {
        response.on('close', finish);
        resolve({ status, headers, body: chunksOf(response, signal) });
        return;
      }
      textOf(response)
        .then((text) => resolve({ status, headers, body: bodyOf(headers['content-type'] ?? '', text) }), reject)
        .finally(finish);
    });
    if (signal?.aborted) abort();
    if (content !== undefined) request.setHeader('content-length', Buffer.byteLength(content));
    request.end(content);
  });
}

/** Who refuses is told as the URL has him, not by the address tried last. */
function asAddressed(error: Error, request: ClientRequest): Error {
  const { code } = error as { code?: unknown };
  if (code !== 'ECONNREFUSED') return error;
  // Of several addresses that were tried, a name's, the one of IPv4.
  const all: readonly { readonly address?: string; readonly port?: number }[] = error instanceof AggregateError ? error.errors : [error];
  const tried = all.find(({ address }) => address?.includes(':') === false) ?? all[0];
  return Object.assign(error, { address: request.host, port: tried?.port, dialed: `${tried?.address}:${tried?.port}` });
}

function headersOf(response: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(response.headersDistinct)) if (values !== undefined) headers[name] = values.join(', ');
  return headers;
}

/** As an in-process server answers: JSON as values. */
function bodyOf(contentType: string, text: string): unknown {
  if (!contentType.startsWith('application/json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Text as it comes, characters whole. A connection that breaks off ends it, as it ends a watch of client-go's. */
async function* chunksOf(response: IncomingMessage, signal: AbortSignal | undefined): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield text;
    }
  } catch (error) {
    if (signal?.aborted !== true && (error as { code?: unknown }).code !== 'ECONNRESET') throw error;
  } finally {
    response.destroy();
  }
}
