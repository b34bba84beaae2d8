/** pkg/apis/core/validation/validation.go ValidatePersistentVolume. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, invalid, mapKey, notSupported, required } from '../../api/field.js';
import { formatQuantity, quantity, quantityValue } from '../../api/quantity.js';
import { goDiff } from '../meta/go/diff.js';
import { goBadValue, goFieldValue } from '../meta/go/syntax.js';
import { dnsLabel, dnsSubdomain, inclusiveRangeText, nameIsLabel } from '../meta/names.js';
import { FIELD_IMMUTABLE, validateImmutable, validateObjectMeta } from '../meta/validation.js';
import type { ISCSIVolumeSource, Volume } from '../pod-template/types.js';
import { validateAccessModes, validateVolumeMode } from '../pod-template/validate-claim.js';
import { validateNoBacksteps } from '../pod-template/validate-paths.js';
import { validateNodeSelector } from '../pod-template/validate-scheduling.js';
import { isIscsiName, validateDriverName, validateVolumeSource } from '../pod-template/validate-volumes.js';
import type { PersistentVolume, PersistentVolumeSource, PersistentVolumeSpec, SecretReference } from './types.js';

type NodeAffinity = NonNullable<PersistentVolumeSpec['nodeAffinity']>;

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
/** In the order in which upstream looks for them; the second one found is the one refused. */
const SOURCES: readonly (keyof PersistentVolumeSource)[] = [
  ...(['hostPath', 'gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'flocker', 'nfs', 'rbd', 'quobyte', 'cephfs', 'iscsi', 'cinder', 'fc'] as const),
  ...(['flexVolume', 'azureFile', 'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk', 'scaleIO', 'local', 'storageos', 'csi'] as const),
];

const MOUNT_OPTIONS = 'volume.beta.kubernetes.io/mount-options';
const MOUNTED_WITH_OPTIONS: readonly (keyof PersistentVolumeSource)[] = [
  ...(['gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'nfs', 'rbd', 'quobyte', 'iscsi', 'cinder', 'cephfs', 'azureFile'] as const),
  ...(['vsphereVolume', 'azureDisk', 'photonPersistentDisk'] as const),
];

export function validate({ metadata, spec }: PersistentVolume): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: false }, errors);
  validateSpec(spec, metadata.name ?? '', errors);
  // checkMountOption of pkg/volume/validation.
  if (metadata.annotations?.[MOUNT_OPTIONS] !== undefined && !MOUNTED_WITH_OPTIONS.some((name) => spec[name] !== undefined))
    errors.push(forbidden(`metadata.annotations.${MOUNT_OPTIONS}`, 'may not specify mount options for this volume type'));
  return errors;
}

export function validateUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  // By the strategy and by the validation of updates.
  const errors = [...validate(volume), ...validate(volume)];
  const before = sourceOf(old.spec);
  const source = sourceOf(withoutNewSecret(volume.spec, old.spec));
  if (!isSemanticEqual(source, before)) {
    const diff = goDiff('PersistentVolumeSource', before, source);
    errors.push(forbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${diff}`));
  }
  validateImmutable(volume.spec.volumeMode, old.spec.volumeMode, 'volumeMode', errors);
  if (old.spec.nodeAffinity !== undefined && !isSemanticEqual(volume.spec.nodeAffinity, withStableLabels(old.spec.nodeAffinity, volume.spec.nodeAffinity)))
    errors.push(
      invalid('nodeAffinity', goBadValue('*VolumeNodeAffinity', volume.spec.nodeAffinity), `${FIELD_IMMUTABLE}, except for updating from beta label to GA`),
    );
  return errors;
}

const STABLE_LABELS: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

/** What it was, with the labels that have become stable called as they are now, where the new one calls them so. */
function withStableLabels(old: NodeAffinity, now: NodeAffinity | undefined): NodeAffinity {
  if (old.required === undefined) return old;
  const terms = old.required.nodeSelectorTerms.map((term, i) => {
    const renamed = (field: 'matchExpressions' | 'matchFields') =>
      term[field]?.map((one, j) => {
        const key = now?.required?.nodeSelectorTerms[i]?.[field]?.[j]?.key;
        return key !== undefined && STABLE_LABELS[one.key] === key ? { ...one, key } : one;
      });
    const [matchExpressions, matchFields] = [renamed('matchExpressions'), renamed('matchFields')];
    return { ...(matchExpressions === undefined ? {} : { matchExpressions }), ...(matchFields === undefined ? {} : { matchFields }) };
  });
  return { ...old, required: { ...old.required, nodeSelectorTerms: terms } };
}

/** The secret for expanding may be given later. */
function withoutNewSecret(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): PersistentVolumeSpec {
  if (!spec.csi || !old.csi || old.csi.controllerExpandSecretRef) return spec;
  const { controllerExpandSecretRef: _, ...csi } = spec.csi;
  return { ...spec, csi };
}

const sourceOf = (spec: PersistentVolumeSpec): PersistentVolumeSource =>
  Object.fromEntries(SOURCES.filter((name) => spec[name] !== undefined).map((name) => [name, spec[name]]));

function validateSpec(spec: PersistentVolumeSpec, volumeName: string, errors: FieldError[]): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required('spec.accessModes'));
  validateAccessModes(modes, 'spec.accessModes', errors);
  validateCapacity(spec, errors);
  const policy = spec.persistentVolumeReclaimPolicy;
  if (policy && !RECLAIM_POLICIES.includes(policy)) errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES));
  validateNodeAffinity(spec, errors);
  const given = SOURCES.filter((name) => spec[name] !== undefined);
  given.forEach((name, i) => {
    // Two slips of upstream: flexVolume is not counted against, and cephfs is misspelt.
    if (i > 0 && name !== 'flexVolume') errors.push(forbidden(name === 'cephfs' ? 'spec.cephFS' : `spec.${name}`, 'may not specify more than 1 volume type'));
    else validateSource(spec, volumeName, name, errors);
  });
  if (given.length === 0) errors.push(required('spec', 'must specify a volume type'));
  if (spec.hostPath !== undefined && isRoot(spec.hostPath.path ?? '') && policy === 'Recycle')
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  const storage = spec.storageClassName ?? '';
  if (storage !== '') for (const problem of dnsSubdomain(storage)) errors.push(invalid('spec.storageClassName', storage, problem));
  validateVolumeMode(spec.volumeMode, 'spec.volumeMode', errors);
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

/** Most sources are those of pods, some with a namespace for the secret. */
function validateSource(spec: PersistentVolumeSpec, volumeName: string, name: keyof PersistentVolumeSource, errors: FieldError[]): void {
  const at = `spec.${name}`;
  switch (name) {
    case 'local': {
      const path = spec.local?.path ?? '';
      if (path === '') errors.push(required('spec.local.path'));
      else validateNoBacksteps(path, 'spec.local.path', errors);
      if (spec.nodeAffinity === undefined) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
      return;
    }
    case 'csi': {
      const { driver = '', volumeHandle } = spec.csi ?? {};
      validateDriverName(driver, 'spec.csi.driver', errors);
      if (!volumeHandle) errors.push(required('spec.csi.volumeHandle'));
      for (const field of ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const)
        if (spec.csi?.[field]) validateSecretRef(spec.csi[field], `${at}.${field}`, errors);
      return;
    }
    case 'iscsi':
      validateIscsi(spec.iscsi as unknown as ISCSIVolumeSource, volumeName, at, errors);
      return;
  }
  validateVolumeSource(spec as unknown as Volume, name, undefined, 'spec', errors);
  const source = spec[name] as Readonly<Record<string, unknown>>;
  const secret = name === 'cinder' || name === 'storageos' ? (source['secretRef'] as SecretReference | undefined) : undefined;
  if (secret && !secret.namespace) errors.push(required(`${at}.secretRef.namespace`));
  if (name === 'azureFile' && source['secretNamespace'] === '') errors.push(required(`${at}.secretNamespace`));
  if (name === 'glusterfs' && source['endpointsNamespace'] !== undefined) validateEndpointsNamespace(source['endpointsNamespace'] as string, at, errors);
}

/** validatePVSecretReference. */
function validateSecretRef({ name, namespace }: SecretReference, at: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${at}.name`));
  else for (const problem of dnsSubdomain(name)) errors.push(invalid(`${at}.name`, name, problem));
  if (!namespace) errors.push(required(`${at}.namespace`));
  else for (const problem of dnsLabel(namespace)) errors.push(invalid(`${at}.namespace`, namespace, problem));
}

