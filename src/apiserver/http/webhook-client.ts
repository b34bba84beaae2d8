/** The messenger to webhooks outside: one HTTPS request on a connection of its own, and what Go would say of one that fails (net/http transport.go, net dial.go). */
import type { X509Certificate } from 'node:crypto';
import { getServers } from 'node:dns';
import { type RequestOptions, request } from 'node:https';
import { isIP } from 'node:net';
import { connect, rootCertificates, type TLSSocket } from 'node:tls';
import type { Messenger, OutsideAnswer, Question } from '../../api/outside.js';
import type { Time } from '../../api/time.js';
import { certificateProblem, unknownAuthority } from '../webhooks/certificates.js';

const MAX_REDIRECTS = 10;
const LATE = { error: 'context deadline exceeded' } as const;

export const askWebhook: Messenger = async (question) => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), question.timeoutSeconds * 1000);
  try {
    return await follow(question, late.signal);
  } finally {
    clearTimeout(timer);
  }
};

async function follow(question: Question, signal: AbortSignal): Promise<OutsideAnswer> {
  let url = new URL(question.url);
  let method = 'POST';
  for (let i = 0; i < MAX_REDIRECTS; i++) {
    const answer = await send(question, url, method, signal);
    if ('error' in answer || answer.location === undefined) return answer;
    url = new URL(answer.location, url);
    if (answer.status < 307) method = 'GET';
  }
  return { error: 'stopped after 10 redirects' };
}

type Sent = { readonly error: string } | { readonly status: number; readonly type: string; readonly body: string; readonly location?: string };

async function send(question: Question, url: URL, method: string, signal: AbortSignal): Promise<Sent> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 443);
  const socket = await dial(host, port, question.ca, signal);
  if ('error' in socket) return socket;
  return new Promise((resolve) => {
    const body = method === 'POST' ? question.body : '';
    const headers = {
      Host: url.host,
      'User-Agent': question.userAgent,
      ...(method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {}),
      Accept: 'application/json, */*',
      ...(method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
    };
    // No agent: the connection is there.
    const options: RequestOptions = { method, path: `${url.pathname}${url.search}`, headers, signal, createConnection: () => socket };
    const failed = (error: Error) => {
      socket.destroy();
      resolve(signal.aborted ? LATE : { error: words(error, host, port) });
    };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => {
        socket.destroy();
        const { statusCode: status = 0, headers: found } = response;
        const isRedirect = [301, 302, 303, 307, 308].includes(status) && found.location !== undefined;
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status, type: found['content-type'] ?? '', body: text, ...(isRedirect ? { location: found.location as string } : {}) });
      });
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

/** A connection to whom the bundle vouches for. */
function dial(host: string, port: number, ca: string, signal: AbortSignal): Promise<TLSSocket | { readonly error: string }> {
  return new Promise((resolve) => {
    const authorities = ca === '' ? { ca: [...rootCertificates] } : { ca };
    const socket = connect({
      host,
      port,
      ...authorities,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const end = (error: string) => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      resolve({ error });
    };
    const late = () => end(LATE.error);
    signal.addEventListener('abort', late);
    socket.once('error', (error) => end(words(error, host, port)));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate() as X509Certificate | undefined;
      const problem = certificate === undefined ? 'EOF' : certificateProblem(certificate, host, Date.now() as Time);
      if (problem !== undefined) end(problem);
      else if (!socket.authorized && !NOT_OURS.has(String(socket.authorizationError))) end(unknownAuthority);
      else {
        signal.removeEventListener('abort', late);
        resolve(socket);
      }
    });
  });
}

/** Said of the names and times, which have been looked at. */
const NOT_OURS: ReadonlySet<string> = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']);

interface SystemError extends Error {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly errors?: readonly SystemError[];
}

const SYSTEM: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
};

function words(given: Error, host: string, port: number): string {
  // Of several addresses Go tells of the first.
  const error = ((given as SystemError).errors?.[0] ?? given) as SystemError;
  const { code = '', address = host } = error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const server = getServers()[0];
    return `dial tcp: lookup ${host}${server === undefined ? '' : ` on ${isIP(server) === 0 ? server : `${server}:53`}`}: no such host`;
  }
  const known = SYSTEM[code];
  if (known !== undefined) return `dial tcp ${address.includes(':') ? `[${address}]` : address}:${error.port ?? port}: ${known}`;
  if (/wrong version number|packet length too long|http request/i.test(error.message)) return 'http: server gave HTTP response to HTTPS client';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'remote error: tls: handshake failure';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'EOF';
  return error.message;
}
