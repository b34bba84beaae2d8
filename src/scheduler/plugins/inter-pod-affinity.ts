/** Pods that want to be near, or away from, other pods: pkg/scheduler/framework/plugins/interpodaffinity. */
import { matchesSelector } from '../../api/selectors.js';
import type { Pod } from '../../resources/pods/types.js';
import { type Change, type ClusterView, type FilterPlugin, MAX_SCORE, type ScorePlugin, unresolvable, unschedulable } from '../framework.js';
import type { NodeInfo } from '../node-info.js';
import type { AffinityTerm, PodInfo } from '../pod-info.js';

const NO_AFFINITY = unresolvable("node(s) didn't match pod affinity rules");
const ANTI_AFFINITY = unschedulable("node(s) didn't match pod anti-affinity rules");
const EXISTING_ANTI_AFFINITY = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
/** A required affinity of a pod already there draws the new pod a little. */
const HARD_AFFINITY_WEIGHT = 1;
const NO_TERMS: readonly AffinityTerm[] = [];

/** Numbers by topology key and value. */
class TopologyCounts {
  private readonly byKey = new Map<string, Map<string, number>>();
  add(node: NodeInfo, topologyKey: string, amount: number): void {
    const value = node.labels[topologyKey];
    if (value === undefined) return;
    const counts = this.byKey.get(topologyKey) ?? new Map<string, number>();
    counts.set(value, (counts.get(value) ?? 0) + amount);
    this.byKey.set(topologyKey, counts);
  }
  at(node: NodeInfo, topologyKey: string): number {
    const value = node.labels[topologyKey];
    return value === undefined ? 0 : (this.byKey.get(topologyKey)?.get(value) ?? 0);
  }
  /** The sum over all keys. */
  sum(node: NodeInfo): number {
    let total = 0;
    for (const topologyKey of this.byKey.keys()) total += this.at(node, topologyKey);
    return total;
  }
  hasAny(node: NodeInfo): boolean {
    for (const topologyKey of this.byKey.keys()) if (this.at(node, topologyKey) > 0) return true;
    return false;
  }
  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }
}

function matches(term: AffinityTerm, pod: Pod, cluster: ClusterView): boolean {
  const namespace = pod.metadata.namespace ?? '';
  const isThere =
    term.namespaces.includes(namespace) ||
    (term.namespaceSelector !== undefined && matchesSelector(term.namespaceSelector, cluster.namespaceLabels(namespace)));
  return isThere && term.selector !== undefined && matchesSelector(term.selector, pod.metadata.labels);
}

export const interPodAffinity: FilterPlugin = {
  name: 'InterPodAffinity',
  retryOn: {
    NodeAdd: changesDomains,
    NodeLabel: changesDomains,
    NodeTaint: true,
    PodAdd: (pod, { object }, cluster) => matchesAll(pod.affinity?.required, object as Pod, cluster),
    // The end of a pod that kept this one away by its own terms is no hint; upstream waits for the next reason to look.
    PodDelete: (pod, { object }, cluster) => matchesAll(pod.affinity?.requiredAnti, object as Pod, cluster),
    PodLabel: (pod, { object, old }, cluster) => {
      const { required, requiredAnti } = pod.affinity ?? {};
      const matchesNow = (terms: typeof required) => matchesAll(terms, object as Pod, cluster);
      const matchedBefore = (terms: typeof required) => matchesAll(terms, old as Pod, cluster);
      return (matchesNow(required) && !matchedBefore(required)) || (matchedBefore(requiredAnti) && !matchesNow(requiredAnti));
    },
  },
  prepare: (pod, cluster) => {
    if (pod.affinity === undefined && !cluster.hasAffinity) return undefined;
    const required = pod.affinity?.required ?? NO_TERMS;
    const anti = pod.affinity?.requiredAnti ?? NO_TERMS;
    const existing = existingAntiAffinity(pod, cluster);
    if (required.length === 0 && anti.length === 0 && existing.isEmpty) return undefined;
    const { near, away } = countTerms(required, anti, cluster);
    const matchesItself = required.every((term) => matches(term, pod.pod, cluster));
    return (node) => {
      if (!satisfies(node, required, near, matchesItself)) return NO_AFFINITY;
      if (anti.some((term) => away.at(node, term.topologyKey) > 0)) return ANTI_AFFINITY;
      return existing.hasAny(node) ? EXISTING_ANTI_AFFINITY : undefined;
    };
  },
};

