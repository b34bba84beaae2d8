/** Jobs against golden/controllers/job.md and controllers.md §5 of the reference. */
import { expect, test } from 'vitest';
import { formatTime, minutes, seconds } from '../../src/api/time.js';
import { controllers } from '../../src/controllers/index.js';
import { jobController } from '../../src/resources/jobs/controller.js';
import { jobs } from '../../src/resources/jobs/index.js';
import type { Job } from '../../src/resources/jobs/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { views } from '../../src/resources/views.js';
import { MemoryCluster } from './memory-cluster.js';

const key = { namespace: 'default', name: 'j' };

function story(spec: object = {}, restartPolicy = 'Never') {
  const cluster = new MemoryCluster([jobs]);
  cluster.add([jobController(cluster.state)]);
  cluster.add(
    controllers(
      views.map(({ names }) => names),
      cluster.state,
    ).filter(({ name }) => name === 'garbage-collector-controller'),
  );
  const { api } = cluster;
  api.create<Job>('jobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: key,
    spec: { template: { spec: { restartPolicy, containers: [{ name: 'c', image: 'busybox' }] } }, ...spec },
  } as Job);
  cluster.advance();
  const pods = () => api.list<Pod>('pods');
  const running = () => pods().filter(({ status }) => status?.phase === 'Pending' || status?.phase === 'Running');
  const end = (phase: 'Succeeded' | 'Failed', pod = running()[0], exitCode = phase === 'Failed' ? 1 : 0) => {
    cluster.setPodStatus(
      { namespace: 'default', name: pod?.metadata.name ?? '' },
      {
        phase,
        containerStatuses: [
          { name: 'c', ready: false, restartCount: 0, image: '', imageID: '', state: { terminated: { exitCode, finishedAt: formatTime(cluster.now) } } },
        ],
      },
    );
    cluster.advance(seconds(1));
  };
  const status = () => {
    const { conditions: _, startTime: __, completionTime: ___, uncountedTerminatedPods: ____, ...counts } = api.get<Job>('jobs.batch', key)?.status ?? {};
    return counts;
  };
  const conditions = () =>
    (api.get<Job>('jobs.batch', key)?.status?.conditions ?? []).map(({ type, status: value, reason, message }) => `${type} ${value} ${reason}: ${message}`);
  const patch = (body: object) => {
    api.patch('jobs.batch', key, { type: 'merge', body });
    cluster.advance(seconds(1));
  };
  const events = () => cluster.eventTexts('j').map((text) => text.replace(/-\w{5}( x\d+)?$/, '-*'));
  return { cluster, api, pods, running, end, status, conditions, patch, events, job: () => api.get<Job>('jobs.batch', key) };
}

test('a Job that succeeds, as recorded', () => {
  const { end, status, conditions, events, pods, job } = story();
  expect(pods()[0]?.metadata).toMatchObject({
    generateName: 'j-',
    finalizers: ['batch.kubernetes.io/job-tracking'],
    labels: { 'batch.kubernetes.io/job-name': 'j', 'job-name': 'j', 'controller-uid': job()?.metadata.uid },
  });
  expect(status()).toEqual({ active: 1, ready: 0, terminating: 0 });
  end('Succeeded');
  expect(status()).toEqual({ succeeded: 1, ready: 0, terminating: 0 });
  expect(conditions()).toEqual(['SuccessCriteriaMet', 'Complete'].map((type) => `${type} True CompletionsReached: Reached expected number of succeeded pods`));
  expect(job()?.status).toMatchObject({ startTime: '2026-01-01T00:00:00Z', completionTime: '2026-01-01T00:00:01Z', uncountedTerminatedPods: {} });
  expect(pods()[0]?.metadata.finalizers).toBeUndefined();
  expect(events()).toEqual(['Normal SuccessfulCreate j: Created pod: j-*', 'Normal Completed j: Job completed']);
});

test('a Job that fails: the second pod after 10 s, then the limit', () => {
  const { cluster, end, status, conditions, events, pods } = story({ backoffLimit: 1 });
  end('Failed');
  expect(status()).toEqual({ failed: 1, ready: 0, terminating: 0 });
  cluster.advance(seconds(8));
  expect(pods()).toHaveLength(1);
  cluster.advance(seconds(1));
  expect(pods()).toHaveLength(2);
  end('Failed');
  expect(conditions()).toEqual(['FailureTarget', 'Failed'].map((type) => `${type} True BackoffLimitExceeded: Job has reached the specified backoff limit`));
  expect(status()).toEqual({ failed: 2, ready: 0, terminating: 0 });
  expect(events().at(-1)).toBe('Warning BackoffLimitExceeded j: Job has reached the specified backoff limit');
});

