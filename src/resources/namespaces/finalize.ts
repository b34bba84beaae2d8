/** The `finalize` subresource: the only way to change spec.finalizers (pkg/registry/core/namespace strategy.go namespaceFinalizeStrategy). */
import { invalidObject } from '../../api/errors.js';
import type { Subresource } from '../../api/resource.js';
import type { Namespace } from './types.js';
import { validateFinalize } from './validation.js';

export const finalize: Subresource<Namespace> = {
  names: { group: '', version: 'v1', kind: 'Namespace' },
  verbs: ['update'],
  update(namespace, body) {
    const { finalizers = [] } = (body as Namespace).spec ?? {};
    const next: Namespace = { ...namespace, spec: finalizers.length === 0 ? {} : { finalizers } };
    const errors = validateFinalize(next);
    if (errors.length > 0) throw invalidObject('', 'Namespace', namespace.metadata.name ?? '', errors);
    return { object: next };
  },
};
