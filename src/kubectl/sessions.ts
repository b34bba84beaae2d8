/** exec and attach from the client's side: the channels of a session on the terminal's streams (client-go tools/remotecommand). */
import type { Status } from '../api/errors.js';
import type { Session } from '../api/transport.js';
import type { Query, Target } from '../client/rest-client.js';
import { ExitError, type Factory, UsageError } from './command.js';

export interface SessionOptions {
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** Runs to the session's end. Throws ExitError with the command's code, after saying so. */
export async function runSession(factory: Factory, target: Target, query: Query, options: SessionOptions): Promise<void> {
  const stop = new AbortController();
  const session = await factory.client.session(target, { ...query, stdin: options.stdin, stdout: true, stderr: !options.tty, tty: options.tty }, stop.signal);
  const { streams } = factory;
  const isRaw = options.tty && options.stdin && streams.in.isTTY;
  if (isRaw) streams.in.setRaw?.(true);
  if (options.stdin) void pumpStdin(factory, session, stop.signal);
  let status: Status | undefined;
  try {
    for await (const { channel, data } of session.frames) {
      if (channel === 1) factory.streams.out(data);
      else if (channel === 2) factory.streams.err(new TextDecoder().decode(data));
      else if (channel === 3 && data.length > 0) status = JSON.parse(new TextDecoder().decode(data)) as Status;
    }
  } finally {
    stop.abort();
    if (isRaw) streams.in.setRaw?.(false);
    if (options.stdin) streams.in.release?.();
  }
  if (status !== undefined && status.status === 'Failure') fail(factory, status);
}

async function pumpStdin(factory: Factory, session: Session, signal: AbortSignal): Promise<void> {
  for await (const chunk of factory.streams.in.chunks()) {
    if (signal.aborted) return;
    session.send(0, chunk);
  }
  session.close(0);
}

function fail(factory: Factory, status: Status): never {
  if (status.reason === 'NonZeroExitCode') {
    const code = Number(status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message ?? 1);
    factory.streams.err(`command terminated with exit code ${code}\n`);
    throw new ExitError(code);
  }
  throw new UsageError(status.message ?? 'unknown error');
}

/** -t without -i counts for nothing; without a terminal kubectl says so and goes on (StreamOptions.SetupTTY). */
export function ttyOf(factory: Factory, tty: boolean, stdin: boolean, quiet: boolean): boolean {
  if (!tty || !stdin) return false;
  if (factory.streams.in.isTTY) return true;
  if (!quiet) factory.streams.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return false;
}