test('failing at once, pods come after 10, 20, 40 … seconds', () => {
  const { cluster, end, running, pods } = story();
  const born: number[] = [];
  for (let i = 0; i < 700; i++) {
    if (running().length > 0) {
      born.push((cluster.now - Date.parse('2026-01-01T00:00:00Z')) / 1000);
      end('Failed');
    } else cluster.advance(seconds(1));
  }
  expect(born).toEqual([0, 10, 30, 70, 150, 310, 630]);
  expect(pods()).toHaveLength(7);
});

test('suspended and resumed, as recorded', () => {
  const { status, conditions, events, patch, pods } = story({ suspend: true });
  expect(status()).toEqual({ ready: 0, terminating: 0 });
  expect(conditions()).toEqual(['Suspended True JobSuspended: Job suspended']);
  patch({ spec: { suspend: false } });
  expect(conditions()).toEqual(['Suspended False JobResumed: Job resumed']);
  expect(status()).toEqual({ active: 1, ready: 0, terminating: 0 });
  patch({ spec: { suspend: true } });
  expect(pods()).toEqual([]);
  expect(status()).toEqual({ ready: 0, terminating: 0 });
  expect(events().map((text) => text.split(' ')[1])).toEqual(['Suspended', 'SuccessfulCreate', 'Resumed', 'SuccessfulDelete']);
});

test('a deadline, as recorded', () => {
  const { cluster, status, conditions, events, pods } = story({ activeDeadlineSeconds: 2 });
  cluster.advance(seconds(4));
  expect(conditions()).toEqual(['FailureTarget', 'Failed'].map((type) => `${type} True DeadlineExceeded: Job was active longer than specified deadline`));
  expect(status()).toEqual({ failed: 1, ready: 0, terminating: 0 });
  expect(pods()).toEqual([]);
  expect(events().slice(1)).toEqual([
    'Normal SuccessfulDelete j: Deleted pod: j-*',
    'Warning DeadlineExceeded j: Job was active longer than specified deadline',
  ]);
});

test('the final condition waits for pods that are still terminating', () => {
  const { cluster, api, conditions, pods, status } = story({ activeDeadlineSeconds: 2 });
  const [pod] = pods() as [Pod];
  api.update<Pod>('pods', { ...pod, spec: { ...pod.spec, nodeName: 'n1' } });
  cluster.advance(seconds(4));
  expect(conditions()).toHaveLength(1);
  expect(status()).toMatchObject({ terminating: 1 });
  api.delete('pods', { namespace: 'default', name: pod.metadata.name ?? '' }, { gracePeriodSeconds: 0 });
  cluster.advance(seconds(2));
  expect(conditions()).toHaveLength(2);
  expect(status()).toEqual({ failed: 1, ready: 0, terminating: 0 });
});

test('parallel completions; fewer wanted, the rest is not counted', () => {
  const { end, status, running, patch, conditions } = story({ completions: 5, parallelism: 3 });
  expect(running()).toHaveLength(3);
  end('Succeeded');
  end('Succeeded');
  end('Succeeded');
  expect(running()).toHaveLength(2);
  patch({ spec: { parallelism: 1 } });
  expect(status()).toEqual({ active: 1, succeeded: 3, ready: 0, terminating: 0 });
  end('Succeeded');
  end('Succeeded');
  expect(conditions()).toHaveLength(2);
});

test('a work queue is done when one pod succeeds and none is left', () => {
  const { end, conditions, running } = story({ parallelism: 2 });
  end('Succeeded');
  expect(running()).toHaveLength(1);
  expect(conditions()).toEqual([]);
  end('Succeeded');
  expect(conditions()[1]).toContain('Complete True');
});

test('indexed pods have numbers, names and an environment', () => {
  const { pods, running, end, status } = story({ completions: 4, parallelism: 2, completionMode: 'Indexed' });
  expect(
    pods().map(({ metadata, spec }) => [metadata.generateName, metadata.annotations?.['batch.kubernetes.io/job-completion-index'], spec.hostname]),
  ).toEqual([
    ['j-0-', '0', 'j-0'],
    ['j-1-', '1', 'j-1'],
  ]);
  expect(pods()[0]?.spec.containers[0]?.env).toMatchObject([
    { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } } },
  ]);
  const one = running()[1];
  end('Succeeded', one);
  expect(status()).toMatchObject({ succeeded: 1, completedIndexes: '1' });
  end('Succeeded', running()[1]);
  expect(status()).toMatchObject({ succeeded: 2, completedIndexes: '1,2' });
  end('Succeeded', running()[1]);
  expect(status()).toMatchObject({ completedIndexes: '1-3' });
});

test('a limit per index: an index is given up, the others go on', () => {
  const { cluster, pods, running, end, status, conditions } = story({ completions: 2, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 1 });
  const index = (pod: Pod) => pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
  const zero = () => running().find((pod) => index(pod) === '0');
  end('Failed', zero());
  cluster.advance(seconds(12));
  expect(zero()?.metadata.annotations).toMatchObject({ 'batch.kubernetes.io/job-index-failure-count': '1' });
  end('Failed', zero());
  expect(status()).toMatchObject({ failed: 2, failedIndexes: '0', active: 1 });
  end('Succeeded');
  expect(conditions()).toEqual(['FailureTarget', 'Failed'].map((type) => `${type} True FailedIndexes: Job has failed indexes`));
  expect(pods()).toHaveLength(3);
});

