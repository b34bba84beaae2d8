/** pkg/registry/core/namespace/strategy.go and storage/storage.go, SetDefaults_Namespace. */
import type { Strategy } from '../../api/resource.js';
import type { Namespace } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

const NAME_LABEL = 'kubernetes.io/metadata.name';

export const strategy: Strategy<Namespace> = {
  defaults: (namespace) =>
    withNameLabel({ ...namespace, spec: namespace.spec ?? {}, status: { ...namespace.status, phase: namespace.status?.phase || 'Active' } }),
  prepareForCreate: ({ ...namespace }) => {
    const finalizers = namespace.spec.finalizers ?? [];
    return withNameLabel({
      ...namespace,
      spec: { ...namespace.spec, finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] },
      status: { phase: 'Active' },
    });
  },
  // Finalizers of the spec are written through /finalize alone.
  prepareForUpdate: (namespace, old) => ({ ...namespace, spec: old.spec, status: old.status }),
  prepareForDelete: (namespace) => ({ ...namespace, status: { ...namespace.status, phase: 'Terminating' } }),
  hasPendingFinalizers: ({ spec }) => (spec.finalizers?.length ?? 0) > 0,
  validate,
  validateUpdate,
  validateStatusUpdate,
  hasGeneration: false,
  hasStatus: true,
  returnsDeletedObject: true,
};

function withNameLabel(namespace: Namespace): Namespace {
  const { metadata } = namespace;
  if (!metadata.name || metadata.labels?.[NAME_LABEL] === metadata.name) return namespace;
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [NAME_LABEL]: metadata.name } } };
}
