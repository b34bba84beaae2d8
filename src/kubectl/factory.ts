/** All a command may reach for, made lazily: nothing here touches a file or the cluster before a command asks (pkg/cmd/util/factory.go). */
import { once } from '../api/once.js';
import type { Transport } from '../api/transport.js';
import { type RestClient, restClient } from '../client/rest-client.js';
import { discover, type RestMapper, restMapper } from '../client/rest-mapper.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import type { Surroundings } from './command-line.js';
import { hostFiles } from './files.js';
import { type Kubeconfig, loadKubeconfig, located, podsimHome, resolveTarget, type Target } from './kubeconfig.js';
import type { RequestLog } from './request-log.js';
import { requestTimeout } from './request-timeout.js';

/** Where the simulated control plane says it is, when the kubeconfig names no address. */
const DEFAULT_SERVER = 'https://127.0.0.1:6443';

export interface CountingFactory extends Factory {
  /** How many warnings were written. */
  warnings(): number;
}

/** `own`: the command's flags, which may hide global ones of the same name (`create rolebinding --user`). */
export async function makeFactory(
  surroundings: Surroundings,
  flags: FlagValues,
  commandPath: string,
  changeCause: () => string,
  own: ReadonlySet<string> = new Set(),
): Promise<CountingFactory> {
  const { streams, env, cwd } = surroundings;
  const files = surroundings.files ?? hostFiles(cwd);
  const named = flags.string('kubeconfig');
  const configPath = named === '' ? (surroundings.configPath ?? `${podsimHome(env)}/config`) : named;
  const kubeconfig = once(async (): Promise<{ path: string; config: Kubeconfig }> => ({ path: configPath, config: await loadKubeconfig(files, configPath) }));
  const target = once(async (): Promise<Target> => {
    // Only `config` may name a file that is yet to be made
    if (named !== '' && (await files.kind(named)) === undefined) throw new UsageError(`stat ${named}: no such file or directory`);
    const text = (name: string) => (own.has(name) ? '' : flags.string(name));
    const found = resolveTarget((await kubeconfig()).config, {
      context: text('context') || env['PODSIM_CONTEXT'] || '',
      cluster: text('cluster'),
      user: text('user'),
      server: text('server'),
      token: text('token'),
      as: text('as'),
      asGroups: flags.strings('as-group'),
      asUid: text('as-uid'),
      isInsecure: flags.bool('insecure-skip-tls-verify'),
      isBasic: text('username') !== '' || text('password') !== '',
    });
    const given = (names: readonly string[]) => Object.fromEntries(names.flatMap((name) => (text(name) === '' ? [] : [[name, text(name)]])));
    return {
      ...found,
      clusterEntry: withFiles(located(found.clusterEntry, configPath), given(['certificate-authority', 'tls-server-name'])),
      userEntry: withFiles(located(found.userEntry, configPath), given(['client-certificate', 'client-key', 'username', 'password'])),
    };
  });
  const said = new Set<string>();
  const warn = (text: string): void => {
    if (said.has(text)) return;
    said.add(text);
    streams.err(`Warning: ${text}\n`);
  };
  const connect = once(async () => surroundings.transport({ ...(await target()), state: flags.string('state') }));
  const server = async () => {
    const address = (await target()).server;
    if (address !== '' && !address.startsWith('podsim://')) return address;
    return (await surroundings.inCluster?.())?.server || DEFAULT_SERVER;
  };
  const plain: Transport = async (request) => (await connect())(request);
  const level = flags.int('v');
  const transport = level < 6 ? plain : await logged(plain, { level, now: surroundings.now, server, write: streams.err });
  const client: RestClient = restClient(transport, warn);
  const mapper = once(async (): Promise<RestMapper> => restMapper(await discover(client), warn));
  if ((await requestTimeout(flags)) === undefined) {
    throw new UsageError(
      `Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)`,
    );
  }
  const namespaceGiven = flags.string('namespace') !== '';
  const namespace = namespaceGiven ? flags.string('namespace') : await contextNamespace(target, surroundings);
  return {
    client,
    streams,
    namespace,
    namespaceGiven,
    commandPath,
    get changeCause() {
      return changeCause();
    },
    globals: flags,
    env,
    cwd,
    files,
    mapper,
    kubeconfig,
    server,
    warn,
    warnings: () => said.size,
    structs: once(async () => new (await import('../api/structs.js')).Structs(await surroundings.structs())),
    now: surroundings.now,
    sleep: surroundings.sleep,
    ...(surroundings.fetch === undefined ? {} : { fetch: surroundings.fetch }),
    endOnSignal: surroundings.endOnSignal ?? (() => () => {}),
  };
}

async function logged(transport: Transport, log: RequestLog): Promise<Transport> {
  return (await import('./request-log.js')).loggedTransport(transport, log);
}

/** With the command line's members. A file that it names goes before what the kubeconfig holds of such a file. */
const withFiles = (entry: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.keys(given).length === 0 ? entry : { ...entry, ...Object.fromEntries(Object.keys(given).map((name) => [`${name}-data`, ''])), ...given };

/** A broken kubeconfig must not stop `config`, which mends it: there the error comes when the cluster is asked for. */
async function contextNamespace(target: () => Promise<Target>, { inCluster }: Surroundings): Promise<string> {
  try {
    return (await target()).namespace || (await inCluster?.())?.namespace || 'default';
  } catch {
    return 'default';
  }
}
