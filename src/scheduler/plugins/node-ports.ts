/** Host ports: pkg/scheduler/framework/plugins/nodeports. */
import { hostPortsOf, portsCollide } from '../../api/host-ports.js';
import type { Pod } from '../../resources/pods/types.js';
import { type FilterPlugin, unschedulable } from '../framework.js';

const TAKEN = unschedulable("node(s) didn't have free ports for the requested pod ports");

export const nodePorts: FilterPlugin = {
  name: 'NodePorts',
  // Only the end of a pod that has one of the ports.
  retryOn: {
    NodeAdd: true,
    NodeTaint: true,
    PodDelete: ({ hostPorts }, { object }) => hostPortsOf(object as Pod).some((freed) => hostPorts.some((wanted) => portsCollide(freed, wanted))),
  },
  prepare: ({ hostPorts }) => (hostPorts.length === 0 ? undefined : (node) => (hostPorts.some((port) => node.hasPort(port)) ? TAKEN : undefined)),
};
