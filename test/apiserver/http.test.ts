/** The server over real sockets: users, bodies, limits, streams, sessions. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Status } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import type { ApiRequest, ApiResponse, Session } from '../../src/api/transport.js';
import { certify } from '../../src/apiserver/http/certificates.js';
import { decodeProtobuf, ProtobufError } from '../../src/apiserver/http/protobuf.js';
import { type HttpServer, serveHttp } from '../../src/apiserver/http.js';
import { Wire } from '../../src/apiserver/wire.js';
import { readProtobufFields, readStructs } from '../../src/cluster/assets.js';
import { type TestServer, testServer, withNamespaces } from './harness.js';

const fields = readProtobufFields();
const CMS = '/api/v1/namespaces/default/configmaps';
const AUTH = { authorization: 'Bearer secret' };

let s: TestServer;
let server: HttpServer;
const errors: unknown[] = [];

/** What turn.ts does of it, without time: watches are told what changes while they are open. */
async function transport(request: ApiRequest): Promise<ApiResponse> {
  if (request.path.includes('/exec'))
    return request.path.includes('command=')
      ? { status: 101, headers: {}, session: request.path.includes('command=break') ? brokenSession() : echoSession() }
      : { status: 500, headers: {}, body: 'container not found ("c")' };
  const { status, headers, body, longRunning } = s.server.handle(request);
  if (longRunning === undefined) return { status, headers, body };
  async function* events() {
    let cursor = longRunning?.cursor;
    while (cursor !== undefined && request.signal?.aborted !== true) {
      const poll = s.server.poll(cursor);
      yield* poll.chunks;
      cursor = poll.cursor;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return { status, headers, body: events() };
}

/** Gives back what it gets, until its input ends. */
function echoSession(): Session {
  const queue: { channel: number; data: Uint8Array }[] = [];
  let isOver = false;
  async function* frames() {
    for (;;) {
      while (queue.length > 0) yield queue.shift() as { channel: number; data: Uint8Array };
      if (isOver) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    yield { channel: 3, data: new TextEncoder().encode('{"metadata":{},"status":"Success"}') };
  }
  return {
    frames: frames(),
    send: (_channel, data) => void queue.push({ channel: 1, data }),
    close: () => {
      isOver = true;
    },
  };
}

function brokenSession(): Session {
  return {
    // biome-ignore lint/correctness/useYield: it never comes to that.
    frames: (async function* () {
      throw new TypeError('no such member');
    })(),
    send: () => {},
    close: () => {},
  };
}

const start = (extra: object = {}) =>
  serveHttp({
    transport,
    host: '127.0.0.1',
    port: 0,
    token: 'secret',
    protobufFields: () => fields,
    wire: new Wire(readStructs),
    now: () => Date.now(),
    onError: (error) => void errors.push(error),
    ...extra,
  });

beforeEach(async () => {
  s = withNamespaces(await testServer(), 'default');
  server = await start();
  errors.length = 0;
});
afterEach(async () => {
  await server.close();
  expect(errors).toEqual([]);
});

const call = (path: string, init: RequestInit = {}) => fetch(server.url + path, { ...init, headers: { ...AUTH, ...(init.headers as Record<string, string>) } });
const post = (body: string | Buffer, type = 'application/json', path = CMS) =>
  call(path, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers: { 'content-type': type } });

describe('users', () => {
  test('without credentials: 401, but for what anybody may see', async () => {
    const refused = await fetch(`${server.url}/api/v1/pods`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 });
    for (const path of ['/version', '/healthz', '/livez', '/readyz']) expect((await fetch(server.url + path)).status).toBe(200);
    expect((await fetch(`${server.url}/version`, { headers: { authorization: 'Bearer nonsense' } })).status).toBe(401);
  });
  test("a service account's token", async () => {
    s.store.put('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot', namespace: 'default', uid: 'u1' } });
    const made = (await (await post('{"spec":{}}', 'application/json', '/api/v1/namespaces/default/serviceaccounts/bot/token')).json()) as {
      status: { token: string };
    };
    const answer = await fetch(`${server.url}/api/v1/pods`, { headers: { authorization: `Bearer ${made.status.token}` } });
    expect(((await answer.json()) as Status).message).toBe(
      'pods is forbidden: User "system:serviceaccount:default:bot" cannot list resource "pods" in API group "" at the cluster scope',
    );
  });
  test('a certificate of the CA', async () => {
    const notBefore = Date.now() - 1000;
    const notAfter = Date.now() + 86_400_000;
    const ca = { ...certify({ commonName: 'kubernetes', isCa: true, notBefore, notAfter, serial: Uint8Array.of(1) }), commonName: 'kubernetes' };
    const host = certify({ commonName: 'kube-apiserver', usage: 'server', ipAddresses: ['127.0.0.1'], notBefore, notAfter, serial: Uint8Array.of(2) }, ca);
    const client = certify({ commonName: 'dev', organizations: ['ops'], usage: 'client', notBefore, notAfter, serial: Uint8Array.of(3) }, ca);
    const secure = await start({ tls: { key: host.key, certificate: host.certificate, ca: ca.certificate } });
    const text = await new Promise<string>((resolve, reject) => {
      const options = { ca: ca.certificate, cert: client.certificate, key: client.key };
      const sent = httpsRequest(`${secure.url}/api/v1/pods`, options, (response) => {
        response.setEncoding('utf8');
        response.on('data', resolve);
      });
      sent.on('error', reject);
      sent.end();
    });
    expect((JSON.parse(text) as Status).message).toContain('User "dev" cannot list resource "pods"');
    await secure.close();
  });
});

