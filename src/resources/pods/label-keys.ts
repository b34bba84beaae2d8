/** matchLabelKeys and mismatchLabelKeys become part of the term's selector: mutatePodAffinity of pkg/registry/core/pod/strategy.go. */
import { mapSame, over } from '../pod-template/fill.js';
import type { PodAffinityTerm } from '../pod-template/types.js';
import type { Pod } from './types.js';

export function mergeLabelKeys(pod: Pod): Pod {
  const { affinity } = pod.spec;
  if (affinity?.podAffinity === undefined && affinity?.podAntiAffinity === undefined) return pod;
  const labels = pod.metadata.labels ?? {};
  const change = (term: PodAffinityTerm): PodAffinityTerm => mergeTerm(term, labels);
  const next = (['podAffinity', 'podAntiAffinity'] as const).reduce(
    (at, field) =>
      over(at, field, (side) => {
        const needed = over(side, 'requiredDuringSchedulingIgnoredDuringExecution', (terms) => mapSame(terms, change));
        return over(needed, 'preferredDuringSchedulingIgnoredDuringExecution', (terms) => mapSame(terms, (term) => over(term, 'podAffinityTerm', change)));
      }),
    affinity,
  );
  return next === affinity ? pod : { ...pod, spec: { ...pod.spec, affinity: next } };
}

function mergeTerm(term: PodAffinityTerm, labels: Readonly<Record<string, string>>): PodAffinityTerm {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  if (!labelSelector || (matchLabelKeys.length === 0 && mismatchLabelKeys.length === 0)) return term;
  const requirements = (keys: readonly string[], operator: string) =>
    keys.flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]));
  const added = [...requirements(matchLabelKeys, 'In'), ...requirements(mismatchLabelKeys, 'NotIn')];
  return added.length === 0 ? term : { ...term, labelSelector: { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...added] } };
}
