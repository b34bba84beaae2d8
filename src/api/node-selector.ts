/** Node selectors and tolerations: k8s.io/component-helpers/scheduling/corev1. */
import type { KubeObject } from './object.js';

export interface NodeLike {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}
export const nodeLike = ({ metadata: { name = '', labels = {} } }: KubeObject): NodeLike => ({ name, labels });

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}
interface Selector {
  readonly nodeSelectorTerms: readonly Term[];
}
interface Choosy {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: { readonly nodeAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: Selector } };
}
interface TaintLike {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}
interface TolerationLike {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** Terms are ORed; one without any requirement matches nothing. */
export const matchesNodeSelector = (selector: Selector, node: NodeLike): boolean => selector.nodeSelectorTerms.some((term) => matchesTerm(term, node));

export function matchesTerm({ matchExpressions = [], matchFields = [] }: Term, node: NodeLike): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) =>
      matchesRequirement(requirement, Object.hasOwn(node.labels, requirement.key) ? node.labels[requirement.key] : undefined),
    ) && matchFields.every((requirement) => matchesRequirement(requirement, requirement.key === 'metadata.name' ? node.name : undefined))
  );
}

function matchesRequirement({ operator, values = [] }: Requirement, value: string | undefined): boolean {
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
export function requiredNodeAffinity(spec: Choosy): ((node: NodeLike) => boolean) | undefined {
  const affinity = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (spec.nodeSelector === undefined && affinity === undefined) return undefined;
  const wanted = Object.entries(spec.nodeSelector ?? {});
  if (wanted.length === 0 && affinity === undefined) return undefined;
  return (node) =>
    wanted.every(([key, value]) => Object.hasOwn(node.labels, key) && node.labels[key] === value) &&
    (affinity === undefined || matchesNodeSelector(affinity, node));
}

/** v1.Toleration.ToleratesTaint. */
export function tolerates(toleration: TolerationLike, taint: TaintLike): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

const KEEPS_AWAY: readonly string[] = ['NoSchedule', 'NoExecute'];

/** The first taint that keeps pods away and that none of the tolerations lets through (FindMatchingUntoleratedTaint). */
export function untoleratedTaint<T extends TaintLike>(
  taints: readonly T[] | undefined,
  tolerations: readonly TolerationLike[],
  effects: readonly string[] = KEEPS_AWAY,
): T | undefined {
  return taints?.find((taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)));
}
