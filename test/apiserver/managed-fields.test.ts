/** Who owns which field: kept by updates and by server-side apply (structured-merge-diff). */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import type { KubeObject, ManagedFieldsEntry } from '../../src/api/object.js';
import { type TestServer, testServer, withNamespaces } from './harness.js';

let s: TestServer;
beforeEach(async () => {
  s = withNamespaces(await testServer(), 'default');
});

const PODS = '/api/v1/namespaces/default/pods';
const CMS = '/api/v1/namespaces/default/configmaps';
const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { run: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
const configMap = (data: object, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ...metadata }, data });
const apply = (body: object, manager = 'one', query = '') => s.request('PATCH', `${CMS}/a?fieldManager=${manager}${query}`, body, APPLY);
const entries = (object: KubeObject): readonly ManagedFieldsEntry[] => object.metadata.managedFields ?? [];
const owned = (object: KubeObject, manager: string): unknown => entries(object).find((entry) => entry.manager === manager)?.fieldsV1;

test('who creates a pod owns what it sent and what was defaulted, not what admission added', () => {
  const created = s.ok('POST', `${PODS}?fieldManager=kubectl-run`, pod);
  expect(entries(created)).toEqual([
    {
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:run': {} } },
        'f:spec': {
          'f:containers': {
            'k:{"name":"web"}': {
              '.': {},
              'f:image': {},
              'f:imagePullPolicy': {},
              'f:name': {},
              'f:resources': {},
              'f:terminationMessagePath': {},
              'f:terminationMessagePolicy': {},
            },
          },
          'f:dnsPolicy': {},
          'f:enableServiceLinks': {},
          'f:restartPolicy': {},
          'f:schedulerName': {},
          'f:securityContext': {},
          'f:terminationGracePeriodSeconds': {},
        },
      },
      manager: 'kubectl-run',
      operation: 'Update',
      time: '2026-01-01T00:00:00Z',
    },
  ]);
});

test('an update takes over what it changes', () => {
  s.ok('POST', `${PODS}?fieldManager=kubectl-create`, pod);
  s.now += 5000;
  const patched = s.ok('PATCH', `${PODS}/web?fieldManager=kubectl-set`, { metadata: { labels: { run: 'x', tier: 'y' } } }, STRATEGIC);
  expect(owned(patched, 'kubectl-set')).toEqual({ 'f:metadata': { 'f:labels': { 'f:run': {}, 'f:tier': {} } } });
  expect(JSON.stringify(owned(patched, 'kubectl-create'))).not.toContain('f:run');
  expect(entries(patched).map(({ time }) => time)).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:00:05Z']);
});

