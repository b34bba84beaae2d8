/** Host ports: pkg/scheduler/framework/plugins/nodeports. */
import { type FilterPlugin, unschedulable } from '../framework.js';

const TAKEN = unschedulable("node(s) didn't have free ports for the requested pod ports");

export const nodePorts: FilterPlugin = {
  name: 'NodePorts',
  retryOn: ['NodeAdd', 'PodDelete'],
  prepare: ({ hostPorts }) => (hostPorts.length === 0 ? undefined : (node) => (hostPorts.some((port) => node.hasPort(port)) ? TAKEN : undefined)),
};
