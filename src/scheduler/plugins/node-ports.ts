/** Host ports: pkg/scheduler/framework/plugins/nodeports. */
import type { Pod } from '../../resources/pods/types.js';
import { type FilterPlugin, unschedulable } from '../framework.js';
import { type HostPort, hostPortsOf } from '../pod-info.js';

const TAKEN = unschedulable("node(s) didn't have free ports for the requested pod ports");

export const nodePorts: FilterPlugin = {
  name: 'NodePorts',
  // Only the end of a pod that has one of the ports.
  retryOn: {
    NodeAdd: true,
    NodeTaint: true,
    PodDelete: ({ hostPorts }, { object }) => hostPortsOf(object as Pod).some((freed) => hostPorts.some((wanted) => collide(freed, wanted))),
  },
  prepare: ({ hostPorts }) => (hostPorts.length === 0 ? undefined : (node) => (hostPorts.some((port) => node.hasPort(port)) ? TAKEN : undefined)),
};

const ANY = '0.0.0.0';
const collide = (a: HostPort, b: HostPort): boolean => a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY || b.ip === ANY);