/** A length-delimited field. */
const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >> 7)]);
const part = (number: number, content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
};
const envelope = (apiVersion: string, kind: string, raw: Uint8Array) =>
  Buffer.concat([Buffer.from('k8s\0', 'latin1'), part(1, Buffer.concat([part(1, apiVersion), part(2, kind)])), part(2, raw)]);

describe('bodies', () => {
  test('protobuf', async () => {
    const data = Buffer.concat([part(1, 'key'), part(2, 'value')]);
    const answer = await post(envelope('v1', 'ConfigMap', Buffer.concat([part(1, part(1, 'proto')), part(2, data)])), 'application/vnd.kubernetes.protobuf');
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ metadata: { name: 'proto' }, data: { key: 'value' } });
    const bad = await post(Buffer.from('k8s\0\xff\xff', 'latin1'), 'application/vnd.kubernetes.protobuf');
    expect(bad.status).toBe(400);
  });
  test('a pod in protobuf: inlined structs, quantities, ports by number or name, times', () => {
    const probe = Buffer.concat([part(1, part(2, Buffer.concat([part(1, '/ok'), part(2, Buffer.from([0x08, 0, 0x10, 80]))]))), Buffer.from([0x10, 5])]);
    const limits = Buffer.concat([part(1, 'cpu'), part(2, part(1, '500m'))]);
    const container = Buffer.concat([part(1, 'c'), part(8, part(1, limits)), part(10, probe)]);
    const volume = Buffer.concat([part(1, 'v'), part(2, part(2, ''))]);
    const metadata = Buffer.concat([part(1, 'p'), part(8, Buffer.from([0x08, 0x80, 0x01]))]);
    expect(
      decodeProtobuf(fields, envelope('v1', 'Pod', Buffer.concat([part(1, metadata), part(2, Buffer.concat([part(1, volume), part(2, container)]))]))),
    ).toEqual({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'p', creationTimestamp: '1970-01-01T00:02:08Z' },
      spec: {
        volumes: [{ name: 'v', emptyDir: {} }],
        containers: [{ name: 'c', resources: { limits: { cpu: '500m' } }, livenessProbe: { httpGet: { path: '/ok', port: 80 }, initialDelaySeconds: 5 } }],
      },
    });
  });
  // e2e: CustomResourceDefinition resources "listing custom resource definition objects works"; its client sends protobuf
  test('a definition in protobuf: schemas or something else, values kept as they are', () => {
    const number = (field: number, value: number) => Buffer.from([field << 3, value]);
    const json = (value: unknown) => part(1, JSON.stringify(value));
    const property = (name: string, schema: Uint8Array) => part(29, Buffer.concat([part(1, name), part(2, schema)]));
    const listed = Buffer.concat([part(5, 'array'), part(24, part(1, part(5, 'string')))]);
    const open = part(30, Buffer.concat([number(1, 1), part(2, part(5, 'integer'))]));
    const schema = Buffer.concat([
      part(2, 'https://json-schema.org/schema#'),
      property('colour', Buffer.concat([part(5, 'string'), part(8, json('red')), part(20, json('red')), part(20, json('blue'))])),
      property('sizes', listed),
      property('rest', open),
      property('closed', part(30, number(1, 0))),
      property('any', part(30, number(1, 1))),
      property('pair', part(24, Buffer.concat([part(2, part(5, 'string')), part(2, part(5, 'integer'))]))),
    ]);
    const version = Buffer.concat([part(1, 'v1'), number(2, 1), part(4, part(1, schema))]);
    expect(
      decodeProtobuf(
        fields,
        envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinition', part(2, Buffer.concat([part(1, 'example.com'), part(7, version)]))),
      ),
    ).toMatchObject({
      spec: {
        group: 'example.com',
        versions: [
          {
            name: 'v1',
            served: true,
            schema: {
              openAPIV3Schema: {
                $schema: 'https://json-schema.org/schema#',
                properties: {
                  colour: { type: 'string', default: 'red', enum: ['red', 'blue'] },
                  sizes: { type: 'array', items: { type: 'string' } },
                  rest: { additionalProperties: { type: 'integer' } },
                  closed: { additionalProperties: false },
                  any: { additionalProperties: true },
                  pair: { items: [{ type: 'string' }, { type: 'integer' }] },
                },
              },
            },
          },
        ],
      },
    });
  });
  // e2e: FieldValidation "should detect unknown and duplicate fields of a typed object"
  test('fields that are unknown or stand twice are told in the order in which they stand', async () => {
    const strict = async (body: string) => ((await (await post(body, undefined, `${CMS}?fieldValidation=Strict`)).json()) as Status).message;
    const cannot = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error:';
    expect(await strict('{"metadata":{"name":"a"},"unknown":{"x":1,"x":2},"unknown":1,"data":{"a":"1","a":"2","a":"3"},"other":1}')).toBe(
      `${cannot} unknown field "unknown", duplicate field "data.a", unknown field "other"`,
    );
    expect(await strict('{"metadata":{"name":"a"},"data":{"a":"1","a":"2","a":"3"}}')).toBe(`${cannot} duplicate field "data.a"`);
  });
  test('any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeProtobuf(fields, envelope('v1', 'Pod', bytes.subarray(0, 120)));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
      { numRuns: 2000 },
    );
  });
  test('YAML', async () => {
    const answer = await post('metadata:\n  name: yam\ndata:\n  a: "1"\n', 'application/yaml');
    const body = await answer.json();
    expect(body).toMatchObject({ metadata: { name: 'yam' }, data: { a: '1' } });
    expect((await post('a: [', 'application/yaml')).status).toBe(400);
  });
  // e2e: FieldValidation "should detect duplicates in a CR when preserving unknown fields"
  test('YAML with keys that stand twice', async () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: twice\ndata:\n  a: one\n  b: two\n  a: three\n';
    const why = 'yaml: unmarshal errors:\n  line 8: key "a" already set in map';
    const strict = await post(text, 'application/yaml', `${CMS}?fieldValidation=Strict`);
    expect(((await strict.json()) as Status).message).toBe(`ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${why}`);
    const apply = (validation: string) =>
      call(`${CMS}/twice?fieldManager=m&fieldValidation=${validation}`, {
        method: 'PATCH',
        body: text,
        headers: { 'content-type': 'application/apply-patch+yaml' },
      });
    const refused = await apply('Strict');
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as Status).message).toBe(`error strict decoding YAML: error converting YAML to JSON: ${why}`);
    const taken = await apply('Warn');
    expect(taken.status).toBe(201);
    expect(taken.headers.get('warning')).toBe('299 - "line 8: key \\"a\\" already set in map"');
    expect(await taken.json()).toMatchObject({ data: { a: 'three', b: 'two' } });
  });
  test('a warning is a header of its own', async () => {
    const body = JSON.stringify({ metadata: { name: 'warned' }, 'a, "b"': 1, c: 2 });
    const warnings = await new Promise((resolve, reject) => {
      const headers = { ...AUTH, 'content-type': 'application/json' };
      const asked = httpRequest(`${server.url}${CMS}`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.headersDistinct['warning']);
      });
      asked.on('error', reject).end(body);
    });
    expect(warnings).toEqual([String.raw`299 - "unknown field \"a, \\\"b\\\"\""`, String.raw`299 - "unknown field \"c\""`]);
  });
  test('mistakes', async () => {
    const broken = await post('{"a":');
    expect(((await broken.json()) as Status).message).toContain('json parse error: unexpected end of JSON input');
    expect((await post('x', 'text/html')).status).toBe(415);
    const huge = await post('x'.repeat(3 * 1024 * 1024 + 1)).catch(() => undefined);
    expect([413, undefined]).toContain(huge?.status);
    expect((await call('/api/v1/pods', { method: 'OPTIONS' })).status).toBe(405);
  });
  test('malformed HTTP', async () => {
    const { port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (data) => resolve(data.toString()));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect((await call('/version')).status).toBe(200);
  });
});

