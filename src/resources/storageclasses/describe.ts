/** kubectl pkg/describe/describe.go describeStorageClass. */
import type { Describer, IndentedWriter } from '../../api/resource.js';
import { formatLabels } from '../meta/columns.js';
import { describeEventsOf } from '../meta/describe.js';
import { isDefaultClass } from '../meta/storage.js';
import type { StorageClass, TopologySelectorTerm } from './types.js';

export const describe: Describer<StorageClass> = async (storage, reader, out, options) => {
  const { metadata, allowVolumeExpansion: expansion } = storage;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `IsDefaultClass:\t${isDefaultClass(metadata) ? 'Yes' : 'No'}`);
  out.line(0, `Annotations:\t${formatLabels(metadata.annotations)}`);
  out.line(0, `Provisioner:\t${storage.provisioner}`);
  out.line(0, `Parameters:\t${formatLabels(storage.parameters)}`);
  out.line(0, `AllowVolumeExpansion:\t${expansion === undefined ? '<unset>' : expansion ? 'True' : 'False'}`);
  if (!storage.mountOptions?.length) out.line(0, 'MountOptions:\t<none>');
  else {
    out.line(0, 'MountOptions:');
    for (const option of storage.mountOptions) out.line(1, option);
  }
  if (storage.reclaimPolicy !== undefined) out.line(0, `ReclaimPolicy:\t${storage.reclaimPolicy}`);
  if (storage.volumeBindingMode !== undefined) out.line(0, `VolumeBindingMode:\t${storage.volumeBindingMode}`);
  if (storage.allowedTopologies !== undefined) describeTopologies(storage.allowedTopologies, out);
  await describeEventsOf(storage, reader, out, options);
};

function describeTopologies(terms: readonly TopologySelectorTerm[], out: IndentedWriter): void {
  out.line(0, `AllowedTopologies:\t${terms.length === 0 ? '<none>' : ''}`);
  terms.forEach((term, i) => {
    const lines = (term.matchLabelExpressions ?? []).map(({ key, values }) => `${key} in${values.length > 0 ? ` [${values.join(', ')}]` : ''}`);
    if (lines.length === 0) out.line(1, `Term ${i}:\t<none>`);
    lines.forEach((line, j) => {
      out.line(1, `${j === 0 ? `Term ${i}:` : ''}\t${line}`);
    });
  });
}
