/** Upgraded connections: which protocol is spoken, and the session behind it. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { bytesOf } from '../../api/bytes.js';
import { badRequest, failure, StatusError } from '../../api/errors.js';
import type { ApiResponse, Session } from '../../api/transport.js';
import { isOn, parseRequest } from '../rest/request-info.js';
import { CHANNEL_PROTOCOLS, serveChannels, serveForwards } from './channels.js';
import { PlainError } from './plain-error.js';
import type { SpdyConnection } from './spdy.js';
import { portForward, remoteCommand } from './spdy-sessions.js';

/** A request for a path by the method the client has used, with the requester's identity. */
type Ask = (path: string) => Promise<ApiResponse>;

const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
const PORT_FORWARD = 'portforward.k8s.io';
const MAX_MESSAGE = 4 * 1024 * 1024;

/** `failed` hears what goes wrong after the protocol has been changed, when there is no status to answer with. */
export async function upgrade(request: IncomingMessage, socket: Socket, head: Buffer, ask: Ask, failed: (error: unknown) => void): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
  const kind = /\/(exec|attach|portforward)$/.exec(pathname)?.[1];
  const protocol = (request.headers.upgrade ?? '').toLowerCase();
  if (kind === undefined) {
    if (protocol !== 'websocket' || request.method !== 'GET') throw badRequest('upgrade is not possible here');
    return streamByWebSocket(request, socket, head, await ask(request.url ?? '/'));
  }
  if (kind === 'portforward') {
    const open = async (port: number) => sessionOf(await ask(`${pathname}?ports=${port}`));
    // The kubelet is reached before the protocol is changed; which ports are wanted its streams will say.
    (await open(1)).close(0);
    if (protocol === 'websocket') return forwardByWebSocket(request, socket, head, searchParams.getAll('ports').map(Number), open, failed);
    accept(socket, { 'x-stream-protocol-version': PORT_FORWARD });
    return wire(socket, head, (send, close) => portForward(open, send, close));
  }
  // The pod, the container and its state are judged before the protocol is changed.
  const session = sessionOf(await ask(request.url ?? '/'));
  if (protocol === 'websocket') return commandByWebSocket(request, socket, head, session, failed);
  if (protocol !== 'spdy/3.1') throw badRequest(`unable to upgrade: unexpected protocol ${JSON.stringify(request.headers.upgrade ?? '')}`);
  const version = (request.headers['x-stream-protocol-version'] ?? '').toString().includes('v4.channel.k8s.io') ? 'v4.channel.k8s.io' : '';
  if (version === '') throw failure(403, 'Forbidden', 'unable to upgrade: unable to negotiate protocol: client supports others than v4.channel.k8s.io', {});
  accept(socket, { 'x-stream-protocol-version': version });
  const { query } = parseRequest({ path: request.url ?? '/', method: 'GET', headers: {} });
  const wanted = new Set([
    'error',
    ...['stdin', 'stdout', 'stderr'].filter((name) => isOn(query, name) && !(name === 'stderr' && isOn(query, 'tty'))),
    ...(isOn(query, 'tty') ? ['resize'] : []),
  ]);
  wire(socket, head, (send, close) => remoteCommand(session, wanted, send, close, failed));
}

/** How a log may come: as bytes, or in base64. */
const READERS: Readonly<Record<string, 'binary' | 'base64'>> = { '': 'binary', 'binary.k8s.io': 'binary', 'base64.binary.k8s.io': 'base64' };

/** A watch, a message for each event, or a log. Anything else has no stream to send. */
async function streamByWebSocket(request: IncomingMessage, socket: Socket, head: Buffer, { body, status }: ApiResponse): Promise<void> {
  const isText = typeof body === 'string';
  const isStream = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  if (status >= 300 && isText) throw new PlainError(status, body);
  if (status >= 300) throw new StatusError(body as StatusError['status']);
  if (!isText && !isStream) throw badRequest('upgrade is not possible here');
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  const protocol = offered.find((one) => READERS[one] !== undefined) ?? offered[0] ?? '';
  const { socket: opened } = await accepted(request, socket, head, protocol === '' ? undefined : [protocol]);
  opened.on('error', () => opened.terminate());
  const encode = (text: string): string | Buffer =>
    READERS[protocol] === 'base64' ? Buffer.from(bytesOf(text)).toString('base64') : Buffer.from(bytesOf(text));
  for await (const part of isText ? [body] : (body as AsyncIterable<unknown>)) {
    if (opened.readyState !== opened.OPEN) break;
    if (part !== '') opened.send(typeof part === 'string' ? encode(part) : `${JSON.stringify(part)}\n`);
  }
  opened.close(1000);
}

/** The session, or what the server said instead. */
function sessionOf({ session, status, body }: ApiResponse): Session {
  if (session !== undefined) return session;
  const text = typeof body === 'string' ? body : undefined;
  if (text !== undefined) throw new PlainError(status, text);
  throw new StatusError(body as StatusError['status']);
}

function accept(socket: Socket, headers: Readonly<Record<string, string>>): void {
  const lines = Object.entries({ connection: 'Upgrade', upgrade: 'SPDY/3.1', ...headers }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
}

/** A SPDY connection on an upgraded socket. */
function wire(socket: Socket, head: Buffer, make: (send: (bytes: Buffer) => void, close: () => void) => SpdyConnection): void {
  socket.setTimeout(0);
  socket.setNoDelay(true);
  const connection = make(
    (bytes) => void socket.write(bytes),
    () => socket.end(),
  );
  socket.on('data', (bytes) => connection.receive(bytes));
  socket.on('close', () => connection.close());
  if (head.length > 0) connection.receive(head);
}

function accepted(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  protocols: readonly string[] | undefined,
): Promise<{ readonly socket: WebSocket; readonly protocol: string }> {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  const protocol = protocols?.find((one) => offered.includes(one)) ?? '';
  if (protocol === '' && protocols !== undefined) throw badRequest(`unable to upgrade: unsupported protocols ${JSON.stringify(offered)}`);
  // ws takes `/` in a protocol's name for a mistake: the header is answered by hand.
  delete request.headers['sec-websocket-protocol'];
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });
  if (protocol !== '') server.on('headers', (headers) => void headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, (opened) => resolve({ socket: opened, protocol })));
}

async function commandByWebSocket(request: IncomingMessage, socket: Socket, head: Buffer, session: Session, failed: (error: unknown) => void): Promise<void> {
  const opened = await accepted(request, socket, head, CHANNEL_PROTOCOLS);
  opened.socket.on('error', () => opened.socket.terminate());
  void serveChannels(opened.socket, session, opened.protocol, failed);
}

async function forwardByWebSocket(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  ports: readonly number[],
  open: (port: number) => Promise<Session>,
  failed: (error: unknown) => void,
): Promise<void> {
  const opened = await accepted(request, socket, head, [TUNNEL, ...CHANNEL_PROTOCOLS]);
  opened.socket.on('error', () => opened.socket.terminate());
  if (opened.protocol !== TUNNEL) {
    void serveForwards(opened.socket, ports, open).catch((error: unknown) => {
      failed(error);
      opened.socket.close(1011);
    });
    return;
  }
  const connection = portForward(
    open,
    (bytes) => void (opened.socket.readyState === opened.socket.OPEN && opened.socket.send(bytes, { binary: true })),
    () => opened.socket.close(1000),
  );
  opened.socket.on('message', (message: Buffer) => connection.receive(message));
  opened.socket.on('close', () => connection.close());
}
