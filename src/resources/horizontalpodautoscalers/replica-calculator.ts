/** From what pods use to how many there should be: pkg/controller/podautoscaler/replica_calculator.go, metrics/utilization.go. Pure. */
import type { ContainerStats } from '../../api/node-proxy.js';
import { quantity, quantityMilliValue } from '../../api/quantity.js';
import { minutes, parseTime, seconds, type Time } from '../../api/time.js';
import type { Pod } from '../pods/types.js';

/** --horizontal-pod-autoscaler-tolerance, -cpu-initialization-period, -initial-readiness-delay. */
const TOLERANCE = 0.1;
const CPU_INITIALIZATION = minutes(5);
const READINESS_DELAY = seconds(30);
/** Between two measurements of a kubelet. */
const WINDOW = seconds(15);

export interface Question {
  readonly resource: string;
  /** Only this container; absent: the whole pod. */
  readonly container?: string;
  readonly pods: readonly Pod[];
  readonly currentReplicas: number;
  readonly now: Time;
  stats(pod: Pod): readonly ContainerStats[];
}

export interface Proposal {
  readonly replicas: number;
  /** Per cent of the request, of all pods together. */
  readonly utilization?: number;
  /** Mean use of a pod, in thousandths. */
  readonly average: number;
}
type Answer = Proposal | { readonly error: string };

interface Groups {
  readonly usage: Map<string, number>;
  readonly readyCount: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
}

/** Towards a share of what pods request. */
export function byUtilization(question: Question, target: number): Answer {
  const groups = group(question);
  if ('error' in groups) return groups;
  const requests = requestsOf(question);
  if ('error' in requests) return requests;
  const { usage, readyCount, unready, missing } = groups;
  const first = utilization(usage, requests, target);
  if (first === undefined) return { error: 'no metrics returned matched known pods' };
  const reply = (replicas: number): Proposal => ({ replicas, utilization: first.utilization, average: first.average });
  // A pod that does not say what it uses is taken for one that uses all on the way down, and nothing on the way up.
  const fallback = (name: string) => Math.floor(((requests.get(name) ?? 0) * Math.max(100, target)) / 100);
  const settled = settle(
    question,
    { usage, readyCount, unready, missing },
    first.ratio,
    fallback,
    (changed) => utilization(changed, requests, target)?.ratio ?? first.ratio,
  );
  return reply(settled);
}

/** Towards so much for each pod, in thousandths. */
export function byAverage(question: Question, target: number): Answer {
  const groups = group(question);
  if ('error' in groups) return groups;
  const averageOf = (usage: ReadonlyMap<string, number>) => Math.floor(sum(usage) / Math.max(1, usage.size));
  const ratioOf = (usage: ReadonlyMap<string, number>) => averageOf(usage) / target;
  return { replicas: settle(question, groups, ratioOf(groups.usage), () => target, ratioOf), average: averageOf(groups.usage) };
}

const isWithinTolerance = (ratio: number): boolean => 1 - TOLERANCE <= ratio && ratio <= 1 + TOLERANCE;

