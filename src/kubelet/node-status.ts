/** What a kubelet says of its node: kubelet_node_status.go, nodestatus/setters.go. Heartbeats that change nothing are worked out when somebody looks. */
import type { Context, EventType, StateMap } from '../api/reconciler.js';
import { formatTime } from '../api/time.js';
import type { Node, NodeCondition } from '../resources/nodes/types.js';
import type { KubeletOptions } from './work.js';

/** What the kubelet remembers of it. */
interface NodeRecord {
  /** The machine has been switched off: when it is on again, it has booted. */
  off?: true;
  /** The kubelet has been stopped, or is another process now: it begins anew. */
  restarted?: true;
  unschedulable?: true;
}
const recordKey = (node: string): string => `nodes/${node}/status`;

/** The machine goes off. */
export function rememberOff({ state, node }: KubeletOptions): void {
  state.set(recordKey(node), { ...state.get<NodeRecord>(recordKey(node)), off: true } satisfies NodeRecord);
}

/** The kubelet alone has been stopped or started again. */
export function rememberStopped(state: StateMap, node: string): void {
  state.set(recordKey(node), { ...state.get<NodeRecord>(recordKey(node)), restarted: true } satisfies NodeRecord);
}

interface Healthy {
  readonly type: string;
  readonly status: NodeCondition['status'];
  readonly reason: string;
  readonly message: string;
  readonly event: string;
}
const HEALTHY: readonly Healthy[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
    event: 'NodeHasSufficientMemory',
  },
  { type: 'DiskPressure', status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure', event: 'NodeHasNoDiskPressure' },
  { type: 'PIDPressure', status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available', event: 'NodeHasSufficientPID' },
  { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status', event: 'NodeReady' },
];

/** Says that the node is well where the API thinks otherwise, and what has happened to it. True: it had been given up for lost. */
export function reportNode(options: KubeletOptions, context: Context): boolean {
  const { state, node: name } = options;
  const node = context.api.get<Node>('nodes', { namespace: '', name });
  if (node === undefined) return false;
  const said = (type: EventType, reason: string, message: string): void => context.event(node, type, reason, message, { component: 'kubelet', host: name });
  const status = (event: string): void => said('Normal', event, `Node ${name} status is now: ${event}`);
  const { off, restarted, ...kept } = state.get<NodeRecord>(recordKey(name)) ?? {};
  if (off === true || restarted === true) {
    said('Normal', 'Starting', 'Starting kubelet.');
    said('Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
  }
  const at = formatTime(context.now);
  const lost: Healthy[] = [];
  const conditions = (node.status?.conditions ?? []).map((one): NodeCondition => {
    const healthy = HEALTHY.find(({ type }) => type === one.type);
    if (healthy === undefined || one.status !== 'Unknown') return one;
    lost.push(healthy);
    const { type, status: value, reason, message } = healthy;
    return { type, status: value, lastHeartbeatTime: at, lastTransitionTime: at, reason, message };
  });
  // What it has never said before in this life it says (an initial status has no conditions).
  const unsaid =
    restarted === true && off !== true ? HEALTHY.filter(({ type }) => node.status?.conditions?.find((one) => one.type === type)?.status !== 'True') : lost;
  for (const { event } of unsaid) if (event !== 'NodeReady') status(event);
  let nodeInfo = node.status?.nodeInfo;
  if (off === true && nodeInfo !== undefined) {
    nodeInfo = { ...nodeInfo, bootID: bootId(() => context.random(`kubelet/${name}`)) };
    said('Warning', 'Rebooted', `Node ${name} has been rebooted, boot id: ${nodeInfo.bootID}`);
  }
  if (lost.some(({ event }) => event === 'NodeReady')) status('NodeReady');
  const isUnschedulable = node.spec?.unschedulable === true;
  if (isUnschedulable !== (kept.unschedulable === true)) status(isUnschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable');
  if (lost.length > 0 || off === true)
    context.api.updateStatus<Node>(
      'nodes',
      { ...node, status: { ...node.status, conditions, ...(nodeInfo === undefined ? {} : { nodeInfo }) } },
      { fieldManager: 'kubelet' },
    );
  if (isUnschedulable) state.set(recordKey(name), { unschedulable: true } satisfies NodeRecord);
  else state.delete(recordKey(name));
  return lost.length > 0;
}

function bootId(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}
