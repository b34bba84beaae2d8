/** pkg/registry/certificates/certificates/strategy.go. Whoever sends the request is written into it. */
import type { Strategy } from '../../api/resource.js';
import { withTimes } from './condition-times.js';
import type { CertificateSigningRequest } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<CertificateSigningRequest> = {
  defaults: (request) => (request.status === undefined ? { ...request, status: {} } : request),
  prepareForCreate: (request, { user: { name: username, ...user } }) => {
    const { username: _, uid: __, groups: ___, extra: ____, ...spec } = request.spec;
    return { ...request, spec: { ...spec, username, ...user }, status: {} };
  },
  // Nothing of the spec may change; conditions change through /approval, the certificate through /status.
  prepareForUpdate: (request, old) => ({ ...request, spec: old.spec, status: old.status }),
  prepareForStatusUpdate: (request, old, { now }) => {
    const before = old.status.conditions ?? [];
    const conditions = withTimes(keepDecisions(request.status.conditions ?? [], before), before, now);
    return { ...request, spec: old.spec, status: { ...request.status, ...(conditions.length === 0 ? {} : { conditions }) } };
  },
  resetFields: {
    '': [['spec'], ['status']],
    status: [['spec'], ['status', 'conditions']],
    approval: [['spec'], ['status', 'certificate']],
  },
  validate,
  validateUpdate,
  validateStatusUpdate,
  hasGeneration: false,
  hasStatus: true,
};

type Conditions = NonNullable<CertificateSigningRequest['status']['conditions']>;

/** Approved and Denied stay as they were, where they stand, unless there are more or fewer of them: that is for validation to refuse. */
function keepDecisions(conditions: Conditions, old: Conditions): Conditions {
  return ['Approved', 'Denied'].reduce((kept, type) => {
    const left = old.filter((condition) => condition.type === type);
    if (kept.filter((condition) => condition.type === type).length !== left.length) return kept;
    return kept.map((condition) => (condition.type === type ? (left.shift() as Conditions[number]) : condition));
  }, conditions);
}
