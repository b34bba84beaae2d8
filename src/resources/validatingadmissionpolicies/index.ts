import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { ValidatingAdmissionPolicy } from './types.js';
import { view } from './view.js';

export const validatingadmissionpolicies: Resource<ValidatingAdmissionPolicy> = { ...view, schema: 'V1ValidatingAdmissionPolicy', strategy };
