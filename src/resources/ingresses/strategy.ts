/** pkg/registry/networking/ingress/strategy.go. The default class is filled in by admission. */
import type { Strategy } from '../../api/resource.js';
import { loadBalancerWarnings } from '../meta/ip.js';
import type { Ingress } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export const strategy: Strategy<Ingress> = {
  defaults: (ingress) => ({ ...ingress, spec: ingress.spec ?? {}, status: { ...ingress.status, loadBalancer: ingress.status?.loadBalancer ?? {} } }),
  prepareForCreate: (ingress) => ({ ...ingress, status: { loadBalancer: {} } }),
  prepareForUpdate: (ingress, old) => ({ ...ingress, status: old.status }),
  validate,
  validateUpdate,
  validateStatusUpdate,
  warnings: ({ metadata, spec }, old) =>
    old === undefined && metadata.annotations?.[CLASS_ANNOTATION] !== undefined && spec.ingressClassName === undefined
      ? [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  statusWarnings: ({ status }) => loadBalancerWarnings(status.loadBalancer?.ingress),
  hasGeneration: true,
  hasStatus: true,
};
