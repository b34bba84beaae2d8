/** The kubelet's own node: registration, and what happens when the machine goes down (pkg/kubelet/kubelet_node_status.go). */
import { keyOf, type ObjectKey, parseKey } from '../api/object.js';
import type { Context, Result, StateMap } from '../api/reconciler.js';
import { milliseconds } from '../api/time.js';
import type { Pod } from '../resources/pods/types.js';
import { reconcilePressure } from './eviction.js';
import { rememberOff, reportNode } from './node-status.js';
import { entryKey, loadEntry, podsPrefix, saveEntry } from './record.js';
import type { KubeletOptions } from './work.js';

/** What `podsim fault node-down` and `partition` have said of a node, in the saved state. */
export interface NodeFault {
  /** `down`: the machine is off, its containers are dead; `partition`: it runs on but nobody hears of it; `kubelet`: only the kubelet has been stopped. */
  readonly kind: 'down' | 'partition' | 'kubelet';
  readonly since: number;
}
export const nodeFaultKey = (node: string): string => `faults/nodes/${node}`;

/** The kubelet neither acts nor reports. `fault`: {@link nodeFaultKey}. */
export const isNodeDown = (state: StateMap, fault: string): boolean => state.get<NodeFault>(fault) !== undefined;

export function reconcileNode(options: KubeletOptions, context: Context): Result | undefined {
  const { node, register, state } = options;
  if (state.get<NodeFault>(nodeFaultKey(node))?.kind === 'down') losePods(options, context);
  if (isNodeDown(state, nodeFaultKey(node))) return undefined;
  const wasLost = reportNode(options, context);
  // Back after a fault (or just told something about the node): every pod it remembers is looked at again.
  const prefix = podsPrefix(node);
  for (const key of state.keys(prefix)) {
    const pod = parseKey(key.slice(prefix.length));
    if (wasLost) sayAgain(options, context, pod);
    context.requeue(pod, milliseconds(0));
  }
  reconcilePressure(options, context);
  const known = context.api.get('nodes', { namespace: '', name: node });
  if (known === undefined && register !== undefined) context.api.create('nodes', register(), { fieldManager: 'kubelet' });
  return undefined;
}

/** Others have called the pod not ready meanwhile: its next sync says how it is (NeedToReconcilePodReadiness). */
function sayAgain({ state, node }: KubeletOptions, { now }: Context, key: ObjectKey): void {
  const at = entryKey(node, key);
  const entry = loadEntry(state, at);
  if (entry.pod === undefined || entry.pod.end !== undefined || entry.pod.rejected === true) return;
  entry.pod.syncAt = now;
  saveEntry(state, at, entry);
}

/** The machine is off: what ran on it runs no more. The kubelet will find out when it is back. */
function losePods(options: KubeletOptions, context: Context): void {
  const { node, state, runtime } = options;
  rememberOff(options);
  for (const pod of context.api.list<Pod>('pods', { index: { name: 'node', value: node } })) {
    const { sandbox } = loadEntry(state, entryKey(node, keyOf(pod))).pod ?? {};
    if (sandbox !== undefined) runtime.loseSandbox(sandbox);
  }
}
