/** What one version's status says that the one before did not. */
import type { ContainerState, Pod } from '../../resources/pods/types.js';
import { statusesOf } from '../timeline/times.js';

/** `phase: Running`, `condition Ready: True`, `container web: running` … */
export function statusChanges(before: Pod, pod: Pod): readonly string[] {
  const parts: string[] = [];
  const { status: a = {} } = before;
  const { status: b = {} } = pod;
  if (a === b) return parts;
  if (a.phase !== b.phase) parts.push(`phase: ${b.phase}`);
  const flips = (b.conditions ?? []).filter(({ type, status }) => a.conditions?.find((one) => one.type === type)?.status !== status);
  for (const status of ['True', 'False', 'Unknown']) {
    const types = flips.filter((one) => one.status === status).map(({ type }) => type);
    if (types.length > 0) parts.push(`${types.join(', ')}: ${status}`);
  }
  if (a.podIP !== b.podIP && b.podIP !== undefined) parts.push(`podIP: ${b.podIP}`);
  if (a.nominatedNodeName !== b.nominatedNodeName) parts.push(`nominatedNodeName: ${b.nominatedNodeName ?? 'none'}`);
  const old = statusesOf(before);
  for (const one of statusesOf(pod)) {
    const known = old.find(({ name }) => name === one.name);
    const [was, is] = [stateText(known?.state), stateText(one.state)];
    if (was !== is) parts.push(`container ${one.name}: ${is}`);
    else if (known?.ready !== one.ready) parts.push(`container ${one.name}: ready ${one.ready}`);
  }
  return parts;
}

function stateText({ waiting, running, terminated }: ContainerState = {}): string {
  if (running !== undefined) return 'running';
  if (terminated !== undefined) return `terminated ${terminated.reason ?? ''} ${terminated.exitCode}`;
  return waiting === undefined ? '' : `waiting ${waiting.reason ?? ''}`;
}
