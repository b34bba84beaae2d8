/** pkg/apis/core/validation/validation.go ValidatePersistentVolume. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, invalid, mapKey, notSupported, required } from '../../api/field.js';
import { formatQuantity, quantity, quantityValue } from '../../api/quantity.js';
import { goDiff } from '../meta/go/diff.js';
import { goBadValue, goFieldValue } from '../meta/go/syntax.js';
import { dnsSubdomain } from '../meta/names.js';
import { FIELD_IMMUTABLE, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Volume } from '../pod-template/types.js';
import { validateNoBacksteps } from '../pod-template/validate-paths.js';
import { validateNodeSelector } from '../pod-template/validate-scheduling.js';
import { validateDriverName, validateVolumeSource } from '../pod-template/validate-volumes.js';
import type { PersistentVolume, PersistentVolumeSource, PersistentVolumeSpec, SecretReference } from './types.js';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const VOLUME_MODES = ['Block', 'Filesystem'];
/** In the order in which upstream looks for them; the second one found is the one refused. */
const SOURCES: readonly (keyof PersistentVolumeSource)[] = [
  ...(['hostPath', 'gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'flocker', 'nfs', 'rbd', 'quobyte', 'cephfs', 'iscsi', 'cinder', 'fc'] as const),
  ...(['flexVolume', 'azureFile', 'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk', 'scaleIO', 'local', 'storageos', 'csi'] as const),
];

export function validate({ metadata, spec }: PersistentVolume): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  validateSpec(spec, errors);
  return errors;
}

export function validateUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  // By the strategy and by the validation of updates.
  const errors = [...validate(volume), ...validate(volume)];
  validateObjectMetaUpdate(volume.metadata, old.metadata, errors);
  const source = sourceOf(volume.spec);
  const before = sourceOf(old.spec);
  if (!isSemanticEqual(source, before)) {
    const diff = goDiff('PersistentVolumeSource', before, source);
    errors.push(forbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${diff}`));
  }
  validateImmutable(volume.spec.volumeMode, old.spec.volumeMode, 'volumeMode', errors);
  if (old.spec.nodeAffinity !== undefined && !isSemanticEqual(volume.spec.nodeAffinity, old.spec.nodeAffinity))
    errors.push(
      invalid('nodeAffinity', goBadValue('*VolumeNodeAffinity', volume.spec.nodeAffinity), `${FIELD_IMMUTABLE}, except for updating from beta label to GA`),
    );
  return errors;
}

const sourceOf = (spec: PersistentVolumeSpec): PersistentVolumeSource =>
  Object.fromEntries(SOURCES.filter((name) => spec[name] !== undefined).map((name) => [name, spec[name]]));

function validateSpec(spec: PersistentVolumeSpec, errors: FieldError[]): void {
  validateAccessModes(spec.accessModes ?? [], errors);
  validateCapacity(spec, errors);
  const policy = spec.persistentVolumeReclaimPolicy;
  if (policy && !RECLAIM_POLICIES.includes(policy)) errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES));
  validateNodeAffinity(spec, errors);
  const given = SOURCES.filter((name) => spec[name] !== undefined);
  given.forEach((name, i) => {
    // Two slips of upstream: flexVolume is not counted against, and cephfs is misspelt.
    if (i > 0 && name !== 'flexVolume') errors.push(forbidden(name === 'cephfs' ? 'spec.cephFS' : `spec.${name}`, 'may not specify more than 1 volume type'));
    else validateSource(spec, name, errors);
  });
  if (given.length === 0) errors.push(required('spec', 'must specify a volume type'));
  if (spec.hostPath !== undefined && cleanPath(spec.hostPath.path ?? '') === '/' && policy === 'Recycle')
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  const storage = spec.storageClassName ?? '';
  if (storage !== '') for (const problem of dnsSubdomain(storage)) errors.push(invalid('spec.storageClassName', storage, problem));
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode)) errors.push(notSupported('spec.volumeMode', spec.volumeMode, VOLUME_MODES));
}

function validateAccessModes(modes: readonly string[], errors: FieldError[]): void {
  if (modes.length === 0) errors.push(required('spec.accessModes'));
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) errors.push(notSupported('spec.accessModes', mode, ACCESS_MODES));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod'))
    errors.push(forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes'));
}

function validateCapacity(spec: PersistentVolumeSpec, errors: FieldError[]): void {
  const capacity = spec.capacity ?? {};
  const names = Object.keys(capacity);
  if (names.length === 0) errors.push(required('spec.capacity'));
  if (capacity['storage'] === undefined || names.length > 1) {
    errors.push(notSupported('spec.capacity', goFieldValue(spec, 'capacity', 'ResourceList'), ['storage']));
  }
  for (const name of names) {
    const path = mapKey('spec.capacity', name);
    const value = quantity(capacity[name]);
    if (quantityValue(value) < 0) errors.push(invalid(path, quantityValue(value), 'must be a valid resource quantity'));
    if (value.nano <= 0n) errors.push(invalid(path, formatQuantity(value), 'must be greater than zero'));
  }
}

function validateNodeAffinity({ nodeAffinity }: PersistentVolumeSpec, errors: FieldError[]): void {
  if (nodeAffinity === undefined) return;
  const path = 'spec.nodeAffinity.required';
  if (nodeAffinity.required === undefined) {
    errors.push(required(path, 'must specify required node constraints'));
    return;
  }
  validateNodeSelector(nodeAffinity.required, path, errors);
}

/** Most sources are those of pods. */
function validateSource(spec: PersistentVolumeSpec, name: keyof PersistentVolumeSource, errors: FieldError[]): void {
  if (name === 'local') {
    const path = spec.local?.path ?? '';
    if (path === '') errors.push(required('spec.local.path'));
    else validateNoBacksteps(path, 'spec.local.path', errors);
    if (spec.nodeAffinity === undefined) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  } else if (name === 'csi') {
    const { driver = '', volumeHandle } = spec.csi ?? {};
    validateDriverName(driver, 'spec.csi.driver', errors);
    if (!volumeHandle) errors.push(required('spec.csi.volumeHandle'));
    for (const ref of ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const)
      for (const field of ['name', 'namespace'] as const)
        if (spec.csi?.[ref] !== undefined && !spec.csi[ref][field]) errors.push(required(`spec.csi.${ref}.${field}`));
  } else {
    validateVolumeSource(spec as unknown as Volume, name, undefined, 'spec', errors);
    const secret = name === 'cinder' ? (spec.cinder?.['secretRef'] as SecretReference | undefined) : undefined;
    if (secret !== undefined && !secret.namespace) errors.push(required('spec.cinder.secretRef.namespace'));
  }
}

/** path.Clean of an absolute path, as far as the root is concerned. */
const cleanPath = (path: string): string =>
  path.startsWith('/') && path.split('/').every((part) => part === '' || part === '.' || part === '..') ? '/' : path;
