/** A session: a private directory with `kubectl`, `k` and `podsim` for PATH, the environment that goes with it, and maybe a cluster. */
import type { CreateOptions } from '../../cluster/create.js';
import { openCluster } from '../../cluster/open.js';
import { type Files, hostFiles } from '../../kubectl/files.js';
import { loadKubeconfig } from '../../kubectl/kubeconfig.js';
import { clusterFile, useContext } from '../cluster-files.js';
import { type PodsimContext, PodsimError } from '../context.js';
import { errandRunner } from '../errands.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which cluster: one made for the session, or the one of a context ('': the current one) or of the state file. */
export type SessionCluster = { readonly fresh: CreateOptions } | { readonly context: string };

export interface Session {
  /** Only the user's; gone when the session ends. */
  readonly directory: string;
  /** What stands first on PATH. */
  readonly bin: string;
  readonly env: Environment;
  readonly isFresh: boolean;
  /** What users call the cluster: its context, or its file. */
  readonly cluster: string;
}

const FRESH = 'fresh';
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes the session, does the work in it, and takes it away, however the work ends. */
export async function withSession<T>(context: PodsimContext, cluster: SessionCluster, work: (session: Session) => Promise<T>): Promise<T> {
  const files = hostFiles(context.cwd);
  const directory = await files.makeTemporaryDirectory('podsim-shell-');
  try {
    if (directory.includes(':')) throw new PodsimError(`${directory} cannot stand on PATH; set TMPDIR to a directory without a colon in its name`);
    const bin = `${directory}/bin`;
    await writePrograms(files, bin, context.program);
    const isFresh = 'fresh' in cluster;
    const place = 'fresh' in cluster ? await makeCluster(context, `${directory}/home`, cluster.fresh) : await findCluster(context, cluster.context);
    const path = `${bin}:${context.env['PATH'] || USUAL_PATH}`;
    const env = { ...context.env, ...place.env, PATH: path, PODSIM_SHELL: directory };
    return await work({ directory, bin, env, isFresh, cluster: place.name });
  } finally {
    await files.remove(directory);
  }
}

interface Place {
  readonly name: string;
  readonly env: Environment;
}

/** In a home of its own: contexts and further clusters that a script makes go away with it. */
async function makeCluster(context: PodsimContext, home: string, options: CreateOptions): Promise<Place> {
  const { createdEntries } = await import('../../cluster/create.js');
  const turn = openCluster({ errands: errandRunner(), backend: context.backend(clusterFile({ home }, FRESH)) });
  await turn.replace(async (machine) => createdEntries(options, machine));
  await useContext({ cwd: context.cwd, home }, FRESH);
  return { name: FRESH, env: { ...homeEnv(home), PODSIM_STATE: undefined, PODSIM_CONTEXT: undefined } };
}

/** Where kubectl would have gone, said in a way that holds in every directory. */
async function findCluster(context: PodsimContext, given: string): Promise<Place> {
  const files = hostFiles(context.cwd);
  const home = homeEnv(files.path(context.home));
  const { clusters, contexts, 'current-context': current } = await loadKubeconfig(files, `${context.home}/config`);
  const name = given || current || 'default';
  const found = contexts.find((one) => one.name === name)?.context;
  if (found === undefined && given !== '') throw new PodsimError(`no context exists with the name: ${JSON.stringify(given)}`);
  const server = clusters.find((one) => one.name === found?.cluster)?.cluster.server ?? '';
  const { state } = context;
  if (given !== '') return { name: given, env: { ...home, PODSIM_STATE: undefined, PODSIM_CONTEXT: given } };
  // So that there is one, and a context for `config` to show
  if (state !== undefined || !/^https?:/.test(server)) await context.open();
  return { name: state ?? name, env: { ...home, PODSIM_STATE: state === undefined ? undefined : files.path(state) } };
}

const homeEnv = (home: string): Environment => ({ PODSIM_HOME: home, KUBECONFIG: `${home}/config` });

async function writePrograms(files: Files, bin: string, program: readonly string[]): Promise<void> {
  const quoted = program.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  for (const name of ['kubectl', 'k', 'podsim']) await files.write(`${bin}/${name}`, `#!/bin/sh\nexec ${quoted} "$@"\n`, 0o755);
}
