/** Whether a node is one a pod may run on, as DaemonSets ask: k8s.io/component-helpers/scheduling/corev1. */
import type { Node, Taint } from '../resources/nodes/types.js';
import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Toleration } from '../resources/pod-template/types.js';
import { tolerates } from './taint-eviction.js';

/** nodeSelector and required node affinity. */
export function matchesNode({ nodeSelector = {}, affinity }: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(nodeSelector)) if (labels[key] !== value) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** An empty term matches nothing. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => matches(requirement, metadata.labels?.[requirement.key])) &&
    matchFields.every((requirement) => matches(requirement, metadata.name))
  );
}

function matches({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

export const toleratesAll = (tolerations: readonly Toleration[], taints: readonly Taint[]): boolean =>
  taints.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
