/** Every namespace has a ServiceAccount `default`: pkg/controller/serviceaccount/serviceaccounts_controller.go. */
import type { KubeObject } from '../api/object.js';
import type { Reconciler } from '../api/reconciler.js';
import type { Namespace } from '../resources/namespaces/types.js';

const NAME = 'default';

export const serviceAccountController: Reconciler = {
  name: 'service-account-controller',
  watches: [
    { resource: 'namespaces', keys: ({ type, object }) => (type === 'DELETED' ? [] : [{ namespace: '', name: object.metadata.name ?? '' }]) },
    {
      resource: 'serviceaccounts',
      keys: ({ type, object }) => (type === 'DELETED' && object.metadata.name === NAME ? [{ namespace: '', name: object.metadata.namespace ?? '' }] : []),
    },
  ],
  reconcile: ({ name: namespace }, { api }) => {
    if (!isActive(api.get<Namespace>('namespaces', { namespace: '', name: namespace }))) return undefined;
    if (api.get('serviceaccounts', { namespace, name: NAME }) === undefined)
      api.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } } as KubeObject, {
        fieldManager: 'kube-controller-manager',
      });
    return undefined;
  },
};

export const isActive = (namespace: Namespace | undefined): boolean => namespace !== undefined && namespace.metadata.deletionTimestamp === undefined;
