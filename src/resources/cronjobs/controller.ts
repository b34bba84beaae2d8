/** The CronJob loop: pkg/controller/cronjob/{cronjob_controllerv2,utils}.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { StatusError } from '../../api/errors.js';
import { controllerOf, keyOf } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { type Duration, formatTime, parseTime, seconds, type Time } from '../../api/time.js';
import { controllerKey, controllerReference, ownedBy } from '../../controllers/owned.js';
import { isNamespaceTerminating } from '../../controllers/pods.js';
import { loadZone, UTC, type Zone } from '../../text/zone.js';
import type { ObjectReference } from '../events/types.js';
import type { Job, JobCondition } from '../jobs/types.js';
import { nextTime, parseSchedule, type Schedule } from './schedule.js';
import type { CronJob, CronJobStatus } from './types.js';

const CRON_JOBS = 'cronjobs.batch';
const JOBS = 'jobs.batch';
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** nextScheduleDelta: a little late, so that the time has surely come. */
const DELTA = 100;
/** More missed times than this are worth a warning. */
const MANY_MISSED = 100;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NONE: readonly never[] = [];

export const controller: Reconciler = {
  name: 'cronjob-controller',
  watches: [
    { resource: CRON_JOBS, keys: ({ type, object }) => (type === 'DELETED' ? NONE : [keyOf(object)]) },
    {
      resource: JOBS,
      keys: ({ object }) => {
        const key = controllerKey(object, 'CronJob');
        return key === undefined ? NONE : [key];
      },
    },
  ],
  reconcile: (key, context) => {
    const cronJob = context.api.get<CronJob>(CRON_JOBS, key);
    return cronJob === undefined ? undefined : new CronSync(cronJob, context).run();
  },
};

