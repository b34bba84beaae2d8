import { describe, expect, test } from 'vitest';
import type { PrepareContext } from '../../../src/api/resource.js';
import { qosClass } from '../../../src/resources/pods/qos.js';
import { strategy } from '../../../src/resources/pods/strategy.js';
import type { Pod, PodSpec } from '../../../src/resources/pods/types.js';
import { fakeContext } from '../fake-cluster.js';

const META = { name: 'p', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
function makePod(spec: object = {}, more: object = {}): Pod {
  const sent = { apiVersion: 'v1', kind: 'Pod', metadata: META, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }], ...spec }, ...more } as Pod;
  return strategy.prepareForCreate?.(strategy.defaults(sent), fakeContext([])) as Pod;
}
const withSpec = (pod: Pod, spec: object): Pod => ({ ...pod, spec: { ...pod.spec, ...spec } });
const texts = (errors: readonly { field: string; detail: string }[] | undefined): readonly string[] =>
  (errors ?? []).map(({ field, detail }) => `${field}: ${detail.split('\n')[0]}`);
const UPDATABLE = 'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`';

describe('grace of a deletion', () => {
  const on = (phase: string): Pod => ({ ...makePod({ nodeName: 'n' }), status: { phase: phase as 'Running' } });
  test.each([
    ['what the pod says', on('Running'), undefined, 30],
    ['what is asked for', on('Running'), 5, 5],
    ['at once when asked for', on('Running'), 0, 0],
    ['never negative', withSpec(on('Running'), { terminationGracePeriodSeconds: -5 }), undefined, 1],
    ['at once when unscheduled', makePod(), undefined, 0],
    ['at once when failed', on('Failed'), 20, 0],
    ['at once when succeeded', on('Succeeded'), undefined, 0],
  ])('%s', (_, pod, requested, seconds) => expect(strategy.gracefulDelete?.(pod, requested)).toBe(seconds));
});

describe('quality of service', () => {
  const list = (cpu?: string, memory?: string) => ({ ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) });
  const container = (requests: object, limits: object) => ({ name: 'c', image: 'x', resources: { requests, limits } });
  const classOf = (...containers: readonly object[]) => qosClass({ containers } as unknown as PodSpec);
  test.each([
    ['none', classOf(container({}, {})), 'BestEffort'],
    ['other resources only', classOf(container({ 'ephemeral-storage': '1Gi' }, {})), 'BestEffort'],
    ['zero is none', classOf(container(list('0'), {})), 'BestEffort'],
    ['all equal', classOf(container(list('1', '1Gi'), list('1000m', '1024Mi'))), 'Guaranteed'],
    ['one limit missing', classOf(container(list('1'), list('1'))), 'Burstable'],
    ['less than the limit', classOf(container(list('1', '1Gi'), list('2', '1Gi'))), 'Burstable'],
    ['one container without', classOf(container(list('1', '1Gi'), list('1', '1Gi')), container({}, {})), 'Burstable'],
    ['two that are equal', classOf(container(list('1', '1Gi'), list('1', '1Gi')), container(list('0.5', '1'), list('500m', '1'))), 'Guaranteed'],
  ])('%s', (_, found, expected) => expect(found).toBe(expected));
  test('init containers count', () => {
    const all = container(list('1', '1Gi'), list('1', '1Gi'));
    expect(qosClass({ containers: [all], initContainers: [{ name: 'i', image: 'x' }] } as unknown as PodSpec)).toBe('Burstable');
  });
});

