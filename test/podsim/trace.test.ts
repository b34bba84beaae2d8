/** A pod's way through the components: what was added by whom, which nodes would do, and who wrote which version. */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { addedFields, fieldsOf, ownership } from '../../src/podsim/trace/fields.js';
import { traceOf } from '../../src/podsim/trace/index.js';
import { traceJson } from '../../src/podsim/trace/json.js';
import type { PodTrace, TraceStep } from '../../src/podsim/trace/model.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const pod = (name: string, spec: object, metadata: object = {}): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec }) as KubeObject;
const trace = (c: TestCluster, name: string): PodTrace => traceOf(c.cluster, { namespace: 'default', name }) as PodTrace;
const of = (found: PodTrace, component: TraceStep['component']): readonly TraceStep[] => found.steps.filter((step) => step.component === component);
const text = (steps: readonly TraceStep[]): string => steps.map(({ step, message, details = [] }) => [step, message, ...details].join(' | ')).join('\n');

test.each([
  { name: 'leaves', value: { a: 1, b: { c: 'x' } }, fields: { 'spec.a': '1', 'spec.b.c': 'x' } },
  {
    name: 'lists by name',
    value: { containers: [{ name: 'web', image: 'nginx' }] },
    fields: { 'spec.containers[web].name': 'web', 'spec.containers[web].image': 'nginx' },
  },
  { name: 'lists of values', value: { command: ['sh', '-c'] }, fields: { 'spec.command': '["sh","-c"]' } },
  { name: 'empty maps', value: { securityContext: {} }, fields: { 'spec.securityContext': '{}' } },
])('fields: $name', ({ value, fields }) => expect(Object.fromEntries(fieldsOf(value, 'spec'))).toEqual(fields));

test.each([
  ['spec.dnsPolicy', true],
  ['spec.nodeName', false],
  ['spec.containers[web].image', true],
  ['spec.containers[web].volumeMounts[/x].name', false],
  ['spec.containers[other].image', false],
])('who owns %s', (path, expected) => {
  const owned = ownership({ 'f:spec': { 'f:dnsPolicy': {}, 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } } } });
  expect(owned(path)).toBe(expected);
});

test('what kubectl apply sent is told from what was added, and by whom', () => {
  const sent = { containers: [{ name: 'web', image: 'nginx:1.27' }] };
  const c = cluster();
  const applied = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: sent });
  c.create(pod('web', sent, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } }));
  const stored = c.get<Pod>('pods', 'web');
  const [manager] = stored.metadata.managedFields as readonly { readonly fieldsV1?: unknown }[];
  const added = addedFields(stored, fieldsOf(sent, 'spec'), ownership(manager?.fieldsV1));
  const by = (plugin: string | undefined) => added.filter((one) => one.plugin === plugin).map(({ path }) => path);
  expect(by(undefined)).toContain('spec.restartPolicy');
  expect(by(undefined)).toContain('spec.containers[web].imagePullPolicy');
  expect(by(undefined).join()).not.toMatch(/image,|serviceAccount|tolerations|nodeName/);
  expect(by('Priority')).toEqual(['spec.priority', 'spec.preemptionPolicy']);
  expect(by('ServiceAccount')).toContain('spec.serviceAccountName');
  expect(by('DefaultTolerationSeconds').length).toBeGreaterThan(2);
  // All there is was sent, added, or is the scheduler's.
  const known = new Set([...added.map(({ path }) => path), ...fieldsOf(sent, 'spec').keys(), 'spec.nodeName']);
  expect([...fieldsOf(stored.spec, 'spec').keys()].filter((path) => !known.has(path))).toEqual([]);
  expect(text(of(trace(c, 'web'), 'kube-apiserver'))).toContain('what kubectl apply sent');
});

test('a limit range is seen among what was added', () => {
  const c = cluster();
  c.create({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'l' },
    spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '100m' } }] },
  } as KubeObject);
  c.create(pod('web', { containers: [{ name: 'web', image: 'nginx' }] }));
  expect(text(of(trace(c, 'web'), 'kube-apiserver'))).toMatch(/LimitRanger added: \| spec.containers\[web\].resources.requests.cpu: 100m/);
});

