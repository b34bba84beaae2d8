/** kubectl certificate approve (pkg/cmd/certificates/certificates.go). */
import { certificateCommand } from '../../certificates.js';

export default certificateCommand(
  {
    use: 'approve (-f FILENAME | NAME)',
    short: 'Approve a certificate signing request',
    long: `Approve a certificate signing request: the signer is to give the certificate that is asked for.

Look at what is asked for first: whoever gets a certificate can be whom it names.`,
    examples: "# The request 'csr-sqgzp'\nkubectl certificate approve csr-sqgzp",
  },
  { type: 'Approved', reason: 'KubectlApprove', message: 'This CSR was approved by kubectl certificate approve.', word: 'approved' },
);
