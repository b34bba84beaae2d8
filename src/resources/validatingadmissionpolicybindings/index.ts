import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { ValidatingAdmissionPolicyBinding } from './types.js';
import { view } from './view.js';

export const validatingadmissionpolicybindings: Resource<ValidatingAdmissionPolicyBinding> = {
  ...view,
  schema: 'V1ValidatingAdmissionPolicyBinding',
  strategy,
};
