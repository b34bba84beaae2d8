/** kubectl pkg/describe/describe.go describePersistentVolume. */
import { formatQuantity, quantity } from '../../api/quantity.js';
import type { Describer, IndentedWriter } from '../../api/resource.js';
import { ageOf } from '../meta/columns.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import { formatAccessModes, storageClassOf } from '../meta/storage.js';
import { describeSource } from './describe-source.js';
import type { PersistentVolume, PersistentVolumeSpec } from './types.js';

export const describe: Describer<PersistentVolume> = async (volume, reader, out, options) => {
  const { metadata, spec, status } = volume;
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  out.line(0, `StorageClass:\t${storageClassOf(volume)}`);
  out.line(0, `Status:\t${metadata.deletionTimestamp ? `Terminating (lasts ${ageOf(metadata.deletionTimestamp, options.now)})` : (status?.phase ?? '')}`);
  out.line(0, `Claim:\t${spec.claimRef === undefined ? '' : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`}`);
  out.line(0, `Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ''}`);
  out.line(0, `Access Modes:\t${formatAccessModes(spec.accessModes)}`);
  if (spec.volumeMode !== undefined) out.line(0, `VolumeMode:\t${spec.volumeMode}`);
  out.line(0, `Capacity:\t${formatQuantity(quantity(spec.capacity?.['storage']))}`);
  describeNodeAffinity(spec, out);
  out.line(0, `Message:\t${status?.message ?? ''}`);
  out.line(0, 'Source:');
  describeSource(spec, out);
  await describeEventsOf(volume, reader, out, options);
};

function describeNodeAffinity({ nodeAffinity }: PersistentVolumeSpec, out: IndentedWriter): void {
  const terms = nodeAffinity?.required?.nodeSelectorTerms;
  if (nodeAffinity?.required === undefined) {
    out.line(0, 'Node Affinity:\t<none>');
    return;
  }
  out.line(0, 'Node Affinity:\t');
  out.line(1, `Required Terms:\t${terms?.length ? '' : '<none>'}`);
  terms?.forEach(({ matchExpressions }, i) => {
    if (!matchExpressions?.length) out.line(2, `Term ${i}:\t<none>`);
    matchExpressions?.forEach(({ key, operator, values }, j) => {
      const set = values?.length ? ` [${values.join(', ')}]` : '';
      out.line(2, `${j === 0 ? `Term ${i}:` : ''}\t${key} ${operator.toLowerCase()}${set}`);
    });
  });
}
