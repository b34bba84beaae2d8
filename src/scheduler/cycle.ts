/** One attempt to find a node for one pod: schedulePod of pkg/scheduler/schedule_one.go. Looks at the cluster and changes nothing. */
import { type ClusterView, type FilterPlugin, type NodeFilter, type Rejection, unresolvable } from './framework.js';
import { fitMessage, NO_NODES, preFilterMessage } from './message.js';
import type { NodeInfo } from './node-info.js';
import { filterPlugins, scorePlugins } from './plugins/index.js';
import type { PodInfo } from './pod-info.js';

export type Attempt =
  | { readonly node: NodeInfo; readonly feasible: readonly NodeInfo[]; readonly looked: number }
  | {
      /** How many nodes were looked at. */
      readonly looked: number;
      readonly node: undefined;
      readonly message: string;
      readonly plugins: ReadonlySet<string>;
      readonly rejections: ReadonlyMap<string, Rejection>;
    };

export interface AttemptOptions {
  /** A number in [0, 1), for choosing among the best. */
  random(): number;
  /** Where a large cluster is looked at first; small ones are looked at whole. */
  readonly start?: number;
  /** Pods of at least this one's priority that were promised room on a node. */
  readonly nominated?: ((node: NodeInfo) => readonly PodInfo[]) | undefined;
}

/** From this many feasible nodes on, the others are not looked at (numFeasibleNodesToFind). */
const LEAST_TO_FIND = 100;

export function attempt(pod: PodInfo, cluster: ClusterView, options: AttemptOptions): Attempt {
  const { nodes } = cluster;
  if (nodes.length === 0) return { node: undefined, message: NO_NODES, plugins: new Set(), rejections: new Map(), looked: 0 };
  const prepared = prepare(pod, cluster);
  if ('rejection' in prepared) {
    const { rejection, plugin } = prepared;
    const rejections = new Map(nodes.map((node) => [node.name, rejection]));
    return { node: undefined, message: preFilterMessage(nodes.length, rejection.reasons.join(', ')), plugins: new Set([plugin]), rejections, looked: 0 };
  }

  const feasible: NodeInfo[] = [];
  const rejected = new Map<string, { readonly rejection: Rejection; readonly plugin: string }>();
  const isEnough = toFind(nodes.length);
  const start = options.start ?? 0;
  const consider = (node: NodeInfo) => {
    const failure = firstFailure(node, prepared, pod, cluster, options.nominated);
    if (failure === undefined) feasible.push(node);
    else rejected.set(node.name, failure);
  };
  // A pod that was promised a node takes it if it still can.
  const promised = pod.pod.status?.nominatedNodeName ? cluster.node(pod.pod.status.nominatedNodeName) : undefined;
  if (promised !== undefined) consider(promised);
  let looked = 0;
  if (feasible.length === 0)
    for (; looked < nodes.length && feasible.length < isEnough; looked++) {
      const node = nodes[(start + looked) % nodes.length] as NodeInfo;
      if (node !== promised) consider(node);
    }
  if (feasible.length === 0) {
    const reasons = [...rejected.values()].flatMap(({ rejection }) => rejection.reasons);
    return {
      node: undefined,
      message: fitMessage(nodes.length, reasons),
      plugins: new Set([...rejected.values()].map(({ plugin }) => plugin)),
      rejections: new Map([...rejected].map(([name, { rejection }]) => [name, rejection])),
      looked,
    };
  }
  return { node: choose(pod, cluster, feasible, options), feasible, looked };
}

interface Step {
  readonly plugin: string;
  readonly filter: NodeFilter;
}
interface Restriction {
  readonly steps: readonly Step[];
  /** Nodes outside were ruled out by the restricting plugins at once. */
  readonly only: ReadonlySet<string> | undefined;
  readonly restricting: readonly string[];
}

