/** Puts a podsim command's context together. */
import type { Turn } from '../cluster/turn.js';
import type { Factory, IOStreams } from '../kubectl/command.js';
import type { Surroundings as KubectlSurroundings } from '../kubectl/command-line.js';
import { hostFiles } from '../kubectl/files.js';
import { loadKubeconfig, resolveTarget, type Target } from '../kubectl/kubeconfig.js';
import type { Backend } from '../store/backend/backend.js';
import { clusterFile, useContext } from './cluster-files.js';
import { type PodsimContext, PodsimError } from './context.js';

export interface Surroundings {
  readonly streams: IOStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly state: string | undefined;
  readonly context: string;
  readonly program: readonly string[];
  machine(): number;
  open(file: string): Turn;
  backend(file: string): Backend;
  stopped(): AbortSignal;
  readonly onSignal: PodsimContext['onSignal'];
  readonly kubectl: KubectlSurroundings;
}

export function podsimContext(given: Surroundings): PodsimContext {
  const { home } = given;
  /** The context that is given, or else current, by name; undefined: there is none of that name. */
  const chosen = async () => {
    const config = await loadKubeconfig(hostFiles(given.cwd), `${home}/config`);
    const name = given.context || config['current-context'];
    return { config, name, context: config.contexts.find((one) => one.name === name)?.context };
  };
  const current = async (): Promise<string> => {
    const { name, context } = await chosen();
    return context?.cluster ?? (name === '' ? 'default' : name);
  };
  /** The server that the context names, if it is no state file of ours. */
  const remote = async (): Promise<Target | undefined> => {
    if (given.state !== undefined) return undefined;
    const { config, name, context } = await chosen();
    if (context === undefined) return undefined;
    const target = resolveTarget(config, { context: name, cluster: '', user: '', server: '', token: '', as: '' });
    return /^https?:\/\//.test(target.server) ? target : undefined;
  };
  /** A context may name a cluster that is none of the file's: that is no wish for a new one. */
  const needEntry = async (): Promise<void> => {
    if (given.state !== undefined) return;
    const { config, name, context } = await chosen();
    const cluster = context?.cluster;
    if (cluster !== undefined && !config.clusters.some((one) => one.name === cluster))
      throw new PodsimError(`context ${JSON.stringify(name)} names cluster ${JSON.stringify(cluster)}, which the configuration has not`);
  };
  const file = async (): Promise<string> => given.state ?? clusterFile({ home }, await current());
  return {
    streams: given.streams,
    env: given.env,
    cwd: given.cwd,
    home,
    state: given.state,
    contextGiven: given.context,
    program: given.program,
    onSignal: given.onSignal,
    machine: given.machine,
    current,
    open: async () => {
      const target = await remote();
      if (target !== undefined)
        throw new PodsimError(
          `context ${JSON.stringify(target.context)} is a server at ${target.server}, and this needs the cluster's state file: choose it with podsim --context NAME or --state FILE`,
        );
      await needEntry();
      const turn = given.open(await file());
      const isNew = await turn.ready();
      // The first command makes the default cluster, and with it the context that `config` shows.
      if (isNew && given.state === undefined && given.context === '') await useContext({ cwd: given.cwd, home }, await current());
      return turn;
    },
    isRemote: async () => (await remote()) !== undefined,
    file,
    factory: (flags) => factoryOn(given.kubectl, [...flagOf('state', given.state), ...flagOf('context', given.context), ...flags]),
    backend: given.backend,
    get stopped() {
      return given.stopped();
    },
  };
}

const flagOf = (name: string, value: string | undefined): readonly string[] => (value === undefined || value === '' ? [] : [`--${name}=${value}`]);

/** What kubectl's commands reach for, where these global flags lead. */
export async function factoryOn(kubectl: KubectlSurroundings, flags: readonly string[]): Promise<Factory> {
  const [{ makeFactory }, { flagSet, parseFlags }, { globalFlags }] = await Promise.all([
    import('../kubectl/factory.js'),
    import('../kubectl/flags.js'),
    import('../kubectl/global-flags.js'),
  ]);
  return makeFactory(kubectl, parseFlags(flags, flagSet(globalFlags(''))).values, 'podsim', () => '');
}
