/** Picks the program (a kubectl verb or podsim's own command), opens the cluster, hands over, reports what went wrong. */
import { keyString } from './api/object.js';
import type { Time } from './api/time.js';
import type { Transport } from './api/transport.js';
import { failed } from './apiserver/rest/answer.js';
import type { ClientCertificate } from './certified.js';
import { actingAs } from './client/acting-as.js';
import { openCluster } from './cluster/open.js';
import type { Turn } from './cluster/turn.js';
import type { IOStreams, Signal } from './kubectl/command.js';
import { type Surroundings as KubectlSurroundings, run as runKubectl } from './kubectl/command-line.js';
import { podsimHome, type Target } from './kubectl/kubeconfig.js';
import { useContext } from './podsim/cluster-files.js';
import { errandRunner } from './podsim/errands.js';
import { isPodsimCommand, podsimCommands } from './podsim/index.js';
import type { Refused } from './sim/sim.js';
import type { Backend } from './store/backend/backend.js';
import { FileBackend } from './store/backend/file.js';

/** The few things of a Node process that podsim reads. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown; unref?(): unknown };
  readonly stdout: { write(data: string | Uint8Array): unknown; readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly stderr: { write(data: string | Uint8Array): unknown };
  cwd(): string;
  on?(signal: Signal, listener: () => void): unknown;
  off?(signal: Signal, listener: () => void): unknown;
  exit?(code: number): unknown;
}

/** Runs one command line; resolves to the exit code. Never rejects for anything a user can cause. */
export async function main(host: Host): Promise<number> {
  const streams = streamsOf(host);
  const argv = host.argv.slice(2);
  const { env } = host;
  const home = podsimHome(env);
  const machine = (): number => Date.now();
  let turn: Turn | undefined;
  /** Another process's clock counts. */
  let isRemote = false;
  const refused: Refused | undefined = env['PODSIM_DEBUG']
    ? (reconciler, key, error) => streams.err(`podsim: ${reconciler} was refused ${keyString(key)}: ${error.message}\n`)
    : undefined;
  const open = (file: string, backend: Backend = new FileBackend(file)): Turn => {
    turn ??= openCluster({ backend, create: {}, errands: errandRunner(), machine, refused });
    return turn;
  };
  const stateOf = (given: string): string | undefined => given || env['PODSIM_STATE'] || undefined;
  const kubectl: KubectlSurroundings = {
    more: { title: 'Simulation commands', commands: podsimCommands },
    streams,
    env,
    cwd: host.cwd(),
    transport: async (target) => {
      const state = target.isServerGiven ? target.state || undefined : stateOf(target.state);
      if (state === undefined && /^https?:\/\//.test(target.server)) {
        const { connectTarget } = await import('./served.js');
        isRemote = true;
        return actingAs(target, await connectTarget(target, host.cwd(), argv));
      }
      const name = state === undefined ? clusterName(target) : '';
      const file = state ?? `${home}/clusters/${name}.json`;
      const backend = new FileBackend(file);
      const here = open(file, backend);
      try {
        const isNew = await here.ready();
        // The first command makes the default cluster, and with it the context that `config` shows.
        if (isNew && state === undefined && target.context === '') await useContext({ cwd: host.cwd(), home }, name);
      } catch (error) {
        // Its clock is known all the same.
        if (!isServed(error)) throw error;
      }
      isRemote = (await backend.servedAt()) !== undefined;
      const certified = showsCertificate(target) ? await import('./certified.js') : undefined;
      const own = await certified?.clientCertificate(target, host.cwd());
      const known = own === undefined ? recognising(here.transport) : certified?.certifying(own, here.transport, () => turn?.now() ?? machine());
      return presenting(target.token, actingAs(target, throughServer(file, backend, known as Transport, argv, own)));
    },
    structs: async () => (await import('./cluster/assets.js')).readClientStructs(),
    now: () => turn?.now() ?? (machine() as Time),
    sleep: async (ms, signal) => {
      if (isRemote) await (await import('./served.js')).pause(ms, signal);
      else await turn?.sleep(ms, signal);
    },
    endOnSignal: (code, signals = SIGNALS) => listening(host, signals, () => host.exit?.(code)),
  };
  try {
    const first = firstWord(argv);
    if (first !== undefined && isPodsimCommand(argv[first.at] as string)) {
      const { runPodsim } = await import('./podsim/program.js');
      const { podsimContext } = await import('./podsim/surroundings.js');
      const { borrowing } = await import('./podsim/lending.js');
      const { connectServed } = await import('./served.js');
      const backend = (file: string): Backend => borrowing(new FileBackend(file), (address) => connectServed(file, address));
      return await runPodsim(
        argv.slice(first.at),
        podsimContext({
          streams,
          env,
          cwd: host.cwd(),
          home,
          state: stateOf(first.state),
          context: first.context || env['PODSIM_CONTEXT'] || '',
          program: host.argv.slice(0, 2),
          machine,
          open: (file) => open(file, backend(file)),
          backend,
          stopped: () => stopSignal(host),
          onSignal: (signals, listener) => listening(host, signals, listener),
          kubectl,
        }),
      );
    }
    return await runKubectl(argv, kubectl);
  } catch (error) {
    if (error instanceof Error && (['DamagedState', 'NewerFormat', 'NoCluster', 'LockTimeout'].includes(error.name) || isRefusal(error))) {
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

/** Gives what ends it. */
function listening(host: Host, signals: readonly Signal[], listener: (signal: Signal) => void): () => void {
  const each = signals.map((signal) => ({ signal, listen: () => listener(signal) }));
  for (const { signal, listen } of each) host.on?.(signal, listen);
  return () => {
    for (const { signal, listen } of each) host.off?.(signal, listen);
  };
}

/** Goes to the server that holds the cluster, as long as there is one, and else to the saved cluster. */
function throughServer(file: string, backend: Backend, here: Transport, argv: readonly string[], own: ClientCertificate | undefined): Transport {
  let served: { readonly address: string; readonly transport: Transport } | undefined;
  return async (request) => {
    for (;;) {
      const address = await backend.servedAt();
      try {
        if (address === undefined) return await here(request);
        if (served?.address !== address) served = { address, transport: await (await import('./served.js')).connectServed(file, address, argv, own) };
        return await served.transport(request);
      } catch (error) {
        // It came or went just now.
        const isGone = address !== undefined && error instanceof Error && (error as { code?: string }).code === 'ECONNREFUSED';
        if (!isGone && !isServed(error)) throw error;
      }
    }
  };
}

/** A user of one of our own clusters who is known by a certificate. */
const showsCertificate = ({ server, userEntry }: Target): boolean =>
  server.startsWith('podsim://') && ['client-certificate', 'client-certificate-data'].some((name) => (userEntry[name] ?? '') !== '');

const isServed = (error: unknown): boolean => error instanceof Error && error.name === 'Served';

/** The bearer token of --token or the kubeconfig's user, as at the other end of a network. */
function presenting(token: string, transport: Transport): Transport {
  if (token === '') return transport;
  return (request) => transport({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
}

/** Who comes with a token is whom it was made for; who comes without one is the administrator. */
function recognising(transport: Transport): Transport {
  return async (request) => {
    const token = /^Bearer (.*)$/.exec(request.headers['authorization'] ?? '')?.[1];
    if (token === undefined) return transport(request);
    const [{ reviewToken }, { unauthorized }] = [await import('./apiserver/http/authenticate.js'), await import('./api/errors.js')];
    const user = await reviewToken(transport, token);
    return user === undefined ? failed(unauthorized()) : transport({ ...request, user });
  };
}

/** The machine does not let us keep the state where it is to be. */
const isRefusal = (error: Error): boolean =>
  ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR'].includes(String((error as { code?: unknown }).code));

/** What asks a process to end. */
const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function stopSignal(host: Host): AbortSignal {
  const stop = new AbortController();
  for (const signal of SIGNALS) host.on?.(signal, () => stop.abort());
  return stop.signal;
}

/** The state file's name: `podsim://NAME`, or without a context the default cluster. A context without a server is client-go's localhost:8080. */
function clusterName(target: Target): string {
  const name = /^podsim:\/\/(.+)$/.exec(target.server)?.[1];
  if (name === undefined && target.context !== '')
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', address: 'localhost', port: 8080 });
  return name ?? 'default';
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
  const { stdout, stderr } = host;
  // Standard input is opened when it is used: Node makes the stream at the first look.
  return {
    in: {
      get isTTY() {
        return host.stdin.isTTY === true;
      },
      async read() {
        const chunks: Uint8Array[] = [];
        for await (const chunk of host.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array));
        return Buffer.concat(chunks);
      },
      async *chunks() {
        for await (const chunk of host.stdin) yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
      },
      setRaw: (isRaw) => void host.stdin.setRawMode?.(isRaw),
      release: () => void host.stdin.unref?.(),
    },
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outIsTTY: stdout.isTTY === true,
    // Terminals change their size.
    get columns() {
      return stdout.columns;
    },
    get rows() {
      return stdout.rows;
    },
  };
}
