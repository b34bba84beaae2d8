/** Keeps the names a CustomResourceDefinition has been granted: apiextensions-apiserver's naming controller. */
import { isSemanticEqual } from '../../api/equality.js';
import type { ObjectKey } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import { formatTime } from '../../api/time.js';
import { acceptNames } from './names.js';
import type { CustomResourceDefinition } from './types.js';

const ID = 'customresourcedefinitions.apiextensions.k8s.io';

export const controller: Reconciler = {
  name: 'crd-naming',
  watches: [
    {
      resource: ID,
      /** A name given up may be what another definition of the group waits for. */
      keys: ({ object }, api) =>
        api
          .list<CustomResourceDefinition>(ID)
          .filter(({ spec }) => spec.group === (object as CustomResourceDefinition).spec.group)
          .map(({ metadata }): ObjectKey => ({ namespace: '', name: metadata.name ?? '' })),
    },
  ],
  reconcile(key, { api, now }) {
    const crd = api.get<CustomResourceDefinition>(ID, key);
    if (crd === undefined) return undefined;
    const others = api.list<CustomResourceDefinition>(ID).filter(({ metadata, spec }) => spec.group === crd.spec.group && metadata.name !== crd.metadata.name);
    const status = acceptNames(crd, others, formatTime(now));
    if (!isSemanticEqual(status, crd.status)) api.updateStatus(ID, { ...crd, status }, { fieldManager: 'kube-apiserver' });
    return undefined;
  },
};
