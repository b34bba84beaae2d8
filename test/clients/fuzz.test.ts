/**
 * Whatever comes over the wire, `podsim serve` answers it, or hangs up: odd paths, bodies, headers, protobuf, upgrades, and bytes that
 * are no HTTP at all. No crash, no 500, no answer that does not come. `npm test` sends a thousand; FUZZ=100000 (or any number) more,
 * FUZZ_SEED=N others.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { manifests } from '../harness/manifests.js';
import { credentialsOf, HttpClient, randomOf, type Sent } from './clients.js';
import { ServedCluster } from './served.js';

const COUNT = Number(process.env['FUZZ'] ?? 1000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** Of so many requests one has a connection of its own. */
const RAW = 50;
const CONNECTIONS = 24;

const seeds = manifests();

let cluster: ServedCluster;
beforeAll(async () => {
  cluster = new ServedCluster('--nodes', '2');
  cluster.podsim('run', 'p', '--image=nginx:1.27');
  cluster.podsim('create', 'deployment', 'web', '--image=nginx:1.27');
  // Whoever asks for a container finds it running: that it does not run is a 500 of real kubelets too.
  cluster.podsim('wait', 'pod/p', '--for=condition=Ready', '--timeout=60s');
  await cluster.start();
});
afterAll(() => cluster?.close());

const ODD: readonly unknown[] = [
  null,
  {},
  [],
  '',
  0,
  -1,
  1.5,
  2 ** 53,
  true,
  'x',
  'a/b',
  '100%',
  '1Gi',
  '-1',
  [null],
  [{}],
  { a: null },
  { name: 'x' },
  '\u0000',
  'ß'.repeat(300),
];
const KEYS = ['foo', 'name', 'spec', '__proto__', 'metadata', 'status', 'apiVersion', 'constructor', 'finalizers', 'ownerReferences', 'managedFields'];
const PIECES = [
  'api',
  'apis',
  'v1',
  'apps',
  'batch',
  'namespaces',
  'default',
  'kube-system',
  'pods',
  'p',
  'web',
  'deployments',
  'status',
  'scale',
  'log',
  'exec',
  'attach',
  'portforward',
  'proxy',
  'eviction',
  'binding',
  'token',
  'resize',
  'ephemeralcontainers',
  'finalize',
  'configmaps',
  'nodes',
  'events',
  'crontabs',
  'customresourcedefinitions',
  'apiextensions.k8s.io',
  'openapi',
  'v3',
  'v2',
  'healthz',
  'version',
  'metrics.k8s.io',
  'v1beta1',
  '%00',
  '%zz',
  '%2f',
  '..',
  '.',
  '',
  '*',
  ' ',
  'ß',
  'a'.repeat(300),
  '{}',
  '?',
  '#',
];
const QUERIES = [
  '',
  'limit=x',
  'limit=2',
  'limit=-1',
  'continue=abc',
  'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0',
  'labelSelector=((',
  'labelSelector=a%20in%20(b',
  'fieldSelector=a',
  'fieldSelector=metadata.name=p',
  'resourceVersion=-1',
  'resourceVersion=99999999',
  'dryRun=x',
  'dryRun=All',
  'fieldManager=%00',
  'fieldValidation=x',
  'fieldValidation=Strict',
  'propagationPolicy=x',
  'gracePeriodSeconds=x',
  'a=%zz&&=',
  'container=x',
  'tailLines=x',
  'sinceTime=x',
  'command=ls&stdout=1',
  'command=ls&stdin=1&tty=1',
  'force=true&fieldManager=f',
  'pretty=true',
  'timeout=1s',
  'watch=true&timeoutSeconds=1',
  'watch=1&timeoutSeconds=1&resourceVersion=1&allowWatchBookmarks=1&sendInitialEvents=true',
  'watch=yes&timeoutSeconds=1',
];
const TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/json-patch+json',
  'application/apply-patch+yaml',
  'text/plain',
  '',
  ';;;',
  'application/json; charset=x',
];
const ACCEPTS = [
  '',
  '*/*',
  'application/json',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  ';;;,,=',
  'text/html',
  'application/vnd.kubernetes.protobuf',
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
];

/** One request at a time, made from the numbers it draws. */
class Fuzzer {
  constructor(private readonly random: (n: number) => number) {}

