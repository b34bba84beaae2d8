/** Each group and version that a definition serves has its APIService: kube-apiserver pkg/controlplane/controller/crdregistration. */
import type { ObjectKey } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import type { APIService } from '../apiservices/types.js';
import type { CustomResourceDefinition } from './types.js';

const ID = 'customresourcedefinitions.apiextensions.k8s.io';
const APISERVICES = 'apiservices.apiregistration.k8s.io';

export const registration: Reconciler = {
  name: 'crd-autoregister',
  watches: [
    {
      resource: ID,
      keys: ({ object }) => {
        const { spec } = object as CustomResourceDefinition;
        return spec.versions.map(({ name }): ObjectKey => ({ namespace: '', name: `${name}.${spec.group}` }));
      },
    },
  ],
  reconcile(key, { api }) {
    const dot = key.name.indexOf('.');
    const [version, group] = [key.name.slice(0, dot), key.name.slice(dot + 1)];
    const isServed = api
      .list<CustomResourceDefinition>(ID)
      .some(({ spec }) => spec.group === group && spec.versions.some(({ name, served }) => served && name === version));
    const isThere = api.get(APISERVICES, key) !== undefined;
    if (isThere && !isServed) api.delete(APISERVICES, key);
    if (isServed && !isThere) {
      const service: APIService = {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: key.name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
        spec: { group, version, groupPriorityMinimum: 1000, versionPriority: 100 },
        status: {},
      };
      api.create(APISERVICES, service, { fieldManager: 'kube-apiserver' });
    }
    return undefined;
  },
};