/** What every plugin has to say about the pod before looking at nodes. */
export function prepare(
  pod: PodInfo,
  cluster: ClusterView,
  plugins: readonly FilterPlugin[] = filterPlugins,
): Restriction | { rejection: Rejection; plugin: string } {
  const steps: Step[] = [];
  let only: ReadonlySet<string> | undefined;
  const restricting: string[] = [];
  for (const plugin of plugins) {
    const prepared = plugin.prepare(pod, cluster);
    if (prepared === undefined) continue;
    if (typeof prepared === 'function') {
      steps.push({ plugin: plugin.name, filter: prepared });
      continue;
    }
    if ('rejection' in prepared) return { rejection: prepared.rejection, plugin: plugin.name };
    steps.push({ plugin: plugin.name, filter: prepared.filter });
    restricting.push(plugin.name);
    const before = only;
    only = before === undefined ? prepared.only : new Set([...prepared.only].filter((name) => before.has(name)));
  }
  return { steps, only, restricting };
}

/** The first filter that turns the node down; undefined: none does. */
export function firstFailure(
  node: NodeInfo,
  { steps, only, restricting }: Restriction,
  pod: PodInfo,
  cluster: ClusterView,
  nominated: AttemptOptions['nominated'],
): { readonly rejection: Rejection; readonly plugin: string } | undefined {
  if (only !== undefined && !only.has(node.name))
    return { rejection: unresolvable(`node(s) didn't satisfy plugin(s) [${restricting.join(' ')}]`), plugin: 'NodeAffinity' };
  const promised = nominated?.(node);
  if (promised !== undefined && promised.length > 0) {
    // With the promised pods there, and without: affinity may need them, room may not.
    const failure = runFilters(pod, node.name, replaceNode(cluster, node.with([...node.pods.values(), ...promised])));
    if (failure !== undefined) return failure;
  }
  for (const { plugin, filter } of steps) {
    const rejection = filter(node);
    if (rejection !== undefined) return { rejection, plugin };
  }
  return undefined;
}

/** All filters anew, on one node of a cluster that is imagined. */
export function runFilters(
  pod: PodInfo,
  nodeName: string,
  cluster: ClusterView,
  nominated?: AttemptOptions['nominated'],
): { readonly rejection: Rejection; readonly plugin: string } | undefined {
  const node = cluster.node(nodeName);
  const prepared = prepare(pod, cluster);
  if ('rejection' in prepared) return prepared;
  return node === undefined ? undefined : firstFailure(node, prepared, pod, cluster, nominated);
}

/** The cluster, if one of its nodes were different. */
export function replaceNode(cluster: ClusterView, node: NodeInfo): ClusterView {
  return {
    nodes: cluster.nodes.map((other) => (other.name === node.name ? node : other)),
    node: (name) => (name === node.name ? node : cluster.node(name)),
    api: cluster.api,
    counting: (namespace, selector) => {
      const others = cluster.counting(namespace, selector);
      return (other) => (other === node ? node.countMatching(namespace, selector) : others(other));
    },
    namespaceLabels: (namespace) => cluster.namespaceLabels(namespace),
    traits: cluster.traits,
    hasAffinity: cluster.hasAffinity || node.podsWithAffinity.size > 0,
    defaultSelectors: cluster.defaultSelectors,
  };
}

function toFind(count: number): number {
  if (count < LEAST_TO_FIND) return count;
  const percentage = Math.max(5, 50 - Math.trunc(count / 125));
  return Math.max(LEAST_TO_FIND, Math.trunc((count * percentage) / 100));
}

/** The best node by the weighted sum of all scores; any of the best. */
function choose(pod: PodInfo, cluster: ClusterView, feasible: readonly NodeInfo[], { random }: AttemptOptions): NodeInfo {
  if (feasible.length === 1) return feasible[0] as NodeInfo;
  // Scores are in plain arrays: typed ones of this size lie outside of the young heap, which takes as long as adding them up.
  const totals: number[] = new Array(feasible.length).fill(0);
  for (const plugin of scorePlugins) {
    const scores = plugin.score(pod, cluster, feasible);
    if (scores === undefined) continue;
    for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] as number) + plugin.weight * (scores[i] as number);
  }
  let highest = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const total of totals) {
    if (total > highest) {
      highest = total;
      count = 0;
    }
    if (total === highest) count++;
  }
  let others = count === 1 ? 0 : Math.floor(random() * count);
  return feasible.find((_, i) => totals[i] === highest && others-- === 0) as NodeInfo;
}
