/** Jobs whose pods have numbers: pkg/controller/job/indexed_job_utils.go, success_policy.go. */

import { countIndexes, hasIndex, type Interval, parseIndexes } from '../pod-template/indexes.js';
import type { EnvVar, PodTemplateSpec } from '../pod-template/types.js';
import type { Pod } from '../pods/types.js';
import { COMPLETION_INDEX, INDEX_FAILURES, INDEX_IGNORED_FAILURES } from './labels.js';
import { completionIndex, finishTime, isFailed, isTracked, judge } from './pod-outcome.js';
import type { Job, SuccessPolicy } from './types.js';

const ENV = 'JOB_COMPLETION_INDEX';

/** The numbers of a list that is valid. Those that a Job has no longer (it was made smaller) do not count. */
const expand = (text: string | undefined, completions: number): readonly number[] =>
  parseIndexes(text)
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
    .filter((index) => index < completions);

const sorted = (indexes: Iterable<number>): readonly number[] => [...new Set(indexes)].sort((a, b) => a - b);

/** Those counted before, and those of pods that have succeeded since. */
export function succeededIndexes({ spec, status }: Job, pods: readonly Pod[]): readonly number[] {
  const fresh = pods.filter((pod) => pod.status?.phase === 'Succeeded' && isTracked(pod)).map((pod) => completionIndex(pod, spec.completions ?? 0));
  return sorted([...expand(status?.completedIndexes, spec.completions ?? 0), ...fresh.filter((index) => index !== undefined)]);
}

/** With backoffLimitPerIndex: indexes given up. */
export function failedIndexes(job: Job, pods: readonly Pod[]): readonly number[] {
  const { spec, status } = job;
  const fresh = pods.filter((pod) => isTracked(pod) && isFailed(pod, job) && isIndexLost(job, pod)).map((pod) => completionIndex(pod, spec.completions ?? 0));
  return sorted([...expand(status?.failedIndexes, spec.completions ?? 0), ...fresh.filter((index) => index !== undefined)]);
}

function isIndexLost({ spec }: Job, pod: Pod): boolean {
  const { action, isCounted } = judge(spec.podFailurePolicy, pod);
  if (action === 'FailIndex') return true;
  return failureCount(pod) + (isCounted ? 1 : 0) > (spec.backoffLimitPerIndex ?? 0);
}

const annotation = ({ metadata }: Pod, key: string): number => Number(metadata.annotations?.[key] ?? '0') || 0;
const failureCount = (pod: Pod): number => annotation(pod, INDEX_FAILURES);
const totalFailures = (pod: Pod): number => failureCount(pod) + annotation(pod, INDEX_IGNORED_FAILURES);
/** How often the index has failed when the pod that takes this one's place is due. */
export const failuresBefore = (pod: Pod): number => totalFailures(pod) + 1;

/** Of indexes that are neither running nor done, the failed pod that carries the count until the next pod does. */
export function delayedDeletions(job: Job, pods: readonly Pod[], active: readonly Pod[], done: ReadonlySet<number>): ReadonlyMap<number, Pod> {
  const completions = job.spec.completions ?? 0;
  const running = new Set(active.map((pod) => completionIndex(pod, completions)));
  const result = new Map<number, Pod>();
  for (const pod of pods) {
    const index = completionIndex(pod, completions);
    if (index === undefined || !isTracked(pod) || !isFailed(pod, job) || running.has(index) || done.has(index)) continue;
    const other = result.get(index);
    if (other === undefined || (totalFailures(other) <= totalFailures(pod) && finishTime(pod) >= finishTime(other))) result.set(index, pod);
  }
  return result;
}

/** Annotations of the pod that takes `replaced`'s place. */
export function failureAnnotations({ spec }: Job, replaced: Pod | undefined): Readonly<Record<string, string>> {
  if (replaced === undefined) return { [INDEX_FAILURES]: '0' };
  const { isCounted } = judge(spec.podFailurePolicy, replaced);
  const ignored = annotation(replaced, INDEX_IGNORED_FAILURES) + (isCounted ? 0 : 1);
  return { [INDEX_FAILURES]: String(failureCount(replaced) + (isCounted ? 1 : 0)), ...(ignored > 0 ? { [INDEX_IGNORED_FAILURES]: String(ignored) } : {}) };
}

/** The lowest indexes that are not taken. */
export function firstPending(count: number, completions: number, taken: ReadonlySet<number>): readonly number[] {
  const result: number[] = [];
  for (let index = 0; index < completions && result.length < count; index++) if (!taken.has(index)) result.push(index);
  return result;
}

/** Several active pods of one index, or of none: all but one go. Returns [to remove, to keep]. */
export function duplicates(job: Job, pods: readonly Pod[], order: (a: Pod, b: Pod) => number): readonly [readonly Pod[], readonly Pod[]] {
  const byIndex = new Map<number | undefined, Pod[]>();
  for (const pod of pods) {
    const index = completionIndex(pod, job.spec.completions ?? 0);
    byIndex.set(index, [...(byIndex.get(index) ?? []), pod]);
  }
  const remove: Pod[] = [];
  const keep: Pod[] = [];
  for (const [index, group] of byIndex) {
    const ordered = group.toSorted(order);
    if (index !== undefined) keep.push(ordered.pop() as Pod);
    remove.push(...ordered);
  }
  return [remove, keep];
}

/** Every container learns its pod's number from the label. */
export function indexedTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const variable: EnvVar = { name: ENV, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } } };
  const spec = template.spec ?? { containers: [] };
  const withVariable = <T extends { readonly env?: readonly EnvVar[] }>(container: T): T =>
    container.env?.some(({ name }) => name === ENV) ? container : { ...container, env: [...(container.env ?? []), variable] };
  return {
    ...template,
    spec: {
      ...spec,
      containers: spec.containers.map(withVariable),
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withVariable) }),
    },
  };
}

/** The first rule of the success policy that holds. */
export function matchSuccessPolicy(policy: SuccessPolicy | undefined, succeeded: readonly number[]): number | undefined {
  if (policy === undefined || succeeded.length === 0) return undefined;
  const index = policy.rules.findIndex(({ succeededIndexes: wanted, succeededCount }) => {
    if (wanted === undefined) return succeededCount !== undefined && succeeded.length >= succeededCount;
    const intervals: readonly Interval[] = parseIndexes(wanted);
    const matched = succeeded.filter((number) => hasIndex(intervals, number)).length;
    return matched >= (succeededCount ?? countIndexes(intervals));
  });
  return index < 0 ? undefined : index;
}
