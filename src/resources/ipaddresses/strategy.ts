/** pkg/registry/networking/ipaddress/strategy.go. */
import type { Strategy } from '../../api/resource.js';
import type { IPAddress } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<IPAddress> = {
  defaults: (address) => (address.spec === undefined ? { ...address, spec: {} } : address),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
};
