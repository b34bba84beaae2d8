/** Room for a critical pod, at the expense of others on the node: pkg/kubelet/preemption. */
import { mirroredUid } from '../api/mirror-pods.js';
import { keyOf } from '../api/object.js';
import { seconds } from '../api/time.js';
import type { Pod } from '../resources/pods/types.js';
import type { Rejection } from './admission.js';
import { podUsage } from './node-usage.js';
import { type Entry, entryKey, loadEntry, saveEntry, type Usage } from './record.js';
import type { Work } from './work.js';

/** Pods the node cannot do without (IsCriticalPod). */
const CRITICAL = 2_000_000_000;
export const isCritical = ({ metadata, spec }: Pod): boolean => mirroredUid({ metadata }) !== undefined || (spec.priority ?? 0) >= CRITICAL;

const MESSAGE = 'Preempted in order to admit critical pod';
const DISRUPTION = 'Pod was preempted by Kubelet to accommodate a critical pod.';
/** How soon the pod that waits for them looks again. */
const LOOK = seconds(1);

type Resource = 'cpu' | 'memory' | 'ephemeral-storage' | 'pods';
/** Of a resource, what is missing. */
export interface Shortage {
  readonly resource: Resource;
  readonly amount: number;
}

interface Candidate {
  readonly pod: Pod;
  readonly entry: Entry;
  readonly usage: Usage;
}

/** Marks the pods that must go; undefined: the pod waits for them. */
export function makeRoom(work: Work, shortages: readonly Shortage[]): Rejection | undefined {
  const { context, kubelet } = work;
  work.wakeAt(work.now + LOOK);
  const others = context.api.list<Pod>('pods', { index: { name: 'node', value: kubelet.node } }).flatMap((pod): readonly Candidate[] => {
    const entry = loadEntry(kubelet.state, entryKey(kubelet.node, keyOf(pod)));
    return entry.pod?.usage === undefined ? [] : [{ pod, entry, usage: podUsage(pod.spec) }];
  });
  // Some are on their way already.
  if (others.some(({ entry }) => entry.pod?.end !== undefined || entry.pod?.evict !== undefined)) return undefined;
  const victims = choose(
    others.filter(({ pod }) => isPreemptable(work.pod, pod)),
    shortages,
  );
  if (typeof victims === 'string')
    return {
      reason: 'UnexpectedAdmissionError',
      message: `Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: ${victims}`,
    };
  for (const { pod, entry } of victims) {
    if (entry.pod !== undefined) entry.pod.evict = { reason: 'Preempting', message: MESSAGE, disruption: DISRUPTION };
    const key = keyOf(pod);
    saveEntry(kubelet.state, entryKey(kubelet.node, key), entry);
    context.requeue(key, seconds(0));
  }
  return undefined;
}

const isPreemptable = (preemptor: Pod, pod: Pod): boolean => !isCritical(pod) || (preemptor.spec.priority ?? 0) > (pod.spec.priority ?? 0);

/** getPodsToPreempt: the fewest of the better classes, after all of the lesser ones. */
function choose(candidates: readonly Candidate[], shortages: readonly Shortage[]): readonly Candidate[] | string {
  const lacking = without(shortages, candidates);
  if (lacking.length > 0)
    return `no set of running pods found to reclaim resources: [${lacking.map(({ resource, amount }) => `(res: ${resource}, q: ${amount}), `).join('')}]`;
  const of = (qos: string): readonly Candidate[] => candidates.filter(({ pod }) => (pod.status?.qosClass ?? 'BestEffort') === qos);
  const [least, middle, best] = [of('BestEffort'), of('Burstable'), of('Guaranteed')];
  const fromBest = nearest(best, without(shortages, [...least, ...middle]));
  const fromMiddle = nearest(middle, without(shortages, [...least, ...fromBest]));
  const fromLeast = nearest(least, without(shortages, [...fromMiddle, ...fromBest]));
  return [...fromLeast, ...fromMiddle, ...fromBest];
}

const amountOf = ({ usage }: Candidate, resource: Resource): number =>
  resource === 'pods' ? 1 : resource === 'ephemeral-storage' ? usage.storage : usage[resource];

const without = (shortages: readonly Shortage[], gone: readonly Candidate[]): readonly Shortage[] =>
  shortages
    .map(({ resource, amount }) => ({ resource, amount: amount - gone.reduce((sum, one) => sum + amountOf(one, resource), 0) }))
    .filter(({ amount }) => amount > 0);

/** getPodsToPreemptByDistance: again and again the one that leaves least to be wished for. */
function nearest(candidates: readonly Candidate[], shortages: readonly Shortage[]): readonly Candidate[] {
  const distance = (one: Candidate): number =>
    shortages.reduce((sum, { resource, amount }) => sum + (Math.max(0, amount - amountOf(one, resource)) / amount) ** 2, 0);
  const size = ({ usage }: Candidate): readonly number[] => [usage.memory, usage.cpu];
  if (shortages.length === 0) return [];
  const [first] = [...candidates].sort((a, b) => distance(a) - distance(b) || (size(a)[0] ?? 0) - (size(b)[0] ?? 0) || (size(a)[1] ?? 0) - (size(b)[1] ?? 0));
  if (first === undefined) return [];
  return [
    first,
    ...nearest(
      candidates.filter((one) => one !== first),
      without(shortages, [first]),
    ),
  ];
}
