/** kubectl create namespace (pkg/cmd/create/create_namespace.go). */
import type { KubeObject } from '../../../api/object.js';
import { generator } from '../../generator.js';

export default generator({
  use: 'namespace NAME [--dry-run=server|client|none]',
  short: 'Create a namespace',
  examples: '# One called my-namespace\nkubectl create namespace my-namespace',
  flags: [],
  resource: { group: '', version: 'v1', resource: 'namespaces', namespaced: false },
  build: ({ name }) => ({ kind: 'Namespace', apiVersion: 'v1', metadata: { name, creationTimestamp: null }, spec: {}, status: {} }) as KubeObject,
});
