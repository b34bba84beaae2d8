/**
 * Nodes that stop reporting: pkg/controller/nodelifecycle/node_lifecycle_controller.go. Heartbeats are not stepped through here: a node
 * reports unless the state says since when it does not (`podsim fault node-down` and `partition`, which wake this).
 */

import { isSemanticEqual } from '../api/equality.js';
import { type KubeObject, keyOf } from '../api/object.js';
import type { Context, Reconciler, Result, StateMap } from '../api/reconciler.js';
import { type Duration, formatTime, parseTime, seconds, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import type { Node, NodeCondition, Taint } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import { readyCondition } from './pods.js';

export const NODE_CONTROLLER = 'node-controller';
/** --node-monitor-grace-period, --node-startup-grace-period. */
const GRACE = seconds(50);
const STARTUP_GRACE = seconds(60);
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

/** Where the state says that a node's kubelet does not report: `{ since: Time }`. */
export const nodeDownKey = (node: string): string => `faults/nodes/${node}`;
export interface NodeDown {
  readonly since: Time;
}

const knownKey = (node: string): string => `${NODE_CONTROLLER}/${node}`;
/** What the controller remembers of a node. */
interface KnownNode {
  readonly uid: string;
  readonly ready: string;
}

const REPORTED: readonly string[] = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

export function nodeLifecycleController(state: StateMap): Reconciler {
  return {
    name: NODE_CONTROLLER,
    watches: [
      { resource: 'nodes', keys: ({ object }) => [keyOf(object)] },
      {
        resource: 'leases.coordination.k8s.io',
        keys: ({ object }) => (object.metadata.namespace === 'kube-node-lease' ? [{ namespace: '', name: object.metadata.name ?? '' }] : []),
      },
    ],
    reconcile: ({ name }, context) => {
      const node = context.api.get<Node>('nodes', { namespace: '', name });
      if (node === undefined) forget(name, state, context);
      else return monitor(node, state, context);
      return undefined;
    },
  };
}

function forget(name: string, state: StateMap, context: Context): void {
  const known = state.get<KnownNode>(knownKey(name));
  if (known === undefined) return;
  state.delete(knownKey(name));
  const gone: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid: known.uid } };
  context.event(gone, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
}

function monitor(found: Node, state: StateMap, context: Context): Result | undefined {
  const { name = '', uid = '' } = found.metadata;
  let known = state.get<KnownNode>(knownKey(name));
  if (known?.uid !== uid) {
    context.event(found, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
    known = { uid, ready: statusOf(found, 'Ready') };
    state.set(knownKey(name), known);
  }
  const silence = silentUntil(found, state);
  const isSilent = silence !== undefined && silence <= context.now;
  const node = setTaints(isSilent ? markUnknown(found, context) : found, context);
  const ready = statusOf(node, 'Ready');
  if (ready !== known.ready) {
    state.set(knownKey(name), { uid, ready });
    if (known.ready === 'True') {
      context.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      markPodsNotReady(node, context);
    }
  }
  return silence === undefined || isSilent ? undefined : { requeueAfter: (silence - context.now) as Duration };
}

const conditionOf = (node: Node, type: string): NodeCondition | undefined => node.status?.conditions?.find((condition) => condition.type === type);
const statusOf = (node: Node, type: string): string => conditionOf(node, type)?.status ?? 'Unknown';

/** When the grace period of a node that does not report is over; undefined: it reports. */
function silentUntil(node: Node, state: StateMap): Time | undefined {
  const down = state.get<NodeDown>(nodeDownKey(node.metadata.name ?? ''));
  if (down !== undefined) return (down.since + GRACE) as Time;
  if (conditionOf(node, 'Ready') !== undefined) return undefined;
  return ((parseTime(node.metadata.creationTimestamp ?? '') ?? 0) + STARTUP_GRACE) as Time;
}

function markUnknown(node: Node, { api, now }: Context): Node {
  const at = formatTime(now);
  const conditions = [...(node.status?.conditions ?? [])];
  for (const type of REPORTED) {
    const i = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[i];
    if (old === undefined) {
      const message = 'Kubelet never posted node status.';
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message,
        lastHeartbeatTime: node.metadata.creationTimestamp ?? at,
        lastTransitionTime: at,
      });
    } else if (old.status !== 'Unknown')
      conditions[i] = { ...old, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime: at };
  }
  if (isSemanticEqual(conditions, node.status?.conditions)) return node;
  return api.updateStatus<Node>('nodes', { ...node, status: { ...node.status, conditions } }, WRITE);
}

/** Condition and status → NoSchedule taint. */
const TAINTS: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', 'node.kubernetes.io/not-ready'],
  ['Ready', 'Unknown', 'node.kubernetes.io/unreachable'],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const OWN_KEYS: ReadonlySet<string> = new Set([...TAINTS.map(([, , key]) => key), UNSCHEDULABLE]);

/** doNoScheduleTaintingPass: taints as the conditions and spec.unschedulable have it. */
function setTaints(node: Node, { api, now }: Context): Node {
  const wanted = TAINTS.filter(([type, status]) => conditionOf(node, type)?.status === status).map(([, , key]) => key);
  if (node.spec?.unschedulable === true) wanted.push(UNSCHEDULABLE);
  const taints = node.spec?.taints ?? [];
  const isOwn = ({ key, effect }: Taint) => effect === 'NoSchedule' && OWN_KEYS.has(key);
  const missing = wanted.filter((key) => !taints.some((taint) => isOwn(taint) && taint.key === key));
  const kept = taints.filter((taint) => !isOwn(taint) || wanted.includes(taint.key));
  if (missing.length === 0 && kept.length === taints.length) return node;
  return writeTaints(node, [...kept, ...missing.map((key): Taint => ({ key, effect: 'NoSchedule', timeAdded: formatTime(now) }))], api);
}

export function writeTaints(node: Node, taints: readonly Taint[], api: Api): Node {
  const { taints: _, ...spec } = node.spec ?? {};
  return api.update<Node>('nodes', { ...node, spec: taints.length === 0 ? spec : { ...spec, taints } }, WRITE);
}

/** MarkPodsNotReady: only the Ready condition changes, and only its status. */
function markPodsNotReady(node: Node, context: Context): void {
  for (const pod of context.api.list<Pod>('pods', { index: { name: 'node', value: node.metadata.name ?? '' } })) {
    const ready = readyCondition(pod);
    if (ready === undefined || ready.status === 'False') continue;
    const conditions = pod.status?.conditions?.map((condition) =>
      condition === ready ? { ...condition, status: 'False' as const, lastTransitionTime: formatTime(context.now) } : condition,
    );
    context.api.updateStatus<Pod>('pods', { ...pod, status: { ...pod.status, ...(conditions === undefined ? {} : { conditions }) } }, WRITE);
    context.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}
