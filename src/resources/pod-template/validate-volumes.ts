/** Volumes of a pod: ValidateVolumes of pkg/apis/core/validation/validation.go. */
import { duplicate, type FieldError, forbidden, goQuote, invalid, notSupported, required } from '../../api/field.js';
import { quantity } from '../../api/quantity.js';
import { validateLabelSelector } from '../meta/labels.js';
import { dnsLabel, dnsSubdomain, inclusiveRangeText } from '../meta/names.js';
import { goStrings } from '../meta/validation.js';
import type {
  AzureDiskVolumeSource,
  DownwardAPIVolumeFile,
  EphemeralVolumeSource,
  HostPathVolumeSource,
  ISCSIVolumeSource,
  KeyToPath,
  ProjectedVolumeSource,
  Volume,
  VolumeProjection,
  VolumeSource,
} from './types.js';
import { validateClaimTemplate } from './validate-claim.js';
import { validateDescendingPath, validateFileMode, validateNoBacksteps, validateNonReservedPath } from './validate-paths.js';
import { VOLUME_FIELDS, validateFieldRef, validateResourceFieldRef } from './validate-refs.js';

/** Returns the valid volumes by name. `podName` is known for pods, not for templates: it names the claims of ephemeral volumes. */
export function validateVolumes(volumes: readonly Volume[], podName: string | undefined, at: string, errors: FieldError[]): ReadonlyMap<string, VolumeSource> {
  const valid = new Map<string, VolumeSource>();
  volumes.forEach((volume, i) => {
    const path = `${at}[${i}]`;
    const before = errors.length;
    validateSource(volume, podName, path, errors);
    const { name = '' } = volume;
    if (name === '') errors.push(required(`${path}.name`));
    else for (const problem of dnsLabel(name)) errors.push(invalid(`${path}.name`, name, problem));
    if (valid.has(name)) errors.push(duplicate(`${path}.name`, name));
    if (errors.length === before) valid.set(name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (podName && claim && volumes.some((other) => other.ephemeral && claim === `${podName}-${other.name}`))
      errors.push(invalid(`${path}.persistentVolumeClaim.claimName`, claim, 'must not reference a PVC that gets created for an ephemeral volume'));
  });
  return valid;
}

/** What a member of a volume source must have to be `required`, for kinds that have no other rule. */
const REQUIRED: Readonly<Partial<Record<keyof VolumeSource, readonly string[]>>> = {
  persistentVolumeClaim: ['claimName'],
  glusterfs: ['endpoints', 'path'],
  rbd: ['monitors', 'image'],
  cephfs: ['monitors'],
  flexVolume: ['driver'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  cinder: ['volumeID'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  gitRepo: ['repository'],
};

/** In the order upstream looks at them; the first one present is the volume's type. */
const SOURCES: readonly (keyof VolumeSource)[] = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];
/** Upstream's own slips in the path of the "more than 1" error. */
const MISSPELT: Readonly<Partial<Record<keyof VolumeSource, string>>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

function validateSource(volume: Volume, podName: string | undefined, at: string, errors: FieldError[]): void {
  let isTyped = false;
  for (const field of SOURCES) {
    if (!volume[field]) continue;
    if (isTyped) errors.push(forbidden(`${at}.${MISSPELT[field] ?? field}`, 'may not specify more than 1 volume type'));
    else validateVolumeSource(volume, field, podName, at, errors);
    isTyped = true;
  }
  if (!isTyped) errors.push(required(at, 'must specify a volume type'));
}

/** One source of a pod's or a persistent volume's. */
export function validateVolumeSource(volume: Volume, field: keyof VolumeSource, podName: string | undefined, volumePath: string, errors: FieldError[]): void {
  const at = `${volumePath}.${field === 'gcePersistentDisk' ? 'persistentDisk' : field}`;
  const members = volume[field] as Readonly<Record<string, unknown>>;
  for (const member of REQUIRED[field] ?? []) {
    const value = members[member];
    if (!value || (Array.isArray(value) && value.length === 0)) errors.push(required(`${at}.${member}`));
  }
  switch (field) {
    case 'emptyDir':
      if (volume.emptyDir?.sizeLimit !== undefined && quantity(volume.emptyDir.sizeLimit).nano < 0n)
        errors.push(forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
      return;
    case 'hostPath':
      validateHostPath(volume.hostPath as HostPathVolumeSource, at, errors);
      return;
    case 'gitRepo':
      validateDescendingPath(volume.gitRepo?.directory ?? '', `${at}.directory`, errors);
      return;
    case 'gcePersistentDisk':
      validatePartition(volume.gcePersistentDisk?.partition, at, errors);
      return;
    case 'awsElasticBlockStore':
      validatePartition(volume.awsElasticBlockStore?.partition, at, errors);
      return;
    case 'secret':
      if (!volume.secret?.secretName) errors.push(required(`${at}.secretName`));
      validateFileMode(volume.secret?.defaultMode, `${at}.defaultMode`, errors);
      validateItems(volume.secret?.items, at, errors);
      return;
    case 'configMap':
      if (!volume.configMap?.name) errors.push(required(`${at}.name`));
      validateFileMode(volume.configMap?.defaultMode, `${at}.defaultMode`, errors);
      validateItems(volume.configMap?.items, at, errors);
      return;
    case 'nfs':
      if (!volume.nfs?.server) errors.push(required(`${at}.server`));
      if (!volume.nfs?.path) errors.push(required(`${at}.path`));
      if (!volume.nfs?.path?.startsWith('/')) errors.push(invalid(`${at}.path`, volume.nfs?.path ?? '', 'must be an absolute path'));
      return;
    case 'iscsi':
      validateIscsi(volume.iscsi as ISCSIVolumeSource, volume.name, volumePath, errors);
      return;
    case 'flocker': {
      const { datasetName = '', datasetUUID = '' } = volume.flocker ?? {};
      if (datasetName === '' && datasetUUID === '') errors.push(required(at, 'one of datasetName and datasetUUID is required'));
      if (datasetName !== '' && datasetUUID !== '') errors.push(invalid(at, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
      if (datasetName.includes('/')) errors.push(invalid(`${at}.datasetName`, datasetName, "must not contain '/'"));
      return;
    }
    case 'cinder':
      if (volume.cinder?.secretRef && !volume.cinder.secretRef.name) errors.push(required(`${at}.secretRef.name`));
      return;
    case 'quobyte': {
      const { registry = '', tenant = '', volume: name = '' } = volume.quobyte ?? {};
      const pairs = 'must be a host:port pair or multiple pairs separated by commas';
      if (registry === '') errors.push(required(`${at}.registry`, pairs));
      else if (tenant.length >= 65) errors.push(required(`${at}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
      else for (const pair of registry.split(',')) if (!/^(\[[^\]]*\]|[^:]*):[^:]*$/.test(pair)) errors.push(invalid(`${at}.registry`, registry, pairs));
      if (name === '') errors.push(required(`${at}.volume`));
      return;
    }
    case 'downwardAPI':
      validateFileMode(volume.downwardAPI?.defaultMode, `${at}.defaultMode`, errors);
      for (const file of volume.downwardAPI?.items ?? []) validateDownwardFile(file, at, errors);
      return;
    case 'fc': {
      const { targetWWNs = [], wwids = [], lun } = volume.fc ?? {};
      if (targetWWNs.length < 1 && wwids.length < 1) errors.push(required(`${at}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'));
      if (targetWWNs.length > 0 && wwids.length > 0)
        errors.push(invalid(`${at}.targetWWNs`, goStrings(targetWWNs), 'targetWWNs and wwids can not be specified simultaneously'));
      if (targetWWNs.length > 0 && lun === undefined) errors.push(required(`${at}.lun`, 'lun is required if targetWWNs is specified'));
      else if (targetWWNs.length > 0 && (lun as number) >>> 0 > 255) errors.push(invalid(`${at}.lun`, lun, inclusiveRangeText(0, 255)));
      return;
    }
    case 'flexVolume':
      for (const key in volume.flexVolume?.options) {
        const domain = `.${(key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()}`;
        if (domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io'))
          errors.push(invalid(`${at}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'));
      }
      return;
    case 'azureDisk':
      validateAzureDisk(volume.azureDisk as AzureDiskVolumeSource, at, errors);
      return;
    case 'storageos': {
      const { volumeName = '', volumeNamespace = '', secretRef } = volume.storageos ?? {};
      if (volumeName === '') errors.push(required(`${at}.volumeName`));
      else for (const problem of dnsLabel(volumeName)) errors.push(invalid(`${at}.volumeName`, volumeName, problem));
      if (volumeNamespace !== '') for (const problem of dnsLabel(volumeNamespace)) errors.push(invalid(`${at}.volumeNamespace`, volumeNamespace, problem));
      if (secretRef && !secretRef.name) errors.push(required(`${at}.secretRef.name`));
      return;
    }
    case 'projected':
      validateFileMode(volume.projected?.defaultMode, `${at}.defaultMode`, errors);
      validateProjected(volume.projected as ProjectedVolumeSource, at, errors);
      return;
    case 'csi': {
      const { driver = '', nodePublishSecretRef } = volume.csi ?? {};
      validateDriverName(driver, `${at}.driver`, errors);
      if (nodePublishSecretRef) {
        if (!nodePublishSecretRef.name) errors.push(required(`${at}.nodePublishSecretRef.name`));
        else for (const problem of dnsSubdomain(nodePublishSecretRef.name)) errors.push(invalid(`${at}.name`, nodePublishSecretRef.name, problem));
      }
      return;
    }
    case 'ephemeral':
      validateEphemeral(volume.ephemeral as EphemeralVolumeSource, volume.name, podName, volumePath, errors);
      return;
    default:
  }
}

function validatePartition(partition: number | undefined, at: string, errors: FieldError[]): void {
  if (partition !== undefined && (partition < 0 || partition > 255)) errors.push(invalid(`${at}.partition`, partition, inclusiveRangeText(1, 255)));
}

const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function validateHostPath({ path = '', type }: HostPathVolumeSource, at: string, errors: FieldError[]): void {
  if (path === '') {
    errors.push(required(`${at}.path`));
    return;
  }
  validateNoBacksteps(path, `${at}.path`, errors);
  if (type !== undefined && type !== null && !HOST_PATH_TYPES.includes(type)) errors.push(notSupported(`${at}.type`, type, HOST_PATH_TYPES));
}

const ISCSI_NAMES: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

export const isIscsiName = (name: string): boolean => ISCSI_NAMES[name.slice(0, 3)]?.test(name) === true;

function validateIscsiName(name: string, at: string, errors: FieldError[]): void {
  const format = ISCSI_NAMES[name.slice(0, 3)];
  if (format === undefined) errors.push(invalid(at, name, 'must be valid format starting with iqn, eui, or naa'));
  else if (!format.test(name)) errors.push(invalid(at, name, 'must be valid format'));
}

function validateIscsi(iscsi: ISCSIVolumeSource, name: string, volumePath: string, errors: FieldError[]): void {
  const at = `${volumePath}.iscsi`;
  const { lun = 0, initiatorName, targetPortal = '' } = iscsi;
  if (targetPortal === '') errors.push(required(`${at}.targetPortal`));
  if (!iscsi.iqn) errors.push(required(`${at}.iqn`));
  else validateIscsiName(iscsi.iqn, `${at}.iqn`, errors);
  if (lun < 0 || lun > 255) errors.push(invalid(`${at}.lun`, lun, inclusiveRangeText(0, 255)));
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && !iscsi.secretRef) errors.push(required(`${at}.secretRef`));
  if (initiatorName === undefined) return;
  validateIscsiName(initiatorName, `${at}.initiatorname`, errors);
  if (`${name}:${targetPortal}`.length > 64)
    errors.push(
      invalid(
        `${volumePath}.name`,
        name,
        'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
      ),
    );
}

function validateAzureDisk(azure: AzureDiskVolumeSource, at: string, errors: FieldError[]): void {
  const { diskName, diskURI = '', cachingMode, kind } = azure;
  if (!diskName) errors.push(required(`${at}.diskName`));
  if (diskURI === '') errors.push(required(`${at}.diskURI`));
  const modes = ['None', 'ReadOnly', 'ReadWrite'];
  if (cachingMode !== undefined && !modes.includes(cachingMode)) errors.push(notSupported(`${at}.cachingMode`, cachingMode, modes));
  const kinds = ['Dedicated', 'Managed', 'Shared'];
  if (kind !== undefined && !kinds.includes(kind)) errors.push(notSupported(`${at}.kind`, kind, kinds));
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/'))
    errors.push(notSupported(`${at}.diskURI`, diskURI, ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']));
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://'))
    errors.push(notSupported(`${at}.diskURI`, diskURI, ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']));
}

function validateItems(items: readonly KeyToPath[] | undefined, at: string, errors: FieldError[]): void {
  items?.forEach((item, i) => {
    validateItem(item, `${at}.items[${i}]`, errors);
  });
}

function validateItem({ key, path = '', mode }: KeyToPath, at: string, errors: FieldError[]): void {
  if (!key) errors.push(required(`${at}.key`));
  if (path === '') errors.push(required(`${at}.path`));
  validateNonReservedPath(path, `${at}.path`, errors);
  validateFileMode(mode, `${at}.mode`, errors);
}

/** The path has no index: upstream reports every file at the volume. */
function validateDownwardFile(file: DownwardAPIVolumeFile, at: string, errors: FieldError[]): void {
  const { path = '', fieldRef, resourceFieldRef, mode } = file;
  if (path === '') errors.push(required(`${at}.path`));
  validateNonReservedPath(path, `${at}.path`, errors);
  if (fieldRef) {
    validateFieldRef(fieldRef, VOLUME_FIELDS, `${at}.fieldRef`, errors);
    if (resourceFieldRef) errors.push(invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (resourceFieldRef) validateResourceFieldRef(resourceFieldRef, `${at}.resourceFieldRef`, true, errors);
  else errors.push(required(at, 'one of fieldRef and resourceFieldRef is required'));
  validateFileMode(mode, `${at}.mode`, errors);
}

function validateProjected({ sources }: ProjectedVolumeSource, at: string, errors: FieldError[]): void {
  const paths = new Set<string>();
  const claim = (path: string, shown: string): void => {
    if (path === '') return;
    if (paths.has(path)) errors.push(invalid(at, shown, 'conflicting duplicate paths'));
    paths.add(path);
  };
  sources?.forEach((source, i) => {
    validateProjection(source, at, `${at}.sources[${i}]`, claim, errors);
  });
}

function validateProjection(source: VolumeProjection, volumeAt: string, at: string, claim: (path: string, shown: string) => void, errors: FieldError[]): void {
  const { secret, configMap, downwardAPI, serviceAccountToken: token, clusterTrustBundle: bundle } = source;
  for (const [field, list] of [
    ['secret', secret],
    ['configMap', configMap],
  ] as const) {
    if (!list) continue;
    if (!list.name) errors.push(required(`${at}.${field}.name`));
    list.items?.forEach((item, i) => {
      validateItem(item, `${at}.${field}.items[${i}]`, errors);
      claim(item.path ?? '', list.name ?? '');
    });
  }
  for (const file of downwardAPI?.items ?? []) {
    validateDownwardFile(file, `${at}.downwardAPI`, errors);
    claim(file.path ?? '', file.path ?? '');
  }
  if (token) {
    const { expirationSeconds = 0, path = '' } = token;
    if (expirationSeconds < 600)
      errors.push(invalid(`${at}.serviceAccountToken.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes'));
    if (expirationSeconds > 2 ** 32)
      errors.push(invalid(`${at}.serviceAccountToken.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
    // The path of these two is the volume's: an oddity of upstream.
    if (path === '') errors.push(required(`${volumeAt}.path`));
    else validateNonReservedPath(path, `${volumeAt}.path`, errors);
  }
  if (bundle) {
    const path = bundle.path ?? '';
    if (bundle.name === undefined && bundle.signerName === undefined)
      errors.push(required(`${at}.clusterTrustBundle`, 'either name or signerName must be specified'));
    else if (bundle.name !== undefined) {
      if (bundle.name === '') errors.push(required(`${at}.clusterTrustBundle.name`, 'must be a valid object name'));
    } else {
      if (bundle.signerName === '') errors.push(required(`${at}.clusterTrustBundle.signerName`, 'must be a valid signer name'));
      validateLabelSelector(bundle.labelSelector, `${at}.clusterTrustBundle.labelSelector`, errors);
    }
    if (path === '') errors.push(required(`${at}.clusterTrustBundle.path`));
    validateNonReservedPath(path, `${at}.clusterTrustBundle.path`, errors);
    claim(path, path);
  }
  if ([secret, configMap, downwardAPI, token, bundle].filter(Boolean).length > 1)
    errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
}

/** ValidateCSIDriverName; also of persistent volumes. */
export function validateDriverName(driver: string, at: string, errors: FieldError[]): void {
  if (driver === '') errors.push(required(at));
  if (driver.length > 63) errors.push({ type: 'FieldValueTooLong', field: at, detail: 'Too long: may not be more than 63 bytes' });
  for (const problem of dnsSubdomain(driver.toLowerCase())) errors.push(invalid(at, driver, problem));
}

function validateEphemeral(source: EphemeralVolumeSource, name: string, podName: string | undefined, volumePath: string, errors: FieldError[]): void {
  const at = `${volumePath}.ephemeral.volumeClaimTemplate`;
  const template = source.volumeClaimTemplate;
  if (!template) errors.push(required(at));
  else validateClaimTemplate(template, at, errors);
  if (!podName || !name) return;
  const claim = `${podName}-${name}`;
  for (const problem of dnsSubdomain(claim)) errors.push(invalid(`${volumePath}.name`, name, `PVC name ${goQuote(claim)}: ${problem}`));
}
