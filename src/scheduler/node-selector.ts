/** Node selectors and tolerations: k8s.io/component-helpers/scheduling/corev1. */
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Taint, Toleration } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';

export interface NodeLike {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Terms are ORed; one without any requirement matches nothing. */
export const matchesNodeSelector = (selector: NodeSelector, node: NodeLike): boolean => selector.nodeSelectorTerms.some((term) => matchesTerm(term, node));

export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: NodeLike): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) =>
      matchesRequirement(requirement, Object.hasOwn(node.labels, requirement.key) ? node.labels[requirement.key] : undefined),
    ) && matchFields.every((requirement) => matchesRequirement(requirement, requirement.key === 'metadata.name' ? node.name : undefined))
  );
}

function matchesRequirement({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default: {
      const bound = values[0] ?? '';
      if (value === undefined || !/^[+-]?\d+$/.test(value) || !/^[+-]?\d+$/.test(bound)) return false;
      return operator === 'Gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
    }
  }
}

/** nodeSelector and required node affinity; undefined: the pod asks for neither. */
export function requiredNodeAffinity(pod: Pod): ((node: NodeLike) => boolean) | undefined {
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  const affinity = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (wanted.length === 0 && affinity === undefined) return undefined;
  return (node) =>
    wanted.every(([key, value]) => Object.hasOwn(node.labels, key) && node.labels[key] === value) &&
    (affinity === undefined || matchesNodeSelector(affinity, node));
}

/** v1.Toleration.ToleratesTaint. */
export function tolerates(toleration: Toleration, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

/** The first taint that keeps pods away and that none of the tolerations lets through. */
export function untoleratedTaint(taints: readonly Taint[] | undefined, tolerations: readonly Toleration[]): Taint | undefined {
  return taints?.find(
    (taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}
