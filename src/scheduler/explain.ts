/** What the scheduler thinks of every node for one pod, plugin by plugin: the cycle run for its reasons, not for its choice. */
import type { Api } from '../api/verbs.js';
import type { Pod } from '../resources/pods/types.js';
import { ClusterCache } from './cluster-cache.js';
import { firstFailure, prepare } from './cycle.js';
import { scorePlugins } from './plugins/index.js';

export interface NodeVerdict {
  readonly node: string;
  /** The first filter plugin that turned it down, and why; absent: the pod could run there. */
  readonly rejected?: { readonly plugin: string; readonly reasons: readonly string[] };
  /** Of nodes that passed, where there is more than one: each plugin's opinion (0 to 100) and what it counts for. */
  readonly scores?: readonly { readonly plugin: string; readonly weight: number; readonly score: number }[];
  /** The weighted sum. */
  readonly total?: number;
}

/** For a pod that has no node yet, on the cluster that `api` shows, this pod itself excepted. Nodes in order of their names. */
export function explain(pod: Pod, api: Pick<Api, 'get' | 'list' | 'watch'>): readonly NodeVerdict[] {
  const cluster = new ClusterCache(api);
  const { nodeName: _, ...spec } = pod.spec;
  const info = cluster.info({ ...pod, spec, status: {} });
  const prepared = prepare(info, cluster);
  const verdicts = cluster.nodes.map((node) => {
    const failure = 'rejection' in prepared ? prepared : firstFailure(node, prepared, info, cluster, undefined);
    return { node, failure };
  });
  const feasible = verdicts.filter(({ failure }) => failure === undefined).map(({ node }) => node);
  const opinions = feasible.length < 2 ? [] : scorePlugins.map((plugin) => ({ plugin, scores: plugin.score(info, cluster, feasible) }));
  return verdicts.map(({ node, failure }) => {
    if (failure !== undefined) return { node: node.name, rejected: { plugin: failure.plugin, reasons: failure.rejection.reasons } };
    if (opinions.length === 0) return { node: node.name };
    const at = feasible.indexOf(node);
    const scores = opinions.flatMap(({ plugin, scores: all }) =>
      all === undefined ? [] : [{ plugin: plugin.name, weight: plugin.weight, score: all[at] as number }],
    );
    return { node: node.name, scores, total: scores.reduce((sum, { weight, score }) => sum + weight * score, 0) };
  });
}