test('a failure policy: ignored, and fatal', () => {
  const rules = [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
  ];
  const { cluster, pods, end, status, conditions, running } = story({ podFailurePolicy: { rules } });
  cluster.setPodStatus({ namespace: 'default', name: pods()[0]?.metadata.name ?? '' }, { conditions: [{ type: 'DisruptionTarget', status: 'True' }] });
  end('Failed');
  expect(status()).not.toHaveProperty('failed');
  cluster.advance(seconds(12));
  const name = running()[0]?.metadata.name;
  end('Failed', undefined, 42);
  expect(conditions()[1]).toBe(`Failed True PodFailurePolicy: Container c for pod default/${name} failed with exit code 42 matching FailJob rule at index 1`);
});

test('a success policy ends it early', () => {
  const { end, conditions, pods } = story({
    completions: 3,
    parallelism: 3,
    completionMode: 'Indexed',
    successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] },
  });
  end('Succeeded');
  expect(conditions()).toEqual(['SuccessCriteriaMet', 'Complete'].map((type) => `${type} True SuccessPolicy: Matched rules at index 0`));
  expect(pods()).toHaveLength(1);
});

test('restarts in place count for OnFailure', () => {
  const { cluster, pods, conditions } = story({ backoffLimit: 2 }, 'OnFailure');
  cluster.setPodStatus(
    { namespace: 'default', name: pods()[0]?.metadata.name ?? '' },
    { phase: 'Running', containerStatuses: [{ name: 'c', ready: true, restartCount: 2, image: '', imageID: '' }] },
  );
  cluster.advance(seconds(2));
  expect(conditions()[0]).toContain('FailureTarget True BackoffLimitExceeded');
  expect(pods()).toEqual([]);
});

test('a running pod that is deleted counts as failed and is replaced at once', () => {
  const { cluster, api, pods, status } = story();
  api.delete('pods', { namespace: 'default', name: pods()[0]?.metadata.name ?? '' });
  cluster.advance(seconds(1));
  expect(status()).toMatchObject({ failed: 1 });
  cluster.advance(seconds(10));
  expect(pods()).toHaveLength(1);
});

test('a finished Job goes when its time to live is over, and its pods with it', () => {
  const { cluster, end, job, pods } = story({ ttlSecondsAfterFinished: 30 });
  end('Succeeded');
  cluster.advance(seconds(29));
  expect(job()).toBeDefined();
  cluster.advance(seconds(2));
  expect(job()).toBeUndefined();
  expect(pods()).toEqual([]);
});

test('a Job that is deleted lets go of its pods', () => {
  const { cluster, api, pods } = story();
  api.delete('jobs.batch', key, { propagationPolicy: 'Background' });
  cluster.advance(minutes(1));
  expect(pods()).toEqual([]);
});

test('a pod that was deleted is replaced 10 s later, the next 20 s: the failures are remembered without their pods', () => {
  const { cluster, api, pods } = story();
  const remove = () => {
    const [pod] = pods();
    api.delete('pods', { namespace: 'default', name: pod?.metadata.name ?? '' });
    const since = cluster.now;
    while (pods().some(({ metadata }) => metadata.uid === pod?.metadata.uid) || pods().length === 0) cluster.advance(seconds(1));
    return (cluster.now - since) / 1000;
  };
  expect([remove(), remove()]).toEqual([10, 20]);
});

test('while it backs off no pod counts as active, and with pods ready that status is refused: nothing is counted until the replacement', () => {
  const { cluster, api, pods, running, end, status } = story({ parallelism: 2, completions: 2 });
  const [failing, other] = running();
  cluster.setPodStatus(
    { namespace: 'default', name: other?.metadata.name ?? '' },
    { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: formatTime(cluster.now) }] },
  );
  cluster.advance(seconds(2));
  const before = status();
  expect(before).toEqual({ active: 2, ready: 1, terminating: 0 });
  end('Failed', failing);
  cluster.advance(seconds(7));
  // Recorded from a kube-controller-manager v1.33.13: "status.ready: Invalid value: 2: cannot set more ready pods than active".
  expect([status(), pods().length]).toEqual([before, 2]);
  expect(api.get<Pod>('pods', { namespace: 'default', name: failing?.metadata.name ?? '' })?.metadata.finalizers).toBeDefined();
  cluster.advance(seconds(2));
  expect([status(), pods().length]).toEqual([{ active: 2, ready: 1, terminating: 0, failed: 1 }, 3]);
});

test('a pod that failed alone is counted at once', () => {
  const { end, status } = story();
  end('Failed');
  expect(status()).toEqual({ ready: 0, terminating: 0, failed: 1 });
});
