/** Where clusters and their snapshots are kept (podsim-commands: PODSIM_HOME, PODSIM_STATE). */
import { hostFiles } from '../kubectl/files.js';
import { loadKubeconfig, saveKubeconfig } from '../kubectl/kubeconfig.js';
import type { PodsimContext } from './context.js';

/** The state file of a named cluster. */
export const clusterFile = (context: Pick<PodsimContext, 'home'>, name: string): string => `${context.home}/clusters/${name}.json`;

/** Snapshots lie in PODSIM_HOME, or beside a state file of its own. */
export const snapshotDirectory = (context: Pick<PodsimContext, 'home' | 'state'>, name: string | undefined): string =>
  context.state === undefined ? `${context.home}/snapshots/${name}` : `${context.state}.snapshots`;

/** Writes the cluster's entries into the kubeconfig and makes its context the current one. */
export async function useContext({ cwd, home }: Pick<PodsimContext, 'cwd' | 'home'>, name: string): Promise<void> {
  const files = hostFiles(cwd);
  const path = `${home}/config`;
  const config = await loadKubeconfig(files, path);
  const others = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] => list.filter((one) => one.name !== name);
  const known = config.contexts.find((one) => one.name === name);
  await saveKubeconfig(files, path, {
    ...config,
    clusters: [...others(config.clusters), { name, cluster: { server: `podsim://${name}` } }],
    contexts: [...others(config.contexts), known ?? { name, context: { cluster: name, user: name } }],
    users: [...others(config.users), { name, user: {} }],
    'current-context': name,
  });
}
