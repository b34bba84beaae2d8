/** How many volumes of a CSI driver a node can hold: pkg/scheduler/framework/plugins/nodevolumelimits (csi.go). */
import type { CSINode } from '../../resources/csinodes/types.js';
import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../resources/persistentvolumes/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { StorageClass } from '../../resources/storageclasses/types.js';
import type { VolumeAttachment } from '../../resources/volumeattachments/types.js';
import { type Change, type ClusterView, clusterKey, type FilterPlugin, unschedulable } from '../framework.js';
import { type PodInfo, usesClaim } from '../pod-info.js';

const TOO_MANY = unschedulable('node(s) exceed max volume count');

export const nodeVolumeLimits: FilterPlugin = {
  name: 'NodeVolumeLimits',
  retryOn: {
    PodDelete: (_, { object }) => (object as Pod).spec.volumes?.some((volume) => volume.persistentVolumeClaim ?? volume.ephemeral) === true,
    StorageAdd: (pod, { object }) => object.kind === 'CSINode' || usesClaim(pod, object),
    StorageUpdate: (_, change) => change.object.kind === 'CSINode' && holdsMore(change),
    StorageDelete: ({ claims }, { object }) => object.kind === 'VolumeAttachment' && claims.some(({ isEphemeral }) => !isEphemeral),
  },
  prepare: (pod, cluster) => {
    if (pod.claims.length === 0) return undefined;
    const wanted = csiVolumes(pod, cluster);
    if (wanted.size === 0) return undefined;
    return (node) => {
      const csiNode = cluster.api.get<CSINode>('csinodes.storage.k8s.io', clusterKey(node.name));
      const limits = limitsOf(csiNode);
      if (limits.size === 0) return undefined;
      const used = new Map<string, string>();
      for (const other of node.pods.values()) for (const [volume, driver] of csiVolumes(other, cluster)) used.set(volume, driver);
      const left = [...attached(node.name, cluster)].filter(([volume]) => !used.has(volume));
      for (const [driver, limit] of limits) {
        const before = [...used, ...left].filter(([, other]) => other === driver).length;
        // A volume that only an attachment still holds counts anew.
        const more = [...wanted].filter(([volume, other]) => other === driver && !used.has(volume)).length;
        if (more > 0 && before + more > limit) return TOO_MANY;
      }
      return undefined;
    };
  },
};

const limitsOf = (csiNode: CSINode | undefined): ReadonlyMap<string, number> =>
  new Map((csiNode?.spec.drivers ?? []).flatMap(({ name, allocatable }) => (allocatable?.count === undefined ? [] : [[name, allocatable.count] as const])));

/** Some driver's limit is higher than before. */
function holdsMore({ object, old }: Change): boolean {
  const before = limitsOf(old as CSINode | undefined);
  return [...limitsOf(object as CSINode)].some(([driver, limit]) => limit > (before.get(driver) ?? 0));
}

/** CSI volumes that are attached to a node, whether or not a pod there (still) uses them (getNodeVolumeAttachmentInfo). */
function attached(node: string, { api }: ClusterView): ReadonlyMap<string, string> {
  const volumes = new Map<string, string>();
  for (const { spec } of api.list<VolumeAttachment>('volumeattachments.storage.k8s.io')) {
    const { attacher, nodeName, source } = spec;
    if (nodeName !== node || source.persistentVolumeName === undefined) continue;
    const csi = api.get<PersistentVolume>('persistentvolumes', clusterKey(source.persistentVolumeName))?.spec.csi;
    if (csi !== undefined) volumes.set(`${attacher}/${csi.volumeHandle}`, attacher);
  }
  return volumes;
}

/** The pod's CSI volumes by a name of their own → driver. Unbound claims count by what their class will make. */
function csiVolumes(pod: PodInfo, { api }: ClusterView): ReadonlyMap<string, string> {
  const volumes = new Map<string, string>();
  for (const { name } of pod.claims) {
    const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace: pod.namespace, name });
    if (claim === undefined) continue;
    const volume = claim.spec.volumeName ? api.get<PersistentVolume>('persistentvolumes', clusterKey(claim.spec.volumeName)) : undefined;
    const csi = volume?.spec.csi;
    if (csi?.driver !== undefined) volumes.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
    else if (volume === undefined && claim.spec.storageClassName) {
      const storageClass = api.get<StorageClass>('storageclasses.storage.k8s.io', clusterKey(claim.spec.storageClassName));
      if (storageClass !== undefined) volumes.set(`${pod.namespace}/${name}`, storageClass.provisioner);
    }
  }
  return volumes;
}
