/** What kubectl commands need to know of ReplicaSets (polymorphichelpers): there is nothing to roll out. */
import type { Traits } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import type { ReplicaSet } from './types.js';

export const traits: Traits<ReplicaSet> = {
  podTemplate: ['spec', 'template'],
  podSelector: ({ spec }) => (spec.selector === undefined ? undefined : formatLabelSelector(spec.selector)),
};
