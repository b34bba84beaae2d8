import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Messenger } from '../../src/api/outside.js';
import { parseTime, type Time } from '../../src/api/time.js';
import { createCluster } from '../../src/cluster/create.js';
import { openCluster } from '../../src/cluster/open.js';
import { openSaved } from '../../src/cluster/reader.js';
import { Turn } from '../../src/cluster/turn.js';
import { errandRunner } from '../../src/podsim/errands.js';
import { MemoryBackend } from '../../src/store/backend/memory.js';
import { turns } from '../harness/cluster.js';

const ADMIN: readonly KubeObject[] = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'admin' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
  } as KubeObject,
];
const pod = (script: string): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'tool', namespace: 'default' },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'bitnami/kubectl', command: ['sh', '-c', script] }] },
  }) as KubeObject;
const PATHS: Readonly<Record<string, string>> = {
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Pod: '/api/v1/namespaces/default/pods',
  ValidatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
};
const create = async (turn: Turn, object: KubeObject): Promise<void> => {
  const { status } = await turn.transport({ method: 'POST', path: PATHS[object.kind as string] as string, headers: {}, body: object });
  expect(status).toBe(201);
};
const advance = (turn: Turn, span: number) => turn.write((cluster) => cluster.advanceTo((cluster.now + span) as Time));
const log = async (turn: Turn) => (await turn.transport({ method: 'GET', path: `${PATHS['Pod']}/tool/log`, headers: {} })).body;

const SCRIPT = `
kubectl create deployment web --image=nginx --replicas=2
kubectl rollout status deployment web
kubectl get pods -w > /tmp/seen & sleep 1
kubectl delete pods -l app=web
kubectl wait --for=condition=Available deployment/web --timeout=1m
kill %1; wc -l < /tmp/seen; kubectl get deployments -o name | sort`;

test('a story told in one process or in many is the same, and what a command did is not done twice', async () => {
  const told = async (isApart: boolean) => {
    const backend = new MemoryBackend();
    let turn = turns({}, backend);
    const next = () => {
      if (isApart) turn = turns({}, backend);
      return turn;
    };
    for (const object of [...ADMIN, pod(SCRIPT)]) await create(next(), object);
    for (let i = 0; i < 200; i++) await advance(next(), 250);
    const { entries } = (await backend.load()) ?? {};
    return { log: await log(next()), entries: entries?.keys('').map((key) => `${key} ${entries.get(key)}`) };
  };
  const [one, many] = [await told(false), await told(true)];
  expect(many).toEqual(one);
  expect(one.log).toMatch(/^deployment.apps\/web created\n(Waiting for deployment "web" rollout to finish: .*\n)+deployment "web" successfully rolled out\n/);
  expect(one.log).toMatch(/(pod "web-\S+" deleted\n){2}deployment.apps\/web condition met\n(.*Terminated.*\n)?\d+\ndeployment.apps\/web\n$/);
});

test('what it writes goes through webhooks, each asked once', async () => {
  const asked: string[] = [];
  const messenger: Messenger = async ({ body }) => {
    const { request } = JSON.parse(body) as { request: { uid: string; name: string } };
    asked.push(request.name);
    const response = { uid: request.uid, allowed: request.name !== 'bad', status: { message: 'no' } };
    return { status: 200, type: 'application/json', body: JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }) };
  };
  const turn = new Turn({
    backend: new MemoryBackend(),
    open: openSaved,
    components: async () => (await import('../../src/cluster/components.js')).makeComponents(),
    create: async (machine) => createCluster({ seed: 1, rate: 0, time: parseTime('2026-01-01T00:00:00Z') as Time }, machine),
    machine: () => 0,
    messenger,
    errands: errandRunner(),
  });
  const webhook = {
    name: 'w.example.com',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: { url: 'https://localhost/x' },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
  };
  const hooks = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'w' }, webhooks: [webhook] };
  for (const object of [...ADMIN, hooks as KubeObject, pod('kubectl create cm good; kubectl create cm bad; kubectl get cm -o name')])
    await create(turn, object);
  await advance(turn, 20_000);
  expect(await log(turn)).toBe(
    'configmap/good created\nerror: failed to create configmap: admission webhook "w.example.com" denied the request: no\nconfigmap/good\nconfigmap/kube-root-ca.crt\n',
  );
  expect(asked).toEqual(['good', 'bad']);
});

test('one that nobody runs says so and ends', async () => {
  const turn = openCluster({ backend: new MemoryBackend(), create: { seed: 1, rate: 0, time: parseTime('2026-01-01T00:00:00Z') as Time }, machine: () => 0 });
  for (const object of [...ADMIN, pod('kubectl get pods; echo $?')]) await create(turn, object);
  await advance(turn, 20_000);
  expect(await log(turn)).toBe('podsim: kubectl is not simulated here\n1\n');
});
