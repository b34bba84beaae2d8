/** Why a Job is not done, or a CronJob does not start one. */
import type { CronJob } from '../../../resources/cronjobs/types.js';
import type { Job } from '../../../resources/jobs/types.js';
import { conditionLine, objectLine, specLine } from '../evidence.js';
import type { Facts, Rule } from '../rule.js';
import { ownedBy, type Workload, type WorkloadCase } from '../workload-case.js';
import { refusedRules } from './workload.js';

type JobCase = WorkloadCase<Job>;
type CronJobCase = WorkloadCase<CronJob>;

const counts = ({ object: { status = {} }, target }: JobCase) =>
  objectLine(`${target}: active ${status.active ?? 0}, succeeded ${status.succeeded ?? 0}, failed ${status.failed ?? 0}`);

function failed(j: JobCase, reason: RegExp): Facts | undefined {
  const condition = [j.condition('Failed'), j.condition('FailureTarget')].find((one) => one?.status === 'True');
  if (condition === undefined || !reason.test(condition.reason ?? '')) return undefined;
  const { spec, status } = j.object;
  return {
    values: {
      reason: condition.reason,
      message: condition.message,
      limit: spec.backoffLimit ?? 6,
      deadline: spec.activeDeadlineSeconds,
      failed: status?.failed ?? 0,
    },
    evidence: [conditionLine(condition), counts(j), j.seen(condition.reason ?? '')],
  };
}

const SEE = ['kubectl describe job {name}{n}', 'kubectl get pods{n} -l batch.kubernetes.io/job-name={name}'];

/** The API server's refusals are the same for a Job: it wants one pod at least. */
const jobRefused: readonly Rule<JobCase>[] = refusedRules.map((rule) => ({
  ...rule,
  when: (j) =>
    j.condition('Complete')?.status === 'True' || j.condition('Failed')?.status === 'True'
      ? undefined
      : rule.when({ ...j, object: j.object as unknown as Workload } as WorkloadCase),
}));

