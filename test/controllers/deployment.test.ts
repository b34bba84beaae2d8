/** Deployments and ReplicaSets against golden/controllers/{deployment,deployment-recreate-deadline,replicaset}.md of the reference. */
import { expect, test } from 'vitest';
import { controllerOf, type KubeObject } from '../../src/api/object.js';
import { minutes, seconds } from '../../src/api/time.js';
import { deployments } from '../../src/resources/deployments/index.js';
import type { Deployment } from '../../src/resources/deployments/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { replicasets } from '../../src/resources/replicasets/index.js';
import type { ReplicaSet } from '../../src/resources/replicasets/types.js';
import { MemoryCluster, merge } from './memory-cluster.js';

const key = { namespace: 'default', name: 'web' };
const manifest = (spec: object, image = 'nginx:1.26') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image }] } },
    ...spec,
  },
});

class Story {
  readonly cluster = new MemoryCluster([deployments, replicasets]);
  readonly api = this.cluster.api;

  constructor(spec: object) {
    this.api.create('deployments.apps', manifest(spec) as unknown as Deployment);
    this.settle();
  }

  settle(): void {
    this.cluster.advance(seconds(1));
  }
  get deployment(): Deployment {
    return this.api.get<Deployment>('deployments.apps', key) as Deployment;
  }
  get sets(): readonly ReplicaSet[] {
    return this.api.list<ReplicaSet>('replicasets.apps');
  }
  get pods(): readonly Pod[] {
    return this.api.list<Pod>('pods');
  }
  /** `name desired/current/ready` of every set. */
  get sizes(): string[] {
    return this.sets.map(({ metadata, spec, status }) => `${metadata.name} ${spec.replicas}/${status?.replicas}/${status?.readyReplicas ?? 0}`);
  }
  get counts(): object {
    const { conditions: _, ...counts } = this.deployment.status ?? {};
    return counts;
  }
  get conditions(): string[] {
    return (this.deployment.status?.conditions ?? []).map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);
  }
  /** Makes so many unready pods ready (default: all). */
  ready(count = Number.POSITIVE_INFINITY): void {
    let left = count;
    for (const pod of this.pods)
      if (!pod.status?.conditions && left-- > 0)
        this.cluster.setPodStatus(pod.metadata as { namespace: string; name: string }, {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date(this.cluster.now).toISOString() }],
        });
    this.settle();
  }
  patch(body: object): void {
    this.api.patch('deployments.apps', key, { type: 'merge', body });
    this.settle();
  }
  setImage(image: string): void {
    const containers = this.deployment.spec.template.spec?.containers.map((container) => merge(container, { image }));
    this.patch({ spec: { template: { spec: { containers } } } });
  }
}

