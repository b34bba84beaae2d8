/**
 * ValidateJobStatusUpdate of pkg/apis/batch/validation/validation.go. Most rules look only at what an update changes (getStatusValidationOptions
 * of pkg/registry/batch/job/strategy.go): what was wrong before may stay.
 */
import { isEqual, isSemanticEqual } from '../../api/equality.js';
import { duplicate, type FieldError, index, invalid, invalidWithoutValue, required } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { validateCounts } from '../meta/status.js';
import { goTime } from '../meta/validation.js';
import { checkIndexes, parseIndexes } from '../pod-template/indexes.js';
import type { Job, JobStatus } from './types.js';

const is = ({ conditions = [] }: JobStatus, type: string, value = 'True'): boolean =>
  conditions.some((condition) => condition.type === type && condition.status === value);

export function validateStatusUpdate({ spec, status = {} }: Job, { status: old = {} }: Job): FieldError[] {
  const errors: FieldError[] = [];
  const isChanged = (name: keyof JobStatus): boolean => !isSemanticEqual(status[name], old[name]);
  const isFlipped = (...types: readonly string[]): boolean => types.some((type) => is(status, type)) !== types.some((type) => is(old, type));
  const { startTime, completionTime } = status;
  const isComplete = is(status, 'Complete');
  const isFailed = is(status, 'Failed');
  const isFinished = isComplete || isFailed;
  const isIndexed = spec.completionMode === 'Indexed';
  const conditions = (detail: string): void => {
    errors.push(invalidWithoutValue('status.conditions', detail));
  };

  validateCounts(status, ['active', 'succeeded', 'failed', 'ready', 'terminating'], errors);
  validateUncounted(status, errors);
  if (isFlipped('Complete') || isFlipped('Failed')) if (isComplete && isFailed) conditions('cannot set Complete=True and Failed=true conditions');
  if (isFlipped('Complete') || isFlipped('FailureTarget'))
    if (isComplete && is(status, 'FailureTarget')) conditions('cannot set Complete=True and FailureTarget=true conditions');
  if (isFlipped('Complete') || isChanged('completionTime')) {
    if (completionTime && !isComplete)
      errors.push(invalid('status.completionTime', goTime(completionTime), 'cannot set completionTime when there is no Complete=True condition'));
    if (!completionTime && isComplete) errors.push(required('status.completionTime', 'completionTime is required for Complete jobs'));
  }
  if ((isChanged('startTime') || isChanged('completionTime')) && startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime))
    errors.push(invalid('status.completionTime', goTime(completionTime), 'completionTime cannot be set before startTime'));
  if ((isFlipped('Failed') || isChanged('failedIndexes')) && isFailed && !is(status, 'FailureTarget'))
    conditions('cannot set Failed=True condition without the FailureTarget=true condition');
  if ((isFlipped('Complete') || isFlipped('SuccessCriteriaMet')) && isComplete && !is(status, 'SuccessCriteriaMet'))
    conditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition');

  const isEnding = isFlipped('Complete', 'Failed');
  const { active = 0, ready, terminating = 0, uncountedTerminatedPods } = status;
  if ((isEnding || isChanged('active')) && active > 0 && isFinished) errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'));
  const isNothing = spec.suspend === true && spec.completions === 0;
  if ((isEnding || isChanged('startTime')) && !isNothing && !startTime && isFinished)
    errors.push(required('status.startTime', 'startTime is required for finished job'));
  const uncounted = (uncountedTerminatedPods?.failed?.length ?? 0) + (uncountedTerminatedPods?.succeeded?.length ?? 0);
  if ((isEnding || isChanged('uncountedTerminatedPods')) && isFinished && uncounted > 0)
    errors.push(
      invalid(
        'status.uncountedTerminatedPods',
        goBadValue('batch.UncountedTerminatedPods', uncountedTerminatedPods),
        'uncountedTerminatedPods needs to be empty for finished job',
      ),
    );

  validateIndexes(spec, status, isChanged('completedIndexes'), isChanged('failedIndexes'), isIndexed, errors);
  if ((isEnding || isChanged('terminating')) && terminating > 0 && isFinished)
    errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  if ((isChanged('ready') || isChanged('active')) && ready !== undefined && ready > active)
    errors.push(invalid('status.ready', ready, 'cannot set more ready pods than active'));
  if (is(status, 'SuccessCriteriaMet') && isFailed) conditions('cannot set SuccessCriteriaMet=True and Failed=true conditions');
  if (is(status, 'SuccessCriteriaMet') && is(status, 'FailureTarget')) conditions('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');

  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (is(old, type) && !is(status, type)) conditions(`cannot disable the terminal ${type}=True condition`);
  const { failed = 0, succeeded = 0 } = status;
  if (failed < (old.failed ?? 0)) errors.push(invalid('status.failed', failed, 'cannot decrease the failed counter'));
  if ((!isIndexed || spec.completions !== spec.parallelism) && succeeded < (old.succeeded ?? 0))
    errors.push(invalid('status.succeeded', succeeded, 'cannot decrease the succeeded counter'));
  if (completionTime && old.completionTime && !isEqual(completionTime, old.completionTime))
    errors.push(invalid('status.completionTime', goTime(completionTime), 'completionTime cannot be mutated'));
  const isResuming = is(old, 'Suspended') && is(status, 'Suspended', 'False');
  if (isChanged('startTime') && !isResuming && old.startTime && spec.suspend !== true)
    errors.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  if (is(old, 'SuccessCriteriaMet') && !is(status, 'SuccessCriteriaMet')) conditions('cannot disable the SuccessCriteriaMet=True condition');
  if (is(old, 'Complete') && !is(old, 'SuccessCriteriaMet') && is(status, 'SuccessCriteriaMet'))
    conditions('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions');
  return errors;
}

