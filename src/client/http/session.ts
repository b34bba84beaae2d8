/** exec, attach and port-forward over a WebSocket (client-go tools/remotecommand/websocket.go): one byte of channel before every message. */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { ApiResponse, Session } from '../../api/transport.js';
import type { TlsOptions } from '../http.js';

type Frame = { readonly channel: number; readonly data: Uint8Array };

/** The channel whose message says that another one has come to its end (v5). */
const CLOSE = 255;

/** Resolves when the server has agreed to the upgrade, or with what it said instead. */
export function openSession(
  url: URL,
  headers: Readonly<Record<string, string>>,
  tls: TlsOptions | undefined,
  signal: AbortSignal | undefined,
): Promise<ApiResponse> {
  const isForward = url.pathname.endsWith('/portforward');
  const address = new URL(url);
  address.protocol = tls === undefined ? 'ws:' : 'wss:';
  const { accept: _, ...rest } = headers;
  const socket = new WebSocket(address, isForward ? ['v4.channel.k8s.io'] : ['v5.channel.k8s.io', 'v4.channel.k8s.io'], { headers: rest, ...tls });
  const frames = new Frames(isForward);
  socket.on('message', (message: Buffer) => frames.push(message));
  return new Promise((resolve, reject) => {
    const abort = () => socket.terminate();
    signal?.addEventListener('abort', abort);
    socket.on('close', () => {
      signal?.removeEventListener('abort', abort);
      frames.end();
    });
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 500, headers: {}, body: Buffer.concat(chunks).toString('utf8') }));
    });
    socket.on('open', () => {
      const send = (channel: number, data: Uint8Array) => {
        if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Uint8Array.of(channel), data]), { binary: true });
      };
      const session: Session = { frames: frames.all(socket), send, close: (channel) => send(CLOSE, Uint8Array.of(channel)) };
      resolve({ status: 101, headers: {}, session });
    });
    if (signal?.aborted) abort();
  });
}

/** What has come and was not yet asked for. */
class Frames {
  private readonly queue: Frame[] = [];
  /** Channels of a forward begin with the port's number, which the asker knows. */
  private readonly headed = new Set<number>();
  private isOver = false;
  private wake: () => void = () => {};

  constructor(private readonly isForward: boolean) {}

  push(message: Buffer): void {
    const channel = message[0];
    if (channel === undefined) return;
    let data: Buffer = message.subarray(1);
    if (this.isForward && !this.headed.has(channel)) {
      this.headed.add(channel);
      data = data.subarray(2);
      if (data.length === 0) return;
    }
    this.queue.push({ channel, data });
    this.wake();
  }

  end(): void {
    this.isOver = true;
    this.wake();
  }

  async *all(socket: WebSocket): AsyncGenerator<Frame, void> {
    try {
      for (;;) {
        const frame = this.queue.shift();
        if (frame !== undefined) yield frame;
        else if (this.isOver) return;
        else
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
      }
    } finally {
      socket.close(1000);
    }
  }
}