test('a rollout, an update step by step, undo, scale, pause and resume, as recorded', () => {
  const story = new Story({ replicas: 4 });
  expect(story.sizes).toEqual(['web-569696d9f6 4/4/0']);
  expect(story.counts).toEqual({ observedGeneration: 1, replicas: 4, unavailableReplicas: 4, updatedReplicas: 4 });
  expect(story.conditions).toEqual([
    'Available False MinimumReplicasUnavailable: Deployment does not have minimum availability.',
    'Progressing True ReplicaSetUpdated: ReplicaSet "web-569696d9f6" is progressing.',
  ]);
  story.ready();
  const set = story.sets[0] as ReplicaSet;
  expect(set.metadata).toMatchObject({
    annotations: {
      'deployment.kubernetes.io/desired-replicas': '4',
      'deployment.kubernetes.io/max-replicas': '5',
      'deployment.kubernetes.io/revision': '1',
    },
    generation: 1,
    labels: { app: 'web', 'pod-template-hash': '569696d9f6' },
    ownerReferences: [{ apiVersion: 'apps/v1', blockOwnerDeletion: true, controller: true, kind: 'Deployment', name: 'web' }],
  });
  expect(set.status).toEqual({ availableReplicas: 4, fullyLabeledReplicas: 4, observedGeneration: 1, readyReplicas: 4, replicas: 4 });
  expect(story.conditions[1]).toBe('Progressing True NewReplicaSetAvailable: ReplicaSet "web-569696d9f6" has successfully progressed.');
  expect(story.deployment.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });

  story.setImage('nginx:1.27');
  expect(story.sizes).toEqual(['web-569696d9f6 3/3/3', 'web-796cf5c97c 2/2/0']);
  expect(story.counts).toEqual({ availableReplicas: 3, observedGeneration: 2, readyReplicas: 3, replicas: 5, unavailableReplicas: 2, updatedReplicas: 2 });
  expect(story.conditions).toEqual([
    'Available True MinimumReplicasAvailable: Deployment has minimum availability.',
    'Progressing True ReplicaSetUpdated: ReplicaSet "web-796cf5c97c" is progressing.',
  ]);
  for (let i = 0; i < 6; i++) story.ready(1);
  expect(story.sizes).toEqual(['web-569696d9f6 0/0/0', 'web-796cf5c97c 4/4/4']);

  story.setImage('nginx:1.26');
  for (let i = 0; i < 6; i++) story.ready(1);
  expect(story.sizes).toEqual(['web-569696d9f6 4/4/4', 'web-796cf5c97c 0/0/0']);
  expect(story.sets.map(({ metadata }) => metadata.annotations)).toMatchObject([
    { 'deployment.kubernetes.io/revision': '3', 'deployment.kubernetes.io/revision-history': '1' },
    { 'deployment.kubernetes.io/revision': '2' },
  ]);

  story.patch({ spec: { replicas: 2 } });
  expect(story.sizes).toEqual(['web-569696d9f6 2/2/2', 'web-796cf5c97c 0/0/0']);
  story.patch({ spec: { paused: true } });
  story.setImage('nginx:1.28');
  expect(story.conditions).toEqual([
    'Available True MinimumReplicasAvailable: Deployment has minimum availability.',
    'Progressing Unknown DeploymentPaused: Deployment is paused',
  ]);
  story.patch({ spec: { paused: null } });
  expect(story.sizes).toEqual(['web-569696d9f6 2/2/2', 'web-6774d4bdfd 1/1/0', 'web-796cf5c97c 0/0/0']);
  expect(story.deployment.metadata).toMatchObject({ annotations: { 'deployment.kubernetes.io/revision': '4' }, generation: 7 });
  expect(story.counts).toEqual({ availableReplicas: 2, observedGeneration: 7, readyReplicas: 2, replicas: 3, unavailableReplicas: 1, updatedReplicas: 1 });
  expect(story.conditions[1]).toBe('Progressing True ReplicaSetUpdated: ReplicaSet "web-6774d4bdfd" is progressing.');

  const events = story.cluster.eventTexts('web');
  expect(events.slice(0, 4)).toEqual([
    'Normal ScalingReplicaSet web: Scaled up replica set web-569696d9f6 from 0 to 4',
    'Normal ScalingReplicaSet web: Scaled up replica set web-796cf5c97c from 0 to 1',
    'Normal ScalingReplicaSet web: Scaled down replica set web-569696d9f6 from 4 to 3',
    'Normal ScalingReplicaSet web: Scaled up replica set web-796cf5c97c from 1 to 2',
  ]);
  expect(events.at(-1)).toBe('Normal ScalingReplicaSet web: (combined from similar events): Scaled up replica set web-6774d4bdfd from 0 to 1 x10');
});

test('Recreate waits for the old pods, and a deadline passes', () => {
  const story = new Story({ replicas: 2, progressDeadlineSeconds: 4, strategy: { type: 'Recreate' } });
  for (const pod of story.pods) story.api.update('pods', { ...pod, spec: { ...pod.spec, nodeName: 'n1' } });
  story.setImage('nginx:1.27');
  expect(story.sizes).toEqual(['web-569696d9f6 0/0/0']);
  for (const { metadata } of story.pods) story.api.delete('pods', { namespace: 'default', name: metadata.name ?? '' }, { gracePeriodSeconds: 0 });
  story.settle();
  expect(story.sizes).toEqual(['web-569696d9f6 0/0/0', 'web-796cf5c97c 2/2/0']);
  story.cluster.advance(seconds(3));
  expect(story.conditions[1]).toContain('ReplicaSetUpdated');
  story.cluster.advance(seconds(3));
  expect(story.conditions).toEqual([
    'Available False MinimumReplicasUnavailable: Deployment does not have minimum availability.',
    'Progressing False ProgressDeadlineExceeded: ReplicaSet "web-796cf5c97c" has timed out progressing.',
  ]);
});

test('scaling in the middle of a rollout is proportional', () => {
  const story = new Story({ replicas: 10 });
  story.ready();
  story.setImage('nginx:1.27');
  expect(story.sizes).toEqual(['web-569696d9f6 8/8/8', 'web-796cf5c97c 5/5/0']);
  story.patch({ spec: { replicas: 20 } });
  // 25 in all: 8·25/13 and 5·25/13, the remainder to the larger.
  expect(story.sizes).toEqual(['web-569696d9f6 15/15/8', 'web-796cf5c97c 10/10/0']);
  story.patch({ spec: { replicas: 0 } });
  expect(story.sizes).toEqual(['web-569696d9f6 0/0/0', 'web-796cf5c97c 0/0/0']);
});

