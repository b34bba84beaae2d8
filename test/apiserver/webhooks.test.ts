/** Admission webhooks at a URL: a server of HTTPS beside a cluster. What it is sent and what is said of its answers was compared with a kube-apiserver 1.33. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import { parseTime, type Time } from '../../src/api/time.js';
import { certify } from '../../src/apiserver/http/certificates.js';
import { openCluster } from '../../src/cluster/open.js';
import type { Turn } from '../../src/cluster/turn.js';
import { MemoryBackend } from '../../src/store/backend/memory.js';

interface Review {
  readonly kind: string;
  readonly apiVersion: string;
  readonly request: {
    readonly uid: string;
    readonly operation: string;
    readonly object: KubeObject | null;
    readonly oldObject: KubeObject | null;
    readonly userInfo: { readonly username: string };
    readonly [name: string]: unknown;
  };
}
type Response = Readonly<Record<string, unknown>>;

const now = Date.now();
const issued = { notBefore: now - 86_400_000, notAfter: now + 86_400_000, serial: Uint8Array.of(1) };
const authority = { ...certify({ ...issued, commonName: 'webhook-ca', isCa: true }), commonName: 'webhook-ca' };
const own = certify({ ...issued, commonName: 'webhook', dnsNames: ['localhost'], usage: 'server' }, authority);
const caBundle = Buffer.from(authority.certificate).toString('base64');

let server: Server;
let port = 0;
let asked: Review[] = [];
let texts: string[] = [];
/** What the webhook says; by the path at which it is asked. */
let answers: Record<string, (review: Review) => Response | Promise<Response>> = {};

beforeAll(async () => {
  server = createServer({ key: own.key, cert: own.certificate }, (request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', async () => {
      const review = JSON.parse(text) as Review;
      texts.push(text);
      asked.push(review);
      const answer = await answers[request.url?.split('?')[0] ?? '']?.(review);
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ apiVersion: review.apiVersion, kind: review.kind, response: { uid: review.request.uid, ...answer } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
  texts = [];
  answers = {};
});

const allow = () => ({ allowed: true });
const patch = (...operations: object[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

function open(): {
  turn: Turn;
  ask: (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ) => Promise<{ status: number; body: KubeObject & Status; warning: string | undefined }>;
} {
  const turn = openCluster({ backend: new MemoryBackend(), create: { seed: 1, rate: 0, time: parseTime('2026-01-01T00:00:00Z') as Time }, machine: () => 0 });
  return {
    turn,
    ask: async (method, path, body) => {
      const response = await turn.transport({ method, path, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body }) });
      return { status: response.status, body: response.body as KubeObject & Status, warning: response.headers['warning'] };
    },
  };
}

const SPACE = '/api/v1/namespaces/default';
const configMap = (name: string, labels?: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(labels === undefined ? {} : { labels }) } });
const configuration = (kind: 'Mutating' | 'Validating', ...webhooks: readonly ({ path: string } & Readonly<Record<string, unknown>>)[]) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  metadata: { name: 'test' },
  webhooks: webhooks.map(({ path, ...rest }, i) => ({
    name: `w${i}.example.com`,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: { url: `https://localhost:${port}${path}`, caBundle },
    rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps', 'pods'] }],
    ...rest,
  })),
});
const CONFIGURATIONS = {
  Mutating: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  Validating: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
};

test('a mutating webhook changes what is sent, a validating one sees what comes of it, as it is stored', async () => {
  const { ask } = open();
  answers = {
    '/mutate': () => patch({ op: 'add', path: '/metadata/labels', value: { hooked: 'yes' } }),
    '/validate': () => ({ allowed: true, warnings: ['mind the gap'] }),
  };
  await ask('POST', CONFIGURATIONS.Mutating, configuration('Mutating', { path: '/mutate' }));
  await ask('POST', CONFIGURATIONS.Validating, configuration('Validating', { path: '/validate' }));
  const { status, body, warning } = await ask('POST', `${SPACE}/configmaps`, configMap('a'));
  expect([status, body.metadata.labels, warning]).toEqual([201, { hooked: 'yes' }, '299 - "mind the gap"']);
  expect(asked.map(({ request }) => request.object?.metadata.uid)).toEqual([undefined, body.metadata.uid]);
  expect(asked[1]?.request.object?.metadata.creationTimestamp).toBe(body.metadata.creationTimestamp);
  expect(texts[0]).toBe(
    `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"${asked[0]?.request.uid}","kind":{"group":"","version":"v1","kind":"ConfigMap"},` +
      '"resource":{"group":"","version":"v1","resource":"configmaps"},"requestKind":{"group":"","version":"v1","kind":"ConfigMap"},' +
      '"requestResource":{"group":"","version":"v1","resource":"configmaps"},"name":"a","namespace":"default","operation":"CREATE",' +
      '"userInfo":{"username":"kubernetes-admin","groups":["kubeadm:cluster-admins","system:authenticated"]},' +
      '"object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"default","creationTimestamp":null}},' +
      '"oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}}\n',
  );
});

