/** Autoscalers against golden/controllers/hpa.md and controllers.md §7 of the reference. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { minutes, seconds } from '../../src/api/time.js';
import { deployments } from '../../src/resources/deployments/index.js';
import { autoscalerController } from '../../src/resources/horizontalpodautoscalers/controller.js';
import { horizontalpodautoscalers } from '../../src/resources/horizontalpodautoscalers/index.js';
import type { HorizontalPodAutoscaler } from '../../src/resources/horizontalpodautoscalers/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { replicasets } from '../../src/resources/replicasets/index.js';
import { MemoryCluster } from './memory-cluster.js';

const key = { namespace: 'default', name: 'w' };
const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';

/** `use`: what every ready pod uses, in millicores; the request is 100m. */
function story(spec: object = {}, replicas = 1, initContainers: readonly object[] = []) {
  const cluster = new MemoryCluster([deployments, replicasets, horizontalpodautoscalers]);
  const { api } = cluster;
  const load = { use: undefined as number | undefined };
  cluster.add([
    autoscalerController(cluster.state, () => (load.use === undefined ? [] : [{ name: 'c', cpuNanoCores: load.use * 1e6, memoryBytes: 64 * 2 ** 20 }])),
  ]);
  const container = { name: 'c', image: 'x', resources: { requests: { cpu: '100m' } } };
  const labels = { app: 'w' };
  api.create('deployments.apps', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: key,
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container], initContainers } } },
  } as KubeObject);
  api.create<HorizontalPodAutoscaler>(AUTOSCALERS, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: key,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' },
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
      ...spec,
    },
  } as HorizontalPodAutoscaler);
  const ready = () => {
    for (const { metadata, status } of api.list<Pod>('pods'))
      if (status?.phase === 'Pending')
        cluster.setPodStatus(
          { namespace: 'default', name: metadata.name ?? '' },
          { phase: 'Running', startTime: '2025-12-31T00:00:00Z', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2025-12-31T00:00:00Z' }] },
        );
  };
  /** So many looks of the autoscaler. */
  const look = (count = 1) => {
    for (let i = 0; i < count; i++) {
      cluster.advance();
      ready();
      cluster.advance(seconds(15));
      ready();
    }
  };
  const size = () => (api.get('deployments.apps', key) as unknown as { spec: { replicas: number } }).spec.replicas;
  const status = () => api.get<HorizontalPodAutoscaler>(AUTOSCALERS, key)?.status;
  const conditions = () => (status()?.conditions ?? []).map(({ type, status: value, reason }) => `${type} ${value} ${reason}`);
  return { cluster, api, load, look, size, status, conditions, events: () => cluster.eventTexts('w').filter((text) => !text.includes('ScalingReplicaSet')) };
}

test('below the minimum, then without metrics', () => {
  const { look, size, events, conditions, status } = story({ minReplicas: 2 });
  look();
  expect(size()).toBe(2);
  look();
  expect(events()).toEqual([
    'Normal SuccessfulRescale w: New size: 2; reason: Current number of replicas below Spec.MinReplicas',
    'Warning FailedGetResourceMetric w: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    'Warning FailedComputeMetricsReplicas w: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
  ]);
  expect(conditions()).toEqual(['AbleToScale True SucceededGetScale', 'ScalingActive False FailedGetResourceMetric']);
  expect(status()).toMatchObject({ currentMetrics: [{ type: '' }], currentReplicas: 2, desiredReplicas: 2, lastScaleTime: '2026-01-01T00:00:15Z' });
});

test('up at once; down after five minutes', () => {
  const { load, look, size, events, conditions, status, cluster } = story();
  load.use = 200;
  look();
  expect(size()).toBe(4);
  expect(conditions()).toEqual(['AbleToScale True SucceededRescale', 'ScalingActive True ValidMetricFound', 'ScalingLimited False DesiredWithinRange']);
  load.use = 55;
  look(3);
  // 55 % of 50 % is within the tolerance.
  expect(size()).toBe(4);
  expect(status()?.currentMetrics).toEqual([{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 55, averageValue: '55m' } } }]);
  expect(conditions()).toContain('ScalingLimited False DesiredWithinRange');
  load.use = 10;
  look(2);
  expect(size()).toBe(4);
  expect(conditions()).toContain('AbleToScale True ScaleDownStabilized');
  cluster.advance(minutes(6));
  expect(size()).toBe(1);
  expect(events()).toContain('Normal SuccessfulRescale w: New size: 4; reason: cpu resource utilization (percentage of request) above target');
  expect(events()).toContain('Normal SuccessfulRescale w: New size: 1; reason: All metrics below target');
});

