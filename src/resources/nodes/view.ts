/** Reading nodes: names, columns (printers.go printNode), field selectors. */
import type { Column, ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn } from '../meta/columns.js';
import { withHeartbeats } from './heartbeat.js';
import type { Node } from './types.js';

/** `Ready`, `NotReady,SchedulingDisabled` … The last Ready condition wins. */
function nodeStatusText(node: Node): string {
  let ready = 'Unknown';
  for (const condition of node.status?.conditions ?? []) if (condition.type === 'Ready') ready = condition.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable ? `${ready},SchedulingDisabled` : ready;
}

/** From `node-role.kubernetes.io/<role>` keys and the value of `kubernetes.io/role`; sorted, each once. */
export function nodeRoles(node: Node): readonly string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith('node-role.kubernetes.io/')) {
      const role = key.slice('node-role.kubernetes.io/'.length);
      if (role !== '') roles.add(role);
    } else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

const address = (node: Node, type: string): string => node.status?.addresses?.find((entry) => entry.type === type)?.address ?? '<none>';

const columns: readonly Column<Node>[] = [
  nameColumn,
  { name: 'Status', type: 'string', description: 'The status of the node', cell: nodeStatusText },
  { name: 'Roles', type: 'string', description: 'The roles of the node', cell: (node) => nodeRoles(node).join(',') || '<none>' },
  ageColumn,
  { name: 'Version', type: 'string', cell: (node) => node.status?.nodeInfo?.kubeletVersion ?? '' },
  { name: 'Internal-IP', type: 'string', priority: 1, cell: (node) => address(node, 'InternalIP') },
  { name: 'External-IP', type: 'string', priority: 1, cell: (node) => address(node, 'ExternalIP') },
  { name: 'OS-Image', type: 'string', priority: 1, cell: (node) => node.status?.nodeInfo?.osImage || '<unknown>' },
  { name: 'Kernel-Version', type: 'string', priority: 1, cell: (node) => node.status?.nodeInfo?.kernelVersion || '<unknown>' },
  { name: 'Container-Runtime', type: 'string', priority: 1, cell: (node) => node.status?.nodeInfo?.containerRuntimeVersion || '<unknown>' },
];

export const view: ResourceView<Node> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'Node',
    plural: 'nodes',
    singular: 'node',
    shortNames: ['no'],
    namespaced: false,
    categories: [],
  },
  columns,
  selectableFields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable === true) },
  observe: withHeartbeats,
};
