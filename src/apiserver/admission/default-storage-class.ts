/** plugin/pkg/admission/storage: default class, protection while in use, and who may grow. */
import { forbidden } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { compareQuantities, quantity } from '../../api/quantity.js';
import type { Api } from '../../api/verbs.js';
import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { StorageClass } from '../../resources/storageclasses/types.js';
import type { AdmissionPlugin } from './plugin.js';

const CLAIMS = 'persistentvolumeclaims';
const CLASSES = 'storageclasses.storage.k8s.io';
const IS_DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: [CLAIMS],
  admit(object, _old, _attributes, { api }) {
    const claim = object as KubeObject as PersistentVolumeClaim;
    if (claim.spec?.storageClassName !== undefined || claim.metadata.annotations?.[BETA_CLASS] !== undefined) return object;
    const found = newestDefault(api.list<StorageClass>(CLASSES), IS_DEFAULT);
    return found === undefined ? object : { ...object, spec: { ...claim.spec, storageClassName: found.metadata.name } };
  },
};

/** Of several defaults the one made last, then the first by name. */
export function newestDefault<T extends KubeObject>(classes: readonly T[], annotations: readonly string[]): T | undefined {
  return classes
    .filter(({ metadata }) => annotations.some((key) => metadata.annotations?.[key] === 'true'))
    .sort((a, b) => {
      const [one, two] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
      if (one !== two) return one > two ? -1 : 1;
      return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
    })[0];
}

const PROTECTION: Readonly<Record<string, string>> = { [CLAIMS]: 'kubernetes.io/pvc-protection', persistentvolumes: 'kubernetes.io/pv-protection' };

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  operations: ['CREATE'],
  resources: [CLAIMS, 'persistentvolumes'],
  admit(object, _old, { id }) {
    const finalizer = PROTECTION[id] as string;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(finalizer)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  operations: ['UPDATE'],
  resources: [CLAIMS],
  validate(object, old, { id, key }, { api }) {
    const claim = object as PersistentVolumeClaim;
    const before = old as PersistentVolumeClaim;
    const size = (of: PersistentVolumeClaim) => quantity(of.spec?.resources?.requests?.['storage']);
    if (compareQuantities(size(claim), size(before)) <= 0) return;
    if (before.status?.phase !== 'Bound') throw forbidden(id, key.name, 'Only bound persistent volume claims can be expanded');
    if (!allowsExpansion(api, claim, before))
      throw forbidden(id, key.name, 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
  },
};

function allowsExpansion(api: Api, claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const name = claim.metadata.annotations?.[BETA_CLASS] ?? claim.spec?.storageClassName ?? '';
  const before = old.metadata.annotations?.[BETA_CLASS] ?? old.spec?.storageClassName ?? '';
  if (name === '' || before === '') return false;
  return api.get<StorageClass>(CLASSES, { namespace: '', name })?.allowVolumeExpansion === true;
}
