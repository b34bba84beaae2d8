/** A healthy kubelet posts its unchanged status every five minutes (nodeStatusReportFrequency): worked out when somebody looks. */
import type { StateMap } from '../../api/reconciler.js';
import { formatTime, parseTime, type Time } from '../../api/time.js';
import type { Node, NodeCondition } from './types.js';

const REPORT_EVERY = 300_000;

/** The node with the heartbeats its kubelet has posted by now. One that is cut off has posted none since. */
export function withHeartbeats(node: Node, now: Time, state: StateMap): Node {
  const conditions = node.status?.conditions;
  if (conditions === undefined || !conditions.some(isFromKubelet)) return node;
  const silentSince = state.get<{ readonly since: number }>(`faults/nodes/${node.metadata.name}`)?.since;
  const until = silentSince === undefined ? now : (Math.min(now, silentSince) as Time);
  let moved = false;
  const next = conditions.map((condition) => {
    const last = condition.lastHeartbeatTime ? parseTime(condition.lastHeartbeatTime) : undefined;
    if (last === undefined || !isFromKubelet(condition) || until - last < REPORT_EVERY) return condition;
    moved = true;
    return { ...condition, lastHeartbeatTime: formatTime((last + Math.floor((until - last) / REPORT_EVERY) * REPORT_EVERY) as Time) };
  });
  return moved ? { ...node, status: { ...node.status, conditions: next } } : node;
}

/** Those the node lifecycle controller has set to Unknown stand as it wrote them. */
const isFromKubelet = ({ reason, status }: NodeCondition): boolean => status !== 'Unknown' && reason?.startsWith('Kubelet') === true;
