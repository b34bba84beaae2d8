/** Fields of features that are off in 1.33 are dropped before validation: DropDisabledPodFields and DropDisabledTemplateFields of pkg/api/pod/util.go. */
import { forgetEmpty } from '../../api/given.js';
import { mapSame, over } from './fill.js';
import type { Container, EphemeralContainer, PodSpec, PodTemplateSpec, Volume, VolumeMount } from './types.js';

/** Gates off by default: ImageVolume, PodLevelResources, ContainerStopSignals, DynamicResourceAllocation, ClusterTrustBundleProjection. */
export function dropDisabledFields(given: PodSpec): PodSpec {
  let spec = given;
  if (spec.resources !== undefined) spec = without(spec, 'resources');
  if (spec.resourceClaims !== undefined) spec = without(spec, 'resourceClaims');
  if (spec.volumes?.some(hasDisabledSource)) spec = dropVolumes(spec);
  // Both lists are made anew, where an empty one comes to none.
  return mapContainers(forgetEmpty(spec, 'volumes'), dropContainerFields);
}

export function dropDisabledTemplateFields(template: PodTemplateSpec): PodTemplateSpec {
  return over(template, 'spec', dropDisabledFields);
}

const hasDisabledSource = (volume: Volume): boolean => volume.image !== undefined || volume.projected?.sources?.some(isTrustBundle) === true;
const isTrustBundle = (source: { readonly clusterTrustBundle?: unknown }): boolean => source.clusterTrustBundle !== undefined;

/** Image volumes go with their mounts; of trust bundles only the source goes. */
function dropVolumes(spec: PodSpec): PodSpec {
  const images = new Set(spec.volumes?.filter((volume) => volume.image).map((volume) => volume.name));
  const volumes = spec.volumes
    ?.filter((volume) => !images.has(volume.name))
    .map((volume) =>
      over(volume, 'projected', (projected) =>
        over(projected, 'sources', (sources) => mapSame(sources, (source) => (isTrustBundle(source) ? without(source, 'clusterTrustBundle') : source))),
      ),
    );
  const isKept = (mount: VolumeMount): boolean => !images.has(mount.name);
  const { volumes: _, ...rest } = spec;
  return mapContainers(volumes?.length ? { ...spec, volumes } : rest, (container) =>
    over(container, 'volumeMounts', (mounts) => (mounts.every(isKept) ? mounts : mounts.filter(isKept))),
  );
}

function dropContainerFields(container: Container): Container {
  let next = forgetEmpty(container, 'volumeMounts');
  if (next.resources?.claims !== undefined) next = { ...next, resources: without(next.resources, 'claims') };
  if (next.lifecycle?.stopSignal !== undefined) {
    const lifecycle = without(next.lifecycle, 'stopSignal');
    next = Object.keys(lifecycle).length === 0 ? without(next, 'lifecycle') : { ...next, lifecycle };
  }
  return next;
}

function mapContainers(given: PodSpec, change: (container: Container) => Container): PodSpec {
  let spec = over(given, 'containers', (containers) => mapSame(containers, change));
  spec = over(spec, 'initContainers', (containers) => mapSame(containers, change));
  return over(spec, 'ephemeralContainers', (containers) => mapSame(containers, change as (container: EphemeralContainer) => EphemeralContainer));
}

/** A copy without a field; its type says the field may be absent. */
function without<T extends object>(object: T, key: keyof T): T {
  const { [key]: _, ...rest } = object;
  return rest as T;
}
