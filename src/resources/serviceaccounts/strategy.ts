/** pkg/registry/core/serviceaccount/strategy.go. Nothing is defaulted. */
import type { Strategy } from '../../api/resource.js';
import type { ServiceAccount } from './types.js';
import { validate, validateUpdate } from './validation.js';

const ENFORCE_MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

export const strategy: Strategy<ServiceAccount> = {
  defaults: (account) => account,
  validate,
  validateUpdate,
  warnings: ({ metadata }, old) =>
    metadata.annotations?.[ENFORCE_MOUNTABLE] !== undefined && old?.metadata.annotations?.[ENFORCE_MOUNTABLE] === undefined
      ? [`metadata.annotations[${ENFORCE_MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`]
      : [],
  hasGeneration: false,
  hasStatus: false,
  returnsDeletedObject: true,
};