describe('the scheduler', () => {
  const c = cluster({ nodes: 4 });
  c.create(pod('web', { containers: [{ name: 'web', image: 'nginx' }] }));
  const { scheduling } = trace(c, 'web');
  const verdict = (name: string) => scheduling?.nodes.find(({ node }) => node === name);

  test('nodes are filtered by the plugins that filter them', () => {
    expect(verdict('podsim-control-plane')?.rejected?.plugin).toBe('TaintToleration');
    expect(verdict('podsim-control-plane')?.rejected?.reasons.join()).toContain('node-role.kubernetes.io/control-plane');
  });
  test('the chosen node has the highest sum, on a cluster that has not changed', () => {
    const chosen = c.get<Pod>('pods', 'web').spec.nodeName as string;
    const totals = scheduling?.nodes.map(({ total }) => total ?? -1) ?? [];
    expect(verdict(chosen)?.total).toBe(Math.max(...totals));
    for (const { scores, total } of scheduling?.nodes ?? [])
      if (scores !== undefined) expect(scores.reduce((sum, { weight, score }) => sum + weight * score, 0)).toBe(total);
  });
  test('recomputed is said to be', () => {
    expect(
      of(trace(c, 'web'), 'kube-scheduler')
        .filter(({ source }) => source === 'recomputed')
        .map(({ step }) => step),
    ).toEqual(['filter', 'score']);
    expect(traceJson(trace(c, 'web')).scheduling?.recomputed).toBe(true);
  });
  test('a pod that fits nowhere has its reasons, node by node', () => {
    c.create(pod('big', { containers: [{ name: 'web', image: 'nginx', resources: { requests: { cpu: '64' } } }] }));
    const nodes = trace(c, 'big').scheduling?.nodes ?? [];
    expect(nodes.filter(({ rejected }) => rejected?.plugin === 'NodeResourcesFit' && rejected.reasons.includes('Insufficient cpu'))).toHaveLength(3);
  });
  test('a pod that came with a node was not scheduled', () => {
    c.create(pod('own', { nodeName: 'podsim-worker', containers: [{ name: 'web', image: 'nginx' }] }));
    const found = trace(c, 'own');
    expect(found.scheduling).toBeUndefined();
    expect(text(of(found, 'kube-scheduler'))).toBe('none | no scheduler was asked: it came with spec.nodeName podsim-worker');
  });
});

test('each version has its writer and what it changed', () => {
  const c = cluster();
  c.create(pod('web', { containers: [{ name: 'web', image: 'nginx:1.27' }] }));
  c.advance('30s');
  const { versions } = trace(c, 'web');
  expect(versions.map(({ change }) => change.replace(/podIP: [\d.]+/, 'podIP'))).toEqual([
    'created',
    'spec.nodeName: podsim-control-plane; PodScheduled: True',
    'Initialized: True; PodReadyToStartContainers, Ready, ContainersReady: False; container web: waiting ContainerCreating',
    'phase: Running; PodReadyToStartContainers, Ready, ContainersReady: True; podIP; container web: running',
  ]);
  expect(versions.map(({ manager }) => manager)).toEqual([undefined, 'kube-scheduler (binding)', 'kubelet', 'kubelet']);
  expect(versions.at(-1)?.resourceVersion).toBe(c.get<Pod>('pods', 'web').metadata.resourceVersion);
});

test('a pod of a ReplicaSet comes from its controller', () => {
  const c = cluster();
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } };
  c.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template },
  } as KubeObject);
  c.advance('10s');
  const [own] = c.list<Pod>('pods', { namespace: 'default' });
  const found = trace(c, own?.metadata.name ?? '');
  expect(found.client).toBe('ReplicaSet controller');
  expect(text(of(found, 'client'))).toMatch(/^request \| POST \/api\/v1\/namespaces\/default\/pods for ReplicaSet web-/);
  expect(text(of(found, 'kube-apiserver'))).toContain('the template of its ReplicaSet');
});

test('the ids are those the runtime has, and the way out is told', () => {
  const c = cluster();
  c.create(pod('web', { containers: [{ name: 'web', image: 'nginx:1.27' }] }));
  c.advance('30s');
  const id = c.get<Pod>('pods', 'web').status?.containerStatuses?.[0]?.containerID?.replace('containerd://', '').slice(0, 13);
  expect(text(of(trace(c, 'web'), 'container runtime'))).toContain(`web: ${id}, pid`);
  expect(of(trace(c, 'web'), 'termination')).toEqual([]);
  c.request('DELETE', '/api/v1/namespaces/default/pods/web');
  c.advance('30s');
  expect(of(trace(c, 'web'), 'termination').map(({ step }) => step)).toEqual([
    'request',
    'Killing',
    'SIGQUIT',
    'Completed',
    'status',
    'status',
    'status',
    'Removed',
  ]);
});
