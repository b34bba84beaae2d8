/** kubectl pkg/describe/describe.go describeCSINode. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import type { CSINode } from './types.js';

export const describe: Describer<CSINode> = async (node, reader, out, options) => {
  const { metadata, spec } = node;
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `CreationTimestamp:\t${describeTime(metadata.creationTimestamp)}`);
  out.line(0, 'Spec:');
  if (spec.drivers) {
    out.line(1, 'Drivers:');
    for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers) {
      out.line(2, `${name}:`);
      out.line(3, `Node ID:\t${nodeID}`);
      if (allocatable?.count !== undefined) {
        out.line(3, 'Allocatables:');
        out.line(4, `Count:\t${allocatable.count}`);
      }
      if (topologyKeys) out.line(3, `Topology Keys:\t[${topologyKeys.join(' ')}]`);
    }
  }
  await describeEventsOf(node, reader, out, options);
};