test('old sets beyond the history limit go when the rollout is complete', () => {
  const story = new Story({ replicas: 1, revisionHistoryLimit: 1 });
  for (const image of ['nginx:1.27', 'nginx:1.28', 'nginx:1.29']) {
    story.ready();
    story.setImage(image);
  }
  story.ready();
  story.ready();
  expect(story.sets.map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision']).sort()).toEqual(['3', '4']);
});

test('pods wait minReadySeconds to be available', () => {
  const story = new Story({ replicas: 1, minReadySeconds: 10 });
  story.ready();
  expect(story.counts).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
  story.cluster.advance(seconds(11));
  expect(story.counts).toMatchObject({ availableReplicas: 1 });
});

test('a pod that has ended is not adopted', () => {
  const story = new Story({ replicas: 1 });
  const metadata = { name: 'done', namespace: 'default', labels: { app: 'web', 'pod-template-hash': '569696d9f6' } };
  story.api.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: { phase: 'Succeeded' } } as unknown as Pod);
  story.settle();
  expect(story.pods.map((pod) => [pod.metadata.name, controllerOf(pod)?.kind])).toEqual([
    ['done', undefined],
    [expect.stringMatching(/^web-/), 'ReplicaSet'],
  ]);
});

test('a pod is adopted, released and replaced; a deleted or failed one is replaced', () => {
  const story = new Story({ replicas: 2 });
  story.ready();
  const [first, second] = story.pods as [Pod, Pod];
  story.api.update('pods', { ...first, metadata: { ...first.metadata, labels: { other: 'x' } } });
  story.settle();
  expect(story.pods).toHaveLength(3);
  expect(story.pods.find(({ metadata }) => metadata.name === first.metadata.name)?.metadata.ownerReferences).toBeUndefined();
  story.cluster.setPodStatus({ namespace: 'default', name: second.metadata.name ?? '' }, { phase: 'Failed' });
  story.settle();
  expect(story.pods).toHaveLength(4);
  const orphan = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'orphan', namespace: 'default', labels: { app: 'web', 'pod-template-hash': '569696d9f6' } },
    spec: {},
  };
  story.api.create('pods', orphan as unknown as Pod);
  story.settle();
  expect(story.pods.filter((pod) => controllerOf(pod) !== undefined && pod.status?.phase !== 'Failed')).toHaveLength(2);
  expect(story.cluster.eventTexts(story.sets[0]?.metadata.name).at(-1)).toMatch(/^Normal SuccessfulDelete /);
});

test('pods that cannot be created are tried again, ever later, and the failure is told', () => {
  const story = new Story({ replicas: 0 });
  const refuse = story.api.create;
  const set = story.sets[0]?.metadata.name ?? '';
  Object.assign(story.api, {
    create: (resource: string, object: KubeObject) =>
      resource === 'pods' ? story.api.delete('pods', { namespace: '', name: 'quota' }) : refuse(resource, object),
  });
  story.patch({ spec: { replicas: 3 } });
  expect(story.conditions.at(-1)).toBe('ReplicaFailure True FailedCreate: pods "quota" not found');
  story.cluster.advance(minutes(1));
  const event = story.cluster.events().find(({ reason, involvedObject }) => reason === 'FailedCreate' && involvedObject.name === set);
  expect(event?.count).toBeGreaterThan(10);
  expect(event?.count).toBeLessThan(17);
  Object.assign(story.api, { create: refuse });
  story.cluster.advance(minutes(2));
  expect(story.conditions.some((text) => text.startsWith('ReplicaFailure'))).toBe(false);
  expect(story.pods).toHaveLength(3);
});

test('which pods go first, as recorded: not running, not ready, younger; then those that cost less', () => {
  const story = new Story({ replicas: 4 });
  const names = () => story.pods.map(({ metadata }) => metadata.name);
  const [a, b, c, d] = names() as [string, string, string, string];
  const run = (name: string, status: 'True' | 'False', since: string) =>
    story.cluster.setPodStatus({ namespace: 'default', name }, { phase: 'Running', conditions: [{ type: 'Ready', status, lastTransitionTime: since }] });
  run(a, 'True', '2025-12-01T00:00:00Z');
  run(b, 'True', '2025-12-31T23:00:00Z');
  run(c, 'False', '2025-12-01T00:00:00Z');
  story.settle();
  for (const [replicas, left] of [
    [3, [a, b, c]],
    [2, [a, b]],
    [1, [a]],
  ] as const) {
    story.patch({ spec: { replicas } });
    expect(names()).toEqual([...left].sort());
  }
  expect(names()).not.toContain(d);
});
