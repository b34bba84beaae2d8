/** What is filled in of a PodSpec or PodTemplateSpec: pkg/apis/core/v1/defaults.go (and the order of zz_generated.defaults.go). */
import { fill, fillZero, mapSame, over } from './fill.js';
import { imageTag } from './image-tag.js';
import { roundRequirements, roundResources } from './round.js';
import type {
  Container,
  ContainerPort,
  DownwardAPIVolumeFile,
  EnvVar,
  EphemeralContainer,
  HTTPGetAction,
  Lifecycle,
  LifecycleHandler,
  ObjectFieldSelector,
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceFieldSelector,
  Volume,
  VolumeProjection,
} from './types.js';

const DEFAULT_MODE = { defaultMode: 0o644 } as const;

/** The template of a workload. Its metadata prints `creationTimestamp: null`, as Go marshals it before 1.34. */
export function defaultPodTemplate(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const { metadata, spec } = template ?? {};
  const meta = metadata?.creationTimestamp === undefined ? { creationTimestamp: null, ...metadata } : metadata;
  const filled = defaultPodSpec(spec);
  return template !== undefined && meta === metadata && filled === spec ? template : { ...template, metadata: meta, spec: filled };
}

const SPEC: Partial<PodSpec> = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

/** What pods and templates share. What only a Pod gets is in pods/defaults.ts. */
export function defaultPodSpec(given: PodSpec | undefined): PodSpec {
  let spec = given ?? ({ containers: [] } as PodSpec);
  spec = fill(spec, SPEC);
  // The old name of the field is kept equal to the new one (core/v1 conversion.go).
  if (spec.serviceAccountName ? spec.serviceAccount !== spec.serviceAccountName : spec.serviceAccount) {
    const name = spec.serviceAccountName || (spec.serviceAccount as string);
    spec = { ...spec, serviceAccountName: name, serviceAccount: name };
  }
  // A template with hostNetwork gets host ports as well (gate DefaultHostNetworkHostPortsInPodTemplates is off): not here.
  spec = over(spec, 'volumes', (volumes) => mapSame(volumes, defaultVolume));
  spec = over(spec, 'initContainers', (containers) => mapSame(containers, defaultContainer));
  spec = over(spec, 'containers', (containers) => mapSame(containers, defaultContainer));
  spec = over(spec, 'ephemeralContainers', (containers) => mapSame(containers, defaultContainer as (c: EphemeralContainer) => EphemeralContainer));
  return over(spec, 'overhead', roundResources);
}

