/** Volumes that carry zone labels: pkg/scheduler/framework/plugins/volumezone. */

import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../resources/persistentvolumes/types.js';
import type { StorageClass } from '../../resources/storageclasses/types.js';
import { type Change, clusterKey, type FilterPlugin, unresolvable } from '../framework.js';
import { type PodInfo, usesClaim } from '../pod-info.js';

const OTHER_ZONE = unresolvable('node(s) had no available volume zone');
const ZONE_LABELS = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
];

export const volumeZone: FilterPlugin = {
  name: 'VolumeZone',
  retryOn: { NodeAdd: true, NodeLabel: true, NodeTaint: true, StorageAdd: isOfInterest, StorageUpdate: isOfInterest },
  prepare: ({ namespace, claims }, { api }) => {
    if (claims.length === 0) return undefined;
    const wanted: { readonly key: string; readonly values: ReadonlySet<string> }[] = [];
    for (const { name, isEphemeral } of claims) {
      const volumeName = isEphemeral ? undefined : api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace, name })?.spec.volumeName;
      if (!volumeName) continue;
      const volume = api.get<PersistentVolume>('persistentvolumes', clusterKey(volumeName));
      if (volume === undefined) return { rejection: unresolvable(`persistentvolume "${volumeName}" not found`) };
      // Several zones in one label are joined by two underscores.
      for (const key of ZONE_LABELS) {
        const value = volume.metadata.labels?.[key];
        if (value !== undefined) wanted.push({ key, values: new Set(value.split('__')) });
      }
    }
    if (wanted.length === 0) return undefined;
    return ({ labels }) => {
      if (!ZONE_LABELS.some((key) => labels[key] !== undefined)) return undefined;
      return wanted.every(({ key, values }) => values.has(labels[key] ?? labels[key.replace('failure-domain.beta', 'topology')] ?? ''))
        ? undefined
        : OTHER_ZONE;
    };
  },
};

/** Its own claims, volumes whose zones are new, and classes that wait for a pod. */
function isOfInterest(pod: PodInfo, { object, old }: Change): boolean {
  switch (object.kind) {
    case 'PersistentVolume':
      return old === undefined || ZONE_LABELS.some((key) => object.metadata.labels?.[key] !== old.metadata.labels?.[key]);
    case 'StorageClass':
      return old === undefined && (object as StorageClass).volumeBindingMode === 'WaitForFirstConsumer';
    default:
      return usesClaim(pod, object);
  }
}
