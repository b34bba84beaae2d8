/** An exec, attach or port-forward session held over many turns: output is polled, input is a turn of its own. */

import type { Session } from '../api/transport.js';
import type { ApiServer, Cursor, Frame, Poll } from '../apiserver/long-running.js';
import { Turnstile } from '../store/backend/turnstile.js';

export interface SessionTurns {
  poll(look: (server: ApiServer) => Poll): Promise<Poll>;
  act(work: (server: ApiServer) => Poll): Promise<Poll>;
  /** Until there may be more than `last` told; `isReady` says so within a turn. */
  wait(isReady: (server: ApiServer) => Poll | undefined, last: Poll, woken: AbortSignal): Promise<void>;
  end(cursor: Cursor): Promise<void>;
  enter(): void;
  leave(): void;
}

export function openSession(first: Cursor, turns: SessionTurns, signal: AbortSignal | undefined): Session {
  /** Where it has come to; undefined: it has ended. One at a time may move it. */
  let cursor: Cursor | undefined = first;
  const mover = new Turnstile();
  const queue: Frame[] = [];
  let wake = new AbortController();
  const end = () => wake.abort();
  signal?.addEventListener('abort', end);

  const take = (run: (use: (server: ApiServer) => Poll) => Promise<Poll>, step: (server: ApiServer, from: Cursor) => Poll): Promise<Poll> =>
    mover.pass(async () => {
      const from = cursor;
      if (from === undefined) return { chunks: [] };
      const found = await run((server) => step(server, from));
      cursor = found.cursor;
      queue.push(...(found.chunks as readonly Frame[]));
      return found;
    });
  const input = (channel: number, data: Uint8Array | undefined): void => {
    void take(turns.act, (server, from) => server.send(from, channel, data)).then(end, fail);
  };
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure = error;
    end();
  };

  async function* frames(): AsyncGenerator<Frame, void> {
    turns.enter();
    try {
      for (;;) {
        wake = new AbortController();
        const last = await take(turns.poll, (server, from) => server.poll(from));
        if (failure !== undefined) throw failure;
        const isNew = queue.length > 0;
        while (queue.length > 0) yield queue.shift() as Frame;
        if (cursor === undefined || signal?.aborted === true) return;
        if (isNew) continue;
        turns.leave();
        await turns.wait((server) => (cursor === undefined ? undefined : server.poll(cursor)), last, wake.signal);
        turns.enter();
      }
    } finally {
      turns.leave();
      signal?.removeEventListener('abort', end);
      // One that has ended by itself is kept for its client until now.
      await turns.end(first);
    }
  }

  return { frames: frames(), send: input, close: (channel) => input(channel, undefined) };
}
