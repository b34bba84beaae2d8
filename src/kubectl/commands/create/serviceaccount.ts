/** kubectl create serviceaccount (pkg/cmd/create/create_serviceaccount.go). */
import { generator } from '../../generator.js';

export default generator({
  use: 'serviceaccount NAME [--dry-run=server|client|none]',
  short: 'Create a service account',
  examples: '# One called my-service-account\nkubectl create serviceaccount my-service-account',
  flags: [],
  resource: { group: '', version: 'v1', resource: 'serviceaccounts', namespaced: true },
  wraps: 'serviceaccount: ',
  build: ({ name }) => ({ kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name, creationTimestamp: null } }),
});
