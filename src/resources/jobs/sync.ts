/**
 * One look at one Job: syncJob of pkg/controller/job/job_controller.go. Upstream counts ended pods in two steps (their uids into the
 * status, then finalizers off, then the sums) so that a crash in between loses none; here nothing can come in between.
 */

import { isSemanticEqual } from '../../api/equality.js';
import { StatusError } from '../../api/errors.js';
import type { Context } from '../../api/reconciler.js';
import { type Duration, formatTime, parseTime, seconds } from '../../api/time.js';
import { retryDelay } from '../../controllers/backoff.js';
import { bySimpleDeletionOrder } from '../../controllers/deletion-order.js';
import { createPod, deletePod, type Failure, isActive, isReady, isTerminal, podOf, slowStart } from '../../controllers/pods.js';
import { formatIndexes } from '../pod-template/indexes.js';
import type { Pod } from '../pods/types.js';
import { type BackoffRecord, nextBackoff, remainingBackoff } from './backoff.js';
import {
  delayedDeletions,
  duplicates,
  failedIndexes,
  failureAnnotations,
  failuresBefore,
  firstPending,
  indexedTemplate,
  matchSuccessPolicy,
  succeededIndexes,
} from './indexed.js';
import { COMPLETION_INDEX, TRACKING_FINALIZER } from './labels.js';
import { completionIndex, finishTime, hasTooManyRestarts, isFailed, isIndexed, isTracked, judge, replacesOnlyFailed } from './pod-outcome.js';
import type { Job, JobCondition, JobStatus } from './types.js';

const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** MaxPodCreateDeletePerSync. */
const BURST = 500;

type Finish = Pick<JobCondition, 'reason' | 'message'> & { readonly type: 'SuccessCriteriaMet' | 'FailureTarget' };

export class JobSync {
  private readonly active: readonly Pod[];
  private readonly completions: number;
  /** Pods that have ended and are not in the counts yet. */
  private readonly newFailed: readonly Pod[];
  private succeeded: number;
  private readonly failed: number;
  private readonly succeededList: readonly number[] | undefined;
  private readonly failedList: readonly number[] | undefined;
  private readonly delayed: ReadonlyMap<number, Pod>;
  private activeCount: number;
  private readyCount: number;
  private terminating: number;
  private startTime: string | undefined;
  private conditions: readonly JobCondition[];
  private wait: Duration | undefined;
  private readonly nextBackoff: BackoffRecord | undefined;
  private isBackingOff = false;

  constructor(
    private readonly job: Job,
    private readonly pods: readonly Pod[],
    private readonly context: Context,
    /** To be remembered until the Job ends. */
    public backoff: BackoffRecord | undefined,
  ) {
    const { spec, status = {} } = job;
    this.active = pods.filter(isActive);
    this.completions = spec.completions ?? 0;
    const isValid = (pod: Pod) => isTracked(pod) && (!isIndexed(job) || completionIndex(pod, this.completions) !== undefined);
    const newSucceeded = pods.filter((pod) => isValid(pod) && pod.status?.phase === 'Succeeded');
    this.newFailed = pods.filter((pod) => isValid(pod) && isFailed(pod, job));
    this.nextBackoff = spec.backoffLimitPerIndex === undefined ? nextBackoff(backoff, newSucceeded, this.newFailed) : undefined;
    this.failed = (status.failed ?? 0) + this.newFailed.filter((pod) => judge(spec.podFailurePolicy, pod).isCounted).length;
    this.succeededList = isIndexed(job) ? succeededIndexes(job, pods) : undefined;
    this.succeeded = this.succeededList?.length ?? (status.succeeded ?? 0) + newSucceeded.length;
    this.failedList = isIndexed(job) && spec.backoffLimitPerIndex !== undefined ? failedIndexes(job, pods) : undefined;
    this.delayed =
      this.failedList === undefined ? new Map() : delayedDeletions(job, pods, this.active, new Set([...(this.succeededList ?? []), ...this.failedList]));
    this.activeCount = this.active.length;
    this.readyCount = this.active.filter(isReady).length;
    this.terminating = pods.filter((pod) => !isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined).length;
    this.startTime = status.startTime ?? (spec.suspend === true ? undefined : formatTime(context.now));
    this.conditions = status.conditions ?? [];
  }

