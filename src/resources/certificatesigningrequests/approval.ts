/** The `approval` subresource, which `kubectl certificate approve|deny` writes (csrApprovalStrategy). */
import { invalidObject } from '../../api/errors.js';
import type { Subresource } from '../../api/resource.js';
import { withTimes } from './condition-times.js';
import type { CertificateSigningRequest } from './types.js';
import { validateApprovalUpdate } from './validation.js';

export const approval: Subresource<CertificateSigningRequest> = {
  names: { group: '', version: '', kind: 'CertificateSigningRequest' },
  verbs: ['get', 'patch', 'update'],
  get: (request) => request,
  update(request, body, { now }) {
    const { metadata, status } = body as CertificateSigningRequest;
    const conditions = withTimes(status?.conditions ?? [], request.status.conditions ?? [], now);
    const object = { ...request, metadata, status: { ...request.status, conditions } };
    const errors = validateApprovalUpdate(object, request);
    if (errors.length > 0) throw invalidObject('certificates.k8s.io', 'CertificateSigningRequest', request.metadata.name ?? '', errors);
    return { object };
  },
};