test('who denies is quoted, by message, by reason, or without explanation', async () => {
  const { ask } = open();
  await ask('POST', CONFIGURATIONS.Validating, configuration('Validating', { path: '/deny' }));
  const denied = async (status?: object) => {
    answers = { '/deny': () => ({ allowed: false, ...(status === undefined ? {} : { status }) }) };
    const { body } = await ask('POST', `${SPACE}/configmaps`, configMap('a'));
    return [body.code, body.reason, body.message];
  };
  expect(await denied()).toEqual([400, undefined, 'admission webhook "w0.example.com" denied the request without explanation']);
  expect(await denied({ message: 'no way', code: 418, reason: 'Odd' })).toEqual([418, 'Odd', 'admission webhook "w0.example.com" denied the request: no way']);
  expect(await denied({ reason: 'Bad', code: 200 })).toEqual([400, 'Bad', 'admission webhook "w0.example.com" denied the request: Bad']);
});

test('what is wrong with a server or its answer is told in Go’s words, unless failures are to be ignored', async () => {
  const { ask } = open();
  const failing = async (path: string, more: object = {}) => {
    await ask('DELETE', `${CONFIGURATIONS.Validating}/test`);
    await ask('POST', CONFIGURATIONS.Validating, configuration('Validating', { path, ...more }));
    const { status, body } = await ask('POST', `${SPACE}/configmaps?dryRun=All`, configMap('a'));
    return status === 201
      ? 'created'
      : (body.message ?? '').replace('Internal error occurred: failed calling webhook "w0.example.com": ', '').replaceAll(`${port}`, 'PORT');
  };
  answers = { '/late': () => new Promise(() => {}), '/patch': () => patch({ op: 'add', path: '/data', value: {} }) };
  expect(await failing('/nothing')).toBe('failed to call webhook: the server could not find the requested resource');
  expect(await failing('/late', { timeoutSeconds: 1 })).toBe(
    'failed to call webhook: Post "https://localhost:PORT/late?timeout=1s": context deadline exceeded',
  );
  expect(await failing('/late', { timeoutSeconds: 1, failurePolicy: 'Ignore' })).toBe('created');
  expect(await failing('/patch')).toBe('received invalid webhook response: validating webhook may not return response.patch');
  expect(await failing('/patch', { sideEffects: 'NoneOnDryRun', clientConfig: { url: 'https://localhost:1/x', caBundle } })).toBe(
    'failed to call webhook: Post "https://localhost:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused',
  );
  const other = certify({ ...issued, commonName: 'other', isCa: true });
  const stranger = { url: `https://localhost:${port}/patch`, caBundle: Buffer.from(other.certificate).toString('base64') };
  expect(await failing('/patch', { clientConfig: stranger })).toBe(
    'failed to call webhook: Post "https://localhost:PORT/patch?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  );
  expect(await failing('/patch', { clientConfig: { url: `https://127.0.0.1:${port}/patch`, caBundle } })).toBe(
    'failed to call webhook: Post "https://127.0.0.1:PORT/patch?timeout=10s": tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn\'t contain any IP SANs',
  );
});

test('a webhook is called again when another has changed the object after it, if it wants to be', async () => {
  const { ask } = open();
  answers = {
    '/first': ({ request }) =>
      request.object?.metadata.labels?.['second'] === undefined ? allow() : patch({ op: 'add', path: '/metadata/labels/first', value: 'saw' }),
    '/second': () => patch({ op: 'add', path: '/metadata/labels', value: { second: 'yes' } }),
  };
  await ask('POST', CONFIGURATIONS.Mutating, configuration('Mutating', { path: '/first', reinvocationPolicy: 'IfNeeded' }, { path: '/second' }));
  expect((await ask('POST', `${SPACE}/configmaps`, configMap('a'))).body.metadata.labels).toEqual({ first: 'saw', second: 'yes' });
  expect(asked).toHaveLength(3);
});

test('a webhook may ask the API before it answers, and what has changed meanwhile is shown to it again', async () => {
  const { ask } = open();
  const seen: (string | undefined)[] = [];
  await ask('POST', `${SPACE}/configmaps`, configMap('a'));
  await ask('POST', CONFIGURATIONS.Validating, configuration('Validating', { path: '/validate', objectSelector: { matchLabels: { watched: 'yes' } } }));
  answers = {
    '/validate': async ({ request }) => {
      seen.push(request.oldObject?.metadata.labels?.['step']);
      if (seen.length === 1) await ask('PUT', `${SPACE}/configmaps/a`, configMap('a', { step: 'between' }));
      return allow();
    },
  };
  const { status } = await ask('PUT', `${SPACE}/configmaps/a`, configMap('a', { watched: 'yes' }));
  expect([status, seen]).toEqual([200, [undefined, 'between']]);
});

test('pods that a webhook refuses are tried again, and those it changes run as it has them', async () => {
  const { turn, ask } = open();
  let isAllowed = false;
  answers = { '/pods': () => (isAllowed ? allow() : { allowed: false, status: { message: 'not yet' } }) };
  await ask(
    'POST',
    CONFIGURATIONS.Validating,
    configuration('Validating', { path: '/pods', rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] }),
  );
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
  const spec = { replicas: 3, selector: { matchLabels: { app: 'web' } }, template };
  await ask('POST', '/apis/apps/v1/namespaces/default/replicasets', { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web' }, spec });
  const pods = async () => ((await ask('GET', `${SPACE}/pods`)).body as unknown as { items: KubeObject[] }).items.length;
  const events = async () =>
    ((await ask('GET', `${SPACE}/events`)).body as unknown as { items: { reason: string; message: string }[] }).items
      .filter(({ reason }) => reason === 'FailedCreate')
      .map(({ message }) => message);
  expect([await pods(), (await events())[0]]).toEqual([0, 'Error creating: admission webhook "w0.example.com" denied the request: not yet']);
  expect(asked[0]?.request.userInfo.username).toBe('system:serviceaccount:kube-system:replicaset-controller');
  isAllowed = true;
  await turn.write((cluster) => cluster.advanceTo((cluster.now + 30_000) as Time));
  expect([await pods(), await turn.read((cluster) => cluster.now)]).toEqual([3, parseTime('2026-01-01T00:00:30Z')]);
  // Each has been asked about once.
  expect(new Set(asked.slice(-3).map(({ request }) => request.object?.metadata.name)).size).toBe(3);
});

interface Foo extends KubeObject {
  readonly hostPort?: string;
  readonly host?: string;
  readonly port?: string;
}

test('a definition’s webhook converts what is stored in another version', async () => {
  const { ask } = open();
  answers = {
    '/convert': ({ request }) => {
      const { desiredAPIVersion: apiVersion, objects } = request as unknown as { desiredAPIVersion: string; objects: readonly Foo[] };
      const convertedObjects = objects.map(({ hostPort, host, port: number, ...rest }) => {
        if (apiVersion.endsWith('v1')) return { ...rest, apiVersion, hostPort: `${host}:${number}` };
        const [name, after] = (hostPort ?? '').split(':');
        return { ...rest, apiVersion, host: name, port: after };
      });
      return { convertedObjects, result: { status: 'Success' } };
    },
    '/fail': () => ({ result: { status: 'Failure', message: 'cannot do that' } }),
  };
  const text = { type: 'string' };
  const version = (name: string, storage: boolean, properties: object) => ({
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: { type: 'object', properties } },
  });
  const conversion = (path: string) => ({
    strategy: 'Webhook',
    webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: `https://localhost:${port}${path}`, caBundle } },
  });
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'foos', kind: 'Foo' },
      versions: [version('v1', true, { hostPort: text }), version('v2', false, { host: text, port: text })],
      conversion: conversion('/convert'),
    },
  };
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await ask('POST', definitions, definition);
  const foos = (version: string, name = '') => `/apis/example.com/${version}/namespaces/default/foos${name}`;
  const foo = (version: string, name: string, rest: object) => ({ apiVersion: `example.com/${version}`, kind: 'Foo', metadata: { name }, ...rest });
  expect((await ask('POST', foos('v1'), foo('v1', 'a', { hostPort: 'h:80' }))).status).toBe(201);
  expect(asked).toHaveLength(0);
  expect((await ask('GET', foos('v2', '/a'))).body).toMatchObject({ apiVersion: 'example.com/v2', host: 'h', port: '80' });
  expect(texts[0]).toMatch(
    /^{"kind":"ConversionReview","apiVersion":"apiextensions.k8s.io\/v1","request":{"uid":"[0-9a-f-]+","desiredAPIVersion":"example.com\/v2","objects":\[{"apiVersion":"example.com\/v1","hostPort":"h:80",.*}\]},"response":{"uid":"","convertedObjects":null,"result":{"metadata":{}}}}\n$/,
  );
  // What is created in the other version is created once, though the answer has to be converted again.
  expect((await ask('POST', foos('v2'), foo('v2', 'b', { host: 'q', port: '81' }))).body).toMatchObject({
    apiVersion: 'example.com/v2',
    host: 'q',
    port: '81',
  });
  const hostPorts = ((await ask('GET', foos('v1'))).body as unknown as { items: Foo[] }).items.map(({ hostPort }) => hostPort);
  expect(hostPorts).toEqual(['h:80', 'q:81']);
  const { body: stored } = await ask('GET', `${definitions}/foos.example.com`);
  await ask('PUT', `${definitions}/foos.example.com`, { ...stored, spec: { ...definition.spec, conversion: conversion('/fail') } });
  const { status, body } = await ask('GET', foos('v2'));
  expect([status, body.reason, body.message]).toEqual([500, undefined, 'conversion webhook for example.com/v1, Kind=Foo failed: cannot do that']);
});

