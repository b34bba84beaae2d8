/** exec, attach and port-forward over SPDY streams (client-go tools/remotecommand spdy.go, tools/portforward). */
import type { Session } from '../../api/transport.js';
import { SpdyConnection, type SpdyStream } from './spdy.js';

type Send = (bytes: Buffer) => void;

const CHANNELS: Readonly<Record<string, number>> = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 };
const ERROR = 3;

/** One stream a channel; the client opens all of them before anything is sent. `failed` hears why a session has not come to its end. */
export function remoteCommand(session: Session, wanted: ReadonlySet<string>, send: Send, close: () => void, failed: (error: unknown) => void): SpdyConnection {
  const streams = new Map<number, SpdyStream>();
  const connection = new SpdyConnection({
    send,
    onClose: close,
    accept: (stream) => {
      const channel = CHANNELS[stream.headers['streamtype'] ?? ''];
      if (channel === undefined || streams.has(channel)) return false;
      streams.set(channel, stream);
      if (channel === CHANNELS['stdin'] || channel === CHANNELS['resize']) {
        stream.onData = (data) => session.send(channel, data);
        if (channel === CHANNELS['stdin']) stream.onEnd = () => session.close(channel);
      }
      if ([...wanted].every((name) => streams.has(CHANNELS[name] as number)))
        stream.onOpen = () =>
          void pump(session, streams).catch((error: unknown) => {
            failed(error);
            close();
          });
      return true;
    },
  });
  return connection;
}

async function pump(session: Session, streams: ReadonlyMap<number, SpdyStream>): Promise<void> {
  for await (const { channel, data } of session.frames) {
    // Success is an empty error stream.
    if (channel === ERROR && isSuccess(data)) continue;
    streams.get(channel)?.write(data);
  }
  for (const stream of streams.values()) stream.end();
}

const isSuccess = (data: Uint8Array): boolean => (JSON.parse(new TextDecoder().decode(data)) as { status?: string }).status === 'Success';

/** A pair of streams a connection: `error`, then `data`, with the port and the request's number in their headers. */
export function portForward(open: (port: number) => Promise<Session>, send: Send, close: () => void): SpdyConnection {
  const errors = new Map<string, SpdyStream>();
  return new SpdyConnection({
    send,
    onClose: close,
    accept: (stream) => {
      const { streamtype: type, requestid: request = '', port = '' } = stream.headers;
      if (type === 'error') {
        errors.set(request, stream);
        return true;
      }
      if (type !== 'data' || !/^\d{1,5}$/.test(port)) return false;
      // Held back until the session is there.
      const early: Early = { data: [], isOver: false };
      stream.onData = (data) => void early.data.push(data);
      stream.onEnd = () => {
        early.isOver = true;
      };
      stream.onOpen = () => void connect(stream, errors.get(request), () => open(Number(port)), early).finally(() => errors.delete(request));
      return true;
    },
  });
}

/** What has come before there is a session for it. */
interface Early {
  readonly data: Buffer[];
  isOver: boolean;
}

async function connect(stream: SpdyStream, error: SpdyStream | undefined, open: () => Promise<Session>, early: Early): Promise<void> {
  try {
    const session = await open();
    for (const data of early.data) session.send(0, data);
    if (early.isOver) session.close(0);
    stream.onData = (data) => session.send(0, data);
    stream.onEnd = () => session.close(0);
    for await (const { channel, data } of session.frames) (channel === 0 ? stream : error)?.write(data);
  } catch (problem) {
    error?.write(new TextEncoder().encode(problem instanceof Error ? problem.message : String(problem)));
  } finally {
    stream.end();
    error?.end();
  }
}
