/** kubectl certificate deny (pkg/cmd/certificates/certificates.go). */
import { certificateCommand } from '../../certificates.js';

export default certificateCommand(
  {
    use: 'deny (-f FILENAME | NAME)',
    short: 'Deny a certificate signing request',
    long: 'Deny a certificate signing request: the signer is not to give a certificate.',
    examples: "# The request 'csr-sqgzp'\nkubectl certificate deny csr-sqgzp",
  },
  { type: 'Denied', reason: 'KubectlDeny', message: 'This CSR was denied by kubectl certificate deny.', word: 'denied' },
);
