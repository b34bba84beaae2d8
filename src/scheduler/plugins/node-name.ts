/** A pod that names its node: pkg/scheduler/framework/plugins/nodename. */
import { type FilterPlugin, unresolvable } from '../framework.js';

const OTHER_NODE = unresolvable("node(s) didn't match the requested node name");

export const nodeName: FilterPlugin = {
  name: 'NodeName',
  retryOn: { NodeAdd: ({ pod }, { object }) => object.metadata.name === pod.spec.nodeName, NodeTaint: true },
  prepare: ({ pod }) => {
    const wanted = pod.spec.nodeName;
    return wanted ? (node) => (node.name === wanted ? undefined : OTHER_NODE) : undefined;
  },
};
