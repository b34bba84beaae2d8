/** Volumes that carry zone labels: pkg/scheduler/framework/plugins/volumezone. */

import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../resources/persistentvolumes/types.js';
import { clusterKey, type FilterPlugin, unresolvable } from '../framework.js';

const OTHER_ZONE = unresolvable('node(s) had no available volume zone');
const ZONE_LABELS = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
];

export const volumeZone: FilterPlugin = {
  name: 'VolumeZone',
  retryOn: { NodeAdd: true, NodeLabel: true, NodeTaint: true, StorageAdd: true, StorageUpdate: true },
  prepare: ({ namespace, claims }, { api }) => {
    const wanted: { readonly key: string; readonly values: ReadonlySet<string> }[] = [];
    for (const { name } of claims) {
      const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace, name });
      const volume = claim?.spec.volumeName ? api.get<PersistentVolume>('persistentvolumes', clusterKey(claim.spec.volumeName)) : undefined;
      // Several zones in one label are joined by two underscores.
      for (const key of ZONE_LABELS) {
        const value = volume?.metadata.labels?.[key];
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