function settle(
  { currentReplicas }: Question,
  { usage, readyCount, unready, missing }: Groups,
  ratio: number,
  fallback: (name: string) => number,
  ratioOf: (usage: ReadonlyMap<string, number>) => number,
): number {
  const isUpWithUnready = unready.length > 0 && ratio > 1;
  if (!isUpWithUnready && missing.length === 0) return isWithinTolerance(ratio) ? currentReplicas : Math.ceil(ratio * readyCount);
  const guessed = new Map(usage);
  if (ratio < 1) for (const name of missing) guessed.set(name, fallback(name));
  else if (ratio > 1) for (const name of missing) guessed.set(name, 0);
  if (isUpWithUnready) for (const name of unready) guessed.set(name, 0);
  const next = ratioOf(guessed);
  // Guesses must not turn the direction.
  if (isWithinTolerance(next) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return currentReplicas;
  const replicas = Math.ceil(next * guessed.size);
  return (next < 1 && replicas > currentReplicas) || (next > 1 && replicas < currentReplicas) ? currentReplicas : replicas;
}

function group(question: Question): Groups | { readonly error: string } {
  const { resource, pods, now } = question;
  const measured = new Map<string, number>();
  for (const pod of pods) {
    const value = usageOf(question, pod);
    if (value !== undefined) measured.set(pod.metadata.name ?? '', value);
  }
  // Of a container that no pod has there is nothing, though there are metrics.
  if (!pods.some((pod) => statsOf(question, pod).length > 0))
    return { error: `unable to get metrics for resource ${resource}: no metrics returned from resource metrics API` };
  if (pods.length === 0) return { error: 'no pods returned by selector while calculating replica count' };
  const usage = new Map<string, number>();
  const unready: string[] = [];
  const missing: string[] = [];
  for (const pod of pods) {
    const name = pod.metadata.name ?? '';
    if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === 'Failed') continue;
    const value = measured.get(name);
    if (pod.status?.phase === 'Pending') unready.push(name);
    else if (value === undefined) missing.push(name);
    else if (resource === 'cpu' && isWarmingUp(pod, now)) unready.push(name);
    else usage.set(name, value);
  }
  if (usage.size === 0) return { error: 'did not receive metrics for targeted pods (pods might be unready)' };
  return { usage, readyCount: usage.size, unready, missing };
}

const statsOf = ({ stats }: Question, pod: Pod): readonly ContainerStats[] => (pod.status?.phase === 'Running' ? stats(pod) : []);

/** In thousandths. */
function usageOf(question: Question, pod: Pod): number | undefined {
  const { resource, container } = question;
  const found = statsOf(question, pod).filter(({ name }) => container === undefined || name === container);
  if (found.length === 0) return undefined;
  if (resource === 'cpu') return Math.ceil(found.reduce((total, { cpuNanoCores }) => total + cpuNanoCores, 0) / 1e6);
  return resource === 'memory' ? found.reduce((total, { memoryBytes }) => total + memoryBytes, 0) * 1000 : undefined;
}

/** A container that starts uses more than it will: not counted while it is new, nor before it was ever ready. */
function isWarmingUp({ status = {} }: Pod, now: Time): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const started = status.startTime === undefined ? undefined : parseTime(status.startTime);
  if (ready === undefined || started === undefined) return true;
  const since = parseTime(ready.lastTransitionTime ?? '') ?? started;
  if (started + CPU_INITIALIZATION > now) return ready.status === 'False' || now < since + WINDOW;
  return ready.status === 'False' && started + READINESS_DELAY > since;
}

function requestsOf({ pods, resource, container }: Question): ReadonlyMap<string, number> | { readonly error: string } {
  const requests = new Map<string, number>();
  for (const { metadata, spec } of pods) {
    let total = 0;
    const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
    for (const { name, resources } of [...spec.containers, ...sidecars]) {
      if (container !== undefined && name !== container) continue;
      const request = resources?.requests?.[resource];
      if (request === undefined) return { error: `missing request for ${resource} in container ${name} of Pod ${metadata.name}` };
      total += quantityMilliValue(quantity(request));
    }
    requests.set(metadata.name ?? '', total);
  }
  return requests;
}

const sum = (usage: ReadonlyMap<string, number>): number => [...usage.values()].reduce((total, value) => total + value, 0);

function utilization(
  usage: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  target: number,
): { ratio: number; utilization: number; average: number } | undefined {
  let [used, requested, count] = [0, 0, 0];
  for (const [name, value] of usage) {
    const request = requests.get(name);
    if (request === undefined) continue;
    used += value;
    requested += request;
    count++;
  }
  if (requested === 0) return undefined;
  const current = Math.floor((used * 100) / requested);
  return { ratio: current / target, utilization: current, average: Math.floor(used / count) };
}
