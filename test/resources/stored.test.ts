/** What a whole API server stores of a manifest, against what a real one stored: decoding, defaults, admission, controllers. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { PersistentVolume } from '../../src/resources/persistentvolumes/types.js';
import { parseYaml } from '../../src/text/yaml.js';
import { cluster, collectionPath } from '../harness/cluster.js';
import { mask } from './golden.js';

const NAMES = [
  ...['clusterrole-aggregate', 'clusterrolebinding', 'configmap', 'crd', 'endpoints', 'endpointslice', 'event', 'flowschema', 'ingress-default-backend'],
  ...['ingress-rules', 'ingressclass', 'limitrange-container', 'limitrange-pvc-pod', 'mutatingwebhook', 'namespace-finalizers', 'networkpolicy-deny-all'],
  ...['networkpolicy-ingress', 'priorityclass', 'pv-hostpath', 'pv-local', 'pvc-class-block', 'resourcequota-scopes', 'resourcequota', 'role', 'rolebinding'],
  ...['runtimeclass', 'secret-immutable', 'secret-tls-type', 'service-clusterip', 'service-externalname', 'service-headless-noports', 'service-headless'],
  ...['service-loadbalancer', 'service-nodeport-fixed-local', 'service-nodeport', 'service-noselector-affinity', 'storageclass-wait', 'validatingwebhook'],
];

function read(name: string): KubeObject {
  const parsed = parseYaml(readFileSync(new URL(`../golden/defaulting/${name}.yaml`, import.meta.url), 'utf8'));
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.value as KubeObject;
}

describe('golden defaulting', () => {
  const c = cluster();
  test.each(NAMES)('%s', (name) => {
    const sent = read(`${name}.in`);
    const expected = read(`${name}.out`);
    const path = collectionPath(sent);
    const answer = c.request('POST', path, sent, { 'content-type': 'application/json' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    const { managedFields: _, ...metadata } = (c.request('GET', `${path}/${sent.metadata.name}`).body as KubeObject).metadata;
    const found = { ...(c.request('GET', `${path}/${sent.metadata.name}`).body as KubeObject), metadata };
    // Read so quickly that quotas had not been counted yet, nor volumes looked at.
    const stored = ['ResourceQuota', 'PersistentVolume'].includes(sent.kind) ? { ...found, status: (answer.body as { status?: object }).status } : found;
    expect(mask(JSON.parse(JSON.stringify(stored)), expected)).toEqual(expected);
    c.request('DELETE', `${path}/${sent.metadata.name}`);
  });
});

describe('guarded deletion', () => {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'v' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/d' } },
  };

  test('a claim stays while a pod on a node uses it', () => {
    const c = cluster({ nodes: 1 });
    c.create(claim);
    const spec = {
      nodeName: c.list('nodes')[0]?.metadata.name,
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    };
    c.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec } as unknown as KubeObject);
    c.delete('persistentvolumeclaims', 'data');
    expect(c.has('persistentvolumeclaims', 'data')).toBe(true);
    c.request('DELETE', '/api/v1/namespaces/default/pods/p', { gracePeriodSeconds: 0 });
    c.advance('60s');
    expect(c.has('persistentvolumeclaims', 'data')).toBe(false);
  });

  test('a volume goes at once when it is not bound, later when it is', () => {
    const c = cluster({ nodes: 1 });
    c.create<KubeObject>(volume);
    c.delete('persistentvolumes', 'v');
    expect(c.has('persistentvolumes', 'v')).toBe(false);
    c.create<KubeObject>(volume);
    c.create({ ...claim, spec: { ...claim.spec, storageClassName: '' } } as KubeObject);
    expect(c.get<PersistentVolume>('persistentvolumes', 'v').status.phase).toBe('Bound');
    c.delete('persistentvolumes', 'v');
    expect(c.has('persistentvolumes', 'v')).toBe(true);
    c.delete('persistentvolumeclaims', 'data');
    expect(c.has('persistentvolumes', 'v')).toBe(false);
  });
});

describe('cluster IPs', () => {
  test('every service has its IPAddress, as long as it lives', () => {
    const c = cluster({ nodes: 1 });
    expect(c.get('ipaddresses.networking.k8s.io', '10.96.0.1')).toMatchObject({
      metadata: { labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' } },
      spec: { parentRef: { resource: 'services', namespace: 'default', name: 'kubernetes' } },
    });
    expect(c.get('servicecidrs.networking.k8s.io', 'kubernetes')).toMatchObject({
      metadata: { finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
      status: { conditions: [{ type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' }] },
    });
    c.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { clusterIP: '10.96.0.77', ports: [{ port: 80 }] },
    } as unknown as KubeObject);
    expect(c.has('ipaddresses.networking.k8s.io', '10.96.0.77')).toBe(true);
    c.delete('services', 'web');
    expect(c.has('ipaddresses.networking.k8s.io', '10.96.0.77')).toBe(false);
  });
});

describe('service account tokens', () => {
  const payload = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'bot-token', annotations: { 'kubernetes.io/service-account.name': 'bot' } },
    type: 'kubernetes.io/service-account-token',
  };
  const bot = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot' } };
  const path = '/api/v1/namespaces/default/serviceaccounts/bot/token';
  const ask = (spec: object) => ({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec });

  test('a token is asked for, for some time and an audience', () => {
    const c = cluster({ nodes: 1 });
    const { uid } = c.create<KubeObject>(bot).metadata;
    const answer = c.request('POST', path, ask({ expirationSeconds: 600, audiences: ['vault'] }));
    const body = answer.body as { status: { token: string; expirationTimestamp: string } };
    expect(answer.status).toBe(201);
    expect(body.status.expirationTimestamp).toBe('2026-01-01T00:10:00Z');
    expect(payload(body.status.token)).toMatchObject({
      aud: ['vault'],
      iss: 'https://kubernetes.default.svc.cluster.local',
      sub: 'system:serviceaccount:default:bot',
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'bot', uid } },
    });
    expect((c.request('POST', path, ask({})).body as typeof body).status.token).not.toBe(body.status.token);
    expect(c.request('POST', path, ask({ expirationSeconds: 60 })).body).toMatchObject({
      code: 422,
      details: { causes: [{ field: 'spec.expirationSeconds', message: 'Invalid value: 60: may not specify a duration less than 10 minutes' }] },
    });
    expect(c.request('POST', path, ask({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'nope' } })).status).toBe(404);
  });

  // As kube-apiserver 1.33.13 answers.
  test('what a token is bound to, and for whom it is', () => {
    const c = cluster({ nodes: 1 });
    c.create(bot);
    const pod = c.create<KubeObject>({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { serviceAccountName: 'bot', containers: [{ name: 'c', image: 'nginx' }] },
    } as KubeObject);
    c.advance('5s');
    const ref = { kind: 'Pod', apiVersion: 'v1', name: 'p' };
    const refusal = (boundObjectRef: object, to = path): string => (c.request('POST', to, ask({ boundObjectRef })).body as { message: string }).message;
    expect(refusal({ ...ref, uid: 'x' })).toBe(
      'Operation cannot be fulfilled on Pod "p": the UID in the bound object reference (x) does not match the UID in record. The object might have been deleted and then recreated',
    );
    expect(refusal({ ...ref, kind: 'Foo', apiVersion: 'a/v1' })).toBe('cannot bind token to object of type a/v1, Kind=Foo');
    expect(refusal(ref, path.replace('bot', 'default'))).toBe(
      'cannot bind token for serviceaccount "default" to pod running with different serviceaccount name.',
    );

    const review = (asked: object, audiences: readonly string[]): object => {
      const { token } = (c.request('POST', path, ask(asked)).body as { status: { token: string } }).status;
      const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } };
      return (c.request('POST', '/apis/authentication.k8s.io/v1/tokenreviews', request).body as { status: object }).status;
    };
    const node = c.list('nodes')[0]?.metadata;
    expect(review({ boundObjectRef: ref, audiences: ['x'] }, ['x', 'y'])).toMatchObject({
      audiences: ['x'],
      user: {
        extra: {
          'authentication.kubernetes.io/node-name': [node?.name],
          'authentication.kubernetes.io/node-uid': [node?.uid],
          'authentication.kubernetes.io/pod-name': ['p'],
          'authentication.kubernetes.io/pod-uid': [pod.metadata.uid],
        },
      },
    });
    expect(review({ audiences: ['x'] }, [])).toEqual({
      user: {},
      error: '[invalid bearer token, token audiences ["x"] is invalid for the target audiences ["https://kubernetes.default.svc.cluster.local"]]',
    });
  });

  test('a secret of its type is filled, and goes with the account', () => {
    const c = cluster({ nodes: 1 });
    const { uid } = c.create<KubeObject>(bot).metadata;
    c.create(secret as KubeObject);
    const filled = c.get<KubeObject & { data: Record<string, string> }>('secrets', 'bot-token');
    expect(filled.metadata.annotations).toEqual({ 'kubernetes.io/service-account.name': 'bot', 'kubernetes.io/service-account.uid': uid });
    expect(Object.keys(filled.data).sort()).toEqual(['ca.crt', 'namespace', 'token']);
    c.delete('serviceaccounts', 'bot');
    expect(c.has('secrets', 'bot-token')).toBe(false);
  });
});

describe('second faces', () => {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

  test('an autoscaler of the older version, read in both', () => {
    const c = cluster({ nodes: 1 });
    const sent = {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: { scaleTargetRef: ref, maxReplicas: 5, targetCPUUtilizationPercentage: 50 },
    };
    c.create(sent as KubeObject);
    const newer = c.request('GET', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web').body as { spec: object };
    expect(newer.spec).toEqual({
      scaleTargetRef: ref,
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    });
    const older = c.request('GET', '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/web').body as { apiVersion: string; spec: object };
    expect(older.apiVersion).toBe('autoscaling/v1');
    expect(older.spec).toEqual({ ...sent.spec, minReplicas: 1 });
  });

  test('what the older version cannot say goes through annotations and comes back', () => {
    const c = cluster({ nodes: 1 });
    const metrics = [
      { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100Mi' } } },
    ];
    c.create({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: { scaleTargetRef: ref, maxReplicas: 5, metrics },
    } as unknown as KubeObject);
    const path = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/web';
    const older = c.request('GET', path).body as KubeObject & { spec: object };
    expect(JSON.parse(older.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics'] ?? '')).toEqual([
      { type: 'Pods', pods: { metricName: 'rps', targetAverageValue: '10' } },
      { type: 'Resource', resource: { name: 'memory', targetAverageValue: '100Mi' } },
    ]);
    expect(c.request('PUT', path, { ...older, spec: { ...older.spec, maxReplicas: 7 } }).status).toBe(200);
    expect(c.get('horizontalpodautoscalers.autoscaling', 'web')).toMatchObject({ spec: { maxReplicas: 7, metrics } });
  });

  test('an event of the newer group is an event of the core group', () => {
    const c = cluster({ nodes: 1 });
    c.create({
      ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'e' }, regarding: { kind: 'Pod', namespace: 'default', name: 'p' } },
      ...{
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'me',
        reportingInstance: 'me-1',
        action: 'Doing',
        reason: 'Done',
        note: 'text',
        type: 'Normal',
      },
    } as unknown as KubeObject);
    expect(c.get('events', 'e')).toMatchObject({ apiVersion: 'v1', involvedObject: { name: 'p' }, message: 'text', reportingComponent: 'me' });
    const listed = c.request('GET', '/apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=regarding.name%3Dp').body as { items: readonly object[] };
    expect(listed.items).toMatchObject([{ regarding: { name: 'p' }, note: 'text', reportingController: 'me' }]);
  });
});