/** The first one counts. */
export const jobRules: readonly Rule<JobCase>[] = [
  {
    id: 'job-complete',
    isFine: true,
    when: (j) =>
      j.condition('Complete')?.status === 'True'
        ? { values: { done: j.object.status?.succeeded ?? 0 }, evidence: [conditionLine(j.condition('Complete')), counts(j)] }
        : undefined,
    en: { cause: ['The Job is done: {done} of its pods succeeded.'], todo: ['Nothing.'] },
    ko: { cause: ['Job이 완료되었습니다. 성공한 파드: {done}개.'], todo: ['할 일은 없습니다.'] },
    proof: ['kubectl get job {name}{n}', 'kubectl logs job/{name}{n}'],
  },
  {
    id: 'job-backoff-limit-exceeded',
    when: (j) => failed(j, /^BackoffLimitExceeded$/),
    en: {
      cause: ['The Job gave up: its pods failed {failed} times, more often than backoffLimit ({limit}) allows.'],
      todo: ['See below why they fail. A Job that has failed does not start again: delete it and make it anew.'],
    },
    ko: {
      cause: ['파드가 {failed}번 실패하여 backoffLimit({limit})을 넘었고, Job이 포기했습니다.'],
      todo: ['아래에서 파드가 실패한 이유를 보세요. 실패한 Job은 다시 시작되지 않으므로 지우고 새로 만들어야 합니다.'],
    },
    proof: SEE,
  },
  {
    id: 'job-deadline-exceeded',
    when: (j) => failed(j, /^DeadlineExceeded$/),
    en: {
      cause: [
        'The Job was active longer than activeDeadlineSeconds ({deadline}s): its pods were stopped and it has failed, whatever was left of backoffLimit.',
      ],
      todo: ['Give it more time, or find out why it takes so long. Then delete it and make it anew.'],
    },
    ko: {
      cause: ['Job이 activeDeadlineSeconds({deadline}초)보다 오래 실행되었습니다. backoffLimit이 남아 있어도 파드를 멈추고 실패로 끝납니다.'],
      todo: ['시간을 더 주거나 왜 오래 걸리는지 확인한 뒤, Job을 지우고 새로 만드세요.'],
    },
    proof: ['kubectl get job {name}{n} -o jsonpath=\'{.spec.activeDeadlineSeconds} {.status.startTime}{"\\n"}\'', ...SEE],
  },
  {
    id: 'job-failed',
    when: (j) => failed(j, /(?:)/),
    en: { cause: ['The Job has failed ({reason}): "{message}".'], todo: ['Correct the cause, delete the Job and make it anew.'] },
    ko: { cause: ['Job이 실패했습니다({reason}): "{message}".'], todo: ['원인을 고친 뒤 Job을 지우고 새로 만드세요.'] },
    proof: SEE,
  },
  {
    id: 'job-suspended',
    when: (j) => (j.object.spec.suspend === true ? { evidence: [specLine('suspend', true), conditionLine(j.condition('Suspended')), counts(j)] } : undefined),
    en: { cause: ['The Job is suspended: it makes no pods, and those it had were ended.'], todo: ['Let it go on.'] },
    ko: { cause: ['Job이 일시 중지(suspend)되어 있어 파드를 만들지 않으며, 있던 파드는 종료되었습니다.'], todo: ['다시 진행하게 하세요.'] },
    fix: [`kubectl patch job {name}{n} -p '{"spec":{"suspend":false}}'`],
    proof: ['kubectl get job {name}{n} -o jsonpath=\'{.spec.suspend}{"\\n"}\'', 'kubectl get job {name}{n}'],
  },
  ...jobRefused,
  {
    id: 'job-retrying',
    when: (j) =>
      (j.object.status?.failed ?? 0) > 0
        ? {
            values: { failed: j.object.status?.failed, limit: j.object.spec.backoffLimit ?? 6 },
            evidence: [counts(j), specLine('backoffLimit', j.object.spec.backoffLimit)],
          }
        : undefined,
    en: {
      cause: [
        '{failed} of its pods have failed so far; the Job makes new ones until more than {limit} have (backoffLimit), waiting longer each time (10s, 20s, 40s ...).',
      ],
      todo: ['See below why they fail.'],
    },
    ko: {
      cause: ['지금까지 파드 {failed}개가 실패했습니다. {limit}개(backoffLimit)를 넘을 때까지, 점점 더 오래 기다리며(10초, 20초, 40초 …) 새 파드를 만듭니다.'],
      todo: ['아래에서 실패한 이유를 보세요.'],
    },
    proof: SEE,
  },
  {
    id: 'job-running',
    when: (j) => ({ evidence: [counts(j)] }),
    en: { cause: ['The Job is at work: it is done when enough of its pods have ended with 0.'], todo: ['Wait; the state of its pods is below.'] },
    ko: { cause: ['Job이 진행 중입니다. 필요한 수의 파드가 0으로 끝나면 완료됩니다.'], todo: ['기다리세요. 파드의 상태는 아래에 있습니다.'] },
    proof: SEE,
  },
];

/** Its newest Job. */
export function lastJob(c: CronJobCase): Job | undefined {
  return [...ownedBy<Job>(c.world, c.object, 'jobs')]
    .sort((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''))
    .at(-1);
}
const isFailed = (job: Job | undefined): boolean => job?.status?.conditions?.some((one) => one.type === 'Failed' && one.status === 'True') === true;

const schedule = (c: CronJobCase) =>
  specLine('schedule', `${c.object.spec.schedule}${c.object.spec.timeZone === undefined ? '' : ` (${c.object.spec.timeZone})`}`);
const lastTime = (c: CronJobCase) =>
  objectLine(`${c.target}: lastScheduleTime ${c.object.status?.lastScheduleTime ?? '<none>'}, active ${c.object.status?.active?.length ?? 0}`);
const SEE_CRON = ['kubectl get cronjob {name}{n}', 'kubectl describe cronjob {name}{n}'];

