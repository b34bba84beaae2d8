/** apiextensions-apiserver pkg/registry/customresourcedefinition/strategy.go, pkg/apis/apiextensions/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
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
  hasGeneration: true,
  hasStatus: true,
  allowUnconditionalUpdate: false,
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
  return [...stored, ...added];
}
