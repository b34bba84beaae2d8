/** Making room for a pod by taking others away: pkg/scheduler/framework/preemption and plugins/defaultpreemption. Decides and changes nothing. */
import { matchesSelector, type Selector, selectorOf } from '../api/selectors.js';
import { parseTime } from '../api/time.js';
import type { PodDisruptionBudget } from '../resources/poddisruptionbudgets/types.js';
import type { Pod } from '../resources/pods/types.js';
import { type AttemptOptions, replaceNode, runFilters } from './cycle.js';
import type { ClusterView, Rejection } from './framework.js';
import { fitMessage } from './message.js';
import type { NodeInfo } from './node-info.js';
import type { PodInfo } from './pod-info.js';

export type Preemption =
  /** `message` ends the attempt's; `clear`: a promise made before is void. */
  { readonly node: undefined; readonly message: string; readonly clear: boolean } | { readonly node: string; readonly victims: readonly Pod[] };

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';
/** The condition that marks victims. */
export const BY_SCHEDULER = 'PreemptionByScheduler';

/** `rejections`: why each node was turned down; a node without one counts as unresolvable. `nominated`: as of the attempt. */
export function preempt(pod: PodInfo, cluster: ClusterView, rejections: ReadonlyMap<string, Rejection>, nominated?: AttemptOptions['nominated']): Preemption {
  const refusal = notEligible(pod, cluster, rejections);
  if (refusal !== undefined) return { node: undefined, message: `preemption: ${refusal}`, clear: false };
  const budgets = cluster.api.list<PodDisruptionBudget>('poddisruptionbudgets.policy').map(budgetOf);
  const candidates: Candidate[] = [];
  const reasons: string[] = [];
  for (const node of cluster.nodes) {
    if (rejections.get(node.name)?.code !== 'unschedulable') {
      reasons.push(NOT_HELPFUL);
      continue;
    }
    const found = selectVictims(pod, node, cluster, budgets, nominated);
    if ('reasons' in found) reasons.push(...found.reasons);
    else candidates.push(found);
  }
  const best = pickOne(candidates);
  if (best === undefined) return { node: undefined, message: `preemption: ${fitMessage(cluster.nodes.length, reasons)}`, clear: true };
  return { node: best.node.name, victims: best.victims.map(({ pod: victim }) => victim) };
}

/** PodEligibleToPreemptOthers. */
function notEligible({ pod, priority }: PodInfo, cluster: ClusterView, rejections: ReadonlyMap<string, Rejection>): string | undefined {
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const promised = pod.status?.nominatedNodeName;
  if (!promised || rejections.get(promised)?.code === 'unresolvable') return undefined;
  for (const other of cluster.node(promised)?.pods.values() ?? [])
    if (other.priority < priority && isTerminatingByPreemption(other.pod)) return 'not eligible due to a terminating pod on the nominated node.';
  return undefined;
}

const isTerminatingByPreemption = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp !== undefined &&
  pod.status?.conditions?.some(({ type, status, reason }) => type === 'DisruptionTarget' && status === 'True' && reason === BY_SCHEDULER) === true;

interface Candidate {
  readonly node: NodeInfo;
  /** The most important first. */
  readonly victims: readonly PodInfo[];
  readonly violations: number;
}

/** The fewest pods of lower priority that must go: all are taken away, then put back one by one while the new pod still fits. */
function selectVictims(
  pod: PodInfo,
  node: NodeInfo,
  cluster: ClusterView,
  budgets: readonly Budget[],
  nominated: AttemptOptions['nominated'],
): Candidate | { readonly reasons: readonly string[] } {
  const lower = [...node.pods.values()].filter((other) => other.priority < pod.priority);
  if (lower.length === 0) return { reasons: [NO_VICTIMS] };
  const imagined = node.with([...node.pods.values()].filter((other) => other.priority >= pod.priority));
  const view = replaceNode(cluster, imagined);
  const failure = runFilters(pod, node.name, view, nominated);
  if (failure !== undefined) return { reasons: failure.rejection.reasons };

  lower.sort(byImportance);
  const { violating, others } = splitByBudget(lower, budgets);
  const victims: PodInfo[] = [];
  let violations = 0;
  const isSpared = (other: PodInfo): boolean => {
    imagined.add(other);
    if (runFilters(pod, node.name, view, nominated) === undefined) return true;
    imagined.remove(other.key);
    victims.push(other);
    return false;
  };
  for (const other of violating) if (!isSpared(other)) violations++;
  for (const other of others) isSpared(other);
  return { node, victims: victims.sort(byImportance), violations };
}

const startOf = ({ pod }: PodInfo): number => (pod.status?.startTime === undefined ? Number.POSITIVE_INFINITY : (parseTime(pod.status.startTime) ?? 0));

/** MoreImportantPod: higher priority, then earlier start. Equals go by name, so that the order of binding does not matter. */
const byImportance = (a: PodInfo, b: PodInfo): number => b.priority - a.priority || compare(startOf(a), startOf(b)) || (a.key < b.key ? -1 : 1);
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

interface Budget {
  readonly namespace: string;
  readonly selector: Selector | undefined;
  readonly disrupted: Readonly<Record<string, unknown>>;
  readonly allowed: number;
}

const budgetOf = ({ metadata, spec, status }: PodDisruptionBudget): Budget => ({
  namespace: metadata.namespace ?? '',
  selector: selectorOf(spec?.selector),
  disrupted: status?.disruptedPods ?? {},
  allowed: status?.disruptionsAllowed ?? 0,
});

/** filterPodsWithPDBViolation: those whose going would break a budget, in the order given. An empty selector here selects nothing. */
function splitByBudget(pods: readonly PodInfo[], budgets: readonly Budget[]): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  const left = budgets.map(({ allowed }) => allowed);
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const info of pods) {
    let isViolation = false;
    const { labels, name = '' } = info.pod.metadata;
    if (labels !== undefined && Object.keys(labels).length > 0)
      budgets.forEach(({ namespace, selector, disrupted }, i) => {
        if (namespace !== info.namespace || selector === undefined || selector.length === 0 || !matchesSelector(selector, labels)) return;
        if (Object.hasOwn(disrupted, name)) return;
        left[i] = (left[i] as number) - 1;
        if ((left[i] as number) < 0) isViolation = true;
      });
    (isViolation ? violating : others).push(info);
  }
  return { violating, others };
}

/** pickOneNodeForPreemption: each rule narrows the field until one node is left; then the first. */
function pickOne(candidates: readonly Candidate[]): Candidate | undefined {
  const highest = ({ victims }: Candidate): number => victims[0]?.priority ?? Number.NEGATIVE_INFINITY;
  const rules: readonly ((candidate: Candidate) => number)[] = [
    ({ violations }) => -violations,
    (candidate) => -highest(candidate),
    // Priorities may be negative: shifted, so that fewer victims always weigh less.
    ({ victims }) => -victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
    ({ victims }) => -victims.length,
    (candidate) => Math.min(...candidate.victims.filter(({ priority }) => priority === highest(candidate)).map(startOf)),
  ];
  let field = candidates;
  for (const rule of rules) {
    if (field.length <= 1) break;
    const scores = field.map(rule);
    const best = Math.max(...scores);
    field = field.filter((_, i) => scores[i] === best);
  }
  return field[0];
}
