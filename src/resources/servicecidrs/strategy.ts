/** pkg/registry/networking/servicecidr/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { ServiceCIDR } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<ServiceCIDR> = {
  defaults: (cidr) => ({ ...cidr, spec: cidr.spec ?? {}, status: cidr.status ?? {} }),
  prepareForCreate: (cidr) => ({ ...cidr, status: {} }),
  prepareForUpdate: (cidr, old) => ({ ...cidr, status: old.status }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: true,
};
