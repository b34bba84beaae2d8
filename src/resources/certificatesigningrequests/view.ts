/** What reading CertificateSigningRequests takes: printCertificateSigningRequest of pkg/printers/internalversion/printers.go. */

import { humanDuration } from '../../api/human-duration.js';
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { CertificateSigningRequest } from './types.js';

export const view: ResourceView<CertificateSigningRequest> = {
  names: {
    group: 'certificates.k8s.io',
    version: 'v1',
    kind: 'CertificateSigningRequest',
    plural: 'certificatesigningrequests',
    singular: 'certificatesigningrequest',
    shortNames: ['csr'],
    namespaced: false,
    categories: [],
  },
  columns: [
    nameColumn,
    ageColumn,
    textColumn('SignerName', ({ spec }) => spec.signerName || '<none>'),
    textColumn('Requestor', ({ spec }) => spec.username ?? ''),
    textColumn('RequestedDuration', ({ spec }) => (spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000))),
    textColumn('Condition', conditionOf),
  ],
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName ?? '' },
};

/** What has become of the request: `Approved,Issued` (extractCSRStatus). */
export function conditionOf({ status }: CertificateSigningRequest): string {
  const has = (wanted: string): boolean => status?.conditions?.some(({ type }) => type === wanted) === true;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`;
}