  /** Does what is due, and says when to look again. */
  run(): Duration | undefined {
    let finish = this.findFinish();
    let failure: Failure | undefined;
    if (finish !== undefined) failure = this.deleteActive(this.active);
    else {
      if (this.job.metadata.deletionTimestamp === undefined) failure = this.manage();
      const isDone = this.job.spec.completions === undefined ? this.succeeded > 0 : this.succeeded >= this.completions;
      if (isDone && this.activeCount === 0) {
        finish = { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
      } else if (this.job.metadata.deletionTimestamp === undefined) this.noteSuspension();
    }
    // manageJob calls no pod active while it backs off; the API server refuses such a status where pods are ready, and the sync fails.
    if (this.isBackingOff && this.readyCount > 0) return this.wait;
    this.writeStatus(finish);
    this.backoff = this.nextBackoff;
    if (failure !== undefined && failure.isNamespaceTerminating !== true)
      return Math.max(seconds(1), retryDelay(this.context, this.job, 'FailedCreate', this.job.metadata.creationTimestamp)) as Duration;
    return this.wait;
  }

  private soonest(wait: number): void {
    if (this.wait === undefined || wait < this.wait) this.wait = Math.max(0, wait) as Duration;
  }

  private conditionOf(type: JobCondition['type']): JobCondition | undefined {
    return this.conditions.find((condition) => condition.type === type && condition.status === 'True');
  }

  /** Whether the Job is to end, and why: the first test that says so. */
  private findFinish(): Finish | undefined {
    for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
      const { reason = '', message = '' } = this.conditionOf(type) ?? {};
      if (reason !== '') return { type, reason, message };
    }
    return this.findFailure() ?? this.findSuccess();
  }

