/** pkg/apis/batch/validation/validation.go ValidateCronJobCreate and ValidateCronJobUpdate, errors in its order. */
import { type FieldError, invalid, notSupported, required } from '../../api/field.js';
import { loadZone } from '../../text/zone.js';
import { validateNonnegative, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateJobSpec } from '../pod-template/job-spec.js';
import { goSelector } from '../pod-template/workloads.js';
import { parseSchedule } from './schedule.js';
import type { CronJob, CronJobSpec } from './types.js';

/** A Job's 63 less the eleven characters of the time appended. */
const MAX_NAME = 52;
const CONCURRENCY: readonly string[] = ['Allow', 'Forbid', 'Replace'];

export function validate({ metadata, spec }: CronJob): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  validateSpec(spec, undefined, 'spec', errors);
  const { name = '' } = metadata;
  if (name.length > MAX_NAME) errors.push(invalid('metadata.name', name, `must be no more than ${MAX_NAME} characters`));
  return errors;
}

export function validateUpdate(cronJob: CronJob, old: CronJob): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(cronJob.metadata, old.metadata, errors);
  validateSpec(cronJob.spec, old.spec, 'spec', errors);
  return errors;
}

function validateSpec(spec: CronJobSpec, old: CronJobSpec | undefined, at: string, errors: FieldError[]): void {
  if (!spec.schedule) errors.push(required(`${at}.schedule`));
  else validateSchedule(spec, old?.schedule.includes('TZ') === true, `${at}.schedule`, errors);
  validateNonnegative(spec.startingDeadlineSeconds, `${at}.startingDeadlineSeconds`, errors);
  if (spec.timeZone !== undefined && (old === undefined || old.timeZone !== spec.timeZone)) validateTimeZone(spec.timeZone, `${at}.timeZone`, errors);
  const policy = spec.concurrencyPolicy ?? '';
  if (policy === '') errors.push(required(`${at}.concurrencyPolicy`));
  else if (!CONCURRENCY.includes(policy)) errors.push(notSupported(`${at}.concurrencyPolicy`, policy, CONCURRENCY));
  const { spec: job } = spec.jobTemplate;
  validateJobSpec(job, `${at}.jobTemplate.spec`, errors);
  if (job.selector !== undefined) errors.push(invalid(`${at}.jobTemplate.spec.selector`, goSelector(job.selector), '`selector` will be auto-generated'));
  if (job.manualSelector === true) errors.push(notSupported(`${at}.jobTemplate.spec.manualSelector`, true, ['nil', 'false']));
  validateNonnegative(spec.successfulJobsHistoryLimit, `${at}.successfulJobsHistoryLimit`, errors);
  validateNonnegative(spec.failedJobsHistoryLimit, `${at}.failedJobsHistoryLimit`, errors);
}

function validateSchedule({ schedule, timeZone }: CronJobSpec, mayHaveZone: boolean, at: string, errors: FieldError[]): void {
  const parsed = parseSchedule(schedule);
  if ('error' in parsed) errors.push(invalid(at, schedule, parsed.error));
  if (!schedule.includes('TZ')) return;
  if (!mayHaveZone) errors.push(invalid(at, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  else if (timeZone !== undefined) errors.push(invalid(at, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
}

function validateTimeZone(name: string, at: string, errors: FieldError[]): void {
  if (name === '') {
    errors.push(invalid(at, name, 'timeZone must be nil or non-empty string'));
    return;
  }
  const unknown = invalid(at, name, `unknown time zone ${name}`);
  if (name.split('/').some((part) => part === '.' || part === '..' || !/^[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}$/.test(part))) {
    errors.push(unknown);
    return;
  }
  if (name.toLowerCase() === 'local') errors.push(invalid(at, name, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  // Go knows `Local`, in that spelling.
  if (name !== 'Local' && loadZone(name) === undefined) errors.push(unknown);
}