const matchesAll = (terms: readonly AffinityTerm[] = [], pod: Pod, cluster: ClusterView): boolean =>
  terms.length > 0 && terms.every((term) => matches(term, pod, cluster));

/** The node enters, leaves or changes a domain the terms speak of. */
function changesDomains({ affinity }: PodInfo, { object, old }: Change): boolean {
  const [now, before] = [object.metadata.labels ?? {}, old?.metadata.labels ?? {}];
  const isMoved = (key: string) => now[key] !== undefined && before[key] !== undefined && now[key] !== before[key];
  return (
    affinity?.required.some(({ topologyKey: key }) => (now[key] !== undefined && before[key] === undefined) || isMoved(key)) === true ||
    affinity?.requiredAnti.some(({ topologyKey: key }) => old === undefined || (now[key] === undefined && before[key] !== undefined) || isMoved(key)) === true
  );
}

function satisfies(node: NodeInfo, required: readonly AffinityTerm[], near: TopologyCounts, matchesItself: boolean): boolean {
  let isNear = true;
  for (const { topologyKey } of required) {
    if (node.labels[topologyKey] === undefined) return false;
    if (near.at(node, topologyKey) <= 0) isNear = false;
  }
  // The first of a group that wants to be together may start anywhere.
  return isNear || (near.isEmpty && matchesItself);
}

/** Where pods are that do not want this one near. */
function existingAntiAffinity(pod: PodInfo, cluster: ClusterView): TopologyCounts {
  const counts = new TopologyCounts();
  for (const node of cluster.nodes) {
    if (node.podsWithRequiredAntiAffinity.size === 0) continue;
    for (const other of node.podsWithRequiredAntiAffinity.values())
      for (const term of other.affinity?.requiredAnti ?? []) if (matches(term, pod.pod, cluster)) counts.add(node, term.topologyKey, 1);
  }
  return counts;
}

/** Where the pods are that this one's own terms speak of. Affinity counts those that match all terms. */
function countTerms(required: readonly AffinityTerm[], anti: readonly AffinityTerm[], cluster: ClusterView): { near: TopologyCounts; away: TopologyCounts } {
  const near = new TopologyCounts();
  const away = new TopologyCounts();
  if (required.length === 0 && anti.length === 0) return { near, away };
  for (const node of cluster.nodes) {
    for (const { pod: other } of node.pods.values()) {
      if (required.length > 0 && required.every((term) => matches(term, other, cluster))) for (const term of required) near.add(node, term.topologyKey, 1);
      for (const term of anti) if (matches(term, other, cluster)) away.add(node, term.topologyKey, 1);
    }
  }
  return { near, away };
}

export const interPodAffinityScore: ScorePlugin = {
  name: 'InterPodAffinity',
  weight: 2,
  score: (pod, cluster, nodes) => {
    if (pod.affinity === undefined && !cluster.hasAffinity) return undefined;
    const preferred = pod.affinity?.preferred ?? NO_TERMS;
    const preferredAnti = pod.affinity?.preferredAnti ?? NO_TERMS;
    const hasOwn = preferred.length > 0 || preferredAnti.length > 0;
    const counts = new TopologyCounts();
    for (const node of cluster.nodes) {
      if (!hasOwn && node.podsWithAffinity.size === 0) continue;
      for (const other of (hasOwn ? node.pods : node.podsWithAffinity).values()) {
        for (const term of preferred) if (matches(term, other.pod, cluster)) counts.add(node, term.topologyKey, term.weight);
        for (const term of preferredAnti) if (matches(term, other.pod, cluster)) counts.add(node, term.topologyKey, -term.weight);
        if (other.affinity === undefined) continue;
        for (const term of other.affinity.required) if (matches(term, pod.pod, cluster)) counts.add(node, term.topologyKey, HARD_AFFINITY_WEIGHT);
        for (const term of other.affinity.preferred) if (matches(term, pod.pod, cluster)) counts.add(node, term.topologyKey, term.weight);
        for (const term of other.affinity.preferredAnti) if (matches(term, pod.pod, cluster)) counts.add(node, term.topologyKey, -term.weight);
      }
    }
    if (counts.isEmpty) return undefined;
    const sums = nodes.map((node) => counts.sum(node));
    const least = Math.min(...sums);
    const range = Math.max(...sums) - least;
    return sums.map((sum) => (range === 0 ? 0 : Math.trunc(MAX_SCORE * ((sum - least) / range))));
  },
};