test('at most twice as many at once, but what was recommended is remembered', () => {
  const { load, look, size, conditions, events } = story();
  load.use = 400;
  look();
  expect(size()).toBe(4);
  expect(conditions()).toContain('ScalingLimited True ScaleUpLimit');
  load.use = 50;
  look();
  expect(size()).toBe(8);
  // By then no metric asks for more.
  expect(events().at(-1)).toBe('Normal SuccessfulRescale w: New size: 8; reason: ');
});

test('never above the maximum; a target of zero is left alone', () => {
  const many = story({ maxReplicas: 3 });
  many.load.use = 900;
  many.look(3);
  expect(many.size()).toBe(3);
  expect(many.conditions()).toContain('ScalingLimited True TooManyReplicas');
  const none = story({}, 0);
  none.look();
  expect(none.size()).toBe(0);
  expect(none.conditions()).toContain('ScalingActive False ScalingDisabled');
});

test('behavior: one pod at a time up, at once down', () => {
  const behavior = { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] }, scaleDown: { stabilizationWindowSeconds: 0 } };
  const { load, look, size, conditions } = story({ behavior });
  load.use = 400;
  look();
  expect(size()).toBe(2);
  look();
  expect(size()).toBe(2);
  expect(conditions()).toContain('ScalingLimited True ScaleUpLimit');
  look(4);
  expect(size()).toBe(3);
  load.use = 1;
  look();
  expect(size()).toBe(1);
});

test('a target that is not there; a container without a request', () => {
  const lost = story({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } });
  lost.look();
  expect(lost.events()).toEqual(['Warning FailedGetScale w: deployments.apps "x" not found']);
  expect(lost.conditions()).toEqual(['AbleToScale False FailedGetScale']);
  const memory = story({ metrics: [{ type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } } }] });
  memory.load.use = 1;
  memory.look();
  expect(memory.events()[0]).toMatch(
    /^Warning FailedGetResourceMetric w: failed to get memory utilization: missing request for memory in container c of Pod w-/,
  );
});

test('an average value; a metric nobody serves', () => {
  const value = { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '50m' } } };
  const { load, look, size, events } = story({ metrics: [value] }, 2);
  load.use = 100;
  look();
  expect(size()).toBe(4);
  expect(events()[0]).toBe('Normal SuccessfulRescale w: New size: 4; reason: cpu resource above target');
  const custom = story({ metrics: [{ type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1' } } }] });
  custom.look();
  expect(custom.conditions()).toContain('ScalingActive False FailedGetPodsMetric');
  const external = (target: object) => story({ metrics: [{ type: 'External', external: { metric: { name: 'rps' }, target } }] });
  const [each, all] = [external({ type: 'AverageValue', averageValue: '1' }), external({ type: 'Value', value: '1' })];
  for (const { look: see } of [each, all]) see();
  const first = 'Warning FailedComputeMetricsReplicas w: invalid metrics (1 invalid out of 1), first error is: failed to get rps external metric value: ';
  expect(each.events()[1]).toContain(`${first}failed to get rps external metric: unable to get external metric default/rps/nil: `);
  expect(all.events()[1]).toContain(`${first}failed to get external metric rps: unable to get external metric default/rps/nil: `);
});

test('a container nobody has, a sidecar without a request', () => {
  const of = (container: string) => ({
    type: 'ContainerResource',
    containerResource: { name: 'cpu', container, target: { type: 'Utilization', averageUtilization: 50 } },
  });
  const lost = story({ metrics: [of('x')] });
  lost.load.use = 50;
  lost.look();
  expect(lost.events()).toEqual([
    'Warning FailedGetContainerResourceMetric w: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)',
    'Warning FailedComputeMetricsReplicas w: invalid metrics (1 invalid out of 1), first error is: failed to get x container metric value: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)',
  ]);
  const both = story({}, 1, [{ name: 's', image: 'x', restartPolicy: 'Always' }]);
  both.load.use = 50;
  both.look();
  expect(both.events()[0]).toMatch(/^Warning FailedGetResourceMetric w: failed to get cpu utilization: missing request for cpu in container s of Pod w-/);
});

test('two autoscalers for the same pods', () => {
  const { api, look, conditions } = story();
  const first = api.get<HorizontalPodAutoscaler>(AUTOSCALERS, key) as HorizontalPodAutoscaler;
  api.create<HorizontalPodAutoscaler>(AUTOSCALERS, { ...first, metadata: { name: 'z', namespace: 'default' } });
  look();
  expect(conditions()).toContain('ScalingActive False AmbiguousSelector');
});
