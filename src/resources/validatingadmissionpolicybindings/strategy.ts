/** pkg/registry/admissionregistration/validatingadmissionpolicybinding/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import { defaultMatchResources } from '../webhooks/match-resources.js';
import type { ValidatingAdmissionPolicyBinding } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<ValidatingAdmissionPolicyBinding> = {
  defaults: (binding) => {
    const { matchResources, ...spec } = binding.spec ?? {};
    return { ...binding, spec: matchResources === undefined ? spec : { ...spec, matchResources: defaultMatchResources(matchResources) } };
  },
  validate,
  validateUpdate,
  hasGeneration: true,
  hasStatus: false,
  allowUnconditionalUpdate: false,
};
