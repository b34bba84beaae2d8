/** What kubectl commands need to know of Services (polymorphichelpers): `logs`, `port-forward` and `attach` pick a pod behind it. */
import type { Traits } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import type { Service } from './types.js';

export const traits: Traits<Service> = {
  podSelector: ({ spec }) =>
    spec.selector === undefined || Object.keys(spec.selector).length === 0 ? undefined : formatLabelSelector({ matchLabels: spec.selector }),
};
