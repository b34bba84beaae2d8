/** kubectl pkg/describe/describe.go describePersistentVolumeClaim. */
import { formatQuantity, quantity } from '../../api/quantity.js';
import type { Describer, IndentedWriter } from '../../api/resource.js';
import type { Reader } from '../../api/verbs.js';
import { ageOf } from '../meta/columns.js';
import { describeAnnotations, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import { formatAccessModes, storageClassOf } from '../meta/storage.js';
import type { TypedLocalObjectReference } from '../pod-template/types.js';
import type { Pod } from '../pods/types.js';
import type { PersistentVolumeClaim } from './types.js';

export const describe: Describer<PersistentVolumeClaim> = async (claim, reader, out, options) => {
  const { metadata, spec, status } = claim;
  const pods = await podsOf(claim, reader);
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `StorageClass:\t${storageClassOf(claim)}`);
  out.line(0, `Status:\t${metadata.deletionTimestamp ? `Terminating (lasts ${ageOf(metadata.deletionTimestamp, options.now)})` : (status?.phase ?? '')}`);
  out.line(0, `Volume:\t${spec.volumeName ?? ''}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  const isBound = Boolean(spec.volumeName);
  out.line(0, `Capacity:\t${isBound ? formatQuantity(quantity(status?.capacity?.['storage'])) : ''}`);
  out.line(0, `Access Modes:\t${isBound ? formatAccessModes(status?.accessModes) : ''}`);
  if (spec.volumeMode !== undefined) out.line(0, `VolumeMode:\t${spec.volumeMode}`);
  if (spec.dataSource !== undefined) describeSource(spec.dataSource, out);
  describeUsers(pods, out);
  if (status?.conditions?.length) {
    out.line(0, 'Conditions:');
    out.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage');
    out.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const condition of status.conditions) {
      const times = `${describeTime(condition.lastProbeTime)} \t${describeTime(condition.lastTransitionTime)}`;
      out.line(1, `${condition.type} \t${condition.status} \t${times} \t${condition.reason ?? ''} \t${condition.message ?? ''}`);
    }
  }
  await describeEventsOf(claim, reader, out, options);
};

/** Those that mount it, and the pod whose ephemeral volume it is. */
async function podsOf({ metadata }: PersistentVolumeClaim, reader: Reader): Promise<readonly Pod[]> {
  const pods = await reader.list<Pod>('pods', { namespace: metadata.namespace ?? '' });
  const owners = new Set((metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Pod').map(({ uid }) => uid));
  const users = pods.filter(({ spec }) => spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === metadata.name));
  return [...users, ...pods.filter((pod) => owners.has(pod.metadata.uid ?? '') && !users.includes(pod))];
}

function describeSource({ apiGroup, kind, name }: TypedLocalObjectReference, out: IndentedWriter): void {
  out.line(0, 'DataSource:');
  if (apiGroup) out.line(1, `APIGroup:\t${apiGroup}`);
  out.line(1, `Kind:\t${kind}`);
  out.line(1, `Name:\t${name}`);
}

/** printPodsMultiline. */
function describeUsers(pods: readonly Pod[], out: IndentedWriter): void {
  const names = pods.map(({ metadata }) => metadata.name ?? '').sort();
  if (names.length === 0) out.line(0, 'Used By:\t<none>');
  names.forEach((name, i) => {
    out.line(0, `${i === 0 ? 'Used By:' : ''}\t${name}`);
  });
}
