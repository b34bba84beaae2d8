import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { StatusError } from '../../../src/api/errors.js';
import type { KubeObject } from '../../../src/api/object.js';
import type { Subresource, SubresourceContext } from '../../../src/api/resource.js';
import type { Api } from '../../../src/api/verbs.js';
import type { PodDisruptionBudget } from '../../../src/resources/poddisruptionbudgets/types.js';
import { binding } from '../../../src/resources/pods/binding.js';
import { ephemeralContainers } from '../../../src/resources/pods/ephemeral-containers.js';
import { eviction } from '../../../src/resources/pods/eviction.js';
import { resize } from '../../../src/resources/pods/resize.js';
import { strategy } from '../../../src/resources/pods/strategy.js';
import type { Pod } from '../../../src/resources/pods/types.js';
import { fakeContext } from '../fake-cluster.js';

function makePod(given: object = {}, name = 'p'): Pod {
  const meta = { name, namespace: 'default', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', labels: { app: 'web' } };
  const sent = { apiVersion: 'v1', kind: 'Pod', metadata: meta, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] }, ...given } as Pod;
  return strategy.prepareForCreate?.(strategy.defaults(sent), fakeContext([])) as Pod;
}

interface Calls {
  readonly log: string[];
  readonly written: KubeObject[];
}

function makeContext(objects: readonly KubeObject[] = []): SubresourceContext & Calls {
  const log: string[] = [];
  const written: KubeObject[] = [];
  const api = {
    ...fakeContext(objects).api,
    updateStatus: (id: string, object: KubeObject) => {
      log.push(`updateStatus ${id}`);
      written.push(object);
      return object;
    },
    delete: (id: string, key: { name: string }, options: object) => {
      log.push(`delete ${id} ${key.name} ${JSON.stringify(options)}`);
      return objects[0];
    },
  } as unknown as Api;
  return { ...fakeContext([]), api, key: { namespace: 'default', name: 'p' }, options: {}, log, written };
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return '';
}

interface Case {
  readonly name: string;
  readonly manifest: { readonly spec: { readonly [list: string]: readonly { readonly name: string }[] } };
  readonly existing: KubeObject;
  readonly operation?: string;
  readonly expectedError: string | null;
}
const { cases } = JSON.parse(readFileSync(new URL('../../cases/validation-cases.json', import.meta.url), 'utf8')) as { readonly cases: readonly Case[] };
const patches = cases.filter(({ operation }) => operation?.includes('--subresource='));

/** As a strategic merge does for these bodies: containers by name, their maps key by key. */
function merge(into: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) {
    const list = [...((into ?? []) as { name: string }[])];
    for (const entry of patch as { name: string }[]) {
      const at = list.findIndex(({ name }) => name === entry.name);
      if (at < 0) list.push(entry);
      else list[at] = merge(list[at], entry) as { name: string };
    }
    return list;
  }
  if (typeof patch !== 'object' || patch === null) return patch;
  const out: Record<string, unknown> = { ...(into as object) };
  for (const [key, value] of Object.entries(patch)) out[key] = merge(out[key], value);
  return out;
}

describe('validation cases of subresources', () => {
  test('there are some', () => expect(patches.length).toBe(7));
  test.each(patches)('$name', ({ manifest, existing, operation, expectedError }) => {
    const old = makePod({ spec: (existing as Pod).spec });
    const subresource: Subresource<Pod> = operation?.includes('=resize') ? resize : ephemeralContainers;
    const said = messageOf(() => subresource.update?.(old, merge(old, manifest) as Pod, makeContext()));
    // The server names the Pod without the article kubectl adds.
    expect(said === '' ? null : `The ${said}`).toBe(expectedError);
  });
});

describe('resize', () => {
  const spec = { containers: [{ name: 'c', image: 'nginx:1.27', resources: { requests: { cpu: '100m' }, limits: { cpu: '200m' } } }] };
  const change = (old: Pod, resources: object, more: object = {}): Pod =>
    ({ ...old, spec: { ...old.spec, ...more, containers: old.spec.containers.map((container) => ({ ...container, resources })) } }) as Pod;

  test('changes resources, and nothing else', () => {
    const old = makePod({ spec });
    const { object } = resize.update?.(old, change(old, { requests: { cpu: '150m' }, limits: { cpu: '300m' } }, { hostname: 'x' }), makeContext()) ?? {};
    expect(object?.spec.containers[0]?.resources).toEqual({ requests: { cpu: '150m' }, limits: { cpu: '300m' } });
    expect(object?.spec.hostname).toBeUndefined();
  });

  test.each([
    ['a removed request', { limits: { cpu: '200m', memory: '1Gi' } }, 'memory limits cannot be added unless resizePolicy is RestartContainer'],
    ['another resource', { requests: { cpu: '100m', 'ephemeral-storage': '1Gi' }, limits: { cpu: '200m' } }, 'only cpu and memory resources are mutable'],
    ['a request above its limit', { requests: { cpu: '1' }, limits: { cpu: '200m' } }, 'must be less than or equal to cpu limit of 200m'],
    ['a removed limit', { requests: { cpu: '100m' } }, 'resource limits cannot be removed'],
  ])('refuses %s', (_, resources, text) => {
    const old = makePod({ spec });
    expect(messageOf(() => resize.update?.(old, change(old, resources), makeContext()))).toContain(text);
  });

  test('says all that is wrong: the spec, and the class it would have', () => {
    const old = makePod({ spec: { containers: [{ name: 'c', image: 'nginx:1.27', resources: { limits: { cpu: '200m', memory: '64Mi' } } }] } });
    const sent = change(old, { requests: { cpu: '300m', memory: '64Mi' }, limits: { cpu: '200m', memory: '64Mi' } });
    expect(messageOf(() => resize.update?.(old, sent, makeContext()))).toBe(
      'Pod "p" is invalid: [spec.containers[0].resources.requests: Invalid value: "300m": must be less than or equal to cpu limit of 200m, spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing]',
    );
  });

  test('refuses another number of containers', () => {
    const old = makePod({ spec });
    const body = { ...old, spec: { ...old.spec, containers: [...old.spec.containers, { name: 'd', image: 'x' }] } };
    expect(messageOf(() => resize.update?.(old, body, makeContext()))).toContain(
      'spec.containers: Forbidden: containers may not be added or removed on resize',
    );
  });
});

