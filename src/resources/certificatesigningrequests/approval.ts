/** The `approval` subresource, which `kubectl certificate approve|deny` writes (csrApprovalStrategy). */
import { invalidObject } from '../../api/errors.js';
import type { FieldError } from '../../api/field.js';
import type { Subresource } from '../../api/resource.js';
import { formatTime } from '../../api/time.js';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from './types.js';
import { validateConditions } from './validation.js';

export const approval: Subresource<CertificateSigningRequest> = {
  names: { group: '', version: '', kind: 'CertificateSigningRequest' },
  verbs: ['get', 'patch', 'update'],
  get: (request) => request,
  update(request, body, { now }) {
    const wanted = (body as CertificateSigningRequest).status?.conditions ?? [];
    const errors: FieldError[] = [];
    validateConditions(wanted, errors);
    if (errors.length > 0) throw invalidObject('certificates.k8s.io', 'CertificateSigningRequest', request.metadata.name ?? '', errors);
    const before = request.status.conditions ?? [];
    const { metadata } = body as CertificateSigningRequest;
    return {
      object: { ...request, metadata, status: { ...request.status, conditions: wanted.map((condition) => withTimes(condition, before, formatTime(now))) } },
    };
  },
};

/** populateConditionTimestamps. */
function withTimes(
  condition: CertificateSigningRequestCondition,
  before: readonly CertificateSigningRequestCondition[],
  now: string,
): CertificateSigningRequestCondition {
  const old = before.find(({ type }) => type === condition.type);
  return {
    ...condition,
    lastUpdateTime: condition.lastUpdateTime || now,
    lastTransitionTime: condition.lastTransitionTime || (old !== undefined && old.status === condition.status ? (old.lastTransitionTime ?? now) : now),
  };
}
