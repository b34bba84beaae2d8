/** Runs the command of a session as a shell would: its signals, and its status. */
import type { Signal } from '../../kubectl/command.js';
import { hostFiles } from '../../kubectl/files.js';
import type { PodsimContext } from '../context.js';
import type { Session } from './session.js';

/** Signals that a terminal sends to everybody on it: the command has them already. */
const OF_TERMINAL: readonly Signal[] = ['SIGINT', 'SIGQUIT'];
/** Signals for us alone, as of a CI job that is cancelled. */
const OF_OTHERS: readonly Signal[] = ['SIGTERM', 'SIGHUP'];

/** Resolves to the exit status: 128+N after signal N, 127 and 126 as env(1) has them for what cannot be run. */
export async function run(argv: readonly string[], { env }: Pick<Session, 'env'>, context: PodsimContext): Promise<number> {
  const { streams } = context;
  const files = hostFiles(context.cwd);
  const hasTerminal = streams.in.isTTY || streams.outIsTTY;
  let send: (signal: Signal) => void = () => {};
  // It is the command that ends by them; we only stay until it has, and clear up.
  const release = context.onSignal([...OF_TERMINAL, ...OF_OTHERS], (signal) => {
    if (!hasTerminal || OF_OTHERS.includes(signal)) send(signal);
  });
  try {
    return await files.run(argv, {
      env,
      onStart: (signal) => {
        send = signal;
      },
    });
  } catch (error) {
    const name = argv[0] as string;
    const { code, message } = error as { code?: string; message: string };
    const isPath = name.includes('/');
    const isThere = isPath && (await files.kind(name)) !== undefined;
    if (code === 'ENOENT') {
      const what = isThere ? 'the program that its first line names does not exist' : isPath ? 'no such file or directory' : 'command not found';
      streams.err(`error: ${name}: ${what}\n`);
      return 127;
    }
    streams.err(`error: ${name}: ${code === 'EACCES' ? 'permission denied' : message}\n`);
    return 126;
  } finally {
    release();
  }
}