test('a service of the cluster is asked within the simulation, and shows its certificate', async () => {
  const { turn, ask } = open();
  const post = async (path: string, body: object) => expect((await ask('POST', path, body)).status).toBe(201);
  // The time of the cluster is another.
  const then = Date.parse('2025-12-01T00:00:00Z');
  const times = { ...issued, notBefore: then, notAfter: then + 90 * 86_400_000 };
  const ca = { ...certify({ ...times, commonName: 'ca', isCa: true }), commonName: 'ca' };
  const served = certify({ ...times, commonName: 'hook', dnsNames: ['hook.default.svc'], usage: 'server' }, ca);
  const base64 = (value: string) => Buffer.from(value).toString('base64');
  await post(`${SPACE}/secrets`, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'hook' },
    data: { 'tls.crt': base64(served.certificate), 'tls.key': base64(served.key) },
  });
  const args = ['webhook', '--tls-cert-file=/certs/tls.crt', '--tls-private-key-file=/certs/tls.key', '--port=8444', '-v=4'];
  await post(`${SPACE}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'hook', labels: { app: 'hook' } },
    spec: {
      containers: [
        {
          name: 'hook',
          image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
          args,
          volumeMounts: [{ name: 'certs', mountPath: '/certs' }],
          readinessProbe: { httpGet: { scheme: 'HTTPS', port: 8444, path: '/readyz' }, periodSeconds: 1 },
        },
      ],
      volumes: [{ name: 'certs', secret: { secretName: 'hook' } }],
    },
  });
  await post(`${SPACE}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hook' },
    spec: { selector: { app: 'hook' }, ports: [{ port: 443, targetPort: 8444 }] },
  });
  await turn.write((cluster) => cluster.advanceTo((cluster.now + 20_000) as Time));
  const service = { namespace: 'default', name: 'hook', path: '/configmaps' };
  await post(CONFIGURATIONS.Validating, configuration('Validating', { path: '', clientConfig: { service, caBundle: base64(ca.certificate) } }));
  const unwanted = { ...configMap('a'), data: { 'webhook-e2e-test': 'webhook-disallow' } };
  expect((await ask('POST', `${SPACE}/configmaps`, unwanted)).body.message).toBe(
    'admission webhook "w0.example.com" denied the request: the configmap contains unwanted key and value',
  );
  await post(`${SPACE}/configmaps`, configMap('a'));
  await ask('DELETE', `${CONFIGURATIONS.Validating}/test`);
  await post(CONFIGURATIONS.Validating, configuration('Validating', { path: '', clientConfig: { service, caBundle } }));
  expect((await ask('POST', `${SPACE}/configmaps`, configMap('b'))).body.message).toContain(
    'Post "https://hook.default.svc:443/configmaps?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  );
});

test('a pod goes once nobody objects to its going, for the kubelet is asked as well', async () => {
  const { turn, ask } = open();
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
  await ask('POST', `${SPACE}/pods`, pod);
  const advance = (span: number) => turn.write((cluster) => cluster.advanceTo((cluster.now + span) as Time));
  await advance(10_000);
  let isAllowed = false;
  answers = { '/delete': ({ request }) => ({ allowed: isAllowed || request.userInfo.username === 'kubernetes-admin' }) };
  await ask(
    'POST',
    CONFIGURATIONS.Validating,
    configuration('Validating', { path: '/delete', rules: [{ operations: ['DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] }),
  );
  await ask('DELETE', `${SPACE}/pods/web`, { gracePeriodSeconds: 1 });
  await advance(60_000);
  expect((await ask('GET', `${SPACE}/pods/web`)).status).toBe(200);
  isAllowed = true;
  await advance(60_000);
  expect((await ask('GET', `${SPACE}/pods/web`)).status).toBe(404);
  expect(asked.at(-1)?.request.userInfo.username).toBe('system:node:podsim-control-plane');
});