  private findFailure(): Finish | undefined {
    const { spec } = this.job;
    const fail = (reason: string, message: string): Finish => ({ type: 'FailureTarget', reason, message });
    const verdict = this.pods.filter((pod) => isFailed(pod, this.job)).map((pod) => judge(spec.podFailurePolicy, pod));
    const fatal = verdict.find(({ message }) => message !== undefined);
    if (fatal?.message !== undefined) return fail('PodFailurePolicy', fatal.message);
    if (this.failed > (spec.backoffLimit ?? 6) || hasTooManyRestarts(this.job, this.pods))
      return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    if (spec.activeDeadlineSeconds !== undefined && spec.suspend !== true && this.startTime !== undefined) {
      const left = (parseTime(this.startTime) ?? 0) + seconds(spec.activeDeadlineSeconds) - this.context.now;
      if (left <= 0) return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
      this.soonest(left);
    }
    const lost = this.failedList?.length ?? 0;
    if (spec.maxFailedIndexes !== undefined && lost > spec.maxFailedIndexes)
      return fail('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
    return lost > 0 && lost + this.succeeded >= this.completions ? fail('FailedIndexes', 'Job has failed indexes') : undefined;
  }

  private findSuccess(): Finish | undefined {
    const rule = matchSuccessPolicy(this.job.spec.successPolicy, this.succeededList ?? []);
    return rule === undefined ? undefined : { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: `Matched rules at index ${rule}` };
  }

  /** Deletes pods that run. With their finalizers they stay until they are counted. */
  private deleteActive(pods: readonly Pod[]): Failure | undefined {
    let failure: Failure | undefined;
    for (const pod of pods) {
      const failed = deletePod(this.context, this.job, pod);
      if (failed !== undefined) failure = failed;
      else {
        this.activeCount--;
        if (isReady(pod)) this.readyCount--;
        // One that no kubelet has seen is gone, or is so when its finalizer is.
        if (pod.spec.nodeName) this.terminating++;
      }
    }
    return failure;
  }

  /** Superfluous pods are not counted: their finalizer goes first. */
  private deleteUncounted(pods: readonly Pod[]): Failure | undefined {
    return this.deleteActive(pods.map((pod) => this.untrack(pod)));
  }

  /** manageJob: as many pods as are wanted, by deletion or by creation, never both at once. */
  private manage(): Failure | undefined {
    const { job, active, succeeded } = this;
    const { spec } = job;
    if (spec.suspend === true) return this.deleteUncounted(active);
    const parallelism = spec.parallelism ?? 1;
    const unbounded = succeeded > 0 ? active.length : parallelism;
    const wanted = spec.completions === undefined ? unbounded : Math.max(0, Math.min(parallelism, this.completions - succeeded));
    const [repeated, others] = isIndexed(job) ? duplicates(job, active, bySimpleDeletionOrder) : [[], active];
    const excess = Math.max(0, active.length - wanted - repeated.length);
    const remove = [...repeated, ...(excess === 0 ? [] : others.toSorted(bySimpleDeletionOrder).slice(0, excess))].slice(0, BURST);
    if (remove.length > 0) return this.deleteUncounted(remove);
    const missing = Math.min(BURST, wanted - active.length - (replacesOnlyFailed(job) ? this.terminating : 0));
    return missing > 0 ? this.create(missing) : undefined;
  }

  private create(missing: number): Failure | undefined {
    const { job, context } = this;
    const pending = isIndexed(job) ? this.pendingIndexes(missing) : new Array<undefined>(missing).fill(undefined);
    const due = pending.filter((index) => {
      const wait = this.pause(index);
      if (wait > 0) this.soonest(wait);
      return wait === 0;
    });
    if (pending.length > 0 && due.length === 0) {
      this.isBackingOff = true;
      this.activeCount = 0;
      return undefined;
    }
    const template = isIndexed(job) ? indexedTemplate(job.spec.template) : job.spec.template;
    return slowStart(due.length, (i) => {
      const index = due[i];
      const failure = createPod(
        context,
        job,
        index === undefined ? podOf(job, { template, finalizers: [TRACKING_FINALIZER] }) : this.indexedPod(template, index),
      );
      if (failure === undefined) this.activeCount++;
      return failure;
    });
  }

  private pendingIndexes(missing: number): readonly number[] {
    const { job, completions } = this;
    const going = replacesOnlyFailed(job) ? this.pods.filter((pod) => !isTerminal(pod)) : this.active;
    const taken = new Set([...(this.succeededList ?? []), ...(this.failedList ?? []), ...going.map((pod) => completionIndex(pod, completions) ?? -1)]);
    return firstPending(missing, completions, taken);
  }

  /** What is left of the pause after failures; with a limit per index each index has its own. */
  private pause(index: number | undefined): Duration {
    const { job, context, nextBackoff } = this;
    if (job.spec.backoffLimitPerIndex === undefined) return remainingBackoff(nextBackoff, context.now);
    const replaced = index === undefined ? undefined : this.delayed.get(index);
    return remainingBackoff(replaced && { failures: failuresBefore(replaced), last: finishTime(replaced) }, context.now);
  }

  private indexedPod(template: Job['spec']['template'], index: number): Pod {
    const { job } = this;
    const { name = '' } = job.metadata;
    const number = { [COMPLETION_INDEX]: String(index) };
    const pod = podOf(job, {
      template,
      generateName: `${name}-${index}-`,
      labels: number,
      annotations: { ...number, ...(job.spec.backoffLimitPerIndex === undefined ? {} : failureAnnotations(job, this.delayed.get(index))) },
      finalizers: [TRACKING_FINALIZER],
    });
    return { ...pod, spec: { ...pod.spec, hostname: `${name}-${index}` } };
  }

  private noteSuspension(): void {
    const { job, context } = this;
    const isSuspended = job.spec.suspend === true;
    const old = this.conditions.find(({ type }) => type === 'Suspended');
    if (old === undefined ? !isSuspended : (old.status === 'True') === isSuspended) return;
    const [status, reason, message, event] = isSuspended
      ? (['True', 'JobSuspended', 'Job suspended', 'Suspended'] as const)
      : (['False', 'JobResumed', 'Job resumed', 'Resumed'] as const);
    this.setCondition({ type: 'Suspended', status, reason, message });
    context.event(job, 'Normal', event, message);
    // The deadline counts from the resumption.
    if (!isSuspended) this.startTime = formatTime(context.now);
  }

  private setCondition({ type, status, reason = '', message = '' }: Omit<JobCondition, 'lastProbeTime' | 'lastTransitionTime'>): void {
    const at = formatTime(this.context.now);
    const condition: JobCondition = { type, status, lastProbeTime: at, lastTransitionTime: at, reason, message };
    const i = this.conditions.findIndex((old) => old.type === type);
    this.conditions = i < 0 ? [...this.conditions, condition] : this.conditions.with(i, condition);
  }

  /** trackJobStatusAndRemoveFinalizers: counts what has ended, and lets it go. */
  private writeStatus(finish: Finish | undefined): void {
    const { job, context } = this;
    const old = job.status ?? {};
    let [succeeded, failed] = [old.succeeded ?? 0, old.failed ?? 0];
    const isFailing = finish?.type === 'FailureTarget';
    for (const stale of this.pods) {
      // It may have been deleted in this pass; what it counts as is what it was before.
      const pod = context.api.get<Pod>('pods', { namespace: stale.metadata.namespace ?? '', name: stale.metadata.name ?? '' });
      const seen = pod?.metadata.uid === stale.metadata.uid ? (pod as Pod) : stale;
      if (!isTracked(stale) || !isTracked(seen)) continue;
      const hasFailed = isFailed(stale, job);
      if (!this.mayGo(seen, hasFailed, finish !== undefined)) continue;
      const isValid = !isIndexed(job) || completionIndex(seen, this.completions) !== undefined;
      if (seen.status?.phase === 'Succeeded') succeeded++;
      else if ((hasFailed || isFailing) && isValid && judge(job.spec.podFailurePolicy, seen).isCounted) failed++;
      if (pod !== undefined) this.untrack(seen);
    }
    if (this.succeededList !== undefined) succeeded = this.succeededList.length;
    const isEnded = finish !== undefined && this.terminating === 0;
    if (finish !== undefined) this.noteFinish(finish, isEnded);
    const isComplete = isEnded && finish.type === 'SuccessCriteriaMet';
    const { active: _, succeeded: __, failed: ___, startTime: ____, completedIndexes: _____, failedIndexes: ______, conditions: _______, ...rest } = old;
    const status: JobStatus = {
      ...rest,
      ...(this.conditions.length === 0 ? {} : { conditions: this.conditions }),
      ...(this.startTime === undefined ? {} : { startTime: this.startTime }),
      ...(isComplete ? { completionTime: formatTime(context.now) } : {}),
      ...(this.activeCount === 0 ? {} : { active: this.activeCount }),
      ...(succeeded === 0 ? {} : { succeeded }),
      ...(failed === 0 ? {} : { failed }),
      ...(this.succeededList === undefined || this.succeededList.length === 0 ? {} : { completedIndexes: formatIndexes(this.succeededList) }),
      ...(this.failedList === undefined ? {} : { failedIndexes: formatIndexes(this.failedList) }),
      terminating: this.terminating,
      ready: this.readyCount,
      uncountedTerminatedPods: {},
    };
    if (!isSemanticEqual(status, job.status)) context.api.updateStatus<Job>('jobs.batch', { ...job, status }, WRITE);
    if (isEnded) this.announce(finish, succeeded);
  }

  /** canRemoveFinalizer: with a limit per index the last failed pod of an index stays for its count. */
  private mayGo(pod: Pod, hasFailed: boolean, isFinishing: boolean): boolean {
    if (this.job.metadata.deletionTimestamp !== undefined || isFinishing || pod.status?.phase === 'Succeeded') return true;
    if (!hasFailed) return false;
    const index = completionIndex(pod, this.completions);
    return index === undefined || this.delayed.get(index)?.metadata.uid !== pod.metadata.uid;
  }

  /** The interim condition at once; the final one when no pod is terminating any more. */
  private noteFinish({ type, reason = '', message = '' }: Finish, isEnded: boolean): void {
    if (this.conditionOf(type) === undefined) this.setCondition({ type, status: 'True', reason, message });
    if (isEnded) this.setCondition({ type: type === 'FailureTarget' ? 'Failed' : 'Complete', status: 'True', reason, message });
  }

  private announce({ type, reason = '', message = '' }: Finish, succeeded: number): void {
    const { job, context } = this;
    if (type === 'FailureTarget') {
      context.event(job, 'Warning', reason, message);
      return;
    }
    if (job.spec.completions !== undefined && succeeded > job.spec.completions)
      context.event(job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
    context.event(job, 'Normal', 'Completed', 'Job completed');
  }

  private untrack(pod: Pod): Pod {
    if (!isTracked(pod)) return pod;
    const { finalizers = [], ...metadata } = pod.metadata;
    const left = finalizers.filter((finalizer) => finalizer !== TRACKING_FINALIZER);
    try {
      return this.context.api.update<Pod>('pods', { ...pod, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } }, WRITE);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
      return pod;
    }
  }
}