const CONTAINER: Partial<Container> = { resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' };

function defaultContainer(given: Container): Container {
  let container = fill(given, CONTAINER);
  if (!container.imagePullPolicy) {
    const tag = imageTag(container.image ?? '');
    container = { ...container, imagePullPolicy: tag === 'latest' ? 'Always' : 'IfNotPresent' };
  }
  container = over(container, 'ports', (ports) => mapSame(ports, defaultPort));
  container = over(container, 'env', (env) => mapSame(env, defaultEnv));
  container = over(container, 'resources', roundRequirements);
  container = over(container, 'livenessProbe', defaultProbe);
  container = over(container, 'readinessProbe', defaultProbe);
  container = over(container, 'startupProbe', defaultProbe);
  return over(container, 'lifecycle', defaultLifecycle);
}

const defaultPort = (port: ContainerPort): ContainerPort => fill(port, { protocol: 'TCP' });
const defaultFieldRef = (ref: ObjectFieldSelector): ObjectFieldSelector => fill(ref, { apiVersion: 'v1' });
/** Not really a default: a Quantity is a struct, so Go prints it even when it is zero. */
const defaultResourceRef = (ref: ResourceFieldSelector): ResourceFieldSelector => fill(ref, { divisor: '0' });

function defaultEnv(env: EnvVar): EnvVar {
  if (env.valueFrom === undefined) return env;
  return over(env, 'valueFrom', (source) => over(over(source, 'fieldRef', defaultFieldRef), 'resourceFieldRef', defaultResourceRef));
}

const PROBE: Partial<Probe> = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

function defaultProbe(given: Probe): Probe {
  const probe = over(fillZero(given, PROBE), 'httpGet', defaultHttpGet);
  return over(probe, 'grpc', (grpc) => (grpc.service === undefined ? { ...grpc, service: '' } : grpc));
}

const defaultHttpGet = (get: HTTPGetAction): HTTPGetAction => fill(get, { path: '/', scheme: 'HTTP' });
const defaultHandler = (handler: LifecycleHandler): LifecycleHandler => over(handler, 'httpGet', defaultHttpGet);
const defaultLifecycle = (lifecycle: Lifecycle): Lifecycle => over(over(lifecycle, 'postStart', defaultHandler), 'preStop', defaultHandler);

/** Which fill-ins each kind of volume gets. Types of volumes not named here get none. */
function defaultVolume(volume: Volume): Volume {
  if (volume.emptyDir !== undefined || volume.persistentVolumeClaim !== undefined) return volume;
  if (volume.configMap) return over(volume, 'configMap', (source) => fill(source, DEFAULT_MODE));
  if (volume.secret) return over(volume, 'secret', (source) => fill(source, DEFAULT_MODE));
  if (volume.projected)
    return over(volume, 'projected', (source) => over(fill(source, DEFAULT_MODE), 'sources', (sources) => mapSame(sources, defaultProjection)));
  if (volume.hostPath) return over(volume, 'hostPath', (source) => (source.type === undefined ? { ...source, type: '' } : source));
  if (volume.downwardAPI)
    return over(volume, 'downwardAPI', (source) => over(fill(source, DEFAULT_MODE), 'items', (items) => mapSame(items, defaultDownwardFile)));
  if (volume.ephemeral) return over(volume, 'ephemeral', (source) => over(source, 'volumeClaimTemplate', defaultClaimTemplate));
  if (volume.iscsi) return over(volume, 'iscsi', (source) => fill(source, { iscsiInterface: 'default' }));
  if (volume.rbd) return over(volume, 'rbd', (source) => fill(source, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }));
  if (volume.azureDisk)
    return over(volume, 'azureDisk', (source) => fill(source, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false }));
  if (volume.scaleIO) return over(volume, 'scaleIO', (source) => fill(source, { storageMode: 'ThinProvisioned', fsType: 'xfs' }));
  for (const field in volume) if (field !== 'name' && volume[field as keyof Volume] !== null) return volume;
  return { ...volume, emptyDir: {} };
}

function defaultProjection(projection: VolumeProjection): VolumeProjection {
  const next = over(projection, 'downwardAPI', (source) => over(source, 'items', (items) => mapSame(items, defaultDownwardFile)));
  return over(next, 'serviceAccountToken', (token) => fill(token, { expirationSeconds: 3600 }));
}

const defaultDownwardFile = (file: DownwardAPIVolumeFile): DownwardAPIVolumeFile =>
  over(over(file, 'fieldRef', defaultFieldRef), 'resourceFieldRef', defaultResourceRef);

function defaultClaimTemplate(template: PersistentVolumeClaimTemplate): PersistentVolumeClaimTemplate {
  const withMeta = template.metadata?.creationTimestamp === undefined ? { ...template, metadata: { creationTimestamp: null, ...template.metadata } } : template;
  return over(withMeta, 'spec', defaultClaimSpec);
}

/** SetDefaults_PersistentVolumeClaimSpec; `resources` is a struct, so Go prints it even when it is empty. */
export function defaultClaimSpec(given: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const spec = fill(given, { volumeMode: 'Filesystem', resources: {} });
  return over(spec, 'resources', (resources) => over(over(resources, 'limits', roundResources), 'requests', roundResources));
}
