/** Room for the pod's requests: pkg/scheduler/framework/plugins/noderesources (fit.go, least_allocated.go, balanced_allocation.go). */
import type { Node } from '../../resources/nodes/types.js';
import type { Pod } from '../../resources/pods/types.js';
import { type Change, type ClusterView, type FilterPlugin, MAX_SCORE, type ScorePlugin, unschedulable } from '../framework.js';
import { NodeInfo } from '../node-info.js';
import type { PodInfo } from '../pod-info.js';
import { lessened, QuantityReader, type Requests } from '../requests.js';

const NO_SCALARS: readonly (readonly [string, number])[] = [];

export const nodeResourcesFit: FilterPlugin = {
  name: 'NodeResourcesFit',
  retryOn: { NodeAdd: isLargeEnough, NodeAllocatable: isLargeEnough, NodeTaint: true, PodDelete: true, PodRequests: leavesRoom, OwnRequests: true },
  prepare: ({ requests }) => {
    const scalars = requests.scalar === undefined ? NO_SCALARS : Object.entries(requests.scalar).filter(([, wanted]) => wanted !== 0);
    return (node) => {
      const { allocatable } = node;
      const fits =
        node.pods.size + 1 <= node.allowedPods &&
        (requests.cpu === 0 || requests.cpu <= allocatable.cpu - node.cpu) &&
        (requests.memory === 0 || requests.memory <= allocatable.memory - node.memory) &&
        (requests.ephemeralStorage === 0 || requests.ephemeralStorage <= allocatable.ephemeralStorage - node.ephemeralStorage) &&
        (scalars.length === 0 || scalars.every(([name, wanted]) => wanted <= (allocatable.scalar?.[name] ?? 0) - (node.scalar[name] ?? 0)));
      return fits ? undefined : unschedulable(...missing(requests, node, scalars));
    };
  },
};

/** The pod would fit if the node were empty, and something it asks for has become more. */
function isLargeEnough({ requests }: PodInfo, { object, old }: Change, cluster: ClusterView): boolean {
  const node = cluster.node(object.metadata.name ?? '');
  if (node === undefined) return false;
  const wanted = wantedOf(requests);
  const isFit = node.allowedPods > 0 && wanted.every(([name, amount]) => amount <= amountOf(node.allocatable, name));
  if (!isFit || old === undefined) return isFit;
  const before = new NodeInfo(old as Node, new QuantityReader());
  return node.allowedPods > before.allowedPods || wanted.some(([name]) => amountOf(node.allocatable, name) > amountOf(before.allocatable, name));
}

/** Another pod asks for less of something this one asks for. */
function leavesRoom({ requests }: PodInfo, { object, old }: Change): boolean {
  const freed = lessened(old as Pod, object as Pod, new QuantityReader());
  return wantedOf(requests).some(([name]) => freed.includes(name));
}

const AMOUNTS = ['cpu', 'memory', 'ephemeralStorage'] as const;
const wantedOf = (requests: Requests): readonly (readonly [string, number])[] =>
  [...AMOUNTS.map((name) => [name, requests[name]] as const), ...Object.entries(requests.scalar ?? {})].filter(([, amount]) => amount > 0);
const amountOf = (requests: Requests, name: string): number =>
  AMOUNTS.find((own) => own === name) === undefined ? (requests.scalar?.[name] ?? 0) : requests[name as (typeof AMOUNTS)[number]];

/** All that is short, not only the first. */
function missing(requests: Requests, node: NodeInfo, scalars: readonly (readonly [string, number])[]): readonly string[] {
  const { allocatable } = node;
  const reasons: string[] = [];
  if (node.pods.size + 1 > node.allowedPods) reasons.push('Too many pods');
  if (requests.cpu > 0 && requests.cpu > allocatable.cpu - node.cpu) reasons.push('Insufficient cpu');
  if (requests.memory > 0 && requests.memory > allocatable.memory - node.memory) reasons.push('Insufficient memory');
  if (requests.ephemeralStorage > 0 && requests.ephemeralStorage > allocatable.ephemeralStorage - node.ephemeralStorage)
    reasons.push('Insufficient ephemeral-storage');
  for (const [name, wanted] of scalars) if (wanted > (allocatable.scalar?.[name] ?? 0) - (node.scalar[name] ?? 0)) reasons.push(`Insufficient ${name}`);
  return reasons;
}

/** LeastAllocated: the emptier, the better; pods without requests count as a little. */
export const leastAllocated: ScorePlugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  score: ({ requests }, _, nodes) => {
    const scores: number[] = new Array(nodes.length);
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as NodeInfo;
      const { cpu, memory } = node.allocatable;
      const count = (cpu > 0 ? 1 : 0) + (memory > 0 ? 1 : 0);
      const sum =
        (cpu > 0 ? free(node.nonZeroCpu + requests.nonZeroCpu, cpu) : 0) + (memory > 0 ? free(node.nonZeroMemory + requests.nonZeroMemory, memory) : 0);
      scores[i] = count === 0 ? 0 : Math.trunc(sum / count);
    }
    return scores;
  },
};

const free = (requested: number, capacity: number): number => (requested > capacity ? 0 : Math.trunc(((capacity - requested) * MAX_SCORE) / capacity));

/** The more alike the used shares of CPU and memory, the better. Pods without requests do not care. */
export const balancedAllocation: ScorePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  score: ({ requests }, _, nodes) => {
    if (requests.cpu === 0 && requests.memory === 0) return undefined;
    return nodes.map(({ allocatable, cpu, memory }) => {
      const hasBoth = allocatable.cpu > 0 && allocatable.memory > 0;
      const deviation = hasBoth ? Math.abs(share(cpu + requests.cpu, allocatable.cpu) - share(memory + requests.memory, allocatable.memory)) / 2 : 0;
      return Math.trunc((1 - deviation) * MAX_SCORE);
    });
  },
};

const share = (requested: number, capacity: number): number => Math.min(requested / capacity, 1);