export const cronJobRules: readonly Rule<CronJobCase>[] = [
  {
    id: 'cronjob-suspended',
    when: (c) => (c.object.spec.suspend === true ? { evidence: [specLine('suspend', true), schedule(c), lastTime(c)] } : undefined),
    en: {
      cause: ['The CronJob is suspended: it starts no Job, whatever the time.'],
      todo: ['Let it go on. (Without startingDeadlineSeconds it then makes up for the latest time it missed.)'],
    },
    ko: {
      cause: ['CronJob이 일시 중지(suspend)되어 있어 시간이 되어도 Job을 시작하지 않습니다.'],
      todo: ['다시 진행하게 하세요. (startingDeadlineSeconds가 없으면 놓친 시각 중 가장 최근 것을 바로 실행합니다.)'],
    },
    fix: [`kubectl patch cronjob {name}{n} -p '{"spec":{"suspend":false}}'`],
    proof: SEE_CRON,
  },
  {
    id: 'cronjob-overlap-forbidden',
    when: (c) =>
      c.object.spec.concurrencyPolicy === 'Forbid' && c.event('JobAlreadyActive') !== undefined && (c.object.status?.active?.length ?? 0) > 0
        ? { values: { job: c.object.status?.active?.[0]?.name }, evidence: [specLine('concurrencyPolicy', 'Forbid'), lastTime(c), c.seen('JobAlreadyActive')] }
        : undefined,
    en: {
      cause: ['The last Job ({job}) still runs, and concurrencyPolicy Forbid lets no second one begin.'],
      todo: ['See why it takes so long (podsim why job/{job}); or give it an activeDeadlineSeconds, or use Replace.'],
    },
    ko: {
      cause: ['이전 Job({job})이 아직 실행 중이고 concurrencyPolicy가 Forbid라서 새 Job을 시작하지 않습니다.'],
      todo: ['왜 오래 걸리는지 확인하거나(podsim why job/{job}), activeDeadlineSeconds를 주거나, Replace를 쓰세요.'],
    },
    proof: ['kubectl get jobs{n}', 'kubectl get events{n} --field-selector involvedObject.name={name}'],
  },
  {
    id: 'cronjob-missed',
    when: (c) =>
      c.event(/^(TooManyMissedTimes|MissSchedule|UnparseableSchedule|InvalidSchedule|UnknownTimeZone)$/) === undefined
        ? undefined
        : {
            evidence: [
              schedule(c),
              lastTime(c),
              specLine('startingDeadlineSeconds', c.object.spec.startingDeadlineSeconds),
              c.seen(/^(TooManyMissedTimes|MissSchedule|UnparseableSchedule|InvalidSchedule|UnknownTimeZone)$/),
            ],
          },
    en: {
      cause: ['The CronJob let times of its schedule pass; the Event says why.'],
      todo: ['Check startingDeadlineSeconds (below 10 it may never fire), the schedule and the time zone.'],
    },
    ko: {
      cause: ['CronJob이 예정된 시각을 놓쳤습니다. 이유는 이벤트에 있습니다.'],
      todo: ['startingDeadlineSeconds(10초 미만이면 실행되지 않을 수 있음), schedule, timeZone을 확인하세요.'],
    },
    proof: SEE_CRON,
  },
  {
    id: 'cronjob-last-job-failed',
    when: (c) => (isFailed(lastJob(c)) ? { values: { job: lastJob(c)?.metadata.name }, evidence: [schedule(c), lastTime(c)] } : undefined),
    en: { cause: ['The CronJob fires as it should, but its last Job, {job}, has failed.'], todo: ['See below why; the schedule goes on all the same.'] },
    ko: { cause: ['CronJob은 정상적으로 실행되지만 마지막 Job인 {job}이 실패했습니다.'], todo: ['아래에서 이유를 보세요. 스케줄은 계속됩니다.'] },
    proof: ['kubectl get jobs{n}', 'kubectl describe job {job}{n}'],
  },
  {
    id: 'cronjob-not-yet-due',
    isFine: true,
    when: (c) =>
      c.object.status?.lastScheduleTime === undefined && lastJob(c) === undefined
        ? { values: { schedule: c.object.spec.schedule }, evidence: [schedule(c), lastTime(c)] }
        : undefined,
    en: { cause: ['No time of the schedule "{schedule}" has come yet.'], todo: ['Wait, or start one by hand.'] },
    ko: { cause: ['스케줄 "{schedule}"의 시각이 아직 오지 않았습니다.'], todo: ['기다리거나 직접 하나 시작하세요.'] },
    fix: ['kubectl create job {name}-now --from=cronjob/{name}{n}'],
    proof: SEE_CRON,
  },
  {
    id: 'cronjob-well',
    isFine: true,
    when: (c) => ({ values: { last: c.object.status?.lastScheduleTime, job: lastJob(c)?.metadata.name }, evidence: [schedule(c), lastTime(c)] }),
    en: { cause: ['The CronJob fires as it should.', 'The last time was {last}.', 'Its last Job is {job}.'], todo: ['Nothing.'] },
    ko: { cause: ['CronJob이 정상적으로 실행되고 있습니다.', '마지막 실행 시각: {last}.', '마지막 Job: {job}.'], todo: ['할 일은 없습니다.'] },
    proof: [...SEE_CRON, 'kubectl get jobs{n}'],
  },
];
