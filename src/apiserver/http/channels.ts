/** exec and attach over WebSocket: one byte of channel in front of every message (k8s.io/streaming/pkg/httpstream/wsstream). */
import type { WebSocket } from 'ws';
import type { Session } from '../../api/transport.js';

/** In order of preference. */
export const CHANNEL_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'] as const;

/** In ms. client-go begins to read before it knows its own streams, and drops what comes for them until then (remotecommand/websocket.go); no container is that fast. */
const FIRST_OUTPUT = 20;
const CLOSE = 255;
const ERROR = 3;

/** `failed` hears why a session has not come to its end. */
export async function serveChannels(socket: WebSocket, session: Session, protocol: string, failed: (error: unknown) => void): Promise<void> {
  socket.on('message', (message: Buffer) => {
    const channel = message[0];
    if (channel === undefined) return;
    // v5 alone can say that a channel has come to its end.
    if (channel === CLOSE && protocol === 'v5.channel.k8s.io') session.close(message[1] ?? 0);
    else session.send(channel, message.subarray(1));
  });
  await new Promise((resolve) => setTimeout(resolve, FIRST_OUTPUT));
  try {
    for await (const { channel, data } of session.frames) {
      if (socket.readyState !== socket.OPEN) return;
      await sendOn(socket, channel, channel === ERROR ? errorFor(protocol, data) : data);
    }
    socket.close(1000);
  } catch (error) {
    failed(error);
    socket.close(1011);
  }
}

/**
 * Resolves when it is on its way: output comes no faster than the client takes it. And each message is a TLS record of its own;
 * Python's client, which asks the socket and not its TLS layer whether there is more, would not see a second one in the same.
 */
function sendOn(socket: WebSocket, channel: number, data: Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.send(Buffer.concat([Uint8Array.of(channel), data]), { binary: true }, () => resolve()));
}

/** Before v4 the error channel had plain text, and none when all was well. */
function errorFor(protocol: string, data: Uint8Array): Uint8Array {
  if (protocol.startsWith('v5') || protocol.startsWith('v4')) return data;
  const { status, message = '' } = JSON.parse(new TextDecoder().decode(data)) as { status?: string; message?: string };
  return new TextEncoder().encode(status === 'Success' ? '' : message);
}

/** port-forward over WebSocket as libraries other than kubectl speak it: two channels a port, each beginning with the port's number. */
export async function serveForwards(socket: WebSocket, ports: readonly number[], open: (port: number) => Promise<Session>): Promise<void> {
  const opening = Promise.all(ports.map((port) => open(port)));
  const send = async (channel: number, data: Uint8Array) => {
    if (socket.readyState === socket.OPEN) await sendOn(socket, channel, data);
  };
  // Clients send at once, before there is anything to send it to.
  const use = (work: (sessions: readonly Session[]) => void) => void opening.then(work, () => undefined);
  socket.on('message', (message: Buffer) => {
    const channel = message[0] ?? 0;
    if (channel % 2 === 0) use((sessions) => sessions[channel / 2]?.send(0, message.subarray(1)));
  });
  socket.on('close', () =>
    use((sessions) => {
      for (const session of sessions) session.close(0);
    }),
  );
  const sessions = await opening;
  for (const [i, port] of ports.entries()) for (const channel of [2 * i, 2 * i + 1]) await send(channel, Uint8Array.of(port & 255, port >> 8));
  await Promise.all(
    sessions.map(async (session, i) => {
      for await (const { channel, data } of session.frames) await send(2 * i + channel, data);
    }),
  );
  socket.close(1000);
}
