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
    ...request,
    spec: old.spec,
    status: { ...request.status, conditions: keepDecisions(request.status.conditions ?? [], old.status.conditions ?? []) },
  }),
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: true,
};

type Conditions = NonNullable<CertificateSigningRequest['status']['conditions']>;

/** Approved and Denied are not for /status to touch: they stay as they were, where they stand. */
function keepDecisions(conditions: Conditions, old: Conditions): Conditions {
  const isDecision = ({ type }: Conditions[number]): boolean => type === 'Approved' || type === 'Denied';
  const decisions = old.filter(isDecision);
  if (conditions.filter(isDecision).length !== decisions.length) return [...decisions, ...conditions.filter((condition) => !isDecision(condition))];
  const left = [...decisions];
  return conditions.map((condition) => (isDecision(condition) ? (left.shift() as Conditions[number]) : condition));
}
