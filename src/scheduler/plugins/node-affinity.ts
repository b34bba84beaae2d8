/** nodeSelector and node affinity: pkg/scheduler/framework/plugins/nodeaffinity. */

import { matchesTerm, nodeLike, requiredNodeAffinity } from '../../api/node-selector.js';
import type { NodeSelectorTerm } from '../../resources/pod-template/types.js';
import { type Change, type FilterPlugin, normalize, type ScorePlugin, unresolvable } from '../framework.js';
import type { PodInfo } from '../pod-info.js';

const NO_MATCH = unresolvable("node(s) didn't match Pod's node affinity/selector");
const CONFLICT = unresolvable('pod affinity terms conflict');

export const nodeAffinity: FilterPlugin = {
  name: 'NodeAffinity',
  retryOn: { NodeAdd: beginsToMatch, NodeLabel: beginsToMatch, NodeTaint: true },
  prepare: ({ pod }) => {
    const matches = requiredNodeAffinity(pod.spec);
    if (matches === undefined) return undefined;
    const filter = (node: Parameters<typeof matches>[0]) => (matches(node) ? undefined : NO_MATCH);
    const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
    const only = namedNodes(terms);
    if (only === undefined) return filter;
    return only.size === 0 ? { rejection: CONFLICT } : { only, filter };
  },
};

/** The node matches, and did not before. */
function beginsToMatch({ pod }: PodInfo, { object, old }: Change): boolean {
  const matches = requiredNodeAffinity(pod.spec);
  return matches === undefined || (matches(nodeLike(object)) && (old === undefined || !matches(nodeLike(old))));
}

/** The nodes the terms name by their metadata.name; undefined when a term names none. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    let ofTerm: ReadonlySet<string> | undefined;
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      const before = ofTerm;
      ofTerm = before === undefined ? new Set(values) : new Set(values.filter((value) => before.has(value)));
    }
    if (ofTerm === undefined) return undefined;
    for (const name of ofTerm) names.add(name);
  }
  return names;
}

/** The weights of the preferred terms a node matches. */
export const nodeAffinityScore: ScorePlugin = {
  name: 'NodeAffinity',
  weight: 2,
  score: ({ pod }, _, nodes) => {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    if (preferred === undefined || preferred.length === 0) return undefined;
    const sums = nodes.map((node) => preferred.reduce((sum, { weight, preference }) => (matchesTerm(preference, node) ? sum + weight : sum), 0));
    return normalize(sums, false);
  },
};
