/** plugin/pkg/admission/namespace/lifecycle: nothing is created in a namespace that is missing or on its way out. */
import { forbidden, notFound } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import type { AdmissionPlugin } from './plugin.js';
import { nameOf } from './service-account.js';

const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  operations: ['CREATE', 'DELETE'],
  records: true,
  admit(object, _old, { resource, id, key }, { api }) {
    if (!resource.names.namespaced) return object;
    const namespace = api.get<KubeObject & { readonly status?: { readonly phase?: string } }>('namespaces', { namespace: '', name: key.namespace });
    if (namespace === undefined) throw notFound('namespaces', key.namespace);
    if (namespace.metadata.deletionTimestamp === undefined && namespace.status?.phase !== 'Terminating') return object;
    const why = `unable to create new content in namespace ${key.namespace} because it is being terminated`;
    throw forbidden(id, nameOf(object), why, [
      { reason: 'NamespaceTerminating', message: `namespace ${key.namespace} is being terminated`, field: 'metadata.namespace' },
    ]);
  },
  validate(_object, _old, { operation, id, key }) {
    if (operation === 'DELETE' && id === 'namespaces' && IMMORTAL.has(key.name)) throw forbidden(id, key.name, 'this namespace may not be deleted');
  },
};
