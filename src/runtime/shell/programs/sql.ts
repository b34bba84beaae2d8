/** What psql and mysql share: asking a server, statement by statement, from an argument, a file or a terminal. */
import type { Result } from '../../sql/engine.js';
import type { SqlAnswer, SqlRequest } from '../../sql/server.js';
import { type Dialect, statementsOf } from '../../sql/tokens.js';
import type { ProgramContext, Wait } from '../program.js';

export interface Place {
  readonly host: string;
  readonly port: number;
}

export type Failure = 'refused' | 'timeout' | 'no-route' | 'no-host';

/** One exchange with a server; a text that is no answer comes from a server of another kind. */
export function askSql(
  context: ProgramContext,
  { host, port }: Place,
  request: SqlRequest,
): { readonly answer?: SqlAnswer; readonly failure?: Failure; readonly takes: number } {
  const reply = context.host.network.tcp(host, port, JSON.stringify(request));
  if ('failure' in reply) return { failure: reply.failure, takes: reply.takes };
  return { takes: reply.takes, ...(reply.body.startsWith('{') ? { answer: JSON.parse(reply.body) as SqlAnswer } : {}) };
}

/** A client's conversation: its words for what happens, and its commands of its own. */
export interface Client {
  readonly dialect: Dialect;
  prompt(isContinued: boolean): string;
  /** Runs a statement (or a command of the client's own); false: it ends, with that code. */
  run(statement: string, line: number): { readonly ends?: number };
  /** A line that is a command of the client's own. */
  isCommand(line: string): boolean;
}

export interface Conversation {
  pending: string;
  prompted: boolean;
  line: number;
}

/** Reads statements from standard input (or a text) until it ends. */
export function converse(context: ProgramContext, client: Client, state: Conversation, script?: string): number | Wait {
  for (;;) {
    if (script === undefined && context.tty && !state.prompted) {
      state.prompted = true;
      context.out(client.prompt(state.pending.trim() !== ''));
    }
    const text = script ?? context.read();
    if (text === '' && script === undefined) return { wait: 'stdin' };
    const isOver = text === undefined || script !== undefined;
    state.pending += text ?? '';
    if (text !== undefined) state.prompted = false;
    for (;;) {
      const command = /^\s*([^\n]*)(\n|$)/.exec(state.pending);
      if (command !== null && client.isCommand(command[1] as string) && (isOver || command[2] === '\n')) {
        state.pending = state.pending.slice(command[0].length);
        const { ends } = client.run((command[1] as string).trim(), state.line);
        state.line += 1;
        if (ends !== undefined) return ends;
        continue;
      }
      const { statements } = statementsOf(state.pending, client.dialect);
      const first = statements[0];
      if (first === undefined) break;
      const length = first.text.length + (first.text.endsWith('\\G') ? 0 : 1);
      const blank = /^\s*/.exec(first.text)?.[0] ?? '';
      const lines = blank.split('\n').length - 1;
      const { ends } = client.run(first.text.trim(), state.line + lines);
      state.line += first.text.split('\n').length - 1;
      state.pending = state.pending.slice(length);
      if (ends !== undefined) return ends;
    }
    if (!isOver) continue;
    if (state.pending.trim() !== '') {
      const { ends } = client.run(state.pending.trim(), state.line);
      if (ends !== undefined) return ends;
    }
    return 0;
  }
}

export type { Result };
