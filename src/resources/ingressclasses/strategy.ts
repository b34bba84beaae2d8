/** pkg/registry/networking/ingressclass/strategy.go, SetDefaults_IngressClass. */
import type { Strategy } from '../../api/resource.js';
import type { IngressClass } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<IngressClass> = {
  defaults: (ingressClass) => {
    const { parameters, ...spec } = ingressClass.spec ?? {};
    return { ...ingressClass, spec: parameters === undefined ? spec : { ...spec, parameters: { ...parameters, scope: parameters.scope ?? 'Cluster' } } };
  },
  validate,
  validateUpdate,
  hasGeneration: true,
  hasStatus: false,
};