function validateEndpointsNamespace(namespace: string, at: string, errors: FieldError[]): void {
  const path = `${at}.endpointsNamespace`;
  if (namespace === '') errors.push(invalid(path, namespace, 'if the endpointnamespace is set, it must be a valid namespace name'));
  else for (const problem of nameIsLabel(namespace, false)) errors.push(invalid(path, namespace, problem));
}

/** validateISCSIPersistentVolumeSource, which has other words than that of pods. */
function validateIscsi(iscsi: ISCSIVolumeSource, volumeName: string, at: string, errors: FieldError[]): void {
  const { targetPortal = '', iqn, initiatorName, lun = 0, secretRef } = iscsi;
  if (targetPortal === '') errors.push(required(`${at}.targetPortal`));
  if (initiatorName !== undefined && Buffer.byteLength(`${volumeName}:${targetPortal}`) > 64)
    errors.push(
      invalid(
        `${at}.targetportal`,
        targetPortal,
        'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
      ),
    );
  if (!iqn) errors.push(required(`${at}.iqn`));
  else if (!isIscsiName(iqn)) errors.push(invalid(`${at}.iqn`, iqn, 'must be valid format'));
  if (lun < 0 || lun > 255) errors.push(invalid(`${at}.lun`, lun, inclusiveRangeText(0, 255)));
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && !secretRef) errors.push(required(`${at}.secretRef`));
  if (secretRef && !secretRef.name) errors.push(required(`${at}.secretRef.name`));
  if (initiatorName !== undefined && !isIscsiName(initiatorName)) errors.push(invalid(`${at}.initiatorname`, initiatorName, 'must be valid format'));
}

/** Whether path.Clean would make the root of it. */
function isRoot(path: string): boolean {
  const names: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') names.pop();
    else if (part !== '' && part !== '.') names.push(part);
  }
  return path.startsWith('/') && names.length === 0;
}