  private one<T>(list: readonly T[]): T {
    return list[this.random(list.length)] as T;
  }
  private bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.random(256)));
  }

  private damage(value: unknown, depth: number): unknown {
    if (depth === 0 || typeof value !== 'object' || value === null) return this.one(ODD);
    if (Array.isArray(value)) {
      if (value.length === 0) return [this.one(ODD)];
      const at = this.random(value.length);
      return value.map((item: unknown, i) => (i === at ? this.damage(item, depth - 1) : item));
    }
    const keys = Object.keys(value);
    const key = this.random(5) === 0 || keys.length === 0 ? this.one(KEYS) : this.one(keys);
    return { ...value, [key]: this.damage((value as Record<string, unknown>)[key], depth - 1) };
  }

  private path(): string {
    return `/${Array.from({ length: this.random(8) }, () => this.one(PIECES)).join('/')}`
      .replaceAll(' ', '%20')
      .replaceAll('ß', '%C3%9F')
      .replaceAll('#', '%23');
  }
  private withQuery(path: string): string {
    const query = this.one(QUERIES);
    return query === '' || path.includes('?') ? path : `${path}?${query}`;
  }

  private headers(): Record<string, string> {
    const headers: Record<string, string> = { accept: this.one(ACCEPTS) };
    if (this.random(12) === 0) headers['impersonate-user'] = this.one(['dev', 'system:admin', '', 'kubernetes-admin']);
    if (this.random(20) === 0) headers['impersonate-group'] = this.one(['a', 'system:masters', 'a, b']);
    if (this.random(20) === 0) headers['authorization'] = this.one(['Bearer x', 'Basic eA==', '', 'Bearer a.b.c']);
    if (this.random(20) === 0) headers['x'.repeat(1 + this.random(40))] = 'y'.repeat(this.random(4000));
    if (this.random(40) === 0) headers['if-none-match'] = '"x"';
    if (this.random(40) === 0) headers['accept-encoding'] = 'gzip';
    return headers;
  }

  private seeded(): { readonly path: string; readonly body: unknown; readonly name: string } {
    const { object, names } = this.one(seeds);
    const root = `${names.group === '' ? '/api' : `/apis/${names.group}`}/${names.version}${names.namespaced ? '/namespaces/default' : ''}/${names.plural}`;
    let body: unknown = object;
    for (let i = this.random(4); i > 0; i--) body = this.damage(body, 1 + this.random(6));
    return { path: root, body, name: object.metadata.name ?? 'x' };
  }

  private text(body: unknown): string | Buffer {
    const json = JSON.stringify(body) ?? '';
    switch (this.random(8)) {
      case 0:
        return json.slice(0, this.random(json.length + 1));
      case 1:
        return Buffer.concat([Buffer.from(json.slice(0, this.random(json.length + 1))), this.bytes(this.random(40))]);
      case 2:
        return Buffer.concat([Buffer.from('k8s\0', 'latin1'), this.bytes(this.random(200))]);
      case 3:
        return '['.repeat(this.random(3000)) + json;
      default:
        return json;
    }
  }

  /** Nothing here lets anything run on for long: watches end after a second, and followed logs are not asked for. */
  request(): Sent & { readonly path: string } {
    const headers = this.headers();
    if (this.random(3) === 0) {
      const method = this.one(['GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE']);
      const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
      const path = this.withQuery(this.path());
      if (!hasBody) return { method, path, headers };
      return { method, path, headers: { ...headers, 'content-type': this.one(TYPES) }, body: this.text(this.one(ODD)) };
    }
    const { path, body, name } = this.seeded();
    const method = this.one(['POST', 'POST', 'PUT', 'PATCH', 'DELETE']);
    const at =
      method === 'POST' ? path : `${path}/${encodeURIComponent(name)}${this.random(6) === 0 ? this.one(['/status', '/scale', '/x', '/finalize']) : ''}`;
    // Some of it is really done.
    const query = this.random(4) === 0 ? '' : 'dryRun=All&';
    return { method, path: `${at}?${query}${this.one(QUERIES)}`, headers: { ...headers, 'content-type': this.one(TYPES) }, body: this.text(body) };
  }

  /** Pieces of bytes for a connection of its own, and how long apart they come. */
  raw(): { readonly pieces: readonly (string | Buffer)[]; readonly pause: number } {
    const head = (line: string, ...more: readonly string[]) => `${line}\r\nHost: x\r\n${more.map((one) => `${one}\r\n`).join('')}\r\n`;
    const post = 'POST /api/v1/namespaces/default/configmaps HTTP/1.1';
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const socket = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', key];
    const exec = `GET /api/v1/namespaces/default/pods/${this.one(['p', 'none', ''])}/${this.one(['exec', 'attach', 'portforward'])}?command=${this.one(['ls', 'cat', ''])}&stdout=1&ports=80 HTTP/1.1`;
    switch (this.random(10)) {
      case 0:
        return { pieces: [this.bytes(1 + this.random(300))], pause: 0 };
      case 1:
        return { pieces: ['GET / HTTP/1.1\r\n', 'Host: x\r\n', 'X: y'], pause: 5 };
      case 2:
        return { pieces: [head(post, 'Transfer-Encoding: chunked', 'Content-Type: application/json'), '5\r\n{"a":\r\n', 'zz\r\n'], pause: 5 };
      case 3:
        return { pieces: [head(post, 'Transfer-Encoding: chunked', 'Content-Type: application/json'), '2\r\n{}\r\n', '0\r\n\r\n'], pause: 20 };
      case 4:
        return { pieces: [head(post, 'Content-Length: 100', 'Content-Type: application/json'), '{'], pause: 5 };
      case 5:
        return { pieces: [head(post, 'Content-Length: 4000000', 'Content-Type: application/json'), Buffer.alloc(100_000, 32)], pause: 0 };
      case 6:
        return { pieces: [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`], pause: 0 };
      case 7:
        return {
          pieces: [
            head(exec, ...socket, `Sec-WebSocket-Protocol: ${this.one(['v5.channel.k8s.io', 'v4.channel.k8s.io', 'x', 'SPDY/3.1+portforward.k8s.io'])}`),
            this.bytes(1 + this.random(100)),
          ],
          pause: 10,
        };
      case 8:
        return {
          pieces: [
            head(exec.replace('GET', 'POST'), 'Connection: Upgrade', 'Upgrade: SPDY/3.1', 'X-Stream-Protocol-Version: v4.channel.k8s.io'),
            this.bytes(1 + this.random(200)),
          ],
          pause: 10,
        };
      default:
        return {
          pieces: [
            head(
              this.one([
                'GET /version HTTP/9.9',
                'BREW /version HTTP/1.1',
                'GET /version',
                'GET http://a/b HTTP/1.1',
                'CONNECT a:1 HTTP/1.1',
                'OPTIONS * HTTP/1.1',
                'GET \u0000 HTTP/1.1',
              ]),
            ),
          ],
          pause: 0,
        };
    }
  }
}

test(`${COUNT} requests that make no sense`, async () => {
  const client = new HttpClient(cluster.url, credentialsOf(cluster), CONNECTIONS);
  const fuzzer = new Fuzzer(randomOf(SEED));
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const work = async () => {
    for (let i = next++; i < COUNT && wrong.length < 10; i = next++) {
      if (i % RAW === 0) {
        const { pieces, pause } = fuzzer.raw();
        const { text } = await client.raw(pieces, pause, 50);
        if (/^HTTP\/1\.1 500/m.test(text)) wrong.push(`${i} raw ${JSON.stringify(String(pieces[0]).slice(0, 300))}: ${text.slice(0, 500)}`);
        continue;
      }
      const { path, ...sent } = fuzzer.request();
      const said = `${i} ${sent.method} ${path} ${JSON.stringify(sent.headers)} ${String(sent.body ?? '').slice(0, 1500)}`;
      try {
        const { status, body } = await client.ask(path, sent, 60_000);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // What podsim answers 500 to on purpose says what is wrong with the request.
        if (status >= 500 && (status !== 500 || body.includes('bug in podsim')))
          if (status !== 504 && status !== 503) wrong.push(`${said}: ${status} ${body.slice(0, 300)}`);
      } catch (error) {
        // Node's own client refuses some of it, and a server may hang up on a body it does not read.
        const { code } = error as { code?: string };
        if (
          code !== 'ERR_INVALID_CHAR' &&
          code !== 'ERR_INVALID_HTTP_TOKEN' &&
          code !== 'ERR_UNESCAPED_CHARACTERS' &&
          code !== 'ECONNRESET' &&
          code !== 'EPIPE'
        )
          wrong.push(`${said}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  // Where the server says that it failed.
  expect([wrong, cluster.complaints]).toEqual([[], '']);
  expect((await client.ask('/readyz')).body).toBe('ok');
  expect((await client.ask('/api/v1/namespaces/default/pods')).status).toBe(200);
  if (process.env['FUZZ'] !== undefined) process.stderr.write(`${JSON.stringify([...statuses].sort(([a], [b]) => a - b))}\n`);
  client.agent.destroy();
}, 7_200_000);
