/** What controllers do in a whole cluster, where their own tests have no kubelet: controllers.md §3-§6 of the reference. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { CronJob } from '../../src/resources/cronjobs/types.js';
import type { Event } from '../../src/resources/events/types.js';
import type { Job } from '../../src/resources/jobs/types.js';
import type { PersistentVolume } from '../../src/resources/persistentvolumes/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const object = (apiVersion: string, kind: string, name: string, more: object): KubeObject => ({ apiVersion, kind, metadata: { name }, ...more }) as KubeObject;
const container = (script: string, more: object = {}) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script], ...more });
const job = (script: string, spec: object = {}, pod: object = {}): KubeObject =>
  object('batch/v1', 'Job', 'j', { spec: { ...spec, template: { spec: { restartPolicy: 'Never', containers: [container(script)], ...pod } } } });
const cronJob = (script: string, spec: object): KubeObject =>
  object('batch/v1', 'CronJob', 'cron', {
    spec: { jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container(script)] } } } }, ...spec },
  });
const podsOf = (c: TestCluster) => c.list<Pod>('pods', { namespace: 'default' });
const eventsOf = (c: TestCluster, kind: string) =>
  c
    .list<Event>('events')
    .filter(({ involvedObject }) => involvedObject.kind === kind)
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
const patch = (c: TestCluster, path: string, body: object) => c.request('PATCH', path, body, { 'content-type': 'application/merge-patch+json' });
const jobStatus = (c: TestCluster) => {
  const { conditions = [], startTime, completionTime, uncountedTerminatedPods, ...counts } = c.get<Job>('jobs.batch', 'j').status ?? {};
  return { ...counts, conditions: conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`) };
};
const failed = (reason: string, message: string) => ['FailureTarget', 'Failed'].map((type) => `${type} True ${reason}: ${message}`);

const stories: readonly {
  readonly name: string;
  readonly job: KubeObject;
  readonly after: string;
  readonly status: object;
  readonly events?: readonly string[];
}[] = [
  {
    name: 'more indexes fail than may',
    job: job('exit 1', { completions: 4, parallelism: 4, completionMode: 'Indexed', backoffLimitPerIndex: 0, maxFailedIndexes: 1 }),
    after: '30s',
    // Pods deleted at the end count as failed, their indexes do not.
    status: {
      failed: 4,
      terminating: 0,
      ready: 0,
      // Whichever two ended first.
      failedIndexes: expect.stringMatching(/^\d,\d$/) as string,
      conditions: failed('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes'),
    },
  },
  {
    name: 'an index fails for good by policy',
    job: job('exit 42', {
      completions: 2,
      parallelism: 1,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 3,
      podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [42] } }] },
    }),
    after: '30s',
    status: { failed: 2, terminating: 0, ready: 0, failedIndexes: '0,1', conditions: failed('FailedIndexes', 'Job has failed indexes') },
  },
  {
    name: 'restarts in place pass the limit',
    job: job('exit 1', { backoffLimit: 2 }, { restartPolicy: 'OnFailure' }),
    after: '5m',
    status: { failed: 1, terminating: 0, ready: 0, conditions: failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit') },
  },
  {
    name: 'the deadline passes',
    job: job('sleep 1000', { activeDeadlineSeconds: 10 }),
    after: '1m',
    status: { failed: 1, terminating: 0, ready: 0, conditions: failed('DeadlineExceeded', 'Job was active longer than specified deadline') },
  },
  {
    name: 'a work queue ends when all have ended and one was well',
    job: job('sleep 3', { parallelism: 2 }),
    after: '30s',
    status: {
      succeeded: 2,
      terminating: 0,
      ready: 0,
      conditions: ['SuccessCriteriaMet', 'Complete'].map((type) => `${type} True CompletionsReached: Reached expected number of succeeded pods`),
    },
  },
];
test.each(stories)('a Job: $name', ({ job: given, after, status }) => {
  const c = cluster({ nodes: 1 });
  c.create(given);
  c.advance(after);
  expect(jobStatus(c)).toEqual(status);
});

test('a Job’s pods come after 10, 20, 40 seconds, and a second or two more', () => {
  const c = cluster({ nodes: 1 });
  c.create(job('exit 1', { backoffLimit: 3 }));
  c.advance('3m');
  const made = podsOf(c)
    .map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') / 1000)
    .sort((a, b) => a - b);
  const gaps = made.slice(1).map((at, i) => at - (made[i] as number));
  expect(gaps).toHaveLength(3);
  for (const [i, least] of [10, 20, 40].entries()) expect(Math.abs((gaps[i] as number) - least - 1.5)).toBeLessThanOrEqual(1.5);
});

test('a Job ends by the condition of an evicted pod', () => {
  const c = cluster({ nodes: 1 });
  c.create(job('sleep 1000', { podFailurePolicy: { rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget' }] }] } }));
  c.advance('5s');
  const { name } = podsOf(c)[0]?.metadata ?? {};
  c.request('POST', `/api/v1/namespaces/default/pods/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
  c.advance('40s');
  expect(jobStatus(c).conditions).toEqual(failed('PodFailurePolicy', `Pod default/${name} has condition DisruptionTarget matching FailJob rule at index 0`));
});

test('podReplacementPolicy Failed waits until the pod has ended', () => {
  const c = cluster({ nodes: 1 });
  c.create(job('trap "" TERM; sleep 1000', { podReplacementPolicy: 'Failed' }));
  c.advance('5s');
  c.delete('pods', podsOf(c)[0]?.metadata.name ?? '');
  c.advance('10s');
  expect([jobStatus(c), podsOf(c).length]).toEqual([{ terminating: 1, ready: 0, conditions: [] }, 1]);
  c.advance('1m');
  expect(jobStatus(c)).toEqual({ active: 1, failed: 1, terminating: 0, ready: 1, conditions: [] });
});

test('a Job with a selector of its own, and one that the quota holds up', () => {
  const c = cluster({ nodes: 1 });
  const labels = { app: 'mine' };
  c.create(object('v1', 'ResourceQuota', 'q', { spec: { hard: { pods: '1' } } }));
  c.advance('1s');
  c.create(
    object('batch/v1', 'Job', 'j', {
      spec: {
        completions: 2,
        parallelism: 2,
        manualSelector: true,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [container('sleep 3')] } },
      },
    }),
  );
  c.advance('3s');
  expect(podsOf(c).map(({ metadata }) => metadata.labels)).toEqual([labels]);
  expect(eventsOf(c, 'Job')[1]).toMatch(
    /^Warning FailedCreate Error creating: pods "j-\w{5}" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1$/,
  );
  c.advance('30s');
  expect(jobStatus(c).conditions[1]).toBe('Complete True CompletionsReached: Reached expected number of succeeded pods');
});

test('a CronJob: many missed times, and the time zone on its Jobs', () => {
  const c = cluster({ nodes: 1 });
  c.create(cronJob('exit 0', { schedule: '* * * * *', suspend: true, timeZone: 'Asia/Seoul' }));
  c.advance('3h');
  patch(c, '/apis/batch/v1/namespaces/default/cronjobs/cron', { spec: { suspend: false } });
  c.advance('20s');
  const job = c.get<Job>('jobs.batch', 'cron-29453940');
  // When it was completed is chance: how long its image takes.
  expect(job.status?.completionTime).toMatch(/^2026-01-01T03:00:\d\dZ$/);
  expect(c.get<CronJob>('cronjobs.batch', 'cron').status).toEqual({
    lastScheduleTime: '2026-01-01T03:00:00Z',
    lastSuccessfulTime: job.status?.completionTime,
  });
  expect(eventsOf(c, 'CronJob')).toEqual([
    'Warning TooManyMissedTimes too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    'Normal SuccessfulCreate Created job cron-29453940',
    'Normal SawCompletedJob Saw completed job: cron-29453940, condition: Complete',
  ]);
  expect(job.metadata.annotations).toEqual({
    'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T12:00:00+09:00',
  });
});

test('a StatefulSet’s claims go with its pods and with it, where it says so', () => {
  const c = cluster({ nodes: 1 });
  const labels = { app: 'web' };
  c.create(
    object('apps/v1', 'StatefulSet', 'web', {
      spec: {
        serviceName: 'web',
        replicas: 3,
        ordinals: { start: 5 },
        persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Delete' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 1, containers: [container('sleep 1d', { volumeMounts: [{ name: 'd', mountPath: '/d' }] })] },
        },
        volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
      },
    }),
  );
  const claims = () => c.list('persistentvolumeclaims').map(({ metadata }) => metadata.name);
  const volumes = () => c.list<PersistentVolume>('persistentvolumes').map(({ spec }) => spec.claimRef?.name);
  c.advance('1m');
  expect(claims()).toEqual(['d-web-5', 'd-web-6', 'd-web-7']);
  patch(c, '/apis/apps/v1/namespaces/default/statefulsets/web', { spec: { replicas: 1 } });
  c.advance('1m');
  expect([claims(), volumes()]).toEqual([['d-web-5'], ['d-web-5']]);
  c.delete('statefulsets.apps', 'web');
  c.advance('1m');
  expect([claims(), volumes()]).toEqual([[], []]);
});

test('a DaemonSet follows its tolerations to further nodes, and stays on a cordoned one', () => {
  const c = cluster({ nodes: 3 });
  const labels = { app: 'd' };
  c.create(
    object('apps/v1', 'DaemonSet', 'd', {
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container('sleep 1d')] } } },
    }),
  );
  const nodes = () =>
    podsOf(c)
      .map(({ spec, status }) => `${spec.nodeName} ${status?.phase}`)
      .sort();
  patch(c, '/api/v1/nodes/podsim-worker', { spec: { unschedulable: true } });
  c.advance('20s');
  expect(nodes()).toEqual(['podsim-worker Running', 'podsim-worker2 Running']);
  patch(c, '/apis/apps/v1/namespaces/default/daemonsets/d', { spec: { template: { spec: { tolerations: [{ operator: 'Exists' }] } } } });
  c.advance('2m');
  expect(nodes()).toEqual(['podsim-control-plane Running', 'podsim-worker Running', 'podsim-worker2 Running']);
});

test('a namespace waits for what has a finalizer, and tells of it', () => {
  const c = cluster({ nodes: 1 });
  c.create(object('v1', 'Namespace', 'n', {}));
  c.request('POST', '/api/v1/namespaces/n/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'f', finalizers: ['example.com/hold'] } });
  c.delete('namespaces', 'n');
  c.advance('30s');
  const conditions = () =>
    c.get<KubeObject & { status: { conditions: { type: string; status: string; reason: string; message: string }[] } }>('namespaces', 'n').status.conditions;
  expect(conditions().map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`)).toEqual([
    'NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered',
    'NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed',
    'NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization',
    'NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances',
    'NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  ]);
  patch(c, '/api/v1/namespaces/n/configmaps/f', { metadata: { finalizers: null } });
  c.advance('20s');
  expect(c.has('namespaces', 'n')).toBe(false);
});

test('a pod that two disruption budgets are for is told so', () => {
  const c = cluster({ nodes: 1 });
  const selector = { matchLabels: { app: 'web' } };
  for (const name of ['b', 'a']) c.create(object('policy/v1', 'PodDisruptionBudget', name, { spec: { minAvailable: 1, selector } }));
  c.create({ ...object('v1', 'Pod', 'p', { spec: { containers: [container('sleep 1d')] } }), metadata: { name: 'p', labels: { app: 'web' } } });
  c.advance('5s');
  expect(eventsOf(c, 'Pod')).toContain('Warning MultiplePodDisruptionBudgets Pod "default"/"p" matches multiple PodDisruptionBudgets.  Chose "a" arbitrarily.');
});

test('a pod that a ReplicaSet has too many of is scheduled before it is adopted, and is seen terminating', () => {
  const c = cluster({ nodes: 1 });
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [container('sleep 1d')] } };
  c.create(object('apps/v1', 'ReplicaSet', 'web', { spec: { replicas: 1, selector: { matchLabels: labels }, template } }));
  c.advance('10s');
  c.create({ ...object('v1', 'Pod', 'lone', { spec: template.spec }), metadata: { name: 'lone', namespace: 'default', labels } });
  c.advance('100ms');
  const { metadata, spec } = c.get<Pod>('pods', 'lone');
  expect([metadata.deletionTimestamp !== undefined, spec.nodeName !== undefined, metadata.ownerReferences?.[0]?.name]).toEqual([true, true, 'web']);
});
