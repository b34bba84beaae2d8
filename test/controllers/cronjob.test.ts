/** CronJobs against golden/controllers/cronjob.md and controllers.md §6 of the reference. */
import { expect, test } from 'vitest';
import type { KubeObject, OwnerReference } from '../../src/api/object.js';
import { minutes, parseTime, seconds, type Time } from '../../src/api/time.js';
import { cronJobController } from '../../src/resources/cronjobs/controller.js';
import { cronjobs } from '../../src/resources/cronjobs/index.js';
import type { CronJob } from '../../src/resources/cronjobs/types.js';
import { jobController } from '../../src/resources/jobs/controller.js';
import { jobs } from '../../src/resources/jobs/index.js';
import type { Job } from '../../src/resources/jobs/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { MemoryCluster } from './memory-cluster.js';

const key = { namespace: 'default', name: 'cj' };
/** 2026-01-01T00:00:00Z in minutes. */
const MINUTE = 29453760;

function story(spec: object = {}) {
  const cluster = new MemoryCluster([cronjobs, jobs]);
  cluster.add([jobController(cluster.state), cronJobController(cluster.state)]);
  const { api } = cluster;
  api.create<CronJob>('cronjobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: key,
    spec: {
      schedule: '* * * * *',
      jobTemplate: {
        metadata: { labels: { from: 'cron' } },
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } } },
      },
      ...spec,
    },
  } as CronJob);
  const names = () => api.list<Job>('jobs.batch').map(({ metadata }) => metadata.name);
  const end = (phase: 'Succeeded' | 'Failed' = 'Succeeded') => {
    for (const { metadata, status } of api.list<Pod>('pods'))
      if (status?.phase === 'Pending') cluster.setPodStatus({ namespace: 'default', name: metadata.name ?? '' }, { phase });
    cluster.advance(seconds(3));
  };
  const status = () => api.get<CronJob>('cronjobs.batch', key)?.status;
  const patch = (body: object) => {
    api.patch('cronjobs.batch', key, { type: 'merge', body });
    cluster.advance(seconds(1));
  };
  return { cluster, api, names, end, status, patch, events: () => cluster.eventTexts('cj') };
}

test('a Job each minute, named after it, and what the status says', () => {
  const { cluster, api, names, status, end, events } = story();
  cluster.advance(seconds(61));
  expect(names()).toEqual([`cj-${MINUTE + 1}`]);
  expect(api.list<Job>('jobs.batch')[0]).toMatchObject({
    metadata: {
      labels: { from: 'cron' },
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:01:00Z' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'cj', controller: true, blockOwnerDeletion: true }],
    },
  });
  expect(status()).toMatchObject({
    active: [{ apiVersion: 'batch/v1', kind: 'Job', name: `cj-${MINUTE + 1}`, namespace: 'default' }],
    lastScheduleTime: '2026-01-01T00:01:00Z',
  });
  end();
  expect(status()).toMatchObject({ lastSuccessfulTime: '2026-01-01T00:01:01Z' });
  expect(status()).not.toHaveProperty('active');
  expect(events()).toEqual([
    `Normal SuccessfulCreate cj: Created job cj-${MINUTE + 1}`,
    `Normal SawCompletedJob cj: Saw completed job: cj-${MINUTE + 1}, condition: Complete`,
  ]);
});

test('three that succeeded and one that failed are kept', () => {
  const { cluster, names, end } = story();
  for (const phase of ['Succeeded', 'Failed', 'Succeeded', 'Failed', 'Succeeded', 'Succeeded'] as const) {
    cluster.advance(seconds(58));
    end(phase);
    // A failed pod is tried again; the Job gives up at its limit.
  }
  expect(names()).toContain(`cj-${MINUTE + 5}`);
  expect(names()).not.toContain(`cj-${MINUTE + 1}`);
});

test('Forbid skips, and starts right when the run ends; Replace replaces; Allow adds', () => {
  const forbid = story({ concurrencyPolicy: 'Forbid' });
  forbid.cluster.advance(minutes(2) + 10_000);
  expect(forbid.names()).toEqual([`cj-${MINUTE + 1}`]);
  expect(forbid.events().at(-1)).toMatch(/^Normal JobAlreadyActive cj: Not starting job because prior execution is running and concurrency policy is Forbid/);
  forbid.end();
  expect(forbid.names()).toEqual([`cj-${MINUTE + 1}`, `cj-${MINUTE + 2}`]);

  const replace = story({ concurrencyPolicy: 'Replace' });
  replace.cluster.advance(minutes(2) + 10_000);
  expect(replace.names()).toEqual([`cj-${MINUTE + 2}`]);
  expect(replace.events()).toContain(`Normal SuccessfulDelete cj: Deleted job cj-${MINUTE + 1}`);

  const allow = story();
  allow.cluster.advance(minutes(2) + 10_000);
  expect(allow.names()).toEqual([`cj-${MINUTE + 1}`, `cj-${MINUTE + 2}`]);
});