test("components' entries are short in the store and whole for who reads", () => {
  const made = s.api.create('pods', { ...pod, metadata: { ...pod.metadata, namespace: 'default' } } as KubeObject, { fieldManager: 'kube-controller-manager' });
  expect(made.metadata.managedFields).toEqual([{ manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z' }]);
  s.api.updateStatus('pods', { ...made, status: { ...(made as KubeObject & { status: object }).status, phase: 'Running', podIP: '10.0.0.1' } } as KubeObject, {
    fieldManager: 'kubelet',
  });
  const read = s.ok('GET', `${PODS}/web`);
  expect(JSON.stringify(owned(read, 'kube-controller-manager'))).toBe(
    '{"f:metadata":{"f:labels":{".":{},"f:run":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"web\\"}":{".":{},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}',
  );
  expect(entries(read).find(({ manager }) => manager === 'kubelet')).toMatchObject({
    subresource: 'status',
    fieldsV1: { 'f:status': { 'f:phase': {}, 'f:podIP': {} } },
  });
  const patched = s.ok('PATCH', `${PODS}/web?fieldManager=kubectl-label`, { metadata: { labels: { a: 'b' } } }, STRATEGIC);
  expect(owned(patched, 'kubectl-label')).toEqual({ 'f:metadata': { 'f:labels': { 'f:a': {} } } });
});

describe('server-side apply', () => {
  test('creates, changes, and removes what is applied no more', () => {
    expect(apply(configMap({ x: '1', y: '2' }))).toMatchObject({ status: 201 });
    s.now += 1000;
    const second = s.ok<KubeObject & { data: object }>('PATCH', `${CMS}/a?fieldManager=one`, configMap({ x: '3' }), APPLY);
    expect(second.data).toEqual({ x: '3' });
    expect(entries(second)).toMatchObject([{ manager: 'one', operation: 'Apply', time: '2026-01-01T00:00:01Z', fieldsV1: { 'f:data': { 'f:x': {} } } }]);
    const again = s.ok('PATCH', `${CMS}/a?fieldManager=one`, configMap({ x: '3' }), APPLY);
    expect(again.metadata.resourceVersion).toBe(second.metadata.resourceVersion);
  });

  test('shares equal values, conflicts on others, takes them by force', () => {
    apply(configMap({ x: '1', y: '1' }));
    expect(apply(configMap({ x: '1' }), 'two').status).toBe(200);
    const conflict = apply(configMap({ x: '2' }), 'three');
    expect(conflict.status).toBe(409);
    expect((conflict.body as Status).message).toBe('Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\nconflicts with "two":\n- .data.x');
    expect((conflict.body as Status).details?.causes?.[0]).toEqual({ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' });
    const forced = apply(configMap({ x: '2' }), 'three', '&force=true').body as KubeObject;
    expect(owned(forced, 'one')).toEqual({ 'f:data': { 'f:y': {} } });
    expect(owned(forced, 'two')).toBeUndefined();
  });

  test('one conflict with an updater names its version', () => {
    s.ok('POST', `${PODS}?fieldManager=kubectl-client-side-apply`, pod);
    const body = { ...pod, metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'httpd' }] } };
    const answer = s.request('PATCH', `${PODS}/web?fieldManager=two`, body, APPLY);
    expect((answer.body as Status).message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.containers[name="web"].image',
    );
  });

  test('what kubectl apply set before, kubectl apply --server-side may change', () => {
    const last = `${JSON.stringify(configMap({ x: '1' }))}\n`;
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': last };
    s.ok('POST', `${CMS}?fieldManager=kubectl-client-side-apply`, configMap({ x: '1' }, { annotations }));
    expect(apply(configMap({ x: '2' }), 'other').status).toBe(409);
    const changed = s.ok<KubeObject & { data: object }>('PATCH', `${CMS}/a?fieldManager=kubectl`, configMap({ x: '2' }), APPLY);
    expect(changed.data).toEqual({ x: '2' });
    expect(changed.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']).toContain('"x":"2"');
  });

  test('needs a field manager, and no managedFields', () => {
    expect((s.request('PATCH', `${CMS}/a`, configMap({}), APPLY).body as Status).message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
    expect((apply(configMap({}, { managedFields: [{ manager: 'x' }] })).body as Status).message).toBe('metadata.managedFields must be nil');
  });

  test('items of a list by their keys', () => {
    const body = (containers: object[]) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } });
    const send = (manager: string, containers: object[]) => s.request('PATCH', `${PODS}/p?fieldManager=${manager}`, body(containers), APPLY);
    send('one', [{ name: 'a', image: 'x' }]);
    const answer = send('two', [{ name: 'a', env: [{ name: 'K', value: 'V' }] }]);
    // A pod's environment cannot change: what matters is what was tried.
    expect((answer.body as Status).message).toContain('pod updates may not change fields other than');
    const dry = apply(configMap({ a: '1' }), 'one', '&dryRun=All');
    expect(dry.status).toBe(201);
    expect(s.request('GET', `${CMS}/a`).status).toBe(404);
  });
});

test('a client that drops managedFields does not lose them; [{}] resets them', () => {
  s.ok('POST', `${CMS}?fieldManager=one`, configMap({ x: '1' }));
  const kept = s.ok('PUT', `${CMS}/a?fieldManager=two`, configMap({ x: '1', y: '2' }));
  expect(owned(kept, 'one')).toEqual({ 'f:data': { '.': {}, 'f:x': {} } });
  const reset = s.ok('PATCH', `${CMS}/a?fieldManager=two`, { metadata: { managedFields: [{}] } }, { 'content-type': 'application/merge-patch+json' });
  expect(entries(reset)).toEqual([]);
});
