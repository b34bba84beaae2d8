/** Node pressure: pkg/kubelet/eviction. The node says so, and the pod that takes most beyond its request goes, one at a time. */

import { untoleratedTaint } from '../api/node-selector.js';
import { keyOf } from '../api/object.js';
import { formatQuantity, quantity, quantityValue } from '../api/quantity.js';
import type { Context } from '../api/reconciler.js';
import { formatTime, seconds } from '../api/time.js';
import type { Node, NodeCondition } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import type { Rejection } from './admission.js';
import { beginEnd } from './end-pod.js';
import { isCritical } from './preemption.js';
import { entryKey, loadEntry, type PodRecord, saveEntry } from './record.js';
import type { KubeletOptions, Work } from './work.js';

export type Pressure = 'memory' | 'disk';
/** What `podsim fault memory-pressure` and `disk-pressure` have said of a node: a list of {@link Pressure}. */
export const pressureKey = (node: string): string => `faults/pressure/${node}`;

/** A hard threshold leaves a container this long (raised to two seconds when it is stopped). */
export const HARD_GRACE = seconds(1);

interface Signal {
  readonly condition: 'MemoryPressure' | 'DiskPressure';
  readonly resource: 'memory' | 'ephemeral-storage';
  readonly bad: readonly [string, string];
  readonly good: readonly [string, string];
  readonly event: readonly [string, string];
  threshold(node: Node): string;
  available(node: Node): string;
}
const share = (node: Node, resource: string, of: number): string => {
  const value = quantity(node.status?.capacity?.[resource] ?? '0');
  return formatQuantity({ nano: (value.nano * BigInt(Math.round(of * 1000))) / 1000n, format: 'BinarySI' });
};
const SIGNALS: Readonly<Record<Pressure, Signal>> = {
  memory: {
    condition: 'MemoryPressure',
    resource: 'memory',
    bad: ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
    good: ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    event: ['NodeHasInsufficientMemory', 'NodeHasSufficientMemory'],
    threshold: () => '100Mi',
    available: () => '81896Ki',
  },
  disk: {
    condition: 'DiskPressure',
    resource: 'ephemeral-storage',
    bad: ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
    good: ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    event: ['NodeHasDiskPressure', 'NodeHasNoDiskPressure'],
    threshold: (node) => share(node, 'ephemeral-storage', 0.1),
    available: (node) => share(node, 'ephemeral-storage', 0.08),
  },
};

/** Brings the node's conditions into line with the faults; a pressure that is new costs a pod. */
export function reconcilePressure(options: KubeletOptions, context: Context): void {
  const pressures = options.state.get<readonly Pressure[]>(pressureKey(options.node)) ?? [];
  for (const [name, signal] of Object.entries(SIGNALS) as [Pressure, Signal][]) {
    const node = context.api.get<Node>('nodes', { namespace: '', name: options.node });
    const condition = node?.status?.conditions?.find((one) => one.type === signal.condition);
    const isUnder = pressures.includes(name);
    if (node === undefined || condition === undefined || (condition.status === 'True') === isUnder) continue;
    setCondition(context, node, signal, isUnder);
    const said = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
      context.event(node, type, reason, message, { component: 'kubelet', host: options.node });
    if (isUnder) said('Warning', 'EvictionThresholdMet', `Attempting to reclaim ${signal.resource}`);
    const event = signal.event[isUnder ? 0 : 1];
    said('Normal', event, `Node ${options.node} status is now: ${event}`);
    if (isUnder) chooseVictim(options, context, node, signal);
  }
}

function setCondition(context: Context, node: Node, signal: Signal, isUnder: boolean): void {
  const at = formatTime(context.now);
  const [reason, message] = isUnder ? signal.bad : signal.good;
  const conditions = (node.status?.conditions ?? []).map(
    (one): NodeCondition =>
      one.type === signal.condition ? { ...one, status: isUnder ? 'True' : 'False', lastHeartbeatTime: at, lastTransitionTime: at, reason, message } : one,
  );
  context.api.updateStatus<Node>('nodes', { ...node, status: { ...node.status, conditions } }, { fieldManager: 'kubelet' });
}

/** rankMemoryPressure: beyond its request first, then lower priority, then what exceeds most. */
function chooseVictim(options: KubeletOptions, context: Context, node: Node, signal: Signal): void {
  const { runtime, state } = options;
  const pods = context.api.list<Pod>('pods', { index: { name: 'node', value: options.node } }).flatMap((pod) => {
    const key = keyOf(pod);
    const entry = loadEntry(state, entryKey(options.node, key));
    const { sandbox, end } = entry.pod ?? {};
    if (sandbox === undefined || end !== undefined || isCritical(pod)) return [];
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const containers = runtime
      .listContainers(sandbox)
      .filter((one) => one.state === 'running')
      .map((one) => {
        const asked = all.find((container) => container.name === one.name)?.resources?.requests?.[signal.resource];
        return { name: one.name, used: signal.resource === 'memory' ? runtime.usage(one.id).memory : 28_672, request: quantityValue(quantity(asked)), asked };
      });
    const excess = containers.reduce((sum, one) => sum + one.used - one.request, 0);
    return [{ pod, key, entry, containers, excess }];
  });
  const [victim] = pods.sort(
    (a, b) => Number(b.excess > 0) - Number(a.excess > 0) || (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) || b.excess - a.excess,
  );
  if (victim?.entry.pod === undefined) return;
  const binary = (bytes: number): string => formatQuantity({ nano: BigInt(Math.round(bytes)) * 1_000_000_000n, format: 'BinarySI' });
  const over = victim.containers.filter((one) => one.used > one.request);
  const message =
    `The node was low on resource: ${signal.resource}. Threshold quantity: ${signal.threshold(node)}, available: ${signal.available(node)}. ` +
    over
      .map(
        (one) =>
          `Container ${one.name} was using ${binary(one.used)}, request is ${formatQuantity(quantity(one.asked))}, has larger consumption of ${signal.resource}. `,
      )
      .join('');
  victim.entry.pod.evict = { reason: 'Evicted', message, disruption: message };
  saveEntry(state, entryKey(options.node, victim.key), victim.entry);
  context.requeue(victim.key, seconds(0));
}

/** Ends a pod for another's sake or the node's: at once under pressure, else with its own grace. */
export function evict(work: Work, { reason, message, disruption }: NonNullable<PodRecord['evict']>): void {
  work.event('Warning', reason, message);
  const grace = reason === 'Evicted' ? HARD_GRACE : work.gracePeriod;
  beginEnd(work, { grace, phase: 'Failed', reason, message, disruption });
}

/** Under pressure no new pods are let in, but for critical ones and, where only memory is short, those that asked for some (managerImpl.Admit). */
export function refusedUnderPressure({ pod }: Work, node: Node): Rejection | undefined {
  const pressures = node.status?.conditions?.filter(({ type, status }) => status === 'True' && PRESSURES.has(type));
  if (pressures === undefined || pressures.length === 0 || isCritical(pod)) return undefined;
  const under = pressures.map(({ type }) => type);
  if (under.length === 1 && under[0] === 'MemoryPressure' && (pod.status?.qosClass !== 'BestEffort' || toleratesMemoryPressure(pod))) return undefined;
  return { reason: 'Evicted', message: `The node had condition: [${under.join(' ')}]. ` };
}
const PRESSURES: ReadonlySet<string> = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure']);
const toleratesMemoryPressure = ({ spec }: Pod): boolean =>
  untoleratedTaint([{ key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' }], spec.tolerations ?? [], ['NoSchedule']) === undefined;
