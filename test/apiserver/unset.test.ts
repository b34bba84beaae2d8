/** What Go writes of fields that nobody has set: as a kube-apiserver v1.33.13 answers it. */
import { expect, test } from 'vitest';
import { testServer, withAccount, withNamespaces } from './harness.js';

const pod = (volume: object) => ({ metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }], volumes: [{ name: 'v', ...volume }] } });
const of = (group: string, resource: string) => `/apis/${group}/v1/${resource}?dryRun=All`;

test.each([
  ['/api/v1/namespaces/default/pods?dryRun=All', pod({ projected: {} }), { spec: { volumes: [{ projected: { sources: null } }, {}] } }],
  ['/api/v1/namespaces/default/pods?dryRun=All', pod({ projected: { sources: [] } }), { spec: { volumes: [{ projected: { sources: null } }, {}] } }],
  ['/api/v1/nodes?dryRun=All', { metadata: { name: 'n' }, status: { images: [{ sizeBytes: 1 }] } }, { status: { images: [{ names: null }] } }],
  [
    of('storage.k8s.io', 'csinodes'),
    { metadata: { name: 'n' }, spec: { drivers: [{ name: 'd', nodeID: 'x' }] } },
    { spec: { drivers: [{ topologyKeys: null }] } },
  ],
  ['/apis/authentication.k8s.io/v1/selfsubjectreviews', { metadata: { name: 'x' } }, { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } }],
])('POST %s %j', async (path, body, answer) => {
  const s = withNamespaces(await testServer(), 'default');
  withAccount(s, 'default');
  expect(s.ok('POST', path, body)).toMatchObject(answer);
});

test('bytes that are none, and none at all', async () => {
  const s = await testServer();
  const said = (request: object) =>
    s.request('POST', of('certificates.k8s.io', 'certificatesigningrequests'), {
      metadata: { name: 'a' },
      spec: { signerName: 'a.b/c', usages: ['client auth'], ...request },
    }).body;
  const why = (bytes: string) =>
    `CertificateSigningRequest.certificates.k8s.io "a" is invalid: spec.request: Invalid value: ${bytes}: PEM block type must be CERTIFICATE REQUEST`;
  expect(said({})).toMatchObject({ message: why('[]byte(nil)') });
  expect(said({ request: '' })).toMatchObject({ message: why('[]byte{}') });
});

test('rules are answered without what was asked', async () => {
  const s = await testServer();
  const review = s.ok<object>('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { metadata: { name: 'x' }, spec: { namespace: 'default' } });
  expect(review).toMatchObject({ spec: {} });
  expect((review as { metadata: object }).metadata).toEqual({ creationTimestamp: null });
});

test('a group whose kinds are not kept knows what it does not have', async () => {
  const s = await testServer();
  expect(s.request('POST', '/apis/authorization.k8s.io/v1/nothings', {}).body).toMatchObject({ message: 'the server could not find the requested resource' });
});

test('an address that was valid once is not judged again', async () => {
  const s = withNamespaces(await testServer(), 'default');
  const service = { metadata: { name: 's' }, spec: { clusterIP: 'None', selector: { a: 'b' } } };
  s.ok('POST', '/api/v1/namespaces/default/services', service);
  const { body } = s.request('PUT', '/api/v1/namespaces/default/services/s', { ...service, spec: { ...service.spec, clusterIPs: ['None', 'None'] } });
  expect(body).toMatchObject({
    message: `Service "s" is invalid: spec.clusterIPs: Invalid value: []string{"None", "None"}: 'None' must be the first and only value`,
  });
});

test('a family that is none expects no addresses', async () => {
  const s = withNamespaces(await testServer(), 'default');
  const spec = { clusterIP: '10.96.0.51', clusterIPs: ['10.96.0.51'], ports: [{ port: 80 }] };
  s.ok('POST', '/api/v1/namespaces/default/services', { metadata: { name: 's' }, spec });
  const { body } = s.request('PUT', '/api/v1/namespaces/default/services/s', { metadata: { name: 's' }, spec: { ...spec, ipFamilies: ['x'] } });
  expect(body).toMatchObject({ message: 'Service "s" is invalid: spec.ipFamilies[0]: Unsupported value: "x": supported values: "IPv4", "IPv6"' });
});

test.each(['PUT', 'PATCH'] as const)('%s of another name in another namespace: the namespace is told first', async (method) => {
  const s = withNamespaces(await testServer(), 'default');
  const maps = '/api/v1/namespaces/default/configmaps';
  s.ok('POST', maps, { metadata: { name: 'a' } });
  const { body } = s.request(
    method,
    `${maps}/a`,
    { metadata: { name: 'b', namespace: 'c' } },
    { 'content-type': method === 'PUT' ? 'application/json' : 'application/merge-patch+json' },
  );
  expect(body).toMatchObject({ message: 'the namespace of the provided object does not match the namespace sent on the request' });
});
