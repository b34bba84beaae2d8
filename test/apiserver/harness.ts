/** An API server on an empty store: no nodes, no components, the clock standing still until it is moved. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KubeObject } from '../../src/api/object.js';
import type { AnyResource, AnyResourceView, Schemas } from '../../src/api/resource.js';
import { resourceId } from '../../src/api/resource.js';
import type { Time } from '../../src/api/time.js';
import type { Api } from '../../src/api/verbs.js';
import type { Answer, ApiServer } from '../../src/apiserver/long-running.js';
import { createServer } from '../../src/apiserver/server.js';
import { readStructs } from '../../src/cluster/assets.js';
import { customKinds } from '../../src/resources/customresourcedefinitions/custom-kinds.js';
import type { CustomResourceDefinition } from '../../src/resources/customresourcedefinitions/types.js';
import { resources as allResources } from '../../src/resources/index.js';
import { views as allViews } from '../../src/resources/views.js';
import { Document } from '../../src/store/document.js';
import { ObjectStore } from '../../src/store/object-store.js';
import type { Traits } from '../../src/store/store.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** By what it is made from: worktrees may share node_modules. */
const facts = ['schema.mjs', 'schema-facts.mjs'].map((name) => readFileSync(join(root, '.build', name))).join('\n');
const dist = join(root, 'node_modules/.cache/podsim-schema', createHash('sha1').update(facts).digest('hex').slice(0, 12));

/** The generated schema, made once if no build has been run. */
export async function loadSchemas(): Promise<Schemas> {
  const file = join(dist, 'schema.json');
  if (!existsSync(file)) {
    mkdirSync(dist, { recursive: true });
    const { generate } = (await import(join(root, '.build/schema.mjs'))) as { generate(clientNode: string, types: string, to: string): Promise<void> };
    await generate(join(root, 'node_modules/@kubernetes/client-node'), join(root, 'node_modules/kubernetes-types'), dist);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Schemas;
}

export interface TestServer {
  readonly api: Api;
  readonly server: ApiServer;
  readonly store: ObjectStore;
  now: number;
  request(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Answer;
  /** The body of an answer that must be a success. */
  ok<T = KubeObject>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers?: Readonly<Record<string, string>>): T;
}

export interface TestServerOptions {
  readonly resources?: readonly AnyResource[];
  readonly views?: readonly AnyResourceView[];
}

export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const schemas = await loadSchemas();
  const resources = options.resources ?? allResources;
  const views = options.views ?? options.resources ?? allViews;
  const document = new Document();
  const traits = new Map(views.map((view) => [resourceId(view.names), view as Traits]));
  const store = new ObjectStore(document, 0, (resource) => traits.get(resource));
  const draws = new Map<string, number>();
  const made: { now: number } = { now: Date.parse('2026-01-01T00:00:00Z') };
  const { api, server } = createServer({
    store,
    views,
    resources,
    customKinds: (definitions) => customKinds(definitions as readonly CustomResourceDefinition[]),
    state: document.map('/state/'),
    schemas: () => schemas,
    structs: readStructs,
    descriptions: () => ({}),
    nodes: () => undefined,
    version: { gitVersion: 'v1.33.1', gitCommit: '', buildDate: '', goVersion: 'go1.24.2', platform: 'linux/amd64' },
    now: () => made.now as Time,
    random: (stream) => {
      const drawn = (draws.get(stream) ?? 0) + 1;
      draws.set(stream, drawn);
      return (Math.abs(Math.sin(drawn * 12.9898 + stream.length)) * 43758.5453) % 1;
    },
  });
  const request: TestServer['request'] = (method, path, body, headers = {}) =>
    server.handle({ method, path, headers: { 'content-type': 'application/json', ...headers }, ...(body === undefined ? {} : { body }) });
  return Object.assign(made, {
    api,
    server,
    store,
    request,
    ok: <T>(...args: Parameters<TestServer['request']>) => {
      const { status, body } = request(...args);
      if (status >= 300) throw new Error(`${args[0]} ${args[1]}: ${status} ${JSON.stringify(body)}`);
      return body as T;
    },
  });
}

/** Namespaces with a default service account, as most objects need them. */
export function withNamespaces(server: TestServer, ...names: readonly string[]): TestServer {
  for (const name of names) {
    server.store.put('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    } as KubeObject);
    withAccount(server, name);
  }
  return server;
}

export const withAccount = (server: TestServer, namespace: string): KubeObject =>
  server.store.put('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
