/** The CronJob loop: pkg/controller/cronjob/{cronjob_controllerv2,utils}.go. */
import { isSemanticEqual } from '../../api/equality.js';
import { StatusError } from '../../api/errors.js';
import { controllerOf, keyOf, type ObjectKey } from '../../api/object.js';
import type { Context, Reconciler, Result, StateMap } from '../../api/reconciler.js';
import { type Duration, formatTime, parseTime, seconds, type Time } from '../../api/time.js';
import { controllerKey, controllerReference, ownedBy } from '../../controllers/owned.js';
import { isNamespaceTerminating } from '../../controllers/pods.js';
import { loadZone, UTC, type Zone } from '../../text/zone.js';
import type { ObjectReference } from '../events/types.js';
import type { Job, JobCondition } from '../jobs/types.js';
import { nextTime, parseSchedule, type Schedule } from './schedule.js';
import type { CronJob, CronJobSpec, CronJobStatus } from './types.js';

const CRON_JOBS = 'cronjobs.batch';
const JOBS = 'jobs.batch';
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
/** nextScheduleDelta: a little late, so that the time has surely come. */
const DELTA = 100;
/** More missed times than this are worth a warning. */
const MANY_MISSED = 100;
const NONE: readonly never[] = [];

const memoryKey = ({ namespace, name }: ObjectKey): string => `cronjob-controller/${namespace}/${name}`;
/** The schedule it was last looked at with. */
type Known = Pick<CronJobSpec, 'schedule' | 'timeZone'>;

export function cronJobController(state: StateMap): Reconciler {
  return {
    name: 'cronjob-controller',
    watches: [
      { resource: CRON_JOBS, keys: ({ object }) => [keyOf(object)] },
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
      if (cronJob === undefined) {
        state.delete(memoryKey(key));
        return undefined;
      }
      const known = state.get<Known>(memoryKey(key));
      const { schedule, timeZone } = cronJob.spec;
      const isKnown = known?.schedule === schedule && known.timeZone === timeZone;
      if (!isKnown) state.set(memoryKey(key), timeZone === undefined ? { schedule } : { schedule, timeZone });
      const sync = new CronSync(cronJob, context);
      return known === undefined || isKnown ? sync.run() : sync.reschedule(known);
    },
  };
}

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

  /**
   * updateCronJob: with another schedule it is looked at again when that is due, or when the old one was, if that comes first. What the new
   * one would have started by now is not started.
   */
  reschedule(known: Known): Result | undefined {
    const waits = [known, this.cronJob.spec].map((spec) => this.untilNext(spec)).filter((wait) => wait !== undefined);
    return waits.length === 0 ? undefined : { requeueAfter: Math.min(...waits) as Duration };
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
    const due = this.mostRecent(schedule, zone, true);
    if (due === undefined) {
      // A day that never comes: upstream finds no time between two such days.
      const why = 'time difference between two schedules is less than 1 second';
      context.event(cronJob, 'Warning', 'InvalidSchedule', `invalid schedule: ${spec.schedule} : ${why}`);
      return undefined;
    }
    if (due.found !== undefined && due.missed > MANY_MISSED)
      context.event(cronJob, 'Warning', 'TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew');
    if (due.found !== undefined && !this.start(due.found, zone, jobs)) return undefined;
    return this.untilNext(spec);
  }

  /** nextScheduleTimeDuration. Undefined: never, or nobody can tell. */
  private untilNext({ schedule: text, timeZone }: Known): Duration | undefined {
    const { now } = this.context;
    const zone = timeZone === undefined ? UTC : loadZone(timeZone);
    const schedule = parseSchedule(text);
    if (zone === undefined || 'error' in schedule) return undefined;
    const last = this.mostRecent(schedule, zone, false);
    const next = last && nextTime(schedule, last.found ?? (last.missed === 0 ? last.from : now), zone);
    return next === undefined ? undefined : ((next - now + DELTA) as Duration);
  }

  /**
   * mostRecentScheduleTime since the last run, or since it was made: how many were missed is estimated by the first two, and the last one
   * looked for from there; of times at uneven distances there may be none found. Undefined: it never fires.
   */
  private mostRecent(
    schedule: Schedule,
    zone: Zone,
    hasDeadline: boolean,
  ): { readonly from: Time; readonly found?: Time; readonly missed: number } | undefined {
    const { cronJob, context, status } = this;
    const { now } = context;
    const { startingDeadlineSeconds: deadline } = cronJob.spec;
    let from = parseTime(status.lastScheduleTime ?? cronJob.metadata.creationTimestamp ?? '') ?? now;
    // What is past its deadline need not be counted.
    if (hasDeadline && deadline !== undefined) from = Math.max(from, now - deadline * 1000) as Time;
    const first = nextTime(schedule, from, zone);
    if (first === undefined) return undefined;
    if (now < first) return { from, missed: 0 };
    const second = nextTime(schedule, first, zone);
    if (second === undefined || now < second) return { from, found: first, missed: 0 };
    const between = second - first;
    const missed = Math.floor((now - first) / between) + 1;
    let found: Time | undefined;
    for (let at = nextTime(schedule, (first + (missed - 2) * between) as Time, zone); at !== undefined && at <= now; at = nextTime(schedule, at, zone))
      found = at;
    return found === undefined ? { from, missed } : { from, found, missed };
  }

  /** False: there is nothing more to do before something changes. */
  private start(due: Time, zone: Zone, jobs: readonly Job[]): boolean {
    const { cronJob, context } = this;
    const { spec } = cronJob;
    const { now } = context;
    if (spec.startingDeadlineSeconds !== undefined && due + seconds(spec.startingDeadlineSeconds) < now) {
      context.event(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${new Date(due).toUTCString().replace('GMT', '+0000')}`);
      return true;
    }
    const name = `${cronJob.metadata.name}-${Math.floor(due / 60_000)}`;
    if (this.active.some((reference) => reference.name === name) || this.status.lastScheduleTime === formatTime(due)) return true;
    if (spec.concurrencyPolicy === 'Forbid' && this.active.length > 0) {
      context.event(cronJob, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
      return true;
    }
    if (spec.concurrencyPolicy === 'Replace') {
      for (const reference of this.active) {
        const job = jobs.find(({ metadata }) => metadata.uid === reference.uid);
        if (job === undefined || !this.deleteJob(job)) return true;
      }
    }
    return this.create(name, due, zone);
  }

  private create(name: string, due: Time, zone: Zone): boolean {
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
      context.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (isNamespaceTerminating(error)) return true;
      const there = error.reason === 'AlreadyExists' ? context.api.get<Job>(JOBS, keyOf(wanted)) : undefined;
      if (there === undefined) {
        context.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
        return true;
      }
      // Somebody else's is left to them.
      if (controllerOf(there)?.uid !== cronJob.metadata.uid) return false;
      job = there;
    }
    this.setActive([...this.active, referenceTo(job)]);
    this.status = { ...this.status, lastScheduleTime: formatTime(due) };
    return true;
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
