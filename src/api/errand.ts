/**
 * Errands: what a process in a container does by a program that is written to wait for its answers (kubectl, in src/kubectl), while the
 * runtime moves processes on by steps that never wait. The program is run apart from the simulation and never touches it: whatever it needs
 * (a request, a file, its standard input, time) it asks for, and the process gets it for it, in simulated time and with what the container
 * has. What it was told so far is all there is to its state ({@link Errand}): from that it can be run again, in any process of podsim, up to
 * where it asks for the next thing. The time stands still while it thinks.
 */
import type { JsonObject } from './object.js';
import type { Time } from './time.js';

/** JSON. */
export interface Errand {
  /** With the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Which of its streams are a terminal. */
  readonly terminal: { readonly in: boolean; readonly out: boolean };
  readonly began: Time;
  /** In the order in which it was told. */
  readonly heard: readonly Heard[];
  /** How much of that it had been told at its last step: what it did by then has been taken. Absent: this is the first. */
  readonly shown?: number;
}

/** The answer to what it asked for. */
export interface Heard {
  readonly ask: number;
  readonly at: Time;
  readonly reply: Reply;
}

/** `code`: of a system call's failure, as Node names it; `address`, `port`, `hostname`: of a connection's. */
export type Reply =
  | { readonly value: unknown }
  | {
      readonly error: {
        readonly code: string;
        readonly message?: string;
        readonly address?: string;
        readonly port?: number;
      };
    };

/** A request of HTTP from within a pod; `path`: with its query. */
export interface HttpCall {
  readonly method: string;
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Ask =
  /** Is answered by an {@link ErrandResponse}. */
  | ({ readonly type: 'http' } & HttpCall)
  /** What else has come of an answer that goes on: chunks, or null at its end. */
  | { readonly type: 'more'; readonly of: number }
  /** Input of a session; without data: its end. Base64. */
  | { readonly type: 'send'; readonly of: number; readonly channel: number; readonly data?: string }
  /** What has come on standard input; null at its end. */
  | { readonly type: 'input' }
  | { readonly type: 'sleep'; readonly span: number }
  /** A file of the container's, by an absolute path. */
  | { readonly type: 'kind' | 'read' | 'list' | 'remove' | 'makeDirectory' | 'linkTarget'; readonly path: string }
  | { readonly type: 'write'; readonly path: string; readonly data: string; readonly mode?: number }
  /** Runs another program to its end: `{ code, out }`. `captures`: what it prints is told, not shown. */
  | { readonly type: 'run'; readonly argv: readonly string[]; readonly captures: boolean };

export interface ErrandResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** More will come; `frames`: of a session, as `{ channel, data }` with data in base64. */
  readonly goesOn?: 'lines' | 'frames';
}

/** What the program has come to by what it was told last. */
export interface ErrandStep {
  readonly said: readonly { readonly fd: '1' | '2'; readonly text: string }[];
  /** What it wants now, and waits for. */
  readonly asks: readonly { readonly id: number; readonly ask: Ask }[];
  /** What it wants no more: asks, or answers that go on. */
  readonly dropped: readonly number[];
  readonly exit?: number;
  /** The code with which it ends by SIGINT and its like; absent: they kill it. */
  readonly onSignal?: number;
}

/** Runs the programs that errands are run by. `idle`: resolves when whatever goes on by itself has gone on. */
export type ErrandRunner = (id: string, errand: Errand, idle: () => Promise<void>) => Promise<ErrandStep>;

/** One that waits for its program's next step. */
export interface OpenErrand {
  /** The process. */
  readonly id: string;
  readonly errand: Errand;
  /** Hands it on. */
  answer(step: ErrandStep): void;
}

/** A connection's far end goes on from here: JSON that only it can read. */
export type Continuation = JsonObject;

/** The errands that wait in an open cluster: none is left when a turn ends. */
export class Errands {
  private readonly waiting = new Map<string, OpenErrand>();

  get areOpen(): boolean {
    return this.waiting.size > 0;
  }

  open(errand: OpenErrand): void {
    this.waiting.set(errand.id, errand);
  }

  take(): readonly OpenErrand[] {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    return all;
  }
}