const finishedBy = ({ status }: Job): JobCondition | undefined =>
  status?.conditions?.find(({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True');

class CronSync {
  private status: CronJobStatus;

  constructor(
    private readonly cronJob: CronJob,
    private readonly context: Context,
  ) {
    this.status = cronJob.status ?? {};
  }

  run(): Result | undefined {
    const jobs = this.cleanUp(ownedBy<Job>(this.context.api, JOBS, this.cronJob));
    this.syncActive(jobs);
    const wait = this.cronJob.metadata.deletionTimestamp === undefined ? this.schedule(jobs) : undefined;
    const { cronJob, status } = this;
    if (!isSemanticEqual(status, cronJob.status)) this.context.api.updateStatus<CronJob>(CRON_JOBS, { ...cronJob, status }, WRITE);
    return wait === undefined ? undefined : { requeueAfter: wait };
  }

  private get active(): readonly ObjectReference[] {
    return this.status.active ?? NONE;
  }
  private setActive(active: readonly ObjectReference[]): void {
    const { active: _, ...rest } = this.status;
    this.status = active.length === 0 ? rest : { active, ...rest };
  }

  /** cleanupFinishedJobs: the oldest beyond the history limits. Returns those that are left. */
  private cleanUp(jobs: readonly Job[]): readonly Job[] {
    const { successfulJobsHistoryLimit: good, failedJobsHistoryLimit: bad } = this.cronJob.spec;
    const deleted = new Set<Job>();
    for (const [type, limit] of [
      ['Complete', good],
      ['Failed', bad],
    ] as const) {
      if (limit === undefined) continue;
      const ended = jobs.filter((job) => finishedBy(job)?.type === type && job.metadata.deletionTimestamp === undefined).toSorted(byStart);
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) if (this.deleteJob(job)) deleted.add(job);
    }
    return jobs.filter((job) => !deleted.has(job));
  }

  private deleteJob(job: Job): boolean {
    const { api } = this.context;
    try {
      api.delete(JOBS, keyOf(job), { propagationPolicy: 'Background' });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.context.event(this.cronJob, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
      return false;
    }
    this.setActive(this.active.filter(({ uid }) => uid !== job.metadata.uid));
    this.context.event(this.cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
    return true;
  }

  /** What runs, and what has run since the last look. */
  private syncActive(jobs: readonly Job[]): void {
    const { cronJob, context } = this;
    for (const job of jobs) {
      const isListed = this.active.some(({ uid }) => uid === job.metadata.uid);
      const end = finishedBy(job);
      if (!isListed && end === undefined) {
        context.event(cronJob, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${job.metadata.name}`);
      } else if (isListed && end !== undefined) {
        this.setActive(this.active.filter(({ uid }) => uid !== job.metadata.uid));
        context.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${end.type}`);
      }
      const { completionTime } = job.status ?? {};
      if (end?.type === 'Complete' && completionTime !== undefined && completionTime > (this.status.lastSuccessfulTime ?? ''))
        this.status = { ...this.status, lastSuccessfulTime: completionTime };
    }
    const known = new Set(jobs.map(({ metadata }) => metadata.uid));
    for (const reference of this.active) {
      if (known.has(reference.uid ?? '')) continue;
      const found = context.api.get<Job>(JOBS, { namespace: reference.namespace ?? '', name: reference.name ?? '' });
      if (found !== undefined && found.metadata.uid === reference.uid && controllerOf(found) !== undefined) continue;
      context.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${reference.name}`);
      this.setActive(this.active.filter(({ uid }) => uid !== reference.uid));
    }
  }

  /** Starts the most recent run that is due. Returns how long until the next. */
  private schedule(jobs: readonly Job[]): Duration | undefined {
    const { cronJob, context } = this;
    const { spec } = cronJob;
    const { now } = context;
    const zone = spec.timeZone === undefined ? UTC : loadZone(spec.timeZone);
    if (zone === undefined) {
      context.event(cronJob, 'Warning', 'UnknownTimeZone', `invalid timeZone: ${JSON.stringify(spec.timeZone)}: unknown time zone ${spec.timeZone}`);
      return undefined;
    }
    if (spec.suspend === true) return undefined;
    const schedule = parseSchedule(spec.schedule);
    if ('error' in schedule) {
      context.event(cronJob, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${schedule.error}`);
      return undefined;
    }
    if (spec.schedule.includes('TZ'))
      context.event(
        cronJob,
        'Warning',
        'UnsupportedSchedule',
        `CRON_TZ or TZ used in schedule ${JSON.stringify(spec.schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
      );
    const next = nextTime(schedule, now, zone);
    if (next === undefined) {
      // A day that never comes: upstream finds no time between two such days.
      const why = 'time difference between two schedules is less than 1 second';
      context.event(cronJob, 'Warning', 'InvalidSchedule', `invalid schedule: ${spec.schedule} : ${why}`);
      return undefined;
    }
    const due = this.mostRecent(schedule, zone);
    if (due !== undefined) this.start(due, zone, jobs);
    return (next - now + DELTA) as Duration;
  }

  /** mostRecentScheduleTime since the last run, or since it was made. */
  private mostRecent(schedule: Schedule, zone: Zone): Time | undefined {
    const { cronJob, context, status } = this;
    const { now } = context;
    const { startingDeadlineSeconds: deadline } = cronJob.spec;
    let from = parseTime(status.lastScheduleTime ?? cronJob.metadata.creationTimestamp ?? '') ?? now;
    // What is past its deadline need not be counted.
    if (deadline !== undefined) from = Math.max(from, now - deadline * 1000) as Time;
    const last = (start: Time, limit: number): { found: Time | undefined; count: number } => {
      let found: Time | undefined;
      let count = 0;
      for (let at = nextTime(schedule, start, zone); at !== undefined && at <= now && count < limit; at = nextTime(schedule, at, zone), count++) found = at;
      return { found, count };
    };
    const counted = last(from, MANY_MISSED + 1);
    const missed = counted.count;
    let { found } = counted;
    // After a long sleep the last one is looked for near its end first.
    if (missed > MANY_MISSED && 'every' in schedule) found = (from + Math.floor((now - from) / schedule.every) * schedule.every) as Time;
    else if (missed > MANY_MISSED)
      for (const span of [HOUR, DAY, 31 * DAY, 366 * DAY, now - from]) {
        const near = last(Math.max(from, now - span) as Time, Number.POSITIVE_INFINITY);
        if (near.found === undefined) continue;
        found = near.found;
        break;
      }
    if (missed > MANY_MISSED)
      context.event(cronJob, 'Warning', 'TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew');
    return found;
  }

  private start(due: Time, zone: Zone, jobs: readonly Job[]): void {
    const { cronJob, context } = this;
    const { spec } = cronJob;
    const { now } = context;
    if (spec.startingDeadlineSeconds !== undefined && due + seconds(spec.startingDeadlineSeconds) < now) {
      context.event(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${new Date(due).toUTCString().replace('GMT', '+0000')}`);
      return;
    }
    const name = `${cronJob.metadata.name}-${Math.floor(due / 60_000)}`;
    if (this.active.some((reference) => reference.name === name) || this.status.lastScheduleTime === formatTime(due)) return;
    if (spec.concurrencyPolicy === 'Forbid' && this.active.length > 0) {
      context.event(cronJob, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
      return;
    }
    if (spec.concurrencyPolicy === 'Replace') {
      for (const reference of this.active) {
        const job = jobs.find(({ metadata }) => metadata.uid === reference.uid);
        if (job === undefined || !this.deleteJob(job)) return;
      }
    }
    this.create(name, due, zone);
  }

  private create(name: string, due: Time, zone: Zone): void {
    const { cronJob, context } = this;
    const { metadata, spec } = cronJob.spec.jobTemplate;
    const wanted: Job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace: cronJob.metadata.namespace ?? '',
        ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
        annotations: { ...metadata?.annotations, [SCHEDULED]: zoned(due, zone) },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec,
    };
    let job: Job;
    try {
      job = context.api.create<Job>(JOBS, wanted, WRITE);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (isNamespaceTerminating(error)) return;
      const there = error.reason === 'AlreadyExists' ? context.api.get<Job>(JOBS, keyOf(wanted)) : undefined;
      if (there === undefined || controllerOf(there)?.uid !== cronJob.metadata.uid) {
        context.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
        return;
      }
      if (finishedBy(there) !== undefined) {
        this.status = { ...this.status, lastScheduleTime: formatTime(due) };
        return;
      }
      job = there;
    }
    context.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
    this.setActive([...this.active, referenceTo(job)]);
    this.status = { ...this.status, lastScheduleTime: formatTime(due) };
  }
}

const byStart = (a: Job, b: Job): number =>
  compare(a.status?.startTime ?? '', b.status?.startTime ?? '') || compare(a.metadata.name ?? '', b.metadata.name ?? '');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const referenceTo = ({ metadata }: Job): ObjectReference => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  name: metadata.name ?? '',
  namespace: metadata.namespace ?? '',
  ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
  uid: metadata.uid ?? '',
});

/** RFC 3339 in the zone: `2026-01-01T09:00:00+09:00`. */
function zoned(at: Time, zone: Zone): string {
  const offset = zone.offset(at);
  if (offset === 0) return formatTime(at);
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.abs(offset) / 60;
  return formatTime((at + offset * 1000) as Time).replace('Z', `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(Math.floor(minutes % 60))}`);
}
