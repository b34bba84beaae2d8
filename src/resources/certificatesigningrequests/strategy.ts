/** pkg/registry/certificates/certificates/strategy.go. Whoever sends the request is written into it. */
import type { Strategy } from '../../api/resource.js';
import type { CertificateSigningRequest } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<CertificateSigningRequest> = {
  defaults: (request) => (request.status === undefined ? { ...request, status: {} } : request),
  prepareForCreate: (request, { user: { name: username, ...user } }) => {
    const { username: _, uid: __, groups: ___, extra: ____, ...spec } = request.spec;
    return { ...request, spec: { ...spec, username, ...user }, status: {} };
  },
  // Nothing of the spec may change; conditions change through /approval, the certificate through /status.
  prepareForUpdate: (request, old) => ({ ...request, spec: old.spec, status: old.status }),
  prepareForStatusUpdate: (request, old) => ({
    ...old,
    status: { ...request.status, conditions: keepDecisions(request.status.conditions ?? [], old.status.conditions ?? []) },
  }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: true,
};

/** Approved and Denied are not for /status to touch. */
function keepDecisions(
  conditions: NonNullable<CertificateSigningRequest['status']['conditions']>,
  old: NonNullable<CertificateSigningRequest['status']['conditions']>,
): NonNullable<CertificateSigningRequest['status']['conditions']> {
  const isDecision = (type: string): boolean => type === 'Approved' || type === 'Denied';
  return [...old.filter(({ type }) => isDecision(type)), ...conditions.filter(({ type }) => !isDecision(type))];
}