function validateUncounted({ uncountedTerminatedPods }: JobStatus, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const list of ['succeeded', 'failed'] as const)
    uncountedTerminatedPods?.[list]?.forEach((uid, i) => {
      const at = index(`status.uncountedTerminatedPods.${list}`, i);
      if (uid === '') errors.push(invalid(at, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(at, uid));
      else seen.add(uid);
    });
}

function validateIndexes(spec: Job['spec'], status: JobStatus, isNewCompleted: boolean, isNewFailed: boolean, isIndexed: boolean, errors: FieldError[]): void {
  const { completedIndexes = '', failedIndexes } = status;
  const { completions, backoffLimitPerIndex } = spec;
  const problem = (indexes: string): string | undefined => {
    const parsed = completions === undefined ? undefined : checkIndexes(indexes, completions);
    return typeof parsed === 'string' ? parsed : undefined;
  };
  if (isNewCompleted) {
    const wrong = problem(completedIndexes);
    if (wrong !== undefined) errors.push(invalid('status.completedIndexes', completedIndexes, `error parsing completedIndexes: ${wrong}`));
  }
  if (isNewFailed && backoffLimitPerIndex !== undefined && failedIndexes !== undefined) {
    const wrong = problem(failedIndexes);
    if (wrong !== undefined) errors.push(invalid('status.failedIndexes', failedIndexes, `error parsing failedIndexes: ${wrong}`));
  }
  if (isNewCompleted && completedIndexes !== '' && !isIndexed)
    errors.push(invalid('status.completedIndexes', completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode'));
  if (isNewFailed && backoffLimitPerIndex === undefined && failedIndexes !== undefined)
    errors.push(invalid('status.failedIndexes', failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'));
  if ((!isNewCompleted && !isNewFailed) || completions === undefined || failedIndexes === undefined) return;
  const both = firstOfBoth(completedIndexes, failedIndexes, completions);
  if (both !== undefined) errors.push(invalid('status.failedIndexes', failedIndexes, `failedIndexes and completedIndexes overlap at index: ${both}`));
}

/** The first index that two lists have in common; what is no interval of them counts for nothing. */
function firstOfBoth(some: string, others: string, completions: number): number | undefined {
  const intervals = (text: string) =>
    text
      .split(',')
      .filter((part) => part !== '' && typeof checkIndexes(part, completions) === 'number')
      .flatMap(parseIndexes);
  for (const [first, last] of intervals(some)) for (const [from, to] of intervals(others)) if (first <= to && from <= last) return Math.max(first, from);
  return undefined;
}