test('a watch streams lines, and ends cleanly when the server goes', async () => {
  const response = await call(`${CMS}?watch=true`);
  expect(response.headers.get('content-type')).toBe('application/json');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  await post('{"metadata":{"name":"w"}}');
  const { value } = await reader!.read();
  const { type, object } = JSON.parse(value as string) as { type: string; object: KubeObject };
  expect([type, object.metadata.name]).toEqual(['ADDED', 'w']);
  const closing = server.close();
  for (;;) if ((await reader!.read()).done) break;
  await closing;
  server = await start();
});

describe('sessions over WebSocket', () => {
  const open = (path: string, protocol: string) => new WebSocket(server.url.replace('http', 'ws') + path, protocol, { headers: AUTH });
  test('v5: channels, and the end of input', async () => {
    const socket = open('/api/v1/namespaces/default/pods/p/exec?command=cat&stdin=true&stdout=true', 'v5.channel.k8s.io');
    const frames: Buffer[] = [];
    socket.on('message', (data: Buffer) => frames.push(data));
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send(Buffer.concat([Uint8Array.of(0), Buffer.from('hello')]));
    setTimeout(() => socket.send(Uint8Array.of(255, 0)), 20);
    const code = await new Promise((resolve) => socket.on('close', resolve));
    expect(code).toBe(1000);
    expect(socket.protocol).toBe('v5.channel.k8s.io');
    expect(frames.map((frame) => [frame[0], frame.subarray(1).toString()])).toEqual([
      [1, 'hello'],
      [3, '{"metadata":{},"status":"Success"}'],
    ]);
  });
  test('one that a bug ends is closed as such, and the bug is told', async () => {
    const socket = open('/api/v1/namespaces/default/pods/p/exec?command=break', 'v5.channel.k8s.io');
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(1011);
    expect(errors.splice(0).map(String)).toEqual(['TypeError: no such member']);
  });
  test('a watch is a message for each event', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${CMS}?watch=true`, { headers: AUTH });
    const first = new Promise<string>((resolve) => socket.on('message', (data: Buffer) => resolve(data.toString())));
    await new Promise((resolve) => socket.on('open', resolve));
    await post('{"metadata":{"name":"by-web-socket"}}');
    expect(await first).toMatch(/^\{"type":"ADDED","object":\{[^\n]*\}\n$/);
    socket.terminate();
  });
  test("a kubelet's refusal is plain text", async () => {
    const socket = open('/api/v1/namespaces/default/pods/p/exec', 'v5.channel.k8s.io');
    socket.on('error', () => {});
    const [code, text] = await new Promise<[number | undefined, string]>((resolve) => {
      socket.on('unexpected-response', (_request, response) => response.on('data', (data: Buffer) => resolve([response.statusCode, data.toString()])));
    });
    expect([code, text]).toEqual([500, 'container not found ("c")']);
  });
});
