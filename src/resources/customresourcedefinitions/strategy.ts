/** apiextensions-apiserver pkg/registry/customresourcedefinition/strategy.go, pkg/apis/apiextensions/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
import { CLEANUP, withCondition } from './finalizer.js';
import type { CustomResourceDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionVersion } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<CustomResourceDefinition> = {
  defaults: (crd) => ({
    ...crd,
    spec: { ...crd.spec, names: defaultNames(crd.spec?.names), conversion: crd.spec?.conversion ?? { strategy: 'None' } },
    status: crd.status ?? { conditions: null, acceptedNames: NO_NAMES, storedVersions: null },
  }),
  prepareForCreate: (crd) => ({
    ...crd,
    status: { conditions: null, acceptedNames: NO_NAMES, storedVersions: withStored([], crd.spec.versions) },
  }),
  prepareForUpdate: (crd, old) => ({ ...crd, status: { ...old.status, storedVersions: withStored(old.status.storedVersions ?? [], crd.spec.versions) } }),
  validate,
  validateUpdate,
  /** Deletion always takes two steps, as the objects go first (pkg/registry/customresourcedefinition/etcd.go Delete). */
  hasPendingFinalizers: () => false,
  prepareForDelete: (crd) => ({
    ...crd,
    metadata: { ...crd.metadata, finalizers: [...(crd.metadata.finalizers ?? []).filter((name) => name !== CLEANUP), CLEANUP] },
    status: { ...crd.status, conditions: withCondition(crd.status.conditions ?? [], PENDING, crd.metadata.deletionTimestamp ?? '') },
  }),
  hasGeneration: true,
  hasStatus: true,
  allowUnconditionalUpdate: false,
};

const PENDING = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionPending',
  message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
};

/** Shown until the names have been accepted. */
const NO_NAMES: CustomResourceDefinitionNames = { plural: '', kind: '' };

function defaultNames(names: CustomResourceDefinitionNames | undefined): CustomResourceDefinitionNames {
  const { plural = '', kind = '', singular, listKind } = names ?? {};
  if (kind === '') return { ...names, plural, kind };
  return { ...names, plural, kind, singular: singular || kind.toLowerCase(), listKind: listKind || `${kind}List` };
}

/** Objects may rest in any version that was once the storage version. */
function withStored(stored: readonly string[], versions: readonly CustomResourceDefinitionVersion[] | undefined): readonly string[] {
  const added = (versions ?? []).filter(({ storage, name }) => storage && !stored.includes(name)).map(({ name }) => name);
  return [...new Set([...stored, ...added])];
}