describe('update', () => {
  const old = makePod({ tolerations: [{ key: 'a', operator: 'Exists' }], activeDeadlineSeconds: 100 });
  const gated = makePod({ schedulingGates: [{ name: 'g' }], nodeSelector: { a: 'b' } });
  test.each([
    ['nothing', old, {}, []],
    ['an image', old, { containers: [{ ...old.spec.containers[0], image: 'nginx:1.28' }] }, []],
    [
      'a further toleration',
      old,
      {
        tolerations: [
          { key: 'a', operator: 'Exists' },
          { key: 'b', operator: 'Exists' },
        ],
      },
      [],
    ],
    [
      'seconds of a toleration',
      makePod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }] }),
      { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }] },
      [],
    ],
    ['a toleration less', old, { tolerations: [] }, ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds']],
    ['a lower deadline', old, { activeDeadlineSeconds: 50 }, []],
    [
      'no deadline',
      old,
      { activeDeadlineSeconds: undefined },
      ['spec.activeDeadlineSeconds: Invalid value: "null": must not update from a positive integer to nil value'],
    ],
    ['the node', old, { nodeName: 'n' }, [UPDATABLE]],
    ['resources', old, { containers: [{ ...old.spec.containers[0], resources: { requests: { cpu: '1' } } }] }, [UPDATABLE]],
    ['a negative grace to 1', makePod({ terminationGracePeriodSeconds: -1 }), { terminationGracePeriodSeconds: 1 }, []],
    ['a gate removed', gated, { schedulingGates: undefined }, []],
    [
      'a gate added',
      gated,
      { schedulingGates: [{ name: 'g' }, { name: 'h' }] },
      ["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'"],
    ],
    ['a node selector narrowed while gated', gated, { nodeSelector: { a: 'b', c: 'd' } }, []],
    [
      'a node selector changed while gated',
      gated,
      { nodeSelector: { a: 'x' } },
      ['spec.nodeSelector: Invalid value: map[string]string{"a":"x"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)'],
    ],
    ['a node selector when not gated', old, { nodeSelector: { a: 'b' } }, [UPDATABLE]],
    [
      'affinity set while gated',
      gated,
      {
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] } },
        },
      },
      [],
    ],
  ] as const)('%s', (_, pod, spec, expected) => {
    const found = texts(strategy.validateUpdate?.(withSpec(pod, spec), pod));
    expect(found.map((text, i) => (expected[i] === UPDATABLE && text.startsWith(UPDATABLE) ? UPDATABLE : text))).toEqual(expected);
  });

  test('shows what changed', () => {
    const next = withSpec(old, { containers: [{ ...old.spec.containers[0], command: ['sleep', '1d'] }] });
    const [error] = strategy.validateUpdate?.(next, old) ?? [];
    const lines = error?.detail.split('\n').slice(1) ?? [];
    expect(lines).toContain('- \t\t\tCommand:    nil,');
    expect(lines).toContain('+ \t\t\tCommand:    []string{"sleep", "1d"},');
    expect(lines).toContain('  \t... // 29 identical fields');
    expect(lines.slice(-2)).toEqual(['  }', '']);
  });
});

describe('status update', () => {
  const ran = (state: object): Pod => ({
    ...makePod({ restartPolicy: 'Never' }),
    status: { phase: 'Running', qosClass: 'BestEffort', containerStatuses: [{ name: 'c', image: '', imageID: '', ready: false, restartCount: 0, state }] },
  });
  test('a container that is over stays over', () =>
    expect(texts(strategy.validateStatusUpdate?.(ran({ running: {} }), ran({ terminated: { exitCode: 0 } })))).toEqual([
      'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
    ]));
  test('spec and owners are kept, the class is filled in', () => {
    const old = ran({ running: {} });
    const sent: Pod = { ...old, spec: { containers: [] }, metadata: { ...old.metadata, ownerReferences: [] }, status: { phase: 'Failed' } };
    expect(strategy.prepareForStatusUpdate?.(sent, old, {} as PrepareContext)).toMatchObject({
      spec: old.spec,
      status: { phase: 'Failed', qosClass: 'BestEffort' },
    });
    expect(strategy.prepareForStatusUpdate?.(sent, old, {} as PrepareContext).metadata.ownerReferences).toBeUndefined();
  });
});