test('resumed, it starts the latest missed run, if the deadline has not passed', () => {
  const late = story({ suspend: true });
  late.cluster.advance(minutes(10) + 30_000);
  late.patch({ spec: { suspend: false } });
  expect(late.names()).toEqual([`cj-${MINUTE + 10}`]);

  const hourly = story({ suspend: true, schedule: '0 * * * *', startingDeadlineSeconds: 60 });
  hourly.cluster.advance(minutes(65));
  hourly.patch({ spec: { suspend: false } });
  expect(hourly.names()).toEqual([]);

  const year = story({ suspend: true });
  year.cluster.advance(minutes(366 * 24 * 60));
  year.patch({ spec: { suspend: false } });
  expect(year.names()).toEqual([`cj-${MINUTE + 366 * 24 * 60}`]);
  expect(year.events()[0]).toContain('Warning TooManyMissedTimes');
});

test('a time zone, and one that is not there', () => {
  const { cluster, api, names } = story({ schedule: '30 9 * * *', timeZone: 'Asia/Seoul' });
  cluster.advance(minutes(60));
  const at = (parseTime('2026-01-01T00:30:00Z') as Time) / 60_000;
  expect(names()).toEqual([`cj-${at}`]);
  expect(api.list<Job>('jobs.batch')[0]?.metadata.annotations).toEqual({ 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T09:30:00+09:00' });
  const lost = story({ timeZone: 'Mars/Phobos' });
  lost.cluster.advance();
  expect(lost.events()).toEqual(['Warning UnknownTimeZone cj: invalid timeZone: "Mars/Phobos": unknown time zone Mars/Phobos']);
});

test('a day that never comes', () => {
  const { cluster, names, events } = story({ schedule: '59 23 31 2 *' });
  cluster.advance(minutes(3));
  expect(names()).toEqual([]);
  expect(events()).toEqual(['Warning InvalidSchedule cj: invalid schedule: 59 23 31 2 * : time difference between two schedules is less than 1 second']);
});

test('a Job made by hand is noticed, as recorded; one that vanishes too', () => {
  const { cluster, api, events, status } = story();
  const owner = api.get<CronJob>('cronjobs.batch', key);
  const reference: OwnerReference = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'cj', uid: owner?.metadata.uid ?? '', controller: true };
  api.create<Job>('jobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'manual', namespace: 'default', ownerReferences: [reference] },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } },
  });
  cluster.advance(seconds(1));
  expect(events()[0]).toMatch(/^Warning UnexpectedJob cj: Saw a job that the controller did not create or forgot: manual/);
  cluster.advance(minutes(1));
  api.delete('jobs.batch', { namespace: 'default', name: `cj-${MINUTE + 1}` });
  cluster.advance(seconds(1));
  expect(events()).toContain(`Normal MissingJob cj: Active job went missing: cj-${MINUTE + 1}`);
  expect(status()).not.toHaveProperty('active');
});

test('another schedule starts nothing that it would have started before; of two times at uneven distances none is found', () => {
  const { cluster, names, patch } = story({ schedule: '0 0 * * *' });
  cluster.advance(minutes(30) + 20_000);
  patch({ spec: { schedule: '*/5 * * * *' } });
  expect(names()).toEqual([]);
  cluster.advance(minutes(4));
  expect(names()).toEqual([]);
  cluster.advance(minutes(1));
  expect(names()).toEqual([`cj-${MINUTE + 35}`]);

  const uneven = story({ schedule: '1,2 0 * * *', suspend: true });
  uneven.cluster.advance(minutes(60));
  uneven.patch({ spec: { suspend: false } });
  expect(uneven.names()).toEqual([]);
  uneven.cluster.advance(minutes(24 * 60 - 59));
  expect(uneven.names()).toEqual([`cj-${MINUTE + 24 * 60 + 1}`]);
});

test("somebody else's Job of the name is left to them", () => {
  const { cluster, api, names, events } = story();
  api.create('jobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace: 'default', name: `cj-${MINUTE + 1}` },
    spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } },
  } as KubeObject);
  cluster.advance(seconds(61));
  expect(names()).toEqual([`cj-${MINUTE + 1}`]);
  expect(events()).toEqual([]);
});
