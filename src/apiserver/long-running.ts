/**
 * Requests that do not end with their answer: watches, followed logs, exec, attach and port-forward sessions. Inside a turn
 * nothing waits, so each is a resumable poll: a cursor (JSON) says how far it has come, and any server over the same cluster,
 * loaded anew or in another process, can go on from it. When to poll is turn.ts's affair.
 */
import type { JsonObject } from '../api/object.js';
import type { Time } from '../api/time.js';
import type { ApiRequest } from '../api/transport.js';

/** Opaque to all but the server. */
export type Cursor = JsonObject & { readonly type: 'watch' | 'logs' | 'session' | 'forward' };

export interface LongRunning {
  readonly cursor: Cursor;
  /** What its chunks are: JSON values (watch events), text (log lines), or {@link Frame}s. */
  readonly chunks: 'json' | 'text' | 'frames';
  /** The simulated time at which it ends by itself (`timeoutSeconds`); absent: a wait without an end. */
  readonly until?: Time;
  /**
   * What it waits for comes to an end by itself, so a paused clock may be moved for it: exec; attach and followed logs of a
   * container that will not be started again (restartPolicy, deletion). With `until` that goes without saying.
   */
  readonly ends?: boolean;
}

/** A piece of a session: channels as in {@link ../api/transport.ts Session}; of port-forward, 0 is data and 1 errors. */
export interface Frame {
  readonly channel: number;
  readonly data: Uint8Array;
}

export interface Poll {
  readonly chunks: readonly unknown[];
  /** Where to go on; absent: it has ended. */
  readonly cursor?: Cursor;
  /**
   * When there may be something that no change of an API object announces (a log line, a process's output, the end of a
   * timeout). Absent: only changes of objects matter.
   */
  readonly next?: Time;
}

/** The answer to a request: an ApiResponse at once, or its head and what follows. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value, text or bytes; absent when `longRunning` is there. */
  readonly body?: unknown;
  readonly longRunning?: LongRunning;
}

/** The API server as turn.ts drives it. Everything is synchronous and works on the state as it is now. */
export interface ApiServer {
  /** Never throws for an API failure: that is an answer with a Status body. */
  handle(request: ApiRequest): Answer;
  /** What has come since the cursor. Reading twice from the same cursor gives the same. */
  poll(cursor: Cursor): Poll;
  /** Input of a session: a piece of a channel (stdin, resize, data), or undefined: its end. Changes the state, once per call. */
  send(cursor: Cursor, channel: number, data: Uint8Array | undefined): Poll;
  /** The client has gone before the end. */
  end(cursor: Cursor): void;
}
