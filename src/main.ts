/** Picks the program (a kubectl verb or podsim's own command), opens the cluster, hands over, reports what went wrong. */
import type { Time } from './api/time.js';
import { openCluster } from './cluster/open.js';
import type { Turn } from './cluster/turn.js';
import type { IOStreams } from './kubectl/command.js';
import { run as runKubectl } from './kubectl/command-line.js';
import { podsimHome, type Target } from './kubectl/kubeconfig.js';
import { useContext } from './podsim/cluster-files.js';
import { isPodsimCommand, podsimCommands } from './podsim/index.js';
import { FileBackend } from './store/backend/file.js';

/** The few things of a Node process that podsim reads. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: { write(data: string | Uint8Array): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(data: string | Uint8Array): unknown };
  cwd(): string;
}

/** Runs one command line; resolves to the exit code. Never rejects for anything a user can cause. */
export async function main(host: Host): Promise<number> {
  const streams = streamsOf(host);
  const argv = host.argv.slice(2);
  const { env } = host;
  const home = podsimHome(env);
  const machine = (): number => Date.now();
  let turn: Turn | undefined;
  const open = (file: string): Turn => {
    turn ??= openCluster({ backend: new FileBackend(file), create: {}, machine });
    return turn;
  };
  const stateOf = (given: string): string | undefined => given || env['PODSIM_STATE'] || undefined;
  try {
    const first = firstWord(argv);
    if (first !== undefined && isPodsimCommand(argv[first.at] as string)) {
      const { runPodsim } = await import('./podsim/program.js');
      const { podsimContext } = await import('./podsim/surroundings.js');
      return await runPodsim(
        argv.slice(first.at),
        podsimContext({ streams, env, cwd: host.cwd(), home, state: stateOf(first.state), context: first.context, machine, open }),
      );
    }
    return await runKubectl(argv, {
      more: { title: 'Simulation commands', commands: podsimCommands },
      streams,
      env,
      cwd: host.cwd(),
      transport: async (target) => {
        const state = stateOf(target.state);
        const name = clusterName(target);
        const opened = open(state ?? `${home}/clusters/${name}.json`);
        const isNew = await opened.ready();
        // The first command makes the default cluster, and with it the context that `config` shows.
        if (isNew && state === undefined && target.context === '') await useContext({ cwd: host.cwd(), home }, name);
        return opened.transport;
      },
      now: () => turn?.now() ?? (machine() as Time),
      sleep: async (ms, signal) => {
        await turn?.sleep(ms, signal);
      },
    });
  } catch (error) {
    if (error instanceof Error && ['DamagedState', 'NewerFormat', 'NoCluster', 'LockTimeout'].includes(error.name)) {
      streams.err(`error: ${error.message}\n`);
      return 1;
    }
    // A bug in podsim. Users get one line; the trace is there for whoever asks.
    streams.err(
      env['PODSIM_DEBUG']
        ? `${error instanceof Error ? error.stack : String(error)}\n`
        : `error: internal error in podsim: ${error instanceof Error ? error.message : String(error)} (PODSIM_DEBUG=1 shows where)\n`,
    );
    return 1;
  }
}

/** The state file's name: `podsim://NAME`, or the cluster entry's, or the default cluster. */
function clusterName(target: Target): string {
  return /^podsim:\/\/(.+)$/.exec(target.server)?.[1] ?? (target.cluster === '' ? 'default' : target.cluster);
}

/** Where the command's name stands: flags with values may come before it. */
function firstWord(argv: readonly string[]): { readonly at: number; readonly state: string; readonly context: string } | undefined {
  let state = '';
  let context = '';
  for (let i = 0; i < argv.length; i += 1) {
    const arg = argv[i] as string;
    const match = /^--(state|context)(?:=(.*))?$/s.exec(arg);
    if (match) {
      const value = match[2] ?? argv[++i] ?? '';
      if (match[1] === 'state') state = value;
      else context = value;
    } else if (!arg.startsWith('-')) return { at: i, state, context };
    else return undefined;
  }
  return undefined;
}

function streamsOf(host: Host): IOStreams {
  const { stdin, stdout, stderr } = host;
  return {
    in: {
      isTTY: stdin.isTTY === true,
      async read() {
        const chunks: Uint8Array[] = [];
        for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array));
        return Buffer.concat(chunks);
      },
      async *chunks() {
        for await (const chunk of stdin) yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
      },
    },
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outIsTTY: stdout.isTTY === true,
    columns: stdout.columns,
  };
}
