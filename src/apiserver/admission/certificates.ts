/** plugin/pkg/admission/certificates: who may approve requests for a signer, and whom no certificate is for. */
import { forbidden } from '../../api/errors.js';
import { goQuote } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import { parseRequest } from '../../api/pkcs10.js';
import type { Store } from '../../store/store.js';
import { authorize } from '../authorization/rbac.js';
import type { AdmissionPlugin } from './plugin.js';

const GROUP = 'certificates.k8s.io';
const REQUESTS = `certificatesigningrequests.${GROUP}`;
const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';
const MASTERS = 'system:masters';

interface SigningRequest extends KubeObject {
  readonly spec: { readonly request?: string; readonly signerName?: string };
}

/** On the signer itself, or on all of its domain. */
export const certificateApproval = (store: Store): AdmissionPlugin => ({
  name: 'CertificateApproval',
  operations: ['UPDATE'],
  resources: [REQUESTS],
  subresources: ['approval'],
  validate(_object, old, { id, key, subresource, options: { user } }) {
    if (subresource !== 'approval' || user === undefined) return;
    const signer = (old as SigningRequest).spec.signerName ?? '';
    const mayApprove = (name: string): boolean =>
      authorize(store, { user, verb: 'approve', path: '', resource: { group: GROUP, version: '*', resource: 'signers', subresource: '', namespace: '', name } })
        .allowed;
    if (mayApprove(signer) || mayApprove(`${signer.split('/')[0]}/*`)) return;
    throw forbidden(id, key.name, `user not permitted to approve requests with signerName ${goQuote(signer)}`);
  },
});

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  operations: ['CREATE'],
  resources: [REQUESTS],
  validate(object, _old, { id, key }) {
    const { request = '', signerName } = (object as SigningRequest).spec;
    if (signerName !== CLIENT_SIGNER) return;
    const organizations = parseRequest(Buffer.from(request, 'base64').toString()).request?.subject.find(({ title }) => title === 'Organization')?.values;
    if (organizations?.includes(MASTERS) === true) throw forbidden(id, key.name, `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`);
  },
};