describe('ephemeral containers', () => {
  const debug = { name: 'dbg', image: 'busybox' };
  const add = (old: Pod, containers: readonly object[]): Pod =>
    ephemeralContainers.update?.(old, { ...old, spec: { ...old.spec, ephemeralContainers: containers } } as Pod, makeContext())?.object as Pod;

  test('are added with their defaults', () => {
    const pod = add(makePod(), [debug]);
    expect(pod.spec.ephemeralContainers).toEqual([
      { ...debug, imagePullPolicy: 'Always', resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
    ]);
  });
  test('are neither changed nor removed', () => {
    const pod = add(makePod(), [debug]);
    expect(messageOf(() => add(pod, []))).toBe(
      'Pod "p" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "dbg" may not be removed\n',
    );
    expect(messageOf(() => add(pod, [{ ...pod.spec.ephemeralContainers?.[0], image: 'x' }]))).toMatch(
      /^Pod "p" is invalid: .*"dbg" may not be changed\n.*-.*"busybox".*\+.*"x"/s,
    );
  });
  test('have names of their own', () =>
    expect(messageOf(() => add(makePod(), [{ ...debug, name: 'c' }]))).toContain('spec.ephemeralContainers[0].name: Duplicate value: "c"'));
});

describe('binding', () => {
  const bind = (pod: Pod, target: object) =>
    binding.create?.(pod, { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target } as KubeObject, makeContext())?.object;

  test('puts the pod on the node and says so', () => {
    const pod = bind(makePod(), { kind: 'Node', name: 'n1' });
    expect(pod?.spec.nodeName).toBe('n1');
    expect(pod?.metadata.generation).toBe(1);
    expect(pod?.status?.conditions).toEqual([{ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '1970-01-01T00:00:00Z' }]);
  });
  test.each([
    ['a second time', makePod({ spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'x' }] } }), 'pod p is already assigned to node "n1"'],
    [
      'while gated',
      makePod({ spec: { schedulingGates: [{ name: 'g' }], containers: [{ name: 'c', image: 'x' }] } }),
      'pod p has non-empty .spec.schedulingGates',
    ],
  ])('not %s', (_, pod, why) =>
    expect(messageOf(() => bind(pod, { kind: 'Node', name: 'n2' }))).toBe(`Operation cannot be fulfilled on pods/binding "p": ${why}`),
  );
  test('only to nodes', () =>
    expect(messageOf(() => bind(makePod(), { kind: 'Pod', name: '' }))).toBe(
      '[target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]',
    ));
});

describe('eviction', () => {
  const running = (ready: boolean): Pod => {
    const pod = makePod();
    return { ...pod, status: { ...pod.status, phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } };
  };
  const makeBudget = (status: object, spec: object = {}, name = 'b'): PodDisruptionBudget =>
    ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace: 'default', generation: 1 },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } }, ...spec },
      status: { observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2, expectedPods: 2, ...status },
    }) as PodDisruptionBudget;
  const evict = (pod: Pod, ...budgets: readonly PodDisruptionBudget[]) => {
    const context = makeContext(budgets);
    const said = messageOf(() => eviction.create?.(pod, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } } as KubeObject, context));
    return { said, log: context.log, written: context.written };
  };
  const GONE = ['updateStatus pods', 'delete pods p {"isAdmitted":true}'];

  test('without a budget: marked and deleted', () => {
    const { said, log, written } = evict(running(true));
    expect([said, log]).toEqual(['', GONE]);
    expect((written[0] as Pod).status?.conditions?.at(-1)).toMatchObject({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    });
  });
  test('a budget with room is spent', () => {
    const { log, written } = evict(running(true), makeBudget({ disruptionsAllowed: 1 }));
    expect(log).toEqual(['updateStatus poddisruptionbudgets.policy', ...GONE]);
    expect((written[0] as PodDisruptionBudget).status).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { p: '1970-01-01T00:00:00Z' } });
  });
  test.each([
    ['without room', running(true), [makeBudget({})], "Cannot evict pod as it would violate the pod's disruption budget."],
    [
      'not up to date',
      running(true),
      [makeBudget({ observedGeneration: 0, disruptionsAllowed: 1 })],
      "Cannot evict pod as it would violate the pod's disruption budget.",
    ],
    [
      'twice',
      running(true),
      [makeBudget({}), makeBudget({}, {}, 'b2')],
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    ],
    ['unready, too few healthy', running(false), [makeBudget({ currentHealthy: 1 })], "Cannot evict pod as it would violate the pod's disruption budget."],
    ['unready, enough healthy', running(false), [makeBudget({})], ''],
    ['unready, always allowed', running(false), [makeBudget({ currentHealthy: 1 }, { unhealthyPodEvictionPolicy: 'AlwaysAllow' })], ''],
    ['pending', makePod(), [makeBudget({})], ''],
  ] as const)('a budget %s', (_, pod, budgets, text) => {
    const { said, log } = evict(pod, ...budgets);
    expect(said).toBe(text);
    expect(log.length > 0).toBe(text === '');
  });
});
