/** What kubectl commands need to know of Deployments (polymorphichelpers). */
import type { Traits } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import type { Deployment } from './types.js';

export const traits: Traits<Deployment> = {
  podTemplate: ['spec', 'template'],
  podSelector: ({ spec }) => (spec.selector === undefined ? undefined : formatLabelSelector(spec.selector)),
  rollout: { history: 'replicasets', restart: true, pause: true },
};
