/** A scenario has a cluster and a context of its own; where the learner comes from is left as it is, and gone back to. */
import { hostFiles } from '../../kubectl/files.js';
import { loadKubeconfig, saveKubeconfig } from '../../kubectl/kubeconfig.js';
import type { Entries } from '../../store/backend/backend.js';
import { clusterFile } from '../cluster-files.js';
import { type PodsimContext, PodsimError } from '../context.js';

/** The name of a scenario's cluster and context. */
export const clusterOf = (id: string): string => `practice-${id}`;

/** '' when none is chosen. */
export async function currentContext({ cwd, home }: Pick<PodsimContext, 'cwd' | 'home'>): Promise<string> {
  return (await loadKubeconfig(hostFiles(cwd), `${home}/config`))['current-context'];
}

/** What is kept of a scenario's cluster. Throws PodsimError when it is gone. */
export async function keptEntries(context: PodsimContext, id: string): Promise<Entries> {
  const saved = await context.backend(clusterFile(context, clusterOf(id))).load();
  if (saved === undefined) throw new PodsimError(`cluster "${clusterOf(id)}" is gone; make the scene anew: podsim practice start ${id}`);
  return saved.entries;
}

/** Deletes the clusters of these scenarios with their contexts. Who is in one of them is then where they came from. */
export async function leave(context: PodsimContext, ids: readonly string[], back: string): Promise<void> {
  const files = hostFiles(context.cwd);
  const names = ids.map(clusterOf);
  for (const name of names) {
    const address = await context.backend(clusterFile(context, name)).servedAt();
    if (address !== undefined) throw new PodsimError(`cluster "${name}" is served at ${address}; end podsim serve first`);
  }
  const path = `${context.home}/config`;
  const config = await loadKubeconfig(files, path);
  const others = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] => list.filter((one) => !names.includes(one.name));
  const contexts = others(config.contexts);
  const isThere = contexts.some((one) => one.name === back);
  await saveKubeconfig(files, path, {
    ...config,
    clusters: others(config.clusters),
    contexts,
    users: others(config.users),
    'current-context': names.includes(config['current-context']) ? (isThere ? back : '') : config['current-context'],
  });
  for (const name of names) {
    const file = clusterFile(context, name);
    for (const one of [file, file.replace(/\.json$/, '.credentials'), file.replace(/\.json$/, '.kubeconfig')]) await files.remove(one);
    await files.remove(`${context.home}/snapshots/${name}`);
  }
}
