/** Volumes only one pod may use: pkg/scheduler/framework/plugins/volumerestrictions. */
import type { PersistentVolumeClaim } from '../../resources/persistentvolumeclaims/types.js';
import type { Volume } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import { type Change, type FilterPlugin, type NodeFilter, unresolvable, unschedulable } from '../framework.js';
import { type PodInfo, usesClaim } from '../pod-info.js';

const DISK_CONFLICT = unschedulable('node(s) had no available disk');
const ONE_POD_CONFLICT = unschedulable('node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode');

export const volumeRestrictions: FilterPlugin = {
  name: 'VolumeRestrictions',
  retryOn: { NodeAdd: true, NodeTaint: true, PodDelete: releases, StorageAdd: (pod, { object }) => usesClaim(pod, object) },
  prepare: ({ pod, namespace, claims }, { api, nodes }) => {
    const disks = disksOf(pod);
    if (disks.length === 0 && claims.length === 0) return undefined;
    const exclusive = new Set<string>();
    for (const { name, isEphemeral } of claims) {
      if (isEphemeral) continue;
      const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace, name });
      if (claim === undefined) return { rejection: unresolvable(`persistentvolumeclaim "${name}" not found`) };
      if (claim.spec.accessModes?.includes('ReadWriteOncePod') === true) exclusive.add(name);
    }
    if (disks.length === 0 && exclusive.size === 0) return undefined;
    // A claim of this kind that is used anywhere rules out every node.
    const isTaken =
      exclusive.size > 0 &&
      nodes.some((node) => [...node.pods.values()].some((other) => other.namespace === namespace && other.claims.some(({ name }) => exclusive.has(name))));
    const filter: NodeFilter = (node) => {
      for (const other of node.pods.values())
        for (const volume of other.pod.spec.volumes ?? []) if (disks.some((disk) => isConflict(disk, volume))) return DISK_CONFLICT;
      return isTaken ? ONE_POD_CONFLICT : undefined;
    };
    return filter;
  },
};

const disksOf = ({ spec }: Pod): readonly Volume[] =>
  (spec.volumes ?? []).filter((volume) => volume.gcePersistentDisk ?? volume.awsElasticBlockStore ?? volume.rbd ?? volume.iscsi);

/** A pod goes that has a disk or a claim this one wants, whatever the claim's access modes. */
function releases({ pod, namespace }: PodInfo, { object }: Change): boolean {
  if (object.metadata.namespace !== namespace) return false;
  const freed = (object as Pod).spec.volumes ?? [];
  return (
    disksOf(pod).some((disk) => freed.some((volume) => isConflict(disk, volume))) ||
    pod.spec.volumes?.some(
      ({ persistentVolumeClaim: claim }) => claim !== undefined && freed.some((volume) => volume.persistentVolumeClaim?.claimName === claim.claimName),
    ) === true
  );
}

/** isVolumeConflict: the same disk, unless both only read it (EBS: never). */
function isConflict(a: Volume, b: Volume): boolean {
  if (a.gcePersistentDisk && b.gcePersistentDisk)
    return a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName && !(a.gcePersistentDisk.readOnly === true && b.gcePersistentDisk.readOnly === true);
  if (a.awsElasticBlockStore && b.awsElasticBlockStore) return a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID;
  if (a.iscsi && b.iscsi) return a.iscsi.iqn === b.iscsi.iqn && !(a.iscsi.readOnly === true && b.iscsi.readOnly === true);
  if (a.rbd && b.rbd) {
    const { monitors, pool, image, readOnly } = a.rbd;
    const other = b.rbd;
    return (
      monitors.some((monitor) => other.monitors.includes(monitor)) &&
      pool === other.pool &&
      image === other.image &&
      !(readOnly === true && other.readOnly === true)
    );
  }
  return false;
}
