/** Every namespace has the cluster's CA certificate in a ConfigMap: pkg/controller/certificates/rootcacertpublisher. */
import type { KubeObject } from '../api/object.js';
import type { Reconciler, StateMap } from '../api/reconciler.js';
import type { Namespace } from '../resources/namespaces/types.js';
import { isActive } from './service-account.js';

const NAME = 'kube-root-ca.crt';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The certificate is in the cluster's state under `cluster/ca.crt`. */
export function rootCaController(state: StateMap): Reconciler {
  return {
    name: 'root-ca-certificate-publisher-controller',
    watches: [
      { resource: 'namespaces', keys: ({ type, object }) => (type === 'DELETED' ? [] : [{ namespace: '', name: object.metadata.name ?? '' }]) },
      { resource: 'configmaps', keys: ({ object }) => (object.metadata.name === NAME ? [{ namespace: '', name: object.metadata.namespace ?? '' }] : []) },
    ],
    reconcile: ({ name: namespace }, { api }) => {
      if (!isActive(api.get<Namespace>('namespaces', { namespace: '', name: namespace }))) return undefined;
      const data = { 'ca.crt': state.get<string>('cluster/ca.crt') ?? '' };
      const current = api.get<ConfigMap>('configmaps', { namespace, name: NAME });
      if (current === undefined) {
        const metadata = { name: NAME, namespace, annotations: { 'kubernetes.io/description': DESCRIPTION } };
        api.create<ConfigMap>('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, WRITE);
      } else if (Object.keys(current.data ?? {}).length !== 1 || current.data?.['ca.crt'] !== data['ca.crt']) {
        const annotations = { ...current.metadata.annotations, 'kubernetes.io/description': DESCRIPTION };
        api.update<ConfigMap>('configmaps', { ...current, metadata: { ...current.metadata, annotations }, data }, WRITE);
      }
      return undefined;
    },
  };
}
