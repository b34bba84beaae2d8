/** The kubelet's own node: registration, status, lease (pkg/kubelet/kubelet_node_status.go, nodestatus/setters.go). */
import type { Context, Result, StateMap } from '../api/reconciler.js';
import type { KubeletOptions } from './work.js';

/** What `podsim fault node-down` and `partition` have said of a node, in the saved state. */
export interface NodeFault {
  /** `down`: the machine is off, its containers are dead; `partition`: it runs on but nobody hears of it. */
  readonly kind: 'down' | 'partition';
  readonly since: number;
}
export const nodeFaultKey = (node: string): string => `faults/nodes/${node}`;

/** The kubelet neither acts nor reports. */
export const isNodeDown = (state: StateMap, node: string): boolean => state.get<NodeFault>(nodeFaultKey(node)) !== undefined;

export function reconcileNode(options: KubeletOptions, context: Context): Result | undefined {
  const { node, register } = options;
  if (isNodeDown(options.state, node)) return undefined;
  const known = context.api.get('nodes', { namespace: '', name: node });
  if (known === undefined && register !== undefined) context.api.create('nodes', register(), { fieldManager: 'kubelet' });
  return undefined;
}
