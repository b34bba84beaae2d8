/** Admission plugins in their order (behaviour.md §13, apiserver.md §3): what they add, and what they refuse in which words. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { type TestServer, testServer, withNamespaces } from './harness.js';

let s: TestServer;
beforeEach(async () => {
  s = withNamespaces(await testServer(), 'default');
});

const PODS = '/api/v1/namespaces/default/pods';
const pod = (spec: object = {}, container: object = {}) => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'nginx:1', ...container }], ...spec },
});
const message = (body: object) => (s.request('POST', PODS, body).body as Status).message;
const made = (body: object) => s.ok<Pod>('POST', PODS, body);
const put = (id: string, object: object) => s.store.put(id, { apiVersion: 'v1', kind: 'X', ...object } as KubeObject);
const named = (name: string, rest: object = {}) => ({ metadata: { name, namespace: 'default' }, ...rest });

describe('service account', () => {
  test('unknown', () => {
    expect(message(pod({ serviceAccountName: 'sa1' }))).toBe(
      'pods "p" is forbidden: error looking up service account default/sa1: serviceaccount "sa1" not found',
    );
    const { metadata: _, ...rest } = pod({ serviceAccountName: 'sa1' });
    expect(message({ ...rest, metadata: { generateName: 'web-' } })).toContain('pods "web-" is forbidden: ');
  });
  test('its token in every container, last of the volumes', () => {
    const { spec } = made(pod({ volumes: [{ name: 'v', emptyDir: {} }], initContainers: [{ name: 'i', image: 'x' }] }));
    expect(spec.serviceAccountName).toBe('default');
    expect(spec.volumes?.map(({ name }) => name.replace(/.{5}$/, '?'))).toEqual(['v', 'kube-api-access-?']);
    expect([spec.containers[0], spec.initContainers?.[0]].map((container) => container?.volumeMounts?.[0]?.mountPath)).toEqual(
      Array(2).fill('/var/run/secrets/kubernetes.io/serviceaccount'),
    );
  });
  test('not when told not to, the pod before the account', () => {
    put('serviceaccounts', named('quiet', { automountServiceAccountToken: false, imagePullSecrets: [{ name: 'key' }] }));
    const quiet = made(pod({ serviceAccountName: 'quiet' }));
    expect(quiet.spec.volumes).toBeUndefined();
    expect(quiet.spec.imagePullSecrets).toEqual([{ name: 'key' }]);
    expect(made({ ...pod({ serviceAccountName: 'quiet', automountServiceAccountToken: true }), metadata: { name: 'q' } }).spec.volumes).toHaveLength(1);
  });
});

describe('priority', () => {
  beforeEach(() => {
    put('priorityclasses.scheduling.k8s.io', { metadata: { name: 'high' }, value: 1000, preemptionPolicy: 'Never' });
  });
  test('from the class', () => expect(made(pod({ priorityClassName: 'high' })).spec).toMatchObject({ priority: 1000, preemptionPolicy: 'Never' }));
  test('none: zero', () => expect(made(pod()).spec).toMatchObject({ priority: 0, preemptionPolicy: 'PreemptLowerPriority' }));
  test('a default class', () => {
    put('priorityclasses.scheduling.k8s.io', { metadata: { name: 'usual' }, value: 7, globalDefault: true, preemptionPolicy: 'PreemptLowerPriority' });
    expect(made(pod()).spec).toMatchObject({ priority: 7, priorityClassName: 'usual' });
  });
  test('unknown', () => expect(message(pod({ priorityClassName: 'low' }))).toBe('pods "p" is forbidden: no PriorityClass with name low was found'));
  test('a number by hand', () =>
    expect(message(pod({ priority: 5 }))).toBe(
      'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ));
});

test('default tolerations, each only if none is there', () => {
  expect(made(pod()).spec.tolerations?.map(({ key }) => key)).toEqual(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);
  const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
  expect(made({ ...pod({ tolerations: [own] }), metadata: { name: 'q' } }).spec.tolerations).toMatchObject([own, { key: 'node.kubernetes.io/unreachable' }]);
  expect(made({ ...pod({ tolerations: [{ operator: 'Exists' }] }), metadata: { name: 'r' } }).spec.tolerations).toHaveLength(1);
});

describe('limit ranger', () => {
  const range = (limits: object) => put('limitranges', named('l', { spec: { limits: [limits] } }));
  test('defaults, with a note', () => {
    range({ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m', memory: '64Mi' } });
    const { spec, metadata } = made(pod({}, { resources: { requests: { memory: '32Mi' } } }));
    expect(spec.containers[0]?.resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '100m', memory: '32Mi' } });
    expect(metadata.annotations?.['kubernetes.io/limit-ranger']).toBe('LimitRanger plugin set: cpu request for container c; cpu limit for container c');
  });
  const bounds: readonly (readonly [object, object, string])[] = [
    [{ max: { cpu: '500m' } }, { limits: { cpu: '1' } }, '[maximum cpu usage per Container is 500m, but limit is 1]'.slice(1, -1)],
    [{ max: { cpu: '500m' } }, {}, 'maximum cpu usage per Container is 500m.  No limit is specified'],
    [{ min: { memory: '100Mi' } }, { requests: { memory: '50Mi' } }, 'minimum memory usage per Container is 100Mi, but request is 50Mi'],
    [{ min: { memory: '100Mi' } }, {}, 'minimum memory usage per Container is 100Mi.  No request is specified'],
    [
      { maxLimitRequestRatio: { cpu: '2' } },
      { limits: { cpu: '4' }, requests: { cpu: '1' } },
      'cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000',
    ],
    [
      { max: { cpu: '1', memory: '1Gi' } },
      { limits: { cpu: '2', memory: '2Gi' } },
      '[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
    ],
  ];
  for (const [limits, resources, text] of bounds)
    test(text, () => {
      range({ type: 'Container', ...limits });
      expect(message(pod({}, { resources }))).toBe(`pods "p" is forbidden: ${text}`);
    });
  test('sums of a pod', () => {
    range({ type: 'Pod', max: { cpu: '1' } });
    const containers = ['a', 'b'].map((name) => ({ name, image: 'x', resources: { limits: { cpu: '600m' } } }));
    expect(message(pod({ containers }))).toBe('pods "p" is forbidden: [maximum cpu usage per Pod is 1, but limit is 1200m]'.replace(/[[\]]/g, ''));
  });
});

describe('resource quota', () => {
  const quota = (hard: object, used: object, spec: object = {}) =>
    put('resourcequotas', named('q', { kind: 'ResourceQuota', spec: { hard, ...spec }, status: { hard, used } }));
  test('exceeded', () => {
    quota({ pods: '2' }, { pods: '2' });
    expect(message(pod())).toBe('pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2');
  });
  test('what is used is counted at once', () => {
    quota({ pods: '2', 'requests.cpu': '1' }, { pods: '0', 'requests.cpu': '0' });
    made(pod({}, { resources: { requests: { cpu: '600m' } } }));
    expect((s.api.get('resourcequotas', { namespace: 'default', name: 'q' }) as KubeObject & { status: object }).status).toMatchObject({
      used: { pods: '1', 'requests.cpu': '600m' },
    });
    expect(message({ ...pod({}, { resources: { requests: { cpu: '600m' } } }), metadata: { name: 'r' } })).toBe(
      'pods "r" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
    );
  });
  test('a value must be said', () => {
    quota({ 'limits.cpu': '1', 'requests.memory': '1Gi' }, { 'limits.cpu': '0', 'requests.memory': '0' });
    expect(message(pod())).toBe('pods "p" is forbidden: failed quota: q: must specify limits.cpu for: c; requests.memory for: c');
  });
  test('only in scope', () => {
    quota({ pods: '0' }, { pods: '0' }, { scopes: ['NotBestEffort'] });
    made(pod());
    expect(message({ ...pod({}, { resources: { requests: { cpu: '1' } } }), metadata: { name: 'r' } })).toContain('exceeded quota: q');
  });
  test('not computed yet', () => {
    expect(message({ ...pod(), metadata: { name: 'before' } })).toBeUndefined();
    put('resourcequotas', named('q', { spec: { hard: { pods: '1' } }, status: {} }));
    // What has no status yet holds nobody up (generic.Matches).
    expect(message({ ...pod(), metadata: { name: 'early' } })).toBeUndefined();
    put('resourcequotas', named('q2', { spec: { hard: { pods: '1' } }, status: { hard: { pods: '1' } } }));
    expect(message(pod())).toBe('pods "p" is forbidden: status unknown for quota: q2, resources: pods');
  });
});

describe('runtime class', () => {
  test('unknown', () => expect(message(pod({ runtimeClassName: 'x' }))).toBe('pods "p" is forbidden: pod rejected: RuntimeClass "x" not found'));
  test('its overhead and nodes', () => {
    put('runtimeclasses.node.k8s.io', {
      metadata: { name: 'gv' },
      handler: 'h',
      overhead: { podFixed: { cpu: '50m' } },
      scheduling: { nodeSelector: { a: 'b' } },
    });
    expect(made(pod({ runtimeClassName: 'gv' })).spec).toMatchObject({ overhead: { cpu: '50m' }, nodeSelector: { a: 'b' } });
  });
});

test('claims get the default class and a finalizer', () => {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  put('storageclasses.storage.k8s.io', { metadata: { name: 'slow', annotations, creationTimestamp: '2026-01-01T00:00:00Z' } });
  put('storageclasses.storage.k8s.io', { metadata: { name: 'fast', annotations, creationTimestamp: '2026-01-01T00:00:01Z' } });
  const body = { metadata: { name: 'c' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
  const claim = s.ok('POST', '/api/v1/namespaces/default/persistentvolumeclaims', body);
  expect(claim).toMatchObject({ metadata: { finalizers: ['kubernetes.io/pvc-protection'] }, spec: { storageClassName: 'fast' } });
});

test('mutating refusals before field errors, field errors before quota', () => {
  put('resourcequotas', named('q', { kind: 'ResourceQuota', spec: { hard: { pods: '0' } }, status: { hard: { pods: '0' }, used: { pods: '0' } } }));
  expect(message(pod({ serviceAccountName: 'no' }, { image: '' }))).toContain('error looking up service account');
  expect(message(pod({}, { image: '' }))).toContain('spec.containers[0].image: Required value');
  expect(message(pod())).toContain('exceeded quota');
});
