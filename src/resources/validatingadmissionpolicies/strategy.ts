/** pkg/registry/admissionregistration/validatingadmissionpolicy/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { defaultMatchResources } from '../webhooks/match-resources.js';
import type { ValidatingAdmissionPolicy } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<ValidatingAdmissionPolicy> = {
  defaults: (policy) => {
    const { spec = {}, status = {} } = policy;
    const { matchConstraints } = spec;
    return {
      ...policy,
      spec: {
        ...spec,
        failurePolicy: spec.failurePolicy ?? 'Fail',
        ...(matchConstraints === undefined ? {} : { matchConstraints: defaultMatchResources(matchConstraints) }),
      },
      status,
    };
  },
  prepareForCreate: (policy) => ({ ...policy, status: {} }),
  prepareForUpdate: (policy, old) => ({ ...policy, status: old.status }),
  validate,
  validateUpdate,
  hasGeneration: true,
  hasStatus: true,
  allowUnconditionalUpdate: false,
};
